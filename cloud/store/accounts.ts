/** The accounts of an epoch, or of several together (G4): received = delivered + filtered + shed + pending. */
import type { EpochState } from '../consolidate/consolidate.ts';
import { missingRanges } from './ledger.ts';

export type Accounts = {
  /** Events that came out of decode, as the gateway last told. */
  readonly received: number;
  /** Events in the read model. */
  readonly delivered: number;
  /** Events that a rule removed, by the rule, as the gateway last told. */
  readonly filtered: Readonly<Record<string, number>>;
  /** Events that the gateway gave up and that are not in the read model, by the reason. */
  readonly shed: Readonly<Record<string, number>>;
  /** Events heard of that are neither delivered nor shed. */
  readonly pending: number;
};

export function accountsOf(epochs: readonly EpochState[]): Accounts {
  return {
    received: sum(epochs.map((epoch) => epoch.received)),
    delivered: sum(epochs.map((epoch) => epoch.applied.size)),
    filtered: sumBy(epochs.flatMap((epoch) => Object.entries(epoch.filtered))),
    shed: sumBy(
      epochs.flatMap((epoch) =>
        epoch.shed.map(({ first, last, reason }) => [reason, last - first + 1] as const),
      ),
    ),
    pending: sum(
      epochs.flatMap((epoch) => missingRanges(epoch).map(([first, last]) => last - first + 1)),
    ),
  };
}

/** Whether every event is accounted for, and none is on its way. */
export function isClosed({ received, delivered, filtered, shed, pending }: Accounts): boolean {
  const accountedFor =
    delivered + sum(Object.values(filtered)) + sum(Object.values(shed)) + pending;
  return received === accountedFor && pending === 0;
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
