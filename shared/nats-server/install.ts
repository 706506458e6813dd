import { chmod, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Moves a finished binary to its place, executable and on disk. Both paths are in one file system, so it is
 * one rename: whoever looks sees the old file or the whole new one, and of two who race the last one wins.
 */
export async function install(from: string, to: string): Promise<void> {
  await chmod(from, 0o755);
  await sync(from);
  await rename(from, to);
  await sync(dirname(to));
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
