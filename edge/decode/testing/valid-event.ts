/** What every event keeps, whatever it was made of: the rules of `shared/event.ts` and the bounds of `decode.ts`. */
import { expect } from 'vitest';

import { deviceTimeQuality, type Event } from '#shared/event.ts';
import { ID_PATTERN } from '#shared/names.ts';

import type { Decoded } from '../decode.ts';

const EVENTS_MAX = 1000;
const ATTRIBUTES_MAX = 64;
const READINGS_MAX = 1024;
const ANTENNA_MAX = 65_535;
const YEAR_1_MS = -62_135_596_800_000;
const YEAR_9999_MS = 253_402_300_799_999;

/** Of what a format makes: events that are all valid, or a reason to keep the message. */
export function expectValidDecoded(decoded: Decoded): void {
  if (typeof decoded === 'string') {
    expect(decoded).toMatch(/^[^]{1,160}: expected [^]+$/u);
    return;
  }
  expect(decoded.length).toBeLessThanOrEqual(EVENTS_MAX);
  decoded.forEach(expectValidEvent);
}

function expectValidEvent(event: Event): void {
  for (const leaf of leavesOf(event)) expectStorable(leaf);
  expectValidTimes(event);
  expect(event.deviceId).toSatisfy(
    (id: string) => ID_PATTERN.test(id) || (id === '' && event.kind === 'raw'),
  );
  if (event.attributes !== undefined) {
    const count = Object.keys(event.attributes).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(ATTRIBUTES_MAX);
    expect(Object.values(event.attributes).every((value) => typeof value === 'string')).toBe(true);
  }
  expectValidKind(event);
}

function expectValidTimes({ eventTimeMs, receiveTimeMs, timeQuality, utcOffsetMin }: Event): void {
  expect(Number.isInteger(eventTimeMs)).toBe(true);
  expect(eventTimeMs >= YEAR_1_MS && eventTimeMs <= YEAR_9999_MS).toBe(true);
  if (timeQuality === 'receive') {
    expect(eventTimeMs).toBe(receiveTimeMs);
    expect(utcOffsetMin).toBeUndefined();
  } else {
    expect(timeQuality).toBe(deviceTimeQuality(eventTimeMs, receiveTimeMs));
  }
}

function expectValidKind(event: Event): void {
  switch (event.kind) {
    case 'scan':
      expect(event.data).toMatch(/[^\p{Cc}\p{Cf}\p{Z}]/u);
      expect(event.parcelId).not.toBe('');
      if (event.antenna !== undefined) expect(isWhole(event.antenna, ANTENNA_MAX)).toBe(true);
      if (event.readCount !== undefined) expect(isWhole(event.readCount)).toBe(true);
      if (event.deviceSeq !== undefined) expect(isWhole(event.deviceSeq)).toBe(true);
      break;
    case 'position': {
      const { lat, lon, headingDeg } = event;
      expect(Math.abs(lat) <= 90 && Math.abs(lon) <= 180).toBe(true);
      expect(lat === 0 && lon === 0).toBe(false);
      if (headingDeg !== undefined) expect(headingDeg >= 0 && headingDeg < 360).toBe(true);
      break;
    }
    case 'reading':
      expect(event.readings.length).toBeGreaterThan(0);
      expect(event.readings.length).toBeLessThanOrEqual(READINGS_MAX);
      break;
    case 'status':
      break;
    case 'raw':
      expect(event.reason).toMatch(/: expected /u);
      expect(event.payload.buffer.byteLength).toBe(event.payload.length);
      break;
    default:
      expect.fail(`an event of the kind ${String(event satisfies never)}`);
  }
}

function isWhole(value: number, max = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}

/** Numbers are finite and never -0, text is what UTF-8 and PostgreSQL carry; a key that is there has a value. */
function expectStorable(leaf: unknown): void {
  const isKept =
    typeof leaf === 'string'
      ? leaf.isWellFormed() && !leaf.includes('\0')
      : typeof leaf === 'number'
        ? Number.isFinite(leaf) && !Object.is(leaf, -0)
        : typeof leaf === 'boolean' || leaf instanceof Uint8Array;
  if (!isKept) expect.fail(`${typeof leaf} ${String(leaf)} in an event`);
}

/** Every string and number of a value, names included. */
function leavesOf(value: unknown): unknown[] {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return [value];
  return Object.entries(value).flatMap(([name, part]) => [name, ...leavesOf(part)]);
}
