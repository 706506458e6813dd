/** Reads events by sequence number, across segments, beside the writer and without disturbing it. */
import { readdirSync } from 'node:fs';

import { assert } from '#shared/assert.ts';
import type { Event } from '#shared/event.ts';

import { FRAME_BYTES } from './record-writer.ts';
import { readRecord } from './record.ts';
import { segmentNumber, SegmentReader } from './segment.ts';

export type ReadLimits = {
  readonly lastSeq: number;
  readonly eventsMax: number;
  /** Of records; one event is read however long it is. */
  readonly bytesMax: number;
};

export class JournalReader implements Disposable {
  readonly #directory: string;
  #segment: SegmentReader | undefined;
  /** The first sequence number of the segment after the one that is open; unknown while that is the newest. */
  #nextFirstSeq = Number.POSITIVE_INFINITY;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The events from `firstSeq` on, as many as the limits allow, at least one: `firstSeq` is in the journal. */
  read(firstSeq: number, limits: ReadLimits): Event[] {
    const events: Event[] = [];
    const last = Math.min(limits.lastSeq, firstSeq + limits.eventsMax - 1);
    let bytesLeft = limits.bytesMax;
    while (firstSeq + events.length <= last && bytesLeft > 0) {
      const seq = firstSeq + events.length;
      const before = events.length;
      bytesLeft = take(this.#segmentOf(seq), { seq, last, bytesLeft, events });
      if (events.length > before || bytesLeft <= 0) continue;
      // The segment was sealed since it was opened: the event is in the next one.
      assert(this.#nextFirstSeq === Number.POSITIVE_INFINITY, `event ${seq} is in its segment`);
      this.#close();
      assert(this.#segmentOf(seq).header.firstSeq === seq, `event ${seq} begins a segment`);
    }
    return events;
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #segmentOf(seq: number): SegmentReader {
    const open = this.#segment;
    if (open !== undefined && seq >= open.header.firstSeq && seq < this.#nextFirstSeq) return open;
    this.#close();
    const numbers = readdirSync(this.#directory)
      .flatMap((name) => segmentNumber(name) ?? [])
      .sort((a, b) => b - a);
    for (const number of numbers) {
      const segment = SegmentReader.open(this.#directory, number);
      if (segment === undefined) continue;
      if (segment.header.firstSeq <= seq) {
        this.#segment = segment;
        return segment;
      }
      this.#nextFirstSeq = segment.header.firstSeq;
      segment[Symbol.dispose]();
    }
    throw new RangeError(`event ${seq} is no longer in the journal`);
  }

  #close(): void {
    this.#segment?.[Symbol.dispose]();
    this.#segment = undefined;
    this.#nextFirstSeq = Number.POSITIVE_INFINITY;
  }
}

/** Appends the events `seq` to `last` that the segment has, and answers how many bytes are left; 0 when they ran out. */
function take(
  segment: SegmentReader,
  into: {
    readonly seq: number;
    readonly last: number;
    readonly bytesLeft: number;
    readonly events: Event[];
  },
): number {
  let { seq, bytesLeft } = into;
  for (const commit of segment.commitsFrom(seq)) {
    let at = 0;
    for (let i = 0; i < commit.count; i++) {
      const start = at + FRAME_BYTES;
      at = start + frameLength(commit.records, at);
      if (commit.firstSeq + i < seq) continue;
      if (seq > into.last) return bytesLeft;
      bytesLeft -= at - start;
      if (bytesLeft < 0 && into.events.length > 0) return 0;
      into.events.push(readRecord(commit.records.subarray(start, at)));
      seq++;
    }
  }
  return bytesLeft;
}

function frameLength(records: Uint8Array, at: number): number {
  return new DataView(records.buffer, records.byteOffset).getUint32(at, true);
}
