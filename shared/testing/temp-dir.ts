import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that goes, with all that is in it, when it is disposed of. */
export type TempDir = AsyncDisposable & { readonly path: string };

/** `await using dir = await tempDir('journal')`: an empty directory of its own under the system's. */
export async function tempDir(name = 'test'): Promise<TempDir> {
  return await makeIn(tmpdir(), name);
}

const MEMORY = '/dev/shm';

/** The same in memory, where the machine has a file system there: for tests that write much and ask nothing of a disk. */
export async function memoryDir(name = 'test'): Promise<TempDir> {
  return await makeIn(existsSync(MEMORY) ? MEMORY : tmpdir(), name);
}

async function makeIn(parent: string, name: string): Promise<TempDir> {
  const path = await mkdtemp(join(parent, `tally-${name}-`));
  return {
    path,
    // Retries: a server that was just killed may still be creating files.
    [Symbol.asyncDispose]: () =>
      rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}
