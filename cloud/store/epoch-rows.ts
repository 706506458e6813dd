/** Rows of `gateway_epoch` as the state of an epoch. */
import type { EpochState } from '../consolidate/consolidate.ts';
import { parseMultirange } from './multirange.ts';

export type EpochRow = {
  readonly gateway: string;
  readonly epoch: string;
  readonly site: string;
  readonly accounted: string;
  readonly shed_counts: Readonly<Record<string, number>>;
  readonly head_seq: number;
  readonly received: number;
  readonly filtered: Readonly<Record<string, number>>;
  readonly stored: number;
  readonly claim_seq: number;
  readonly claim_time: number | null;
  readonly complete_until: number | null;
};

export function epochOf(row: EpochRow): EpochState {
  return {
    gateway: row.gateway,
    epoch: row.epoch,
    site: row.site,
    accounted: parseMultirange(row.accounted),
    shedCounts: row.shed_counts,
    headSeq: row.head_seq,
    received: row.received,
    filtered: row.filtered,
    stored: row.stored,
    claim: { seq: row.claim_seq, timeMs: row.claim_time ?? 0 },
    completeUntilMs: row.complete_until ?? undefined,
  };
}
