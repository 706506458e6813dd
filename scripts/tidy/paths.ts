/** What a path says about a file. All paths are relative to the project, with `/`. */
import { posix } from 'node:path';

/** Tests, benchmarks, and what only they use: `testing/`, and the programs they start, `….fixture.ts`. */
export function isTestCode(path: string): boolean {
  return /\.(?:test|bench|fixture)\.ts$/u.test(path) || path.includes('/testing/');
}

/** The top-level folder, empty for a file at the top. */
export function topOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** `edge/journal` for anything in it; undefined for what is in no stage. */
export function stageOf(path: string): string | undefined {
  return /^(?:edge|cloud)\/[^/]+(?=\/)/u.exec(path)?.[0];
}

/** `edge/journal/journal.ts` for the stage `edge/journal`. */
export function contractOf(stage: string): string {
  return `${stage}/${posix.basename(stage)}.ts`;
}

export function isContract(path: string): boolean {
  const stage = stageOf(path);
  return stage !== undefined && contractOf(stage) === path;
}

/** The project's file that the specifier names in that file; undefined for a package or a module of Node. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return undefined;
}

/** `ws` and `@nats-io/jetstream`, whatever part of the package the specifier names. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
