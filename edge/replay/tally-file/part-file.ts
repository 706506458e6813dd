/** The disk, and the file on it that is written: in pieces, with what has to be known when it fails. */
import { constants } from 'node:fs';
import { type FileHandle, open, rename, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { TallyError } from '#shared/errors.ts';

import { codeOf, writeFailed } from './flaws.ts';
import { lockPart } from './part-lock.ts';

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
  /** Until it is disposed of no other process has it; rejects with `tally-file-busy` where one does. */
  lock(path: string): Promise<AsyncDisposable>;
  /** Resolves when the new name would survive a power cut. */
  rename(from: string, to: string): Promise<void>;
  freeBytes(path: string): Promise<number>;
};

/** Events are of people's parcels: nobody else on the machine reads them. */
const OWNER_ONLY = 0o600;

export const systemDisk: Disk = {
  open: async (path) => new SystemFile(path, await open(path, 'r')),
  async openOrCreate(path) {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY);
    await syncDirectoryOf(path);
    return new SystemFile(path, handle);
  },
  async exists(path) {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  },
  lock: lockPart,
  async rename(from, to) {
    await rename(from, to);
    await syncDirectoryOf(to);
  },
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

/** So that the name would survive a power cut. */
async function syncDirectoryOf(path: string): Promise<void> {
  await using directory = await open(dirname(path), 'r');
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
    try {
      await this.#handle.close();
    } catch {
      // What had to be on the disk was synced before; what went wrong was told then.
    }
  }
}

const CHUNK_BYTES = 1024 * 1024;

/** A stick that takes 4 MB/s loses four seconds when it is pulled. */
const SYNC_BYTES = 16 * 1024 * 1024;

/**
 * `FILE.tally.part` while it is written: in large pieces, and on the disk for certain every few megabytes.
 *
 * ```
 *   on the disk for certain │ with the operating system │ being filled
 *                           ▲ synced                    ▲ written      ▲ bytes
 * ```
 */
export class PartFile {
  readonly #file: DiskFile;
  readonly #disk: Pick<Disk, 'freeBytes'>;
  readonly #bytesExpected: number | undefined;
  readonly #filling = Buffer.allocUnsafe(CHUNK_BYTES);
  #filled = 0;
  #written: number;
  #synced: number;
  #hasFailed = false;

  /** `bytes` is where it goes on. */
  constructor(
    file: DiskFile,
    disk: Pick<Disk, 'freeBytes'>,
    {
      bytes,
      bytesExpected,
    }: { readonly bytes: number; readonly bytesExpected: number | undefined },
  ) {
    this.#file = file;
    this.#disk = disk;
    this.#written = this.#synced = bytes;
    this.#bytesExpected = bytesExpected;
  }

  get bytes(): number {
    return this.#written + this.#filled;
  }

  /** Takes a copy. */
  async append(parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) {
      for (let at = 0; at < part.length;) {
        const count = Math.min(part.length - at, CHUNK_BYTES - this.#filled);
        this.#filling.set(part.subarray(at, at + count), this.#filled);
        this.#filled += count;
        at += count;
        if (this.#filled === CHUNK_BYTES) await this.#write();
      }
    }
    if (this.#written - this.#synced >= SYNC_BYTES) await this.sync();
  }

  /** Resolves when all of it would survive a power cut. */
  async sync(): Promise<void> {
    await this.#write();
    await this.#guard(() => this.#file.sync());
    this.#synced = this.#written;
  }

  /** Cuts what is behind `bytes`, before anything is appended. */
  async cutAt(bytes: number): Promise<void> {
    await this.#guard(() => this.#file.truncate(bytes));
  }

  /** Brings to the disk what can be brought, after something else has failed. */
  async keep(): Promise<void> {
    if (this.#hasFailed) return;
    try {
      await this.sync();
    } catch (error) {
      // What failed first is what the caller tells; the next run finds less.
      if (!(error instanceof TallyError)) throw error;
    }
  }

  async #write(): Promise<void> {
    if (this.#filled === 0) return;
    const bytes = this.#filling.subarray(0, this.#filled);
    await this.#guard(() => this.#file.write(bytes, this.#written));
    this.#written += this.#filled;
    this.#filled = 0;
  }

  async #guard(operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
    } catch (error) {
      this.#hasFailed = true;
      throw writeFailed(this.#file.path, error, {
        written: (await this.#ask(() => this.#file.size())) ?? this.#synced,
        expected: this.#bytesExpected,
        free: await this.#ask(() => this.#disk.freeBytes(this.#file.path)),
      });
    }
  }

  async #ask(question: () => Promise<number>): Promise<number | undefined> {
    try {
      return await question();
    } catch {
      // The stick is gone.
      return undefined;
    }
  }
}
