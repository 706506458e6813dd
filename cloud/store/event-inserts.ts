/**
 * One statement a kind. A column is one array parameter; the database takes the arrays apart side by side in the
 * SELECT list, which costs it less than a join of `unnest`s in FROM.
 */
import {
  type Event,
  orderTimeMs,
  type PositionEvent,
  type RawEvent,
  type ReadingEvent,
  type ScanEvent,
  type StatusEvent,
} from '#shared/event.ts';

import type { EventRow } from '../consolidate/consolidate.ts';
import {
  boolArray,
  byteaArray,
  float8Array,
  int8Array,
  jsonbArray,
  textArray,
  timestamptzArray,
} from './array-param.ts';
import { longParcelId, parcelKey } from './parcel-key.ts';
import type { Queryable } from './store.ts';

export type RowOf<E extends Event> = EventRow & { readonly event: E };

/** $1 to $14, which all kinds have. */
function common(rows: readonly EventRow[]): Uint8Array[] {
  return [
    textArray(rows.map((row) => row.gateway)),
    textArray(rows.map((row) => row.epoch)),
    int8Array(rows.map((row) => row.seq)),
    textArray(rows.map((row) => row.event.deviceId)),
    timestamptzArray(rows.map((row) => orderTimeMs(row.event))),
    timestamptzArray(rows.map((row) => row.event.eventTimeMs)),
    textArray(rows.map((row) => row.event.timeQuality)),
    float8Array(rows.map((row) => row.event.utcOffsetMin)),
    timestamptzArray(rows.map((row) => row.event.receiveTimeMs)),
    jsonbArray(rows.map((row) => row.event.attributes)),
    textArray(rows.map((row) => row.event.clock?.bootId)),
    int8Array(rows.map((row) => row.event.clock?.monotonicMs)),
    textArray(rows.map((row) => row.event.clock?.trust)),
    int8Array(rows.map((row) => row.event.clock?.correctionMs)),
  ];
}

export async function insertScans(tx: Queryable, rows: readonly RowOf<ScanEvent>[]): Promise<void> {
  await tx.query(
    `INSERT INTO scan (
       gateway, epoch, seq, device_id, order_time, event_time, time_quality, utc_offset_min, receive_time, attributes,
       boot_id, monotonic_ms, clock_trust, clock_correction_ms,
       parcel_id, long_parcel_id, data, symbology, read_point, operator, action, device_seq,
       location, biz_step, antenna, rssi_dbm, read_count, presence, first_seen
     )
     SELECT
       unnest($1::text[]), unnest($2::text[]), unnest($3::int8[]), unnest($4::text[]),
       unnest($5::timestamptz[]), unnest($6::timestamptz[]), unnest($7::text[]), unnest($8::float8[]),
       unnest($9::timestamptz[]), unnest($10::jsonb[]),
       unnest($11::text[]), unnest($12::int8[]), unnest($13::text[]), unnest($14::int8[]),
       unnest($15::text[]), unnest($16::text[]), unnest($17::text[]), unnest($18::text[]), unnest($19::text[]),
       unnest($20::text[]), unnest($21::text[]), unnest($22::float8[]),
       unnest($23::text[]), unnest($24::text[]), unnest($25::int8[]), unnest($26::float8[]), unnest($27::float8[]),
       unnest($28::text[]), unnest($29::timestamptz[])`,
    [
      ...common(rows),
      textArray(rows.map((row) => parcelKey(row.event.parcelId))),
      textArray(rows.map((row) => longParcelId(row.event.parcelId))),
      textArray(rows.map((row) => row.event.data)),
      textArray(rows.map((row) => row.event.symbology)),
      textArray(rows.map((row) => row.event.readPoint)),
      textArray(rows.map((row) => row.event.operator)),
      textArray(rows.map((row) => row.event.action)),
      float8Array(rows.map((row) => row.event.deviceSeq)),
      textArray(rows.map((row) => row.event.location)),
      textArray(rows.map((row) => row.event.bizStep)),
      int8Array(rows.map((row) => row.event.antenna)),
      float8Array(rows.map((row) => row.event.rssiDbm)),
      float8Array(rows.map((row) => row.event.readCount)),
      textArray(rows.map((row) => row.event.presence)),
      timestamptzArray(rows.map((row) => row.event.firstSeenMs)),
    ],
  );
}

