import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a directory and those above it. Level by level: `recursive` never returns for a path under `/proc`. */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeDirectory(dirname(path));
    mkdirSync(path);
  }
}
