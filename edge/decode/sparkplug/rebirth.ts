/**
 * Asks an edge node for its birth again (Sparkplug B 3.0, section 5.4: `Node Control/Rebirth`). Asking is limited by the
 * receive times of messages: a node that cannot answer is asked once in a while, and all of them together not more often
 * than a broker can take.
 */
import protobuf from 'protobufjs/minimal.js';

import { BOOLEAN } from './datatypes.ts';
import { BYTES, tagOf, VARINT } from './wire.ts';

const { Writer } = protobuf;

const REBIRTH = 'Node Control/Rebirth';

/** The payload of an NCMD that asks for a birth. It has no sequence number. */
export function rebirthPayload(timeMs: number): Uint8Array {
  const metric = Writer.create()
    .uint32(tagOf(1, BYTES))
    .string(REBIRTH)
    .uint32(tagOf(3, VARINT))
    .uint64(timeMs)
    .uint32(tagOf(4, VARINT))
    .uint32(BOOLEAN)
    .uint32(tagOf(14, VARINT))
    .bool(true)
    .finish();
  return Writer.create()
    .uint32(tagOf(1, VARINT))
    .uint64(timeMs)
    .uint32(tagOf(2, BYTES))
    .bytes(metric)
    .finish();
}

/** At most so many in a stretch of time, by a clock that may also be set back. */
export class Limit {
  readonly #count: number;
  readonly #periodMs: number;
  #sinceMs: number | undefined;
  #used = 0;

  constructor(count: number, periodMs: number) {
    this.#count = count;
    this.#periodMs = periodMs;
  }

  /** Whether one more is within the limit; if so it is counted. */
  take(nowMs: number): boolean {
    const isOver =
      this.#sinceMs === undefined ||
      nowMs < this.#sinceMs ||
      nowMs - this.#sinceMs >= this.#periodMs;
    if (isOver) {
      this.#sinceMs = nowMs;
      this.#used = 0;
    }
    if (this.#used >= this.#count) return false;
    this.#used++;
    return true;
  }
}
