/** Batches of a gateway that gives up much: numbers are events in one batch and tombstones of any reason in another. */
import fc from 'fast-check';

import type { Batch, ShedRange } from '#proto/batch/batch.ts';
import type { Event } from '#shared/event.ts';

/** The numbers of the batches go from 1 to this. */
export const TOLD_HEAD = 40;

const REASONS = ['thinned', 'damaged', 'raw', 'a reason of tomorrow'];

/** The accounts of each say the same, so that only what is told of the numbers makes a difference. */
export const arbitraryShedBatch: fc.Arbitrary<Batch> = fc
  .tuple(
    fc.integer({ min: 1, max: TOLD_HEAD }),
    fc.array(fc.option(fc.constantFrom(...REASONS)), { maxLength: 16 }),
  )
  .map(([firstSeq, told]) => batchOfTold(firstSeq, told.slice(0, TOLD_HEAD - firstSeq + 1)));

/**
 * For each number from `firstSeq` on the reason why it is shed, or null: an event. Ranges that could be one are so or
 * not: the wire allows both.
 */
export function batchOfTold(firstSeq: number, told: readonly (string | null)[]): Batch {
  const shed: ShedRange[] = [];
  const events: Event[] = [];
  for (const [i, reason] of told.entries()) {
    const seq = firstSeq + i;
    const before = shed.at(-1);
    const goesOn = before?.last === seq - 1 && before.reason === reason && seq % 3 > 0;
    if (reason === null) events.push(eventOf(seq));
    else if (goesOn) shed[shed.length - 1] = { ...before, last: seq };
    else shed.push({ first: seq, last: seq, reason });
  }
  return {
    site: 'berlin',
    gateway: 'gw-1',
    epoch: 'e1',
    firstSeq,
    lastSeq: firstSeq + told.length - 1,
    lane: 'fresh',
    accounts: { received: TOLD_HEAD, filtered: {}, headSeq: TOLD_HEAD, stored: 0 },
    watermark: { seq: 1, timeMs: 1 },
    shed,
    events,
  };
}

function eventOf(seq: number): Event {
  return {
    kind: 'status',
    deviceId: 'd',
    eventTimeMs: seq,
    receiveTimeMs: seq,
    timeQuality: 'receive',
    batteryPct: seq,
  };
}
