import { isContract } from '../paths.ts';
import type { Rule } from '../rule.ts';
import type { Located, SourceFile } from '../source-file.ts';

const PROMISE = /\bG(?:1[0-2]|[1-9])\b/gu;

/** A promise that a contract names is attacked by a test that names it, and the other way round. */
export const promises: Rule = (files) => {
  const promised = mentions(
    files.filter(({ path }) => isContract(path)),
    ({ comments }) => comments,
  );
  const attacked = mentions(files, ({ testNames }) => testNames);
  return [
    ...missing(promised, attacked, (id) => `${id} is promised here, but no test names it`),
    ...missing(attacked, promised, (id) => `${id} is tested here, but no contract promises it`),
  ];
};

type Place = { readonly path: string; readonly line: number };

/** Where each id stands first. */
function mentions(
  files: readonly SourceFile[],
  texts: (file: SourceFile) => readonly Located[],
): Map<string, Place> {
  const found = new Map<string, Place>();
  for (const file of files) {
    for (const { text, line } of texts(file)) {
      for (const [id] of text.matchAll(PROMISE)) {
        if (!found.has(id)) found.set(id, { path: file.path, line });
      }
    }
  }
  return found;
}

function missing(
  here: ReadonlyMap<string, Place>,
  there: ReadonlyMap<string, Place>,
  message: (id: string) => string,
): { path: string; line: number; message: string }[] {
  return [...here]
    .filter(([id]) => !there.has(id))
    .map(([id, { path, line }]) => ({ path, line, message: message(id) }));
}
