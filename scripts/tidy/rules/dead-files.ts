import { resolveImport } from '../paths.ts';
import type { Rule } from '../rule.ts';
import type { SourceFile } from '../source-file.ts';

const ROOTS = [
  /^[^/]+$/u,
  /^scripts\/[^/]+$/u,
  /^(?:edge|cloud)\/main\.ts$/u,
  /\.(?:test|bench)\.ts$/u,
];

/** Every file is reached from a main, a script, a configuration or a test, by import or as a worker. */
export const deadFiles: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const alive = new Set<string>();
  const reach = (file: SourceFile | undefined): void => {
    if (file === undefined || alive.has(file.path)) return;
    alive.add(file.path);
    for (const { text } of file.imports) reach(byPath.get(resolveImport(file.path, text) ?? ''));
  };
  files.filter(({ path }) => isRoot(path)).forEach(reach);
  return files
    .filter(({ path }) => !alive.has(path))
    .map(({ path }) => ({ path, line: 1, message: 'nothing reaches this file' }));
};

function isRoot(path: string): boolean {
  return ROOTS.some((root) => root.test(path));
}
