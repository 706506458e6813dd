/** Parcels, as their scans tell. */
import type { ScanEvent } from '#shared/event.ts';

import type { Parcel, StoredEvent, Stretch } from '../api/api.ts';
import { scanOf, type ScanRow } from './event-rows.ts';
import { parcelKey } from './parcel-key.ts';
import type { Queryable } from './store.ts';
import { stretchParams } from './timeline.ts';

type ParcelRow = ScanRow & {
  readonly event_count: number;
  readonly first_time: number;
  readonly last_time: number;
};

/** What is known of the parcel; undefined when it was never scanned. Takes longer the more often it was. */
export async function readParcel(db: Queryable, parcelId: string): Promise<Parcel | undefined> {
  const [row] = await db.query<ParcelRow>(
    `SELECT gateway, epoch, e.seq, g.site, e.device_id, e.event_time, e.time_quality, e.utc_offset_min,
            e.receive_time, e.recorded_at, e.attributes,
            e.boot_id, e.monotonic_ms, e.clock_trust, e.clock_correction_ms,
            e.parcel_id, e.long_parcel_id, e.data, e.symbology, e.read_point, e.operator, e.action, e.device_seq,
            e.location, e.biz_step, e.antenna, e.rssi_dbm, e.read_count, e.presence, e.first_seen,
            n.event_count, n.first_time, n.last_time
     FROM (
       SELECT count(*) AS event_count, min(order_time) AS first_time, max(order_time) AS last_time
       FROM scan
       WHERE parcel_id = $1
     ) AS n
     CROSS JOIN (
       SELECT gateway, epoch, seq, device_id, event_time, time_quality, utc_offset_min, receive_time, recorded_at,
              attributes, boot_id, monotonic_ms, clock_trust, clock_correction_ms,
              parcel_id, long_parcel_id, data, symbology, read_point, operator, action, device_seq,
              location, biz_step, antenna, rssi_dbm, read_count, presence, first_seen
       FROM scan
       WHERE parcel_id = $1
       ORDER BY order_time DESC, gateway DESC, epoch DESC, seq DESC
       LIMIT 1
     ) AS e
     LEFT JOIN gateway_epoch AS g USING (gateway, epoch)`,
    [parcelKey(parcelId)],
  );
  if (row === undefined) return undefined;
  return {
    firstTimeMs: row.first_time,
    lastTimeMs: row.last_time,
    eventCount: row.event_count,
    last: scanOf(row),
  };
}

/** The parcel's scans. */
export async function readParcelEvents(
  db: Queryable,
  parcelId: string,
  stretch: Stretch,
): Promise<StoredEvent<ScanEvent>[]> {
  const rows = await db.query<ScanRow>(
    `SELECT gateway, epoch, e.seq, g.site, e.device_id, e.event_time, e.time_quality, e.utc_offset_min,
            e.receive_time, e.recorded_at, e.attributes,
            e.boot_id, e.monotonic_ms, e.clock_trust, e.clock_correction_ms,
            e.parcel_id, e.long_parcel_id, e.data, e.symbology, e.read_point, e.operator, e.action, e.device_seq,
            e.location, e.biz_step, e.antenna, e.rssi_dbm, e.read_count, e.presence, e.first_seen
     FROM (
       SELECT gateway, epoch, seq, device_id, order_time, event_time, time_quality, utc_offset_min, receive_time,
              recorded_at, attributes, boot_id, monotonic_ms, clock_trust, clock_correction_ms,
              parcel_id, long_parcel_id, data, symbology, read_point, operator, action, device_seq,
              location, biz_step, antenna, rssi_dbm, read_count, presence, first_seen
       FROM scan
       WHERE parcel_id = $1
         AND order_time >= $2 AND order_time < $3 AND (order_time, gateway, epoch, seq) > ($4, $5, $6, $7)
       ORDER BY order_time, gateway, epoch, seq
       LIMIT $8
     ) AS e
     LEFT JOIN gateway_epoch AS g USING (gateway, epoch)
     ORDER BY e.order_time, gateway, epoch, e.seq`,
    [parcelKey(parcelId), ...stretchParams(stretch)],
  );
  return rows.map(scanOf);
}
