/**
 * Room set aside on the disk: real bytes, given up when the journal must write to make room (G7). It is as large as a
 * segment and a little: to thin a segment is to write what is left of it beside it.
 */
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { isOutOfRoom } from './sqlite.ts';

/** The state, a segment's shared memory and a few pages of its log. */
const BESIDE_BYTES = 512 * 1024;
const CHUNK = Buffer.alloc(256 * 1024, 0xa5);

function reserveBytes(segmentBytesMax: number): number {
  return segmentBytesMax + BESIDE_BYTES;
}

export class Reserve {
  readonly #path: string;
  readonly #directory: string;
  readonly bytes: number;

  constructor(directory: string, segmentBytesMax: number) {
    this.#directory = directory;
    this.#path = join(directory, 'reserve');
    this.bytes = reserveBytes(segmentBytesMax);
  }

  get isSetAside(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false })?.size === this.bytes;
  }

  /** What `write` gives; where the disk has no room for it, with the reserve given up first. */
  use<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      if (!isOutOfRoom(error) || !this.release()) throw error;
      return write();
    }
  }

  /** Gives it up; whether there was anything to give. */
  release(): boolean {
    const had = (statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > 0;
    rmSync(this.#path, { force: true });
    return had;
  }

  /** Sets it aside, if it is not and there is enough room; whether it is. */
  refill(): boolean {
    if (this.isSetAside) return true;
    const { bavail, bsize } = statfsSync(this.#directory);
    // What little room there is belongs to draining.
    if (bavail * bsize < this.bytes + BESIDE_BYTES) return false;
    try {
      this.#write();
      return true;
    } catch {
      // The disk is full: there will be room when segments have been unlinked.
      rmSync(this.#path, { force: true });
      return false;
    }
  }

  #write(): void {
    const file = openSync(this.#path, 'w', 0o600);
    try {
      for (let at = 0; at < this.bytes; at += CHUNK.length)
        writeSync(file, CHUNK, 0, Math.min(CHUNK.length, this.bytes - at), at);
      // A file system that allocates late would have no room for it when it matters.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}
