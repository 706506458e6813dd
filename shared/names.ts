/** Names that both sides share: ids, subjects, streams, headers. */

/** A site, gateway, device, vehicle: lower-case, 1 to 64 characters. */
export const ID_PATTERN = /^[a-z0-9-]{1,64}$/u;

export const INGEST_STREAM = 'TALLY_INGEST';
export const DLQ_STREAM = 'TALLY_DLQ';

/** Where a gateway publishes its batches. */
export function ingestSubject(site: string, gateway: string): string {
  return `ingest.v1.${site}.${gateway}`;
}

/** Where the cloud publishes an `AppliedReceipt` for a gateway. */
export function appliedSubject(gateway: string): string {
  return `ctl.v1.${gateway}.applied`;
}

/** Where a gateway asks, with a `LedgerRequest`, where its journal stands. */
export function ledgerSubject(gateway: string): string {
  return `ctl.v1.${gateway}.ledger`;
}

/** Where all of them ask. */
export const LEDGER_SUBJECTS = 'ctl.v1.*.ledger';

/** Headers of a batch, for operators to read; nothing is decided by them. */
export const HEADER = {
  contentEncoding: 'Content-Encoding',
  count: 'Tally-Count',
  firstTime: 'Tally-First-Time',
  lane: 'Tally-Lane',
  schema: 'Tally-Schema',
} as const;

/** `Nats-Msg-Id` of a batch: JetStream drops a copy that comes soon; the ledger drops one that comes late (G3). */
export function batchMessageId(batch: {
  gateway: string;
  epoch: string;
  firstSeq: number;
  lastSeq: number;
}): string {
  return `${batch.gateway}:${batch.epoch}:${batch.firstSeq}-${batch.lastSeq}`;
}
