/** The columns of each kind of event, read back: wire and times in, events in. */
import {
  PRESENCES,
  type Event,
  type EventClock,
  type Reading,
  type ScanEvent,
} from '#shared/event.ts';
import { parcelIdOf } from '#shared/parcel-id.ts';
import { unzigzag } from '#shared/varint.ts';

import type { tallyport } from '../gen/tallyport.js';
import {
  READING_TYPE_NUMBER,
  READING_TYPE_TEXT,
  READING_TYPE_TRUE,
  readingKey,
  TRUTH_FALSE,
  TRUTH_TRUE,
} from './kind-columns.ts';
import { BATCH_ROWS_MAX } from './limits.ts';
import { malformed, overLimit } from './malformed.ts';
import { decodeNumbers } from './number-column.ts';
import { decodeStrings } from './string-column.ts';
import type { TextBudget } from './text-budget.ts';
import { decodeTexts } from './text-column.ts';
import { decodeTimes, type EventTime } from './time-columns.ts';
import { decodeUints } from './uint-column.ts';

/** The events of one kind, in order: their devices, by name and by number, and the rest that all kinds have. */
export type KindRows = {
  readonly deviceIds: readonly string[];
  readonly devices: readonly number[];
  readonly receiveTimesMs: readonly number[];
  /** As `decodeClocks` has them. */
  readonly clocks: readonly (EventClock | undefined)[];
  readonly attributes: readonly (Readonly<Record<string, string>> | undefined)[];
  readonly budget: TextBudget;
};

type Base = EventTime & {
  readonly deviceId: string;
  readonly clock?: EventClock;
  readonly attributes?: Readonly<Record<string, string>>;
};

function bases(
  time: tallyport.v1.ITimeColumns | null | undefined,
  rows: KindRows,
  kind: string,
): Base[] {
  const times = decodeTimes(time, rows.receiveTimesMs, `${kind}.time`);
  return times.map((eventTime, i) => {
    const deviceId = rows.deviceIds[i] ?? '';
    const clock = rows.clocks[i];
    const attributes = rows.attributes[i];
    const base =
      clock === undefined ? { ...eventTime, deviceId } : { ...eventTime, deviceId, clock };
    return attributes === undefined ? base : { ...base, attributes };
  });
}

/** `{ [key]: value }` without the keys whose value is absent. */
function present<T extends Record<string, unknown>>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const result: Record<string, unknown> = {};
  for (const key in fields) if (fields[key] !== undefined) result[key] = fields[key];
  return result as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function truthOf(code: number | undefined, column: string): boolean | undefined {
  if (code === undefined || code === 0) return undefined;
  if (code > TRUTH_TRUE) throw malformed(column, 'expected 0, 1 or 2');
  return code !== TRUTH_FALSE;
}

function required(value: number | undefined, column: string): number {
  if (value === undefined) throw malformed(column, 'expected a number in every row');
  return value;
}

export function decodeScans(wire: tallyport.v1.IScanColumns, rows: KindRows): Event[] {
  const { devices, budget } = rows;
  const count = devices.length;
  const data = decodeTexts(wire.data, count, 'scans.data', budget);
  const derived = (row: number): string => parcelIdOf(data[row] ?? '');
  const parcelIds = decodeStrings(wire.parcelId, {
    count,
    column: 'scans.parcel_id',
    budget,
    derived,
  }).values;
  const texts = (
    column: tallyport.v1.IStringColumn | null | undefined,
    name: string,
  ): readonly (string | undefined)[] =>
    decodeStrings(column, { count, column: `scans.${name}`, budget, devices }).values;
  const symbologies = texts(wire.symbology, 'symbology');
  const readPoints = texts(wire.readPoint, 'read_point');
  const operators = texts(wire.operator, 'operator');
  const actions = texts(wire.action, 'action');
  const deviceSeqs = decodeNumbers(wire.deviceSeq, { count, column: 'scans.device_seq', devices });
  const locations = texts(wire.location, 'location');
  const bizSteps = texts(wire.bizStep, 'biz_step');
  const reads = decodeReads(wire, count);
  return bases(wire.time, rows, 'scans').map((base, i) => {
    const parcelId = parcelIds[i];
    if (parcelId === undefined) throw malformed('scans.parcel_id', 'expected an id in every row');
    return {
      kind: 'scan',
      ...base,
      data: data[i] ?? '',
      parcelId,
      ...present({
        symbology: symbologies[i],
        readPoint: readPoints[i],
        operator: operators[i],
        action: actions[i],
        deviceSeq: deviceSeqs[i],
        location: locations[i],
        bizStep: bizSteps[i],
        ...reads(i, base.eventTimeMs),
      }),
    };
  });
}

