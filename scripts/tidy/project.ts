import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Document } from './documents.ts';
import { parseSourceFile, type SourceFile } from './source-file.ts';

export type Project = {
  /** What people wrote, in TypeScript, and the scripts in JavaScript. */
  readonly files: readonly SourceFile[];
  /** The Markdown files. */
  readonly documents: readonly Document[];
  /** The names of package.json's `scripts`. */
  readonly npmScripts: ReadonlySet<string>;
};

const CODE = ['**/*.ts', 'scripts/**/*.js'];
const NOT_OURS = new Set(['node_modules', 'proto/gen', 'tally-data', 'coverage', '.git', '.cache']);

export async function readProject(root: string): Promise<Project> {
  const [code, documents, manifest] = await Promise.all([
    readAll(root, CODE),
    readAll(root, ['**/*.md']),
    readFile(join(root, 'package.json'), 'utf8'),
  ]);
  return {
    files: code.map(({ path, text }) => parseSourceFile(path, text)),
    documents,
    npmScripts: scriptNames(JSON.parse(manifest)),
  };
}

async function readAll(root: string, patterns: readonly string[]): Promise<Document[]> {
  const paths = await Array.fromAsync(
    glob(patterns, { cwd: root, exclude: (path) => NOT_OURS.has(path) }),
  );
  return await Promise.all(
    paths
      .toSorted()
      .map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })),
  );
}

function scriptNames(manifest: unknown): ReadonlySet<string> {
  const scripts =
    typeof manifest === 'object' && manifest !== null && 'scripts' in manifest
      ? manifest.scripts
      : undefined;
  return new Set(Object.keys(scripts ?? {}));
}
