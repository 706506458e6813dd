/** One batch into the state of its epoch. Pure: the order of merging makes no difference to where it ends (G5). */
import { seqsOf, type Accounts, type Batch, type Watermark } from '#proto/batch/batch.ts';
import { RangeSet } from '#shared/ranges.ts';

import type { EpochPart, EpochState, EventRow } from './consolidate.ts';
import { mergeShed, recount } from './merge-shed.ts';

/** The state with the batch in it, and the events of the batch that are not applied yet, also those given up for lost. */
export function mergeBatch(state: EpochPart, batch: Batch): { state: EpochPart; rows: EventRow[] } {
  const { gateway, epoch } = state;
  const givenUp = RangeSet.of(state.shed.map(({ first, last }) => [first, last]));
  const rows: EventRow[] = [];
  for (const [i, seq] of seqsOf(batch).entries()) {
    const event = batch.events[i];
    const isApplied = state.accounted.has(seq) && !givenUp.has(seq);
    if (event !== undefined && !isApplied) rows.push({ gateway, epoch, seq, event });
  }
  const accounted = RangeSet.of(state.accounted);
  if (batch.firstSeq <= batch.lastSeq) accounted.add(batch.firstSeq, batch.lastSeq);
  const shed = mergeShed(state, batch);
  const headSeq = Math.max(state.headSeq, batch.accounts.headSeq, batch.lastSeq);
  const claim = newest(state.claim, batch.watermark);
  const merged: EpochPart = {
    ...state,
    accounted,
    shed,
    shedCounts: recount(state.shedCounts, state.shed, shed),
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
  const { accounted } = state;
  const cameTrue = claims.filter(
    ({ seq }) => seq === 1 || (seq > 1 && accounted.covers(1, seq - 1)),
  );
  const times = cameTrue.map(({ timeMs }) => timeMs);
  if (state.completeUntilMs !== undefined) times.push(state.completeUntilMs);
  return times.length === 0 ? undefined : Math.max(...times);
}
