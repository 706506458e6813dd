import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that goes, with all that is in it, when it is disposed of. */
export type TempDir = AsyncDisposable & { readonly path: string };

/** `await using dir = await tempDir('journal')`: an empty directory of its own under the system's. */
export async function tempDir(name = 'test'): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), `tally-${name}-`));
  return {
    path,
    // Retries: a server that was just killed may still be creating files.
    [Symbol.asyncDispose]: () =>
      rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}
