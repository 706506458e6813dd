/** Rules about what people read: the Markdown files. */
import { posix } from 'node:path';

import type { Violation } from './rule.ts';

export type Document = { readonly path: string; readonly text: string };

/** A link to something in the project leads to something. */
export function links(
  documents: readonly Document[],
  exists: (path: string) => boolean,
): Violation[] {
  return documents.flatMap(({ path, text }) =>
    numberedLines(withoutFences(text)).flatMap(({ line, number }) =>
      [...line.matchAll(/\]\(([^)\s#]+)[^)]*\)/gu)].flatMap(([, target = '']) => {
        if (/^[a-z]+:/u.test(target)) return [];
        const to = posix.join(posix.dirname(path), decodeURI(target));
        return exists(to) ? [] : [{ path, line: number, message: `${target} leads nowhere` }];
      }),
    ),
  );
}

export type KnownCommands = {
  /** The names in package.json's `scripts`. */
  readonly npmScripts: ReadonlySet<string>;
  /** `edge run`, `translate`: every command of `tally`, and every group of them, by its words. */
  readonly tally: ReadonlySet<string>;
};

/** What a fenced `sh` block tells the reader to type exists, as far as it is ours. */
export function commands(documents: readonly Document[], known: KnownCommands): Violation[] {
  return documents.flatMap(({ path, text }) =>
    shellLines(text).flatMap(({ line, number }) =>
      line.split(/&&|\|\||[|;]/u).flatMap((command) => {
        const problem = problemOf(command.trim(), known);
        return problem === undefined ? [] : [{ path, line: number, message: problem }];
      }),
    ),
  );
}

/** Of npm itself, not of the project's scripts. */
const NPM_COMMANDS = new Set(['ci', 'install', 'pack']);
const NPM_ALIASES = new Set(['start', 'test']);

function problemOf(command: string, { npmScripts, tally }: KnownCommands): string | undefined {
  const words = command.split(/\s+/u).filter((word) => !/^[A-Z_]+=/u.test(word));
  const [program, first = '', second = ''] = words;
  if (program === 'npm') {
    const script = first === 'run' ? second : first;
    if (first !== 'run' && NPM_COMMANDS.has(first)) return undefined;
    const isRunnable = npmScripts.has(script) && (first === 'run' || NPM_ALIASES.has(first));
    return isRunnable
      ? undefined
      : `there is no "npm ${first === 'run' ? `run ${script}` : first}"`;
  }
  const tallyWords = program === 'npx' && first === 'tally' ? words.slice(2) : words.slice(1);
  if (program !== 'tally' && first !== 'tally') return undefined;
  const path = tallyWords.slice(0, indexOfOption(tallyWords));
  return path.length === 0 || isTallyCommand(path, tally)
    ? undefined
    : `there is no "tally ${path.join(' ')}"`;
}

function indexOfOption(words: readonly string[]): number {
  const index = words.findIndex((word) => word.startsWith('-'));
  return index === -1 ? words.length : index;
}

/** Whether the words begin with a command; what follows one that has no subcommands are its arguments. */
function isTallyCommand(words: readonly string[], tally: ReadonlySet<string>): boolean {
  for (let length = words.length; length > 0; length--) {
    const name = words.slice(0, length).join(' ');
    if (!tally.has(name)) continue;
    const isGroup = [...tally].some((other) => other.startsWith(`${name} `));
    return length === words.length || !isGroup;
  }
  return false;
}

type NumberedLine = { readonly line: string; readonly number: number };

function numberedLines(text: string): NumberedLine[] {
  return text.split('\n').map((line, i) => ({ line, number: i + 1 }));
}

const FENCE = /^ *```(\w*)/u;

/** The lines of the fenced blocks that are marked `sh`, without comments. */
function shellLines(text: string): NumberedLine[] {
  let language: string | undefined;
  return numberedLines(text).filter(({ line }) => {
    const fence = FENCE.exec(line);
    if (fence !== null) {
      language = language === undefined ? fence[1] : undefined;
      return false;
    }
    return language === 'sh' && !/^\s*#/u.test(line);
  });
}

/** The same lines, those of fenced blocks empty. */
function withoutFences(text: string): string {
  let isFenced = false;
  return text
    .split('\n')
    .map((line) => {
      if (FENCE.test(line)) isFenced = !isFenced;
      return isFenced ? '' : line;
    })
    .join('\n');
}
