/**
 * One event as the journal keeps it: a row of bytes, written on the thread that acknowledges, so written fast.
 *
 * ```
 *   kind u8 │ quality u8 │ receive time │ receive - event time │ utc offset │ device │ attributes │ fields of the kind
 *             + flags
 * ```
 *
 * Whole numbers are varints (zigzag where they may be negative); text is its length in bytes and UTF-8;
 * an optional field is a bit of the kind's presence mask. The layout is version 1, named by the segment.
 */
import { unreachable } from '#shared/assert.ts';
import { EVENT_KINDS, TIME_QUALITIES, type Event, type Reading } from '#shared/event.ts';

import { RecordReader } from './record-reader.ts';
import type { RecordWriter } from './record-writer.ts';

export const RECORD_FORMAT = 1;

const QUALITY_MASK = 3;
const HAS_UTC_OFFSET = 4;
const HAS_ATTRIBUTES = 8;

const SCAN_TEXTS = ['symbology', 'readPoint', 'operator', 'action'] as const;
const POSITION_NUMBERS = [
  'speedKmh',
  'headingDeg',
  'altitudeM',
  'accuracyM',
  'satellites',
  'hdop',
] as const;

/** Appends the record of `event` to `to`. */
export function writeRecord(to: RecordWriter, event: Event): void {
  to.byte(EVENT_KINDS.indexOf(event.kind));
  to.byte(
    TIME_QUALITIES.indexOf(event.timeQuality) |
      (event.utcOffsetMin === undefined ? 0 : HAS_UTC_OFFSET) |
      (event.attributes === undefined ? 0 : HAS_ATTRIBUTES),
  );
  to.int(event.receiveTimeMs);
  to.int(event.receiveTimeMs - event.eventTimeMs);
  if (event.utcOffsetMin !== undefined) to.int(event.utcOffsetMin);
  to.text(event.deviceId);
  if (event.attributes !== undefined) writeAttributes(to, event.attributes);
  writeFields(to, event);
}

function writeAttributes(to: RecordWriter, attributes: Readonly<Record<string, string>>): void {
  const keys = Object.keys(attributes);
  to.uint(keys.length);
  for (const key of keys) {
    to.text(key);
    to.text(attributes[key] ?? '');
  }
}

function writeFields(to: RecordWriter, event: Event): void {
  switch (event.kind) {
    case 'scan':
      to.byte(maskOf(event, SCAN_TEXTS) | (event.deviceSeq === undefined ? 0 : 16));
      to.text(event.data);
      to.text(event.parcelId === event.data ? '' : event.parcelId);
      for (const field of SCAN_TEXTS) if (event[field] !== undefined) to.text(event[field]);
      if (event.deviceSeq !== undefined) to.number(event.deviceSeq);
      return;
    case 'position':
      to.byte(maskOf(event, POSITION_NUMBERS));
      to.number(event.lat);
      to.number(event.lon);
      for (const field of POSITION_NUMBERS) if (event[field] !== undefined) to.number(event[field]);
      return;
    case 'reading':
      to.uint(event.readings.length);
      for (const reading of event.readings) writeReading(to, reading);
      return;
    case 'status':
      to.byte(maskOf(event, ['online', 'batteryPct']));
      if (event.online !== undefined) to.byte(event.online ? 1 : 0);
      if (event.batteryPct !== undefined) to.number(event.batteryPct);
      return;
    case 'raw':
      to.text(event.reason);
      to.text(event.topic);
      to.bytes(event.payload);
      return;
    default:
      unreachable(event);
  }
}

const NUMBER = 0;
const TEXT = 1;
const FALSE = 2;
const TRUE = 3;
const HAS_UNIT = 4;

function writeReading(to: RecordWriter, { name, value, unit }: Reading): void {
  const flag = unit === undefined ? 0 : HAS_UNIT;
  if (typeof value === 'number') to.byte(NUMBER | flag);
  else if (typeof value === 'string') to.byte(TEXT | flag);
  else to.byte((value ? TRUE : FALSE) | flag);
  to.text(name);
  if (typeof value === 'number') to.number(value);
  else if (typeof value === 'string') to.text(value);
  if (unit !== undefined) to.text(unit);
}

function maskOf<T extends object>(event: T, fields: readonly (keyof T)[]): number {
  let mask = 0;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i];
    if (field !== undefined && event[field] !== undefined) mask |= 1 << i;
  }
  return mask;
}

/** The event of a record. Throws a `RangeError` when the bytes are none. */
export function readRecord(bytes: Uint8Array): Event {
  const from = new RecordReader(bytes);
  const kind = EVENT_KINDS[from.byte()];
  const flags = from.byte();
  const timeQuality = TIME_QUALITIES[flags & QUALITY_MASK];
  if (kind === undefined || timeQuality === undefined) throw new RangeError('not a record');
  const receiveTimeMs = from.int();
  const base = {
    eventTimeMs: receiveTimeMs - from.int(),
    timeQuality,
    ...((flags & HAS_UTC_OFFSET) === 0 ? undefined : { utcOffsetMin: from.int() }),
    receiveTimeMs,
    deviceId: from.text(),
    ...((flags & HAS_ATTRIBUTES) === 0 ? undefined : { attributes: readAttributes(from) }),
  };
  switch (kind) {
    case 'scan': {
      const mask = from.byte();
      const data = from.text();
      const parcelId = from.text();
      return {
        kind,
        ...base,
        data,
        parcelId: parcelId === '' ? data : parcelId,
        ...readMasked(SCAN_TEXTS, mask, () => from.text()),
        ...((mask & 16) === 0 ? undefined : { deviceSeq: from.number() }),
      };
    }
    case 'position': {
      const mask = from.byte();
      const [lat, lon] = [from.number(), from.number()];
      return {
        kind,
        ...base,
        lat,
        lon,
        ...readMasked(POSITION_NUMBERS, mask, () => from.number()),
      };
    }
    case 'reading':
      return {
        kind,
        ...base,
        readings: Array.from({ length: from.uint() }, () => readReading(from)),
      };
    case 'status': {
      const mask = from.byte();
      return {
        kind,
        ...base,
        ...((mask & 1) === 0 ? undefined : { online: from.byte() === 1 }),
        ...((mask & 2) === 0 ? undefined : { batteryPct: from.number() }),
      };
    }
    case 'raw':
      return { kind, ...base, reason: from.text(), topic: from.text(), payload: from.bytes() };
    default:
      return unreachable(kind);
  }
}

function readAttributes(from: RecordReader): Record<string, string> {
  return Object.fromEntries(Array.from({ length: from.uint() }, () => [from.text(), from.text()]));
}

function readMasked<K extends string, T>(
  fields: readonly K[],
  mask: number,
  read: () => T,
): { [P in K]?: T } {
  const result: { [P in K]?: T } = {};
  for (const [i, field] of fields.entries()) if ((mask & (1 << i)) !== 0) result[field] = read();
  return result;
}

function readReading(from: RecordReader): Reading {
  const flags = from.byte();
  const name = from.text();
  const type = flags & 3;
  const value = type === NUMBER ? from.number() : type === TEXT ? from.text() : type === TRUE;
  return (flags & HAS_UNIT) === 0 ? { name, value } : { name, value, unit: from.text() };
}
