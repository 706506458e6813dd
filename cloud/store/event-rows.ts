/** Rows of the event tables as events. */
import type {
  ClockTrust,
  EventClock,
  PositionEvent,
  Presence,
  ScanEvent,
  TimeQuality,
} from '#shared/event.ts';

import type { StoredEvent } from '../api/api.ts';

type CommonRow = {
  readonly gateway: string;
  readonly epoch: string;
  readonly seq: number;
  readonly site: string | null;
  readonly device_id: string;
  readonly event_time: number;
  readonly time_quality: TimeQuality;
  readonly utc_offset_min: number | null;
  readonly receive_time: number;
  readonly recorded_at: number;
  readonly attributes: Readonly<Record<string, string>> | null;
  readonly boot_id: string | null;
  readonly monotonic_ms: number | null;
  readonly clock_trust: ClockTrust | null;
  readonly clock_correction_ms: number | null;
};

export type ScanRow = CommonRow & {
  readonly parcel_id: string;
  readonly long_parcel_id: string | null;
  readonly data: string;
  readonly symbology: string | null;
  readonly read_point: string | null;
  readonly operator: string | null;
  readonly action: string | null;
  readonly device_seq: number | null;
  readonly location: string | null;
  readonly biz_step: string | null;
  readonly antenna: number | null;
  readonly rssi_dbm: number | null;
  readonly read_count: number | null;
  readonly presence: Presence | null;
  readonly first_seen: number | null;
};

export type PositionRow = CommonRow & {
  readonly lat: number;
  readonly lon: number;
  readonly speed_kmh: number | null;
  readonly heading_deg: number | null;
  readonly altitude_m: number | null;
  readonly accuracy_m: number | null;
  readonly satellites: number | null;
  readonly hdop: number | null;
  readonly valid: boolean | null;
};

export function scanOf(row: ScanRow): StoredEvent<ScanEvent> {
  return stored(row, {
    kind: 'scan',
    ...common(row),
    data: row.data,
    parcelId: row.long_parcel_id ?? row.parcel_id,
    ...present({
      symbology: row.symbology,
      readPoint: row.read_point,
      operator: row.operator,
      action: row.action,
      deviceSeq: row.device_seq,
      location: row.location,
      bizStep: row.biz_step,
      antenna: row.antenna,
      rssiDbm: row.rssi_dbm,
      readCount: row.read_count,
      presence: row.presence,
      firstSeenMs: row.first_seen,
    }),
  });
}

export function positionOf(row: PositionRow): StoredEvent<PositionEvent> {
  return stored(row, {
    kind: 'position',
    ...common(row),
    lat: row.lat,
    lon: row.lon,
    ...present({
      speedKmh: row.speed_kmh,
      headingDeg: row.heading_deg,
      altitudeM: row.altitude_m,
      accuracyM: row.accuracy_m,
      satellites: row.satellites,
      hdop: row.hdop,
      valid: row.valid,
    }),
  });
}

function stored<E extends ScanEvent | PositionEvent>(row: CommonRow, event: E): StoredEvent<E> {
  return {
    gateway: row.gateway,
    epoch: row.epoch,
    seq: row.seq,
    ...present({ site: row.site }),
    recordedAtMs: row.recorded_at,
    event,
  };
}

type Common = Pick<
  ScanEvent,
  | 'deviceId'
  | 'eventTimeMs'
  | 'timeQuality'
  | 'utcOffsetMin'
  | 'receiveTimeMs'
  | 'clock'
  | 'attributes'
>;

function common(row: CommonRow): Common {
  return {
    deviceId: row.device_id,
    eventTimeMs: row.event_time,
    timeQuality: row.time_quality,
    receiveTimeMs: row.receive_time,
    ...present({
      utcOffsetMin: row.utc_offset_min,
      clock: clockOf(row),
      attributes: row.attributes,
    }),
  };
}

/** Null where the gateway did not tell: the first three columns are null together. */
function clockOf(row: CommonRow): EventClock | null {
  const { boot_id: bootId, monotonic_ms: monotonicMs, clock_trust: trust } = row;
  if (bootId === null || monotonicMs === null || trust === null) return null;
  return { bootId, monotonicMs, trust, ...present({ correctionMs: row.clock_correction_ms }) };
}

/** The fields that are not null. */
function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== null);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}
