/** One batch into the state of its epoch. Pure: the order of merging makes no difference to where it ends (G5). */
import {
  eventRanges,
  seqsOf,
  type Accounts,
  type Batch,
  type ShedRange,
  type Watermark,
} from '#proto/batch/batch.ts';
import { RangeSet } from '#shared/ranges.ts';

import { accountedFor, type EpochState, type EventRow } from './consolidate.ts';

/** The state with the batch in it, and the events of the batch that the ledger did not have. */
export function mergeBatch(
  state: EpochState,
  batch: Batch,
): { state: EpochState; rows: EventRow[] } {
  const { gateway, epoch } = state;
  const applied = RangeSet.of(state.applied);
  const rows: EventRow[] = [];
  for (const [i, seq] of seqsOf(batch).entries()) {
    const event = batch.events[i];
    if (event !== undefined && !state.applied.has(seq)) rows.push({ gateway, epoch, seq, event });
  }
  for (const [first, last] of eventRanges(batch)) applied.add(first, last);
  const shed = mergeShed([...state.shed, ...batch.shed], applied);
  const headSeq = Math.max(state.headSeq, batch.accounts.headSeq, batch.lastSeq);
  const claim = newest(state.claim, batch.watermark);
  const merged: EpochState = {
    ...state,
    applied,
    shed,
    headSeq,
    ...newestAccounts(state, batch.accounts),
    claim,
  };
  return {
    state: { ...merged, completeUntilMs: completeUntil(merged, [batch.watermark, claim]) },
    rows,
  };
}

/** A statement is newer when it counts more: received and headSeq only grow. */
function newestAccounts(
  state: EpochState,
  told: Accounts,
): Pick<EpochState, 'received' | 'filtered' | 'stored'> {
  const stored = Math.max(state.stored, told.stored);
  if (told.received <= state.received)
    return { received: state.received, filtered: state.filtered, stored };
  return { received: told.received, filtered: told.filtered, stored };
}

function newest(a: Watermark, b: Watermark): Watermark {
  if (a.seq !== b.seq) return a.seq > b.seq ? a : b;
  return a.timeMs >= b.timeMs ? a : b;
}

function completeUntil(state: EpochState, claims: readonly Watermark[]): number | undefined {
  const done = accountedFor(state);
  const cameTrue = claims.filter(({ seq }) => seq === 1 || (seq > 1 && done.covers(1, seq - 1)));
  const times = cameTrue.map(({ timeMs }) => timeMs);
  if (state.completeUntilMs !== undefined) times.push(state.completeUntilMs);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Shed ranges, less what is applied after all; the first reason told stays with a sequence number. */
function mergeShed(ranges: readonly ShedRange[], applied: RangeSet): ShedRange[] {
  if (ranges.length === 0) return [];
  const taken = RangeSet.of(applied);
  const merged: ShedRange[] = [];
  const byReason = ranges.toSorted(
    (a, b) => a.first - b.first || a.last - b.last || (a.reason < b.reason ? -1 : 1),
  );
  for (const { first, last, reason } of byReason) {
    for (const [from, to] of taken.gaps(first, last))
      merged.push({ first: from, last: to, reason });
    taken.add(first, last);
  }
  return merged.sort((a, b) => a.first - b.first);
}
