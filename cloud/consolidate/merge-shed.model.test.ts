import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Batch, ShedRange } from '#proto/batch/batch.ts';
import { RangeSet } from '#shared/ranges.ts';

import type { EpochPart } from './consolidate.ts';
import { mergeBatch } from './merge-batch.ts';
import { arbitraryShedBatch, batchOfTold, TOLD_HEAD } from './testing/arbitrary-shed-batch.ts';

/** An epoch whose shed ranges lie in a table, of which a merge sees only what lies around its batches. */
class StoredEpoch {
  state: Omit<EpochPart, 'shed'> = {
    gateway: 'gw-1',
    epoch: 'e',
    site: 'berlin',
    accounted: new RangeSet(),
    shedCounts: {},
    headSeq: 0,
    received: 0,
    filtered: {},
    stored: 0,
    claim: { seq: 0, timeMs: 0 },
    completeUntilMs: undefined,
  };
  rows: ShedRange[] = [];
  readonly inserted: number[] = [];

  /** One transaction. */
  apply(batches: readonly Batch[]): void {
    const isSeen = ({ first, last }: ShedRange): boolean =>
      batches.some(
        ({ firstSeq, lastSeq }) =>
          firstSeq <= lastSeq && first <= lastSeq + 1 && last >= firstSeq - 1,
      );
    let part: EpochPart = { ...this.state, shed: this.rows.filter(isSeen) };
    for (const batch of batches) {
      const merged = mergeBatch(part, batch);
      part = merged.state;
      this.inserted.push(...merged.rows.map(({ seq }) => seq));
    }
    const { shed, ...state } = part;
    this.state = state;
    this.rows = [...this.rows.filter((row) => !isSeen(row)), ...shed].sort(
      (a, b) => a.first - b.first,
    );
  }
}

/** What was told of each number: an event, or the least of the reasons. */
function toldOf(batches: readonly Batch[]): {
  events: Set<number>;
  reasons: Map<number, string>;
} {
  const events = new Set<number>();
  const reasons = new Map<number, string>();
  for (const batch of batches) {
    for (let seq = batch.firstSeq; seq <= batch.lastSeq; seq++) {
      const shed = batch.shed.find(({ first, last }) => first <= seq && seq <= last);
      const known = reasons.get(seq);
      if (shed === undefined) events.add(seq);
      else if (known === undefined || shed.reason < known) reasons.set(seq, shed.reason);
    }
  }
  for (const seq of events) reasons.delete(seq);
  return { events, reasons };
}

/** The reasons as ranges, each as long as it can be. */
function rangesOf(reasons: ReadonlyMap<number, string>): ShedRange[] {
  const ranges: ShedRange[] = [];
  for (let seq = 1; seq <= TOLD_HEAD; seq++) {
    const reason = reasons.get(seq);
    if (reason === undefined) continue;
    const before = ranges.at(-1);
    const isNext = before?.last === seq - 1 && before.reason === reason;
    if (isNext) ranges.pop();
    ranges.push({ first: isNext ? before.first : seq, last: seq, reason });
  }
  return ranges;
}

const transactions = fc.array(fc.array(arbitraryShedBatch, { minLength: 1, maxLength: 3 }), {
  maxLength: 12,
});

describe('merging tombstones', () => {
  test('G5 any-order: an event wins over a tombstone, the least reason over the others, whatever comes first; ranges are as long as they can be', () => {
    fc.assert(
      fc.property(transactions, (cut) => {
        const epoch = new StoredEpoch();
        for (const batches of cut) epoch.apply(batches);
        expect(epoch.rows).toStrictEqual(rangesOf(toldOf(cut.flat()).reasons));
      }),
      { numRuns: 500 },
    );
  });

  test('G3 once: an event that comes after its tombstone is inserted, and no event twice', () => {
    fc.assert(
      fc.property(transactions, (cut) => {
        const epoch = new StoredEpoch();
        for (const batches of cut) epoch.apply(batches);
        const { events } = toldOf(cut.flat());
        expect(epoch.inserted.toSorted((a, b) => a - b)).toStrictEqual(
          [...events].sort((a, b) => a - b),
        );
      }),
    );
  });

  test('G4 accounts: what is accounted for is applied or shed, and the counts by reason are exact at every moment', () => {
    fc.assert(
      fc.property(transactions, (cut) => {
        const epoch = new StoredEpoch();
        for (const [i, batches] of cut.entries()) {
          epoch.apply(batches);
          const { events, reasons } = toldOf(cut.slice(0, i + 1).flat());
          const counts: Record<string, number> = {};
          for (const reason of reasons.values()) counts[reason] = (counts[reason] ?? 0) + 1;
          expect(epoch.state.shedCounts).toEqual(counts);
          expect(epoch.state.accounted.size).toBe(events.size + reasons.size);
        }
      }),
    );
  });

  test('G5 any-order: other batches, in another order and cut, that tell the same end the same', () => {
    const shuffled = fc
      .array(arbitraryShedBatch, { maxLength: 20 })
      .chain((batches) =>
        fc.tuple(
          fc.constant(batches),
          fc.shuffledSubarray([...batches, ...batches], { minLength: batches.length * 2 }),
          fc.integer({ min: 1, max: 5 }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([batches, again, size]) => {
        const straight = new StoredEpoch();
        for (const batch of batches) straight.apply([batch]);
        const mixed = new StoredEpoch();
        for (let i = 0; i < again.length; i += size) mixed.apply(again.slice(i, i + size));
        expect(mixed.rows).toStrictEqual(straight.rows);
        expect(mixed.state.shedCounts).toEqual(straight.state.shedCounts);
        expect([...mixed.state.accounted]).toStrictEqual([...straight.state.accounted]);
      }),
    );
  });

  test('a range that ends at the highest number there can be is a range like any other', () => {
    const epoch = new StoredEpoch();
    const last = Number.MAX_SAFE_INTEGER;
    const shed = [{ first: 3, last, reason: 'void' }];
    epoch.apply([{ ...batchOfTold(3, []), lastSeq: last, shed }]);
    expect(epoch.rows).toStrictEqual(shed);
  });
});