/** What a reader tells of its reads; since format 2. */
function decodeReads(
  wire: tallyport.v1.IScanColumns,
  count: number,
): (row: number, eventTimeMs: number) => { [K in keyof ScanEvent]?: ScanEvent[K] | undefined } {
  const antennas = decodeNumbers(wire.antenna, { count, column: 'scans.antenna' });
  const rssis = decodeNumbers(wire.rssiDbm, { count, column: 'scans.rssi_dbm' });
  const readCounts = decodeNumbers(wire.readCount, { count, column: 'scans.read_count' });
  const presences = decodeUints(wire.presence ?? new Uint8Array(), count, 'scans.presence');
  const firstSeen = decodeUints(wire.firstSeen ?? new Uint8Array(), count, 'scans.first_seen');
  return (row, eventTimeMs) => {
    const presence = presences[row] ?? 0;
    const seen = firstSeen[row] ?? 0;
    if (presence > PRESENCES.length) throw malformed('scans.presence', 'expected 0, 1 or 2');
    return {
      antenna: antennas[row],
      rssiDbm: rssis[row],
      readCount: readCounts[row],
      presence: PRESENCES[presence - 1],
      firstSeenMs: seen === 0 ? undefined : eventTimeMs - unzigzag(seen - 1),
    };
  };
}

export function decodePositions(wire: tallyport.v1.IPositionColumns, rows: KindRows): Event[] {
  const { devices } = rows;
  const count = devices.length;
  const lats = decodeNumbers(wire.lat, { count, column: 'positions.lat', devices });
  const lons = decodeNumbers(wire.lon, { count, column: 'positions.lon', devices });
  const speeds = decodeNumbers(wire.speedKmh, { count, column: 'positions.speed_kmh' });
  const headings = decodeNumbers(wire.headingDeg, { count, column: 'positions.heading_deg' });
  const altitudes = decodeNumbers(wire.altitudeM, {
    count,
    column: 'positions.altitude_m',
    devices,
  });
  const accuracies = decodeNumbers(wire.accuracyM, { count, column: 'positions.accuracy_m' });
  const satellites = decodeNumbers(wire.satellites, { count, column: 'positions.satellites' });
  const hdops = decodeNumbers(wire.hdop, { count, column: 'positions.hdop' });
  const valids = decodeUints(wire.valid ?? new Uint8Array(), count, 'positions.valid');
  return bases(wire.time, rows, 'positions').map((base, i) => ({
    kind: 'position',
    ...base,
    lat: required(lats[i], 'positions.lat'),
    lon: required(lons[i], 'positions.lon'),
    ...present({
      speedKmh: speeds[i],
      headingDeg: headings[i],
      altitudeM: altitudes[i],
      accuracyM: accuracies[i],
      satellites: satellites[i],
      hdop: hdops[i],
      valid: truthOf(valids[i], 'positions.valid'),
    }),
  }));
}

export function decodeReadings(wire: tallyport.v1.IReadingColumns, rows: KindRows): Event[] {
  const counts = decodeUints(wire.count ?? new Uint8Array(), rows.devices.length, 'readings.count');
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > BATCH_ROWS_MAX)
    throw overLimit('readings.count', `at most ${BATCH_ROWS_MAX} readings`);
  const readings = decodeReadingRows(wire, rows, counts);
  let next = 0;
  return bases(wire.time, rows, 'readings').map((base, i) => {
    const count = counts[i] ?? 0;
    if (count === 0) throw malformed('readings.count', 'expected at least one reading an event');
    return { kind: 'reading', ...base, readings: readings.slice(next, (next += count)) };
  });
}

