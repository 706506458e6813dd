/** The ledger and the accounts of the epochs that a transaction writes to. */
import { assert } from '#shared/assert.ts';
import { RangeSet } from '#shared/ranges.ts';

import {
  type EpochKey,
  type EpochState,
  type JournalKey,
  keyOf,
} from '../consolidate/consolidate.ts';
import { int8Array, jsonbArray, textArray, timestamptzArray } from './array-param.ts';
import { type EpochRow, epochOf } from './epoch-rows.ts';
import { formatMultirange, parseMultirange } from './multirange.ts';
import type { Queryable } from './store.ts';

/**
 * The epochs as they are, each locked until the transaction ends; one that is new is made, on `site`. A key may
 * come twice. In the order of (gateway, epoch), which is also the order of locking: transactions that lock all
 * that they write in one call never wait for each other in a circle.
 */
export async function lockEpochs(tx: Queryable, keys: readonly EpochKey[]): Promise<EpochState[]> {
  const byId = new Map(keys.map((key) => [`${key.gateway}\0${key.epoch}`, key]));
  const sorted = [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
  await makeEpochs(tx, sorted);
  const rows = await selectForUpdate(tx, sorted);
  assert(rows.length === sorted.length, 'every epoch is there');
  return rows.map(epochOf);
}

async function makeEpochs(tx: Queryable, keys: readonly EpochKey[]): Promise<void> {
  await tx.query(
    `INSERT INTO gateway_epoch (gateway, epoch, site)
     SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::text[])
     ON CONFLICT (gateway, epoch) DO NOTHING`,
    [
      textArray(keys.map((key) => key.gateway)),
      textArray(keys.map((key) => key.epoch)),
      textArray(keys.map((key) => key.site)),
    ],
  );
}

async function selectForUpdate(tx: Queryable, keys: readonly EpochKey[]): Promise<EpochRow[]> {
  return await tx.query<EpochRow>(
    `SELECT gateway, epoch, site, accounted::text, shed_counts, head_seq, received, filtered, stored,
            claim_seq, claim_time, complete_until
     FROM gateway_epoch
     WHERE (gateway, epoch) IN (SELECT unnest($1::text[]), unnest($2::text[]))
     ORDER BY gateway, epoch
     FOR UPDATE`,
    [textArray(keys.map((key) => key.gateway)), textArray(keys.map((key) => key.epoch))],
  );
}

/**
 * Writes back epochs that this transaction locked. The ledger is merged into what is there, never replaced (G3),
 * and `completeUntilMs` never falls (G12).
 */
export async function saveEpochs(tx: Queryable, epochs: readonly EpochState[]): Promise<void> {
  const saved = await tx.query(
    `UPDATE gateway_epoch AS g
     SET site = n.site,
         accounted = g.accounted + n.accounted::int8multirange,
         shed_counts = n.shed_counts,
         head_seq = n.head_seq,
         accounted_to = n.accounted_to,
         received = n.received,
         filtered = n.filtered,
         stored = n.stored,
         claim_seq = n.claim_seq,
         claim_time = n.claim_time,
         complete_until = greatest(g.complete_until, n.complete_until),
         last_heard = now(),
         version = g.version + 1
     FROM (
       SELECT unnest($1::text[]) AS gateway, unnest($2::text[]) AS epoch, unnest($3::text[]) AS site,
              unnest($4::text[]) AS accounted, unnest($5::jsonb[]) AS shed_counts,
              unnest($6::int8[]) AS head_seq,
              unnest($7::int8[]) AS accounted_to, unnest($8::int8[]) AS received, unnest($9::jsonb[]) AS filtered,
              unnest($10::int8[]) AS stored, unnest($11::int8[]) AS claim_seq,
              unnest($12::timestamptz[]) AS claim_time, unnest($13::timestamptz[]) AS complete_until
     ) AS n
     WHERE g.gateway = n.gateway AND g.epoch = n.epoch
     RETURNING g.gateway`,
    [
      textArray(epochs.map((epoch) => epoch.gateway)),
      textArray(epochs.map((epoch) => epoch.epoch)),
      textArray(epochs.map((epoch) => epoch.site)),
      textArray(epochs.map((epoch) => formatMultirange(epoch.accounted))),
      jsonbArray(epochs.map((epoch) => epoch.shedCounts)),
      int8Array(epochs.map((epoch) => epoch.headSeq)),
      int8Array(epochs.map((epoch) => epoch.accounted.runFrom(1))),
      int8Array(epochs.map((epoch) => epoch.received)),
      jsonbArray(epochs.map((epoch) => epoch.filtered)),
      int8Array(epochs.map((epoch) => epoch.stored)),
      int8Array(epochs.map((epoch) => epoch.claim.seq)),
      timestamptzArray(epochs.map(({ claim }) => (claim.seq === 0 ? undefined : claim.timeMs))),
      timestamptzArray(epochs.map((epoch) => epoch.completeUntilMs)),
    ],
  );
  assert(saved.length === epochs.length, 'every epoch was locked before');
}

/** What of each journal is applied or shed, in the order of the keys; nothing of one that is new. */
export async function readLedgers(db: Queryable, keys: readonly JournalKey[]): Promise<RangeSet[]> {
  const rows = await db.query<Pick<EpochRow, 'gateway' | 'epoch' | 'accounted'>>(
    `SELECT gateway, epoch, accounted::text
     FROM gateway_epoch
     WHERE (gateway, epoch) IN (SELECT unnest($1::text[]), unnest($2::text[]))`,
    [textArray(keys.map((key) => key.gateway)), textArray(keys.map((key) => key.epoch))],
  );
  const found = new Map(rows.map((row) => [keyOf(row), parseMultirange(row.accounted)]));
  return keys.map((key) => found.get(keyOf(key)) ?? new RangeSet());
}
