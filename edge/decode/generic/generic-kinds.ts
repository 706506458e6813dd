/** The kinds of the generic profile, each from the fields of its JSON object. */
import {
  deviceTimeQuality,
  type Event,
  type PositionEvent,
  type Reading,
  type ReadingEvent,
  type ScanEvent,
  type StatusEvent,
} from '#shared/event.ts';

import type { Fields } from '../payload/fields.ts';
import { labelIdOf } from '../payload/identity.ts';
import { parseTime } from '../payload/time.ts';

/** Makes one event of a kind; `undefined` when `fields` has a fault. */
export type Profile = (fields: Fields, source: Source) => Event | undefined;

/** Where an event came from. */
export type Source = {
  readonly deviceId: string;
  readonly receiveTimeMs: number;
  /** What the scanner writes in the place of FNC1, where it is unusual. */
  readonly fnc1?: string | undefined;
};

type Draft<T> = { -readonly [K in keyof T]: T[K] };

const SCAN_FIELDS = new Set([
  'time',
  'data',
  'dataBase64',
  'symbology',
  'readPoint',
  'operator',
  'action',
  'seq',
  'antenna',
  'rssiDbm',
  'readCount',
]);
const SCAN_FIELDS_AIM = new Set([...SCAN_FIELDS, 'aimId']);
const ANTENNA_MAX = 65_535;
const DATA_CHARACTERS_MAX = 4096;
const TEXT_CHARACTERS_MAX = 256;
/** Neither a control nor a format character nor any kind of space. */
const VISIBLE = /[^\p{Cc}\p{Cf}\p{Z}]/u;

const scan: Profile = (fields, source) => {
  const data = fields.base64('dataBase64') ?? fields.text('data', DATA_CHARACTERS_MAX) ?? '';
  const symbology =
    fields.text('symbology', TEXT_CHARACTERS_MAX) ?? fields.text('aimId', TEXT_CHARACTERS_MAX);
  const readPoint = fields.text('readPoint', TEXT_CHARACTERS_MAX);
  const operator = fields.text('operator', TEXT_CHARACTERS_MAX);
  const action = fields.text('action', TEXT_CHARACTERS_MAX);
  const deviceSeq = fields.whole('seq', 0, Number.MAX_SAFE_INTEGER);
  const antenna = fields.whole('antenna', 0, ANTENNA_MAX);
  const rssiDbm = fields.number('rssiDbm', -200, 100);
  const readCount = fields.whole('readCount', 0, Number.MAX_SAFE_INTEGER);
  if (!VISIBLE.test(data)) fields.fail('data', 'text with a visible character');
  const event: Draft<ScanEvent> = {
    kind: 'scan',
    deviceId: source.deviceId,
    eventTimeMs: source.receiveTimeMs,
    timeQuality: 'receive',
    receiveTimeMs: source.receiveTimeMs,
    data,
    parcelId: labelIdOf(data, symbology, source.fnc1),
  };
  if (symbology !== undefined) event.symbology = symbology;
  if (readPoint !== undefined) event.readPoint = readPoint;
  if (operator !== undefined) event.operator = operator;
  if (action !== undefined) event.action = action;
  if (deviceSeq !== undefined) event.deviceSeq = deviceSeq;
  if (antenna !== undefined) event.antenna = antenna;
  if (rssiDbm !== undefined) event.rssiDbm = rssiDbm;
  if (readCount !== undefined) event.readCount = readCount;
  // Where a device says both, the AIM id is one more field.
  return complete(event, fields, fields.has('symbology') ? SCAN_FIELDS : SCAN_FIELDS_AIM);
};

const POSITION_FIELDS = new Set([
  'time',
  'lat',
  'lon',
  'speedKmh',
  'headingDeg',
  'altitudeM',
  'accuracyM',
  'satellites',
  'hdop',
  'valid',
]);

