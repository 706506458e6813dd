/**
 * A digest of what the read model says, for comparing two of them (G5).
 *
 * It covers every event, and of every epoch the ledger, what is shed with its reasons, the accounts and the newest
 * claim. Shed ranges are stored as long as they can be, so the rows are the same however they were told. It does not
 * depend on the order in which events came or rows lie, nor on the engine. It leaves out what depends on when something
 * was heard: `recorded_at`, `first_heard`, `last_heard`, `version`, stream cursors, and `complete_until`, which
 * follows from the rest once nothing is missing.
 */
import { createHash, type Hash } from 'node:crypto';

import type { Database, Queryable } from './store.ts';

const FETCH_ROWS = 5000;

const COMMON = `gateway, epoch, seq, device_id, order_time, event_time, time_quality, utc_offset_min, receive_time,
  attributes::text, boot_id, monotonic_ms, clock_trust, clock_correction_ms`;

/** Each in the order of its primary key. */
const STATEMENTS = [
  `SELECT gateway, epoch, site, accounted::text, shed_counts::text, head_seq, received, filtered::text, stored,
     claim_seq, claim_time
   FROM gateway_epoch ORDER BY gateway, epoch`,
  `SELECT gateway, epoch, first_seq, last_seq, reason FROM shed_range ORDER BY gateway, epoch, first_seq`,
  `SELECT ${COMMON}, parcel_id, long_parcel_id, data, symbology, read_point, operator, action, device_seq,
     location, biz_step, antenna, rssi_dbm, read_count, presence, first_seen
   FROM scan ORDER BY parcel_id, order_time, gateway, epoch, seq`,
  `SELECT ${COMMON}, lat, lon, speed_kmh, heading_deg, altitude_m, accuracy_m, satellites, hdop, valid
   FROM position ORDER BY device_id, order_time, gateway, epoch, seq`,
  `SELECT ${COMMON}, readings::text FROM reading ORDER BY device_id, order_time, gateway, epoch, seq`,
  `SELECT ${COMMON}, online, battery_pct FROM status ORDER BY device_id, order_time, gateway, epoch, seq`,
  `SELECT ${COMMON}, reason, topic, encode(payload, 'hex') AS payload FROM raw_event ORDER BY gateway, epoch, seq`,
];

/** SHA-256 in hexadecimal, of one moment. Reads everything: minutes for a large database, one at a time embedded. */
export async function digest(db: Database): Promise<string> {
  const sum = createHash('sha256');
  await db.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    for (const statement of STATEMENTS) await addRows(sum, tx, statement);
  });
  return sum.digest('hex');
}

async function addRows(sum: Hash, tx: Queryable, statement: string): Promise<void> {
  await tx.query(`DECLARE everything NO SCROLL CURSOR FOR ${statement}`);
  for (;;) {
    const rows = await tx.query(`FETCH ${FETCH_ROWS} FROM everything`);
    for (const row of rows) sum.update(`${JSON.stringify(Object.values(row))}\n`);
    if (rows.length < FETCH_ROWS) break;
  }
  await tx.query('CLOSE everything');
  sum.update('\n');
}
