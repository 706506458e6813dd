/**
 * The batch: what a gateway sends in one message, and what every part of Tallyport holds it as.
 *
 * Promises
 * - Lossless: `decodeBatch(encodeBatch(batch))` is deeply equal to `batch`, bit for bit.
 * - Self-contained: a batch decodes on its own, in any order, years later; its format is versioned.
 * - Clocked (G10): an event keeps what the gateway's clocks said when it took it; where the gateway did not tell,
 *   nothing is made up.
 * - Bounded (G7): a decoder checks sizes and counts before it takes memory (`limits.ts`), and answers
 *   whatever it is given with a batch or a `TallyError` of kind `input` that names the column.
 */
import { assert } from '#shared/assert.ts';
import type { Event } from '#shared/event.ts';
import type { Range } from '#shared/ranges.ts';

import { ClockReadings } from './clock-columns.ts';
import { BATCH_ROWS_MAX, CLOCK_READINGS_MAX } from './limits.ts';

/** The version of the wire format that this code writes. */
export const BATCH_FORMAT = 2;

/** The versions that it reads. */
export const BATCH_FORMATS: readonly number[] = [1, 2];

export const LANES = ['fresh', 'backlog'] as const;

/** Which share of the link a batch travels on. */
export type Lane = (typeof LANES)[number];

/** The gateway's accounts of one epoch (G4): received = headSeq + the sum of filtered. */
export type Accounts = {
  /** Events that came out of decode since the journal was made. */
  readonly received: number;
  /** Events that a filter rule removed, by the rule's name. */
  readonly filtered: Readonly<Record<string, number>>;
  /** The highest sequence number given to a kept event; 0 before the first. */
  readonly headSeq: number;
  /** Kept events that JetStream acknowledged. */
  readonly stored: number;
};

/** The claim "every event received before `timeMs` has a sequence number below `seq`" (G12). */
export type Watermark = { readonly seq: number; readonly timeMs: number };

/** Sequence numbers whose events the gateway gave up. */
export type ShedRange = { readonly first: number; readonly last: number; readonly reason: string };

export type Batch = {
  readonly site: string;
  readonly gateway: string;
  readonly epoch: string;
  /** Both included; a heartbeat has no events, and firstSeq = lastSeq + 1. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly lane: Lane;
  readonly accounts: Accounts;
  readonly watermark: Watermark;
  /** Ascending, disjoint, within the range. */
  readonly shed: readonly ShedRange[];
  /** The events of the range less `shed`, ascending by sequence number. */
  readonly events: readonly Event[];
};

/** The sequence number of each of the batch's events. */
export function seqsOf(batch: Pick<Batch, 'firstSeq' | 'lastSeq' | 'shed' | 'events'>): number[] {
  const seqs: number[] = [];
  for (const [first, last] of eventRanges(batch)) {
    for (let seq = first; seq <= last; seq++) seqs.push(seq);
  }
  assert(
    seqs.length === batch.events.length,
    'a batch has one event for each sequence number that was not shed',
  );
  return seqs;
}

/** The parts of the batch's range that carry events: all of it but what was shed. */
function eventRanges(batch: Pick<Batch, 'firstSeq' | 'lastSeq' | 'shed'>): Range[] {
  const ranges: Range[] = [];
  let next = batch.firstSeq;
  for (const { first, last } of batch.shed) {
    if (first > next) ranges.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= batch.lastSeq) ranges.push([next, batch.lastSeq]);
  return ranges;
}

/**
 * How many of `events`, from the first on, a batch can hold with their attributes, readings and clocks; at
 * least one.
 */
export function countThatFit(events: readonly Event[]): number {
  let attributes = 0;
  let readings = 0;
  const clocks = new ClockReadings();
  for (const [i, event] of events.entries()) {
    attributes += event.attributes === undefined ? 0 : Object.keys(event.attributes).length;
    readings += event.kind === 'reading' ? event.readings.length : 0;
    const clock = clocks.indexOf(event);
    const fits =
      attributes <= BATCH_ROWS_MAX && readings <= BATCH_ROWS_MAX && clock < CLOCK_READINGS_MAX;
    if (i > 0 && !fits) return i;
  }
  return events.length;
}
