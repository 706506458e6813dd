/**
 * One event as the journal keeps it: a row of bytes, written on the thread that acknowledges, so written fast.
 *
 * ```
 *   kind u8 │ quality u8 │ receive time │ receive - event time │ utc offset │ device │ attributes │ fields of the kind
 *             + flags
 * ```
 *
 * Whole numbers are varints (zigzag where they may be negative); text is its length in bytes and UTF-8;
 * an optional field is a bit of the kind's presence mask. The layout is version 2, named by the segment; version 1 lacks
 * the mask of a scan's last seven fields and the bits of the class, and reads the same.
 */
import { unreachable } from '#shared/assert.ts';
import {
  EVENT_KINDS,
  PRESENCES,
  type Presence,
  TIME_QUALITIES,
  type Event,
  type Reading,
  type ScanEvent,
} from '#shared/event.ts';
import { CLASS_OF, EVENT_CLASSES, type EventClass } from '#shared/event-class.ts';

import { RecordReader } from './record-reader.ts';
import type { RecordWriter } from './record-writer.ts';

export const RECORD_FORMAT = 2;

const QUALITY_MASK = 3;
const HAS_UTC_OFFSET = 4;
const HAS_ATTRIBUTES = 8;
/** Three bits: 0 the class of the kind, else 1 + the class. */
const CLASS_SHIFT = 4;
const CLASS_MASK = 7;

const SCAN_TEXTS = ['symbology', 'readPoint', 'operator', 'action'] as const;
const HAS_DEVICE_SEQ = 16;
/** Another mask comes last. */
const HAS_MORE = 32;
const MORE_TEXTS = ['location', 'bizStep'] as const;
const MORE_NUMBERS = ['antenna', 'rssiDbm', 'readCount', 'firstSeenMs'] as const;
const MORE_NUMBERS_SHIFT = MORE_TEXTS.length;
const HAS_PRESENCE = 1 << (MORE_TEXTS.length + MORE_NUMBERS.length);
const POSITION_NUMBERS = [
  'speedKmh',
  'headingDeg',
  'altitudeM',
  'accuracyM',
  'satellites',
  'hdop',
] as const;
/** Two bits of a position's mask: what the device thinks of the fix. */
const VALID_TRUE = 64;
const VALID_FALSE = 128;

/** Appends the record of `event` to `to`; `eventClass` where it is not the one of its kind. */
export function writeRecord(to: RecordWriter, event: Event, eventClass?: EventClass): void {
  to.byte(EVENT_KINDS.indexOf(event.kind));
  to.byte(
    TIME_QUALITIES.indexOf(event.timeQuality) |
      (event.utcOffsetMin === undefined ? 0 : HAS_UTC_OFFSET) |
      (event.attributes === undefined ? 0 : HAS_ATTRIBUTES) |
      (eventClass === undefined ? 0 : (EVENT_CLASSES.indexOf(eventClass) + 1) << CLASS_SHIFT),
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
      to.byte(
        maskOf(event, SCAN_TEXTS) |
          (event.deviceSeq === undefined ? 0 : HAS_DEVICE_SEQ) |
          (hasMore(event) ? HAS_MORE : 0),
      );
      to.text(event.data);
      to.text(event.parcelId === event.data ? '' : event.parcelId);
      for (const field of SCAN_TEXTS) if (event[field] !== undefined) to.text(event[field]);
      if (event.deviceSeq !== undefined) to.number(event.deviceSeq);
      if (hasMore(event)) writeMore(to, event);
      return;
    case 'position':
      to.byte(maskOf(event, POSITION_NUMBERS) | validBits(event.valid));
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

function hasMore(event: ScanEvent): boolean {
  return (
    event.location !== undefined ||
    event.bizStep !== undefined ||
    event.antenna !== undefined ||
    event.rssiDbm !== undefined ||
    event.readCount !== undefined ||
    event.firstSeenMs !== undefined ||
    event.presence !== undefined
  );
}

function writeMore(to: RecordWriter, event: ScanEvent): void {
  to.byte(
    maskOf(event, MORE_TEXTS) |
      (maskOf(event, MORE_NUMBERS) << MORE_NUMBERS_SHIFT) |
      (event.presence === undefined ? 0 : HAS_PRESENCE),
  );
  for (const field of MORE_TEXTS) if (event[field] !== undefined) to.text(event[field]);
  for (const field of MORE_NUMBERS) if (event[field] !== undefined) to.number(event[field]);
  if (event.presence !== undefined) to.byte(PRESENCES.indexOf(event.presence));
}

function validBits(valid: boolean | undefined): number {
  if (valid === undefined) return 0;
  return valid ? VALID_TRUE : VALID_FALSE;
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
        ...((mask & HAS_DEVICE_SEQ) === 0 ? undefined : { deviceSeq: from.number() }),
        ...((mask & HAS_MORE) === 0 ? undefined : readMore(from)),
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
        ...((mask & VALID_TRUE) === 0 ? undefined : { valid: true }),
        ...((mask & VALID_FALSE) === 0 ? undefined : { valid: false }),
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

function readMore(from: RecordReader): Partial<ScanEvent> {
  const mask = from.byte();
  return {
    ...readMasked(MORE_TEXTS, mask, () => from.text()),
    ...readMasked(MORE_NUMBERS, mask >> MORE_NUMBERS_SHIFT, () => from.number()),
    ...((mask & HAS_PRESENCE) === 0 ? undefined : { presence: presenceOf(from.byte()) }),
  };
}

function presenceOf(code: number): Presence {
  const presence = PRESENCES[code];
  if (presence === undefined) throw new RangeError('not a record');
  return presence;
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

/** What shedding and accounts go by, without the rest of a record. */
export function peekRecord(bytes: Uint8Array): {
  readonly eventClass: EventClass;
  readonly receiveTimeMs: number;
  readonly deviceId: string;
} {
  const from = new RecordReader(bytes);
  const kind = EVENT_KINDS[from.byte()] ?? 'raw';
  const flags = from.byte();
  const eventClass = EVENT_CLASSES[((flags >> CLASS_SHIFT) & CLASS_MASK) - 1] ?? CLASS_OF[kind];
  const receiveTimeMs = from.int();
  from.int();
  if ((flags & HAS_UTC_OFFSET) !== 0) from.int();
  return { eventClass, receiveTimeMs, deviceId: from.text() };
}
