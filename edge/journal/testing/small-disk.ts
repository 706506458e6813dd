/** A file system of a few megabytes, that the test can fill. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export type SmallDisk = Disposable & {
  readonly path: string;
  /** Takes what room there is, to the last byte. */
  fill(): void;
  /** Gives it all back. */
  free(): void;
};

/** Mounts one on `path`, which is made; says why not where it may not. */
export function mountSmallDisk(path: string, bytes: number): SmallDisk | string {
  mkdirSync(path);
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]);
  if (mount.status !== 0)
    return `a file system can be mounted by root only: ${String(mount.stderr)}`;
  const filler = join(path, 'filler');
  return {
    path,
    fill: () => fillUp(filler),
    free: () => rmSync(filler, { force: true }),
    [Symbol.dispose]: () => void spawnSync('umount', ['--lazy', path]),
  };
}

function fillUp(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (let bytes = 1024 * 1024; bytes > 0; bytes = Math.floor(bytes / 4)) {
      while (couldWrite(file, bytes));
    }
  } finally {
    closeSync(file);
  }
}

function couldWrite(file: number, bytes: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(bytes)) === bytes;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}

/** Of every file below a directory. */
export function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const found = statSync(join(directory, name), { throwIfNoEntry: false });
    return found?.isFile() === true ? sum + found.size : sum;
  }, 0);
}
