/**
 * Variable-length integers: base 128, least significant group first, the high bit says that more follow
 * (the varint of Protocol Buffers). Values are whole numbers below 2^53.
 */
import { AssertionError } from './assert.ts';

const VARINT_BYTES_MAX = 8;
const UINT31 = 0x80000000;

/** 0, -1, 1, -2 … as 0, 1, 2, 3 …; for |value| up to 2^52. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** The inverse of `zigzag`. */
export function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** Appends varints to bytes that grow. */
export class VarintWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(bytesHint = 256) {
    this.#bytes = new Uint8Array(bytesHint);
  }

  get length(): number {
    return this.#length;
  }

  uint(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER))
      throw new AssertionError(`not a varint: ${value}`);
    if (this.#length + VARINT_BYTES_MAX > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = value;
    while (rest >= UINT31) {
      bytes[at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      bytes[at++] = (rest & 127) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#length = at;
  }

  /** The bytes written; valid until the next write. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2 + VARINT_BYTES_MAX);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** Reads varints from bytes that somebody else made: answers -1 where there is no whole varint below 2^53. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Passes over `count` bytes and answers where they start. Throws a `RangeError` past the end. */
  skip(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) throw new RangeError('past the end');
    this.#at = start + count;
    return start;
  }

  uint(): number {
    const bytes = this.#bytes;
    let value = 0;
    let factor = 1;
    for (let i = 0; i < VARINT_BYTES_MAX; i++) {
      const byte = bytes[this.#at];
      if (byte === undefined) return -1;
      this.#at++;
      value += (byte & 127) * factor;
      if (byte < 128) return value <= Number.MAX_SAFE_INTEGER ? value : -1;
      factor *= 128;
    }
    return -1;
  }
}