const position: Profile = (fields, source) => {
  const lat = fields.number('lat', -90, 90) ?? fields.fail('lat', 'a number from -90 to 90');
  const lon = fields.number('lon', -180, 180) ?? fields.fail('lon', 'a number from -180 to 180');
  // What a tracker says that has no fix.
  if (lat === 0 && lon === 0) fields.fail('lat', 'a fix, not the place 0, 0');
  const speedKmh = fields.number('speedKmh', 0, 5000);
  const headingDeg = fields.number('headingDeg', 0, 360);
  const altitudeM = fields.number('altitudeM', -1000, 100_000);
  const accuracyM = fields.number('accuracyM', 0, 1_000_000);
  const satellites = fields.whole('satellites', 0, 255);
  const hdop = fields.number('hdop', 0, 1000);
  const valid = fields.boolean('valid');
  const event: Draft<PositionEvent> = {
    kind: 'position',
    deviceId: source.deviceId,
    eventTimeMs: source.receiveTimeMs,
    timeQuality: 'receive',
    receiveTimeMs: source.receiveTimeMs,
    lat: lat ?? 0,
    lon: lon ?? 0,
  };
  if (speedKmh !== undefined) event.speedKmh = speedKmh;
  // North has two names.
  if (headingDeg !== undefined) event.headingDeg = headingDeg === 360 ? 0 : headingDeg;
  if (altitudeM !== undefined) event.altitudeM = altitudeM;
  if (accuracyM !== undefined) event.accuracyM = accuracyM;
  if (satellites !== undefined) event.satellites = satellites;
  if (hdop !== undefined) event.hdop = hdop;
  if (valid !== undefined) event.valid = valid;
  return complete(event, fields, POSITION_FIELDS);
};

const READING_FIELDS = new Set(['time', 'readings']);
const READINGS_MAX = 1024;
const VALUE_CHARACTERS_MAX = 8192;

const reading: Profile = (fields, source) => {
  const readings = fields.items('readings', READINGS_MAX).map((item, i) => {
    const reading = readingOf(item);
    fields.adopt(`readings[${i}]`, item);
    return reading;
  });
  const event: Draft<ReadingEvent> = {
    kind: 'reading',
    deviceId: source.deviceId,
    eventTimeMs: source.receiveTimeMs,
    timeQuality: 'receive',
    receiveTimeMs: source.receiveTimeMs,
    readings,
  };
  return complete(event, fields, READING_FIELDS);
};

const ITEM_FIELDS = new Set(['name', 'value', 'unit']);

function readingOf(fields: Fields): Reading {
  const name = fields.text('name', TEXT_CHARACTERS_MAX) ?? fields.fail('name', 'text');
  const value = fields.value('value', VALUE_CHARACTERS_MAX);
  const unit = fields.text('unit', TEXT_CHARACTERS_MAX);
  fields.keepOthers(ITEM_FIELDS);
  const reading = { name: name ?? '', value: value ?? 0 };
  return unit === undefined ? reading : { ...reading, unit };
}

const STATUS_FIELDS = new Set(['time', 'online', 'batteryPct']);

const status: Profile = (fields, source) => {
  const online = fields.boolean('online');
  const batteryPct = fields.number('batteryPct', 0, 100);
  const event: Draft<StatusEvent> = {
    kind: 'status',
    deviceId: source.deviceId,
    eventTimeMs: source.receiveTimeMs,
    timeQuality: 'receive',
    receiveTimeMs: source.receiveTimeMs,
  };
  if (online !== undefined) event.online = online;
  if (batteryPct !== undefined) event.batteryPct = batteryPct;
  return complete(event, fields, STATUS_FIELDS);
};

/** Adds what every kind has: when it happened, and what the event has no place for. */
function complete<T extends Event>(
  event: Draft<T>,
  fields: Fields,
  known: ReadonlySet<string>,
): T | undefined {
  fields.keepOthers(known);
  const { attributes } = fields;
  if (attributes !== undefined) event.attributes = attributes;
  const said = fields.any('time');
  if (said !== undefined) {
    const time = parseTime(said);
    if (time === undefined) return fields.fail('time', TIME_EXPECTED);
    event.eventTimeMs = time.timeMs;
    event.timeQuality = deviceTimeQuality(time.timeMs, event.receiveTimeMs);
    if (time.utcOffsetMin !== undefined) event.utcOffsetMin = time.utcOffsetMin;
  }
  return fields.fault === undefined ? event : undefined;
}

const TIME_EXPECTED = 'ISO 8601 with an offset, or seconds or milliseconds since 1970';

/** By the word that a topic or a mapping names them with. */
export const PROFILES: ReadonlyMap<string, Profile> = new Map<string, Profile>([
  ['scan', scan],
  ['position', position],
  ['reading', reading],
  ['status', status],
]);
