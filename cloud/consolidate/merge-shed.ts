/**
 * The tombstones of one batch into those of its epoch. Pure, and order-free (G5):
 *
 * ```
 *   known    [1  thinned  4]  5 and 6 applied  [7  thinned  9]
 *   batch           [3  raw  6]  7 an event, 8 an event
 *   after    [1 thinned 2][3 raw 4]                 [9 thinned 9]
 * ```
 *
 * - An event wins over a tombstone, whichever comes first: what is applied is not shed.
 * - Of two reasons for one number the least wins, compared by UTF-16 units. The rule needs no list of reasons, so
 *   versions that know different ones agree.
 * - What is written is canonical: ranges of one reason that touch are one range.
 */
import type { Batch, ShedRange } from '#proto/batch/batch.ts';
import type { RangeSet } from '#shared/ranges.ts';

/** What is known of the numbers around a batch. */
export type KnownShed = {
  readonly accounted: RangeSet;
  /** At least the ranges that the batch's range overlaps or touches; ascending, disjoint. */
  readonly shed: readonly ShedRange[];
};

/** `known.shed` with the batch in it: ascending, disjoint, in the fewest ranges. */
export function mergeShed(
  { accounted, shed }: KnownShed,
  batch: Pick<Batch, 'firstSeq' | 'lastSeq' | 'shed'>,
): ShedRange[] {
  const unheardOf = batch.shed.flatMap(({ first, last, reason }) =>
    accounted.gaps(first, last).map(([from, to]) => ({ first: from, last: to, reason })),
  );
  // Within the batch's range, what it does not say is shed is an event.
  const merged = [...outside(shed, batch), ...contested(shed, batch.shed), ...unheardOf];
  return joined(merged.sort((a, b) => a.first - b.first));
}

/** How many numbers are shed, by the reason, once `before`, which `counts` has, became `after`; no zeros. */
export function recount(
  counts: Readonly<Record<string, number>>,
  before: readonly ShedRange[],
  after: readonly ShedRange[],
): Record<string, number> {
  const sums = new Map(Object.entries(counts));
  const add = ({ first, last, reason }: ShedRange, sign: 1 | -1): void =>
    void sums.set(reason, (sums.get(reason) ?? 0) + sign * (last - first + 1));
  for (const range of after) add(range, 1);
  for (const range of before) add(range, -1);
  return Object.fromEntries([...sums].filter(([, count]) => count !== 0));
}

/** The parts of the ranges before and after the batch's. */
function outside(
  ranges: readonly ShedRange[],
  { firstSeq, lastSeq }: Pick<Batch, 'firstSeq' | 'lastSeq'>,
): ShedRange[] {
  if (lastSeq < firstSeq) return [...ranges];
  const parts: ShedRange[] = [];
  for (const range of ranges) {
    if (range.first < firstSeq) parts.push({ ...range, last: Math.min(range.last, firstSeq - 1) });
    if (range.last > lastSeq) parts.push({ ...range, first: Math.max(range.first, lastSeq + 1) });
  }
  return parts;
}

/** What both give up, each by its reason: the least reason. Both are ascending and disjoint. */
function contested(ours: readonly ShedRange[], told: readonly ShedRange[]): ShedRange[] {
  const parts: ShedRange[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const a = ours[i];
    const b = told[j];
    if (a === undefined || b === undefined) return parts;
    const first = Math.max(a.first, b.first);
    const last = Math.min(a.last, b.last);
    if (first <= last)
      parts.push({ first, last, reason: a.reason < b.reason ? a.reason : b.reason });
    if (a.last <= b.last) i++;
    else j++;
  }
}

/** Ascending, disjoint ranges in the fewest. */
function joined(ranges: readonly ShedRange[]): ShedRange[] {
  const result: ShedRange[] = [];
  for (const range of ranges) {
    const before = result.at(-1);
    if (before !== undefined && before.last + 1 === range.first && before.reason === range.reason)
      result[result.length - 1] = { ...before, last: range.last };
    else result.push(range);
  }
  return result;
}
