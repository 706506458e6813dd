/** What the ledger of an epoch says about each of its sequence numbers: applied, shed, or missing (G4). */
import { type Range, RangeSet } from '#shared/ranges.ts';

import type { EpochState } from '../consolidate/consolidate.ts';

type Ledger = Pick<EpochState, 'applied' | 'shed' | 'headSeq'>;

/** Neither applied nor shed, up to the highest sequence number heard of; ascending. */
export function missingRanges(ledger: Ledger): Range[] {
  return ledger.headSeq === 0 ? [] : accountedFor(ledger).gaps(1, ledger.headSeq);
}

/** 1 to this are applied or shed. */
export function accountedTo(ledger: Ledger): number {
  return accountedFor(ledger).runFrom(1);
}

function accountedFor({ applied, shed }: Ledger): RangeSet {
  if (shed.length === 0) return applied;
  const both = RangeSet.of(applied);
  for (const { first, last } of shed) both.add(first, last);
  return both;
}
