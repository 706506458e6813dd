/**
 * The accounts of an epoch, or of several together (G4): received = delivered + filtered + shed + pending. Delivered is
 * what is accounted for and not shed.
 */
import type { Accounts } from '../api/api.ts';
import { missingRanges, type EpochState } from '../consolidate/consolidate.ts';

export function accountsOf(epochs: readonly EpochState[]): Accounts {
  return {
    received: sum(epochs.map((epoch) => epoch.received)),
    delivered: sum(epochs.map(deliveredOf)),
    filtered: sumBy(epochs.flatMap((epoch) => Object.entries(epoch.filtered))),
    shed: sumBy(epochs.flatMap((epoch) => Object.entries(epoch.shedCounts))),
    pending: sum(
      epochs.flatMap((epoch) => missingRanges(epoch).map(([first, last]) => last - first + 1)),
    ),
  };
}

function deliveredOf({ accounted, shedCounts }: EpochState): number {
  return accounted.size - sum(Object.values(shedCounts));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The sums of the values that have the same name. */
function sumBy(
  entries: readonly (readonly [name: string, value: number])[],
): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, value] of entries) sums.set(name, (sums.get(name) ?? 0) + value);
  return Object.fromEntries(sums);
}
