/** The little of a file system that a `.tally` file needs, so that a test can fill the disk or pull the stick. */
import { constants } from 'node:fs';
import { type FileHandle, open, rename, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { codeOf } from './flaws.ts';

export type DiskFile = AsyncDisposable & {
  readonly path: string;
  /** Reads at `position` as much as there is, at most all of `into`; 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Writes all of it. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  size(): Promise<number>;
  truncate(bytes: number): Promise<void>;
  /** Resolves when what was written would survive a power cut. */
  sync(): Promise<void>;
};

/** Rejects with the system's errors, as they are. */
export type Disk = {
  open(path: string): Promise<DiskFile>;
  /** For reading and writing; an empty file where there was none. */
  openOrCreate(path: string): Promise<DiskFile>;
  exists(path: string): Promise<boolean>;
  /** Resolves when the new name would survive a power cut. */
  rename(from: string, to: string): Promise<void>;
  freeBytes(path: string): Promise<number>;
};

/** Events are of people's parcels: nobody else on the machine reads them. */
const OWNER_ONLY = 0o600;

export const systemDisk: Disk = {
  open: async (path) => new SystemFile(path, await open(path, 'r')),
  openOrCreate: async (path) =>
    new SystemFile(path, await open(path, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY)),
  async exists(path) {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  },
  async rename(from, to) {
    await rename(from, to);
    await using directory = await open(dirname(to), 'r');
    await syncDirectory(directory);
  },
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

async function syncDirectory(directory: FileHandle): Promise<void> {
  try {
    await directory.sync();
  } catch (error) {
    // Some of the file systems that sticks have know no such thing.
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error;
  }
}

class SystemFile implements DiskFile {
  readonly path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    let at = 0;
    while (at < into.length) {
      const { bytesRead } = await this.#handle.read(into, at, into.length - at, position + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return at;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    let at = 0;
    while (at < bytes.length) {
      const { bytesWritten } = await this.#handle.write(
        bytes,
        at,
        bytes.length - at,
        position + at,
      );
      at += bytesWritten;
    }
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  async truncate(bytes: number): Promise<void> {
    await this.#handle.truncate(bytes);
  }

  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