export async function insertPositions(
  tx: Queryable,
  rows: readonly RowOf<PositionEvent>[],
): Promise<void> {
  await tx.query(
    `INSERT INTO position (
       gateway, epoch, seq, device_id, order_time, event_time, time_quality, utc_offset_min, receive_time, attributes,
       boot_id, monotonic_ms, clock_trust, clock_correction_ms,
       lat, lon, speed_kmh, heading_deg, altitude_m, accuracy_m, satellites, hdop, valid
     )
     SELECT
       unnest($1::text[]), unnest($2::text[]), unnest($3::int8[]), unnest($4::text[]),
       unnest($5::timestamptz[]), unnest($6::timestamptz[]), unnest($7::text[]), unnest($8::float8[]),
       unnest($9::timestamptz[]), unnest($10::jsonb[]),
       unnest($11::text[]), unnest($12::int8[]), unnest($13::text[]), unnest($14::int8[]),
       unnest($15::float8[]), unnest($16::float8[]), unnest($17::float8[]), unnest($18::float8[]),
       unnest($19::float8[]), unnest($20::float8[]), unnest($21::float8[]), unnest($22::float8[]),
       unnest($23::bool[])`,
    [
      ...common(rows),
      float8Array(rows.map((row) => row.event.lat)),
      float8Array(rows.map((row) => row.event.lon)),
      float8Array(rows.map((row) => row.event.speedKmh)),
      float8Array(rows.map((row) => row.event.headingDeg)),
      float8Array(rows.map((row) => row.event.altitudeM)),
      float8Array(rows.map((row) => row.event.accuracyM)),
      float8Array(rows.map((row) => row.event.satellites)),
      float8Array(rows.map((row) => row.event.hdop)),
      boolArray(rows.map((row) => row.event.valid)),
    ],
  );
}

export async function insertReadings(
  tx: Queryable,
  rows: readonly RowOf<ReadingEvent>[],
): Promise<void> {
  await tx.query(
    `INSERT INTO reading (
       gateway, epoch, seq, device_id, order_time, event_time, time_quality, utc_offset_min, receive_time, attributes,
       boot_id, monotonic_ms, clock_trust, clock_correction_ms,
       readings
     )
     SELECT
       unnest($1::text[]), unnest($2::text[]), unnest($3::int8[]), unnest($4::text[]),
       unnest($5::timestamptz[]), unnest($6::timestamptz[]), unnest($7::text[]), unnest($8::float8[]),
       unnest($9::timestamptz[]), unnest($10::jsonb[]),
       unnest($11::text[]), unnest($12::int8[]), unnest($13::text[]), unnest($14::int8[]),
       unnest($15::jsonb[])`,
    [...common(rows), jsonbArray(rows.map((row) => row.event.readings))],
  );
}

export async function insertStatuses(
  tx: Queryable,
  rows: readonly RowOf<StatusEvent>[],
): Promise<void> {
  await tx.query(
    `INSERT INTO status (
       gateway, epoch, seq, device_id, order_time, event_time, time_quality, utc_offset_min, receive_time, attributes,
       boot_id, monotonic_ms, clock_trust, clock_correction_ms,
       online, battery_pct
     )
     SELECT
       unnest($1::text[]), unnest($2::text[]), unnest($3::int8[]), unnest($4::text[]),
       unnest($5::timestamptz[]), unnest($6::timestamptz[]), unnest($7::text[]), unnest($8::float8[]),
       unnest($9::timestamptz[]), unnest($10::jsonb[]),
       unnest($11::text[]), unnest($12::int8[]), unnest($13::text[]), unnest($14::int8[]),
       unnest($15::bool[]), unnest($16::float8[])`,
    [
      ...common(rows),
      boolArray(rows.map((row) => row.event.online)),
      float8Array(rows.map((row) => row.event.batteryPct)),
    ],
  );
}

export async function insertRaws(tx: Queryable, rows: readonly RowOf<RawEvent>[]): Promise<void> {
  await tx.query(
    `INSERT INTO raw_event (
       gateway, epoch, seq, device_id, order_time, event_time, time_quality, utc_offset_min, receive_time, attributes,
       boot_id, monotonic_ms, clock_trust, clock_correction_ms,
       reason, topic, payload
     )
     SELECT
       unnest($1::text[]), unnest($2::text[]), unnest($3::int8[]), unnest($4::text[]),
       unnest($5::timestamptz[]), unnest($6::timestamptz[]), unnest($7::text[]), unnest($8::float8[]),
       unnest($9::timestamptz[]), unnest($10::jsonb[]),
       unnest($11::text[]), unnest($12::int8[]), unnest($13::text[]), unnest($14::int8[]),
       unnest($15::text[]), unnest($16::text[]), unnest($17::bytea[])`,
    [
      ...common(rows),
      textArray(rows.map((row) => row.event.reason)),
      textArray(rows.map((row) => row.event.topic)),
      byteaArray(rows.map((row) => row.event.payload)),
    ],
  );
}
