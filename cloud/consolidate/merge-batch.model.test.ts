import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Batch } from '#proto/batch/batch.ts';
import type { Event } from '#shared/event.ts';
import { RangeSet } from '#shared/ranges.ts';

import { missingRanges, type EpochPart, type EventRow } from './consolidate.ts';
import { mergeBatch } from './merge-batch.ts';

const HEAD = 60;

function emptyState(): EpochPart {
  return {
    gateway: 'gw-1',
    epoch: 'e',
    site: 'berlin',
    accounted: new RangeSet(),
    shedCounts: {},
    shed: [],
    headSeq: 0,
    received: 0,
    filtered: {},
    stored: 0,
    claim: { seq: 0, timeMs: 0 },
    completeUntilMs: undefined,
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

/** What the gateway would send when asked for `first` to `last` at a time when `headSeq` was its head. */
function batchOf(first: number, last: number, headSeq: number): Batch {
  return {
    site: 'berlin',
    gateway: 'gw-1',
    epoch: 'e',
    firstSeq: first,
    lastSeq: last,
    lane: 'fresh',
    accounts: {
      received: headSeq * 2,
      filtered: { sampling: headSeq },
      headSeq,
      stored: first - 1,
    },
    watermark: { seq: last + 1, timeMs: last * 1000 },
    shed: [],
    events: Array.from({ length: last - first + 1 }, (_, i) => eventOf(first + i)),
  };
}

const cut = fc
  .tuple(fc.integer({ min: 1, max: HEAD }), fc.nat(12), fc.nat(HEAD))
  .map(([first, length, later]) => {
    const last = Math.min(HEAD, first + length);
    return batchOf(first, last, Math.max(last, later));
  });

/** Every sequence number is in some batch: what a gateway that keeps sending ends up with. */
const wholeJournal = fc
  .tuple(fc.array(cut, { maxLength: 20 }), fc.integer({ min: 1, max: 12 }))
  .map(([batches, size]) => {
    const rest: Batch[] = [];
    for (let first = 1; first <= HEAD; first += size)
      rest.push(batchOf(first, Math.min(HEAD, first + size - 1), HEAD));
    return [...batches, ...rest];
  });

function mergeAll(batches: readonly Batch[]): { state: EpochPart; rows: EventRow[] } {
  let state = emptyState();
  const rows: EventRow[] = [];
  for (const batch of batches) {
    const merged = mergeBatch(state, batch);
    state = merged.state;
    rows.push(...merged.rows);
  }
  return { state, rows };
}

function comparable({ state }: { state: EpochPart }): unknown {
  return { ...state, accounted: [...state.accounted], stored: 0 };
}

describe('merging batches', () => {
  test('G3 once, G5 any-order: any permutation, duplication and cut of the same events writes each once and ends the same', () => {
    const shuffled = wholeJournal.chain((batches) =>
      fc.tuple(
        fc.constant(batches),
        fc.shuffledSubarray([...batches, ...batches], {
          minLength: batches.length * 2,
          maxLength: batches.length * 2,
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([batches, again]) => {
        const straight = mergeAll(batches);
        const mixed = mergeAll(again);
        const seqs = mixed.rows.map(({ seq }) => seq).sort((a, b) => a - b);
        expect(seqs).toStrictEqual(Array.from({ length: HEAD }, (_, i) => i + 1));
        expect(mixed.rows.every(({ seq, event }) => event.eventTimeMs === seq)).toBe(true);
        expect(comparable(mixed)).toStrictEqual(comparable(straight));
      }),
    );
  });

  test('G4 accounts: what is missing is what no batch brought, and nothing else, at every moment', () => {
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 20 }), (batches) => {
        const { state } = mergeAll(batches);
        const brought = new Set(
          batches.flatMap(({ firstSeq, events }) => events.map((_, i) => firstSeq + i)),
        );
        const missing = missingRanges(state).flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, i) => first + i),
        );
        const heads = batches.map(({ accounts, lastSeq }) => Math.max(accounts.headSeq, lastSeq));
        const all = Array.from({ length: Math.max(...heads) }, (_, i) => i + 1);
        expect(missing).toStrictEqual(all.filter((seq) => !brought.has(seq)));
        expect(state.received).toBe(Math.max(...batches.map(({ accounts }) => accounts.received)));
      }),
    );
  });

  test('G12 complete-until: a claim counts only when everything below it is applied', () => {
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 30 }), (batches) => {
        let state = emptyState();
        for (const batch of batches) {
          state = mergeBatch(state, batch).state;
          const contiguous = state.accounted.runFrom(1);
          expect(state.completeUntilMs ?? 0).toBeLessThanOrEqual(contiguous * 1000);
        }
      }),
    );
  });

  test('what was shed is no longer missing; an event that comes after all takes its place', () => {
    const shedding: Batch = {
      ...batchOf(1, 5, 5),
      shed: [{ first: 2, last: 3, reason: 'raw' }],
      events: [1, 4, 5].map(eventOf),
    };
    const { state } = mergeBatch(emptyState(), shedding);
    expect(missingRanges(state)).toStrictEqual([]);
    expect(state.shed).toStrictEqual([{ first: 2, last: 3, reason: 'raw' }]);
    expect(state.completeUntilMs).toBe(5000);
    const salvaged = mergeBatch(state, batchOf(3, 3, 5));
    expect(salvaged.rows.map(({ seq }) => seq)).toStrictEqual([3]);
    expect(salvaged.state.shedCounts).toStrictEqual({ raw: 1 });
    expect(salvaged.state.shed).toStrictEqual([{ first: 2, last: 2, reason: 'raw' }]);
  });
});
