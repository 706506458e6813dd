/**
 * The wire format of protobuf, message by message, over protobufjs's reader. A field within a message is read from its own
 * bytes, so that a length that lies is found at the message that it is in. What is thrown of bytes that are no message is a
 * `RangeError` or an `Error` of the reader, or a `WireError`; `payload.ts` makes a reason of it.
 */
import { isUtf8 } from 'node:buffer';

import protobuf from 'protobufjs/minimal.js';

const { Reader } = protobuf;

export class WireError extends Error {
  override readonly name = 'WireError';
}

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/** The number of a field and how it is written, as one tag. */
export const tagOf = (field: number, type: number): number => field * 8 + type;

/** The fields of one message. */
export class Wire {
  readonly #reader: protobuf.Reader;

  constructor(bytes: Uint8Array) {
    this.#reader = Reader.create(bytes);
  }

  /** Whether there is another field. */
  get more(): boolean {
    return this.#reader.pos < this.#reader.len;
  }

  tag(): number {
    return this.#reader.tag();
  }

  skip(tag: number): void {
    this.#reader.skipType(tag & 7);
  }

  uint32(): number {
    return this.#reader.uint32();
  }

  uint64(): bigint {
    return bigintOf(this.#reader.uint64());
  }

  float(): number {
    return this.#reader.float();
  }

  double(): number {
    return this.#reader.double();
  }

  bool(): boolean {
    return this.#reader.bool();
  }

  /** Shared with the payload: copy what is kept. */
  bytes(): Uint8Array {
    return this.#reader.bytes();
  }

  text(): string {
    const text = this.#reader.bytes();
    if (!isUtf8(text)) throw new WireError('text that is UTF-8');
    return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8');
  }
}

/**
 * Calls `take` with the tag of each field. Where it answers `false` the field is not known, or not written as it should
 * be, and is skipped, as protobuf asks.
 */
export function readMessage(bytes: Uint8Array, take: (tag: number, wire: Wire) => boolean): void {
  const wire = new Wire(bytes);
  while (wire.more) {
    const tag = wire.tag();
    if (!take(tag, wire)) wire.skip(tag);
  }
}

/** protobufjs gives a number where the `long` package is missing; its 64 bits are in two halves else. */
function bigintOf(value: number | { readonly low: number; readonly high: number }): bigint {
  if (typeof value === 'number') return BigInt(value);
  return (BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0);
}
