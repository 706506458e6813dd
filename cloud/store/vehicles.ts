/** Vehicles, as their positions tell. */
import type { PositionEvent } from '#shared/event.ts';

import type { StoredEvent, Stretch } from '../api/api.ts';
import { positionOf, type PositionRow } from './event-rows.ts';
import type { Queryable } from './store.ts';
import { stretchParams } from './timeline.ts';

/** Where the vehicle was last; undefined when it never told. */
export async function readLastPosition(
  db: Queryable,
  vehicleId: string,
): Promise<StoredEvent<PositionEvent> | undefined> {
  const [row] = await db.query<PositionRow>(
    `SELECT gateway, epoch, e.seq, g.site, e.device_id, e.event_time, e.time_quality, e.utc_offset_min,
            e.receive_time, e.recorded_at, e.attributes,
            e.boot_id, e.monotonic_ms, e.clock_trust, e.clock_correction_ms,
            e.lat, e.lon, e.speed_kmh, e.heading_deg, e.altitude_m, e.accuracy_m, e.satellites, e.hdop, e.valid
     FROM (
       SELECT gateway, epoch, seq, device_id, event_time, time_quality, utc_offset_min, receive_time, recorded_at,
              attributes, boot_id, monotonic_ms, clock_trust, clock_correction_ms,
              lat, lon, speed_kmh, heading_deg, altitude_m, accuracy_m, satellites, hdop, valid
       FROM position
       WHERE device_id = $1
       ORDER BY order_time DESC, gateway DESC, epoch DESC, seq DESC
       LIMIT 1
     ) AS e
     LEFT JOIN gateway_epoch AS g USING (gateway, epoch)`,
    [vehicleId],
  );
  return row === undefined ? undefined : positionOf(row);
}

/** The vehicle's track. */
export async function readPositions(
  db: Queryable,
  vehicleId: string,
  stretch: Stretch,
): Promise<StoredEvent<PositionEvent>[]> {
  const rows = await db.query<PositionRow>(
    `SELECT gateway, epoch, e.seq, g.site, e.device_id, e.event_time, e.time_quality, e.utc_offset_min,
            e.receive_time, e.recorded_at, e.attributes,
            e.boot_id, e.monotonic_ms, e.clock_trust, e.clock_correction_ms,
            e.lat, e.lon, e.speed_kmh, e.heading_deg, e.altitude_m, e.accuracy_m, e.satellites, e.hdop, e.valid
     FROM (
       SELECT gateway, epoch, seq, device_id, order_time, event_time, time_quality, utc_offset_min, receive_time,
              recorded_at, attributes, boot_id, monotonic_ms, clock_trust, clock_correction_ms,
              lat, lon, speed_kmh, heading_deg, altitude_m, accuracy_m, satellites, hdop, valid
       FROM position
       WHERE device_id = $1
         AND order_time >= $2 AND order_time < $3 AND (order_time, gateway, epoch, seq) > ($4, $5, $6, $7)
       ORDER BY order_time, gateway, epoch, seq
       LIMIT $8
     ) AS e
     LEFT JOIN gateway_epoch AS g USING (gateway, epoch)
     ORDER BY e.order_time, gateway, epoch, e.seq`,
    [vehicleId, ...stretchParams(stretch)],
  );
  return rows.map(positionOf);
}
