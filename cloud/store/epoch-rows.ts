/** Rows of `gateway_epoch` as the state of an epoch. */
import type { ShedRange } from '#proto/batch/batch.ts';

import type { EpochState } from '../consolidate/consolidate.ts';
import { parseMultirange } from './multirange.ts';

export type EpochRow = {
  readonly gateway: string;
  readonly epoch: string;
  readonly site: string;
  readonly applied: string;
  readonly shed: readonly ShedRange[];
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
    applied: parseMultirange(row.applied),
    shed: row.shed,
    headSeq: row.head_seq,
    received: row.received,
    filtered: row.filtered,
    stored: row.stored,
    claim: { seq: row.claim_seq, timeMs: row.claim_time ?? 0 },
    completeUntilMs: row.complete_until ?? undefined,
  };
}
