/** The ledger and the accounts of the epochs that a transaction writes to. */
import { assert } from '#shared/assert.ts';

import { accountedFor, type EpochKey, type EpochState } from '../consolidate/consolidate.ts';
import { int8Array, jsonbArray, textArray, timestamptzArray } from './array-param.ts';
import { type EpochRow, epochOf } from './epoch-rows.ts';
import { formatMultirange } from './multirange.ts';
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
    `SELECT gateway, epoch, site, applied::text, shed, head_seq, received, filtered, stored,
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
         applied = g.applied + n.applied::int8multirange,
         shed = n.shed,
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
              unnest($4::text[]) AS applied, unnest($5::jsonb[]) AS shed, unnest($6::int8[]) AS head_seq,
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
      textArray(epochs.map((epoch) => formatMultirange(epoch.applied))),
      jsonbArray(epochs.map((epoch) => epoch.shed)),
      int8Array(epochs.map((epoch) => epoch.headSeq)),
      int8Array(epochs.map((epoch) => accountedFor(epoch).runFrom(1))),
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