function decodeReadingRows(
  wire: tallyport.v1.IReadingColumns,
  rows: KindRows,
  counts: readonly number[],
): Reading[] {
  const { budget } = rows;
  const places = counts.flatMap((count) => Array.from({ length: count }, (_, place) => place));
  const owners = counts.flatMap((count, i) => new Array<number>(count).fill(rows.devices[i] ?? 0));
  const keys = places.map((place, i) => readingKey(owners[i] ?? 0, place));
  const count = keys.length;
  const names = decodeStrings(wire.name, {
    count,
    column: 'readings.name',
    budget,
    devices: keys,
  }).values;
  const units = decodeStrings(wire.unit, {
    count,
    column: 'readings.unit',
    budget,
    devices: keys,
  }).values;
  const types = decodeUints(wire.type ?? new Uint8Array(), count, 'readings.type');
  const ofType = (type: number): number[] => keys.filter((_, i) => types[i] === type);
  const groups = places
    .filter((_, i) => types[i] === READING_TYPE_NUMBER)
    .map((place) => readingKey(0, place));
  const numberKeys = ofType(READING_TYPE_NUMBER);
  const textKeys = ofType(READING_TYPE_TEXT);
  const numbers = decodeNumbers(wire.number, {
    count: numberKeys.length,
    column: 'readings.number',
    devices: numberKeys,
    groups,
  });
  const texts = decodeStrings(wire.text, {
    count: textKeys.length,
    column: 'readings.text',
    budget,
    devices: textKeys,
  }).values;
  let nextNumber = 0;
  let nextText = 0;
  return types.map((type, i) => {
    const name = names[i];
    if (name === undefined) throw malformed('readings.name', 'expected a name in every row');
    if (type > READING_TYPE_TRUE) throw malformed('readings.type', 'expected 0 to 3');
    let value: number | string | boolean | undefined = type === READING_TYPE_TRUE;
    if (type === READING_TYPE_NUMBER) value = numbers[nextNumber++];
    if (type === READING_TYPE_TEXT) value = texts[nextText++];
    if (value === undefined) throw malformed('readings', 'expected a value in every row');
    return { name, value, ...present({ unit: units[i] }) };
  });
}

export function decodeStatuses(wire: tallyport.v1.IStatusColumns, rows: KindRows): Event[] {
  const { devices } = rows;
  const count = devices.length;
  const onlines = decodeUints(wire.online ?? new Uint8Array(), count, 'statuses.online');
  const batteries = decodeNumbers(wire.batteryPct, {
    count,
    column: 'statuses.battery_pct',
    devices,
  });
  return bases(wire.time, rows, 'statuses').map((base, i) => {
    const online = truthOf(onlines[i], 'statuses.online');
    return { kind: 'status', ...base, ...present({ online, batteryPct: batteries[i] }) };
  });
}

export function decodeRaws(wire: tallyport.v1.IRawColumns, rows: KindRows): Event[] {
  const { devices, budget } = rows;
  const count = devices.length;
  const reasons = decodeStrings(wire.reason, {
    count,
    column: 'raws.reason',
    budget,
    devices,
  }).values;
  const topics = decodeStrings(wire.topic, { count, column: 'raws.topic', budget, devices }).values;
  const lengths = decodeUints(wire.length ?? new Uint8Array(), count, 'raws.length');
  const payloads = wire.payload ?? new Uint8Array();
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total !== payloads.length)
    throw malformed('raws.payload', `expected ${total} bytes, found ${payloads.length}`);
  let next = 0;
  return bases(wire.time, rows, 'raws').map((base, i) => {
    const reason = reasons[i];
    const topic = topics[i];
    if (reason === undefined || topic === undefined)
      throw malformed('raws', 'expected a reason and a topic in every row');
    const payload = new Uint8Array(payloads.subarray(next, (next += lengths[i] ?? 0)));
    return { kind: 'raw', ...base, reason, topic, payload };
  });
}
