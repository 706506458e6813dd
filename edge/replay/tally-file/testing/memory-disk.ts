/** A disk in memory, which can be full, be pulled out, or lose its power. */
import { must } from '#shared/assert.ts';

import type { Disk, DiskFile } from '../part-file.ts';

class Content {
  length: number;
  synced: number;
  #room: Buffer;

  constructor(bytes: Buffer) {
    this.#room = Buffer.from(bytes);
    this.length = this.synced = bytes.length;
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.length);
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    if (end > this.#room.length) {
      this.#room = Buffer.concat([this.bytes], Math.max(end, 2 * this.length));
    }
    this.#room.set(bytes, position);
    this.length = Math.max(this.length, end);
  }

  truncate(length: number): void {
    this.length = length;
    this.synced = Math.min(this.synced, length);
  }
}

export class MemoryDisk implements Disk {
  readonly #files = new Map<string, Content>();
  /** How many bytes may yet be written; the write that needs more is done in part, and fails. */
  bytesLeft = Number.POSITIVE_INFINITY;
  /** What a write that needs more fails with: `ENOSPC`, or `EIO` for a stick that was pulled. */
  failure = 'ENOSPC';
  bytesFree = 0;
  largestRead = 0;
  syncs = 0;

  get(path: string): Buffer {
    return must(this.#files.get(path), path).bytes;
  }

  set(path: string, bytes: Buffer): void {
    this.#files.set(path, new Content(bytes));
  }

  /** Of what was not synced, what `keep` makes of it is left: `keep` gets the bytes, and how many were synced. */
  powerCut(path: string, keep: (bytes: Buffer, synced: number) => Buffer): void {
    const content = this.#files.get(path);
    if (content !== undefined) this.set(path, keep(content.bytes, content.synced));
  }

  lock(): Promise<AsyncDisposable> {
    return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
  }

  async open(path: string): Promise<DiskFile> {
    const content = this.#files.get(path);
    if (content === undefined) throw systemError('ENOENT');
    return this.#fileOf(path, content);
  }

  async openOrCreate(path: string): Promise<DiskFile> {
    if (!this.#files.has(path)) this.set(path, Buffer.alloc(0));
    return this.open(path);
  }

  async exists(path: string): Promise<boolean> {
    return this.#files.has(path);
  }

  async rename(from: string, to: string): Promise<void> {
    this.#files.set(to, must(this.#files.get(from), from));
    this.#files.delete(from);
  }

  async freeBytes(): Promise<number> {
    return this.bytesFree;
  }

  #fileOf(path: string, content: Content): DiskFile {
    return {
      path,
      read: async (into, position) => {
        this.largestRead = Math.max(this.largestRead, into.length);
        return content.bytes.copy(into, 0, position);
      },
      write: async (bytes, position) => {
        const count = Math.min(bytes.length, this.bytesLeft);
        this.bytesLeft -= count;
        content.write(bytes.subarray(0, count), position);
        if (count < bytes.length) throw systemError(this.failure);
      },
      size: async () => content.length,
      truncate: async (bytes) => {
        content.truncate(bytes);
      },
      sync: async () => {
        this.syncs++;
        content.synced = content.length;
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: of the test`), { code });
}
