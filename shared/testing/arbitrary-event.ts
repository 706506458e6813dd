/** Canonical events as fast-check makes them: every kind, every optional field, nasty text, extreme numbers. */
import fc from 'fast-check';

import {
  CLOCK_TRUSTS,
  PRESENCES,
  type Event,
  type EventClock,
  type PositionEvent,
  type RawEvent,
  type Reading,
  type ReadingEvent,
  type ScanEvent,
  type StatusEvent,
} from '../event.ts';
import { gs1CheckDigit, parcelIdOf } from '../parcel-id.ts';

const TIME_MS_MAX = Date.UTC(9999, 11, 31);

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

/** Well-formed, without U+0000: what a canonical event promises. */
const text = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        'dock-02',
        'op-256',
        ']C1',
        'CEL',
        '007',
        '\u001D',
        'ä',
        '𝄞',
        '__proto__',
        '0',
        '',
      ),
    },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.stringMatching(/^[0-9]{0,30}$/u) },
  )
  .map((value) => value.replaceAll('\0', ''));

const visibleText = text.map((value) => (value.trim() === '' ? 'x' : value));

const sscc = fc
  .stringMatching(/^\d{17}$/u)
  .map((digits) => `(00)${digits}${gs1CheckDigit(digits)}`);

/** Finite and never -0. */
const number = fc
  .oneof(
    fc.integer({ min: -1_000_000, max: 1_000_000 }),
    fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 1000),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(
      0.1 + 0.2,
      Number.MAX_SAFE_INTEGER,
      Number.MAX_VALUE,
      5e-324,
      2 ** 50,
      -(2 ** 51),
    ),
  )
  .map((value) => (value === 0 ? 0 : value));

const deviceId = fc.constantFrom(
  'ring-1134',
  'ring-1135',
  'truck-7',
  'cold-16',
  'x',
  'a'.repeat(64),
);
const timeMs = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 2) }),
  fc.integer({ min: 0, max: TIME_MS_MAX }),
);
const attributes = fc
  .uniqueArray(fc.tuple(text, text), { minLength: 1, maxLength: 4, selector: ([key]) => key })
  .map((entries) => Object.fromEntries(entries));

const BOOTS = ['3f2a9c81d04e', '000000000000', 'ffffffffffff'] as const;

/** Beyond any clock, and so that a sum of a few stays exact. */
const CLOCK_MS_MAX = 2 ** 50;

const clock = fc
  .record({
    bootId: fc.constantFrom(...BOOTS),
    monotonicMs: fc.oneof(fc.nat(100_000), fc.integer({ min: 0, max: CLOCK_MS_MAX })),
    trust: fc.constantFrom(...CLOCK_TRUSTS),
    correctionMs: optional(
      fc.oneof(
        fc.constantFrom(1, -1, 3_600_000),
        fc.integer({ min: -CLOCK_MS_MAX, max: CLOCK_MS_MAX }),
      ),
    ),
  })
  .map(({ correctionMs, ...fields }): EventClock =>
    correctionMs === undefined || correctionMs === 0 ? fields : { ...fields, correctionMs },
  );

const base = fc
  .record({
    deviceId,
    eventTimeMs: timeMs,
    receiveTimeMs: timeMs,
    timeQuality: fc.constantFrom('device' as const, 'receive' as const, 'implausible' as const),
    utcOffsetMin: fc.option(fc.integer({ min: -1080, max: 1080 }), { nil: undefined }),
    clock: optional(clock),
    attributes: fc.option(attributes, { nil: undefined, freq: 3 }),
  })
  .map((fields) =>
    fields.timeQuality === 'receive' ? { ...fields, eventTimeMs: fields.receiveTimeMs } : fields,
  );

/** An object without the keys whose value is absent. */
function compact<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

const scanEvent: fc.Arbitrary<ScanEvent> = fc
  .tuple(
    base,
    fc.record({
      data: fc.oneof(sscc, visibleText),
      odd: fc.option(visibleText, { nil: undefined, freq: 8 }),
      symbology: optional(text),
      readPoint: optional(text),
      operator: optional(text),
      action: optional(text),
      deviceSeq: optional(fc.oneof(fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER))),
      location: optional(text),
      bizStep: optional(text),
      antenna: optional(fc.nat(65_535)),
      rssiDbm: optional(number),
      readCount: optional(fc.nat()),
      presence: optional(fc.constantFrom(...PRESENCES)),
      firstSeenMs: optional(timeMs),
    }),
  )
  .map(([fields, { odd, ...own }]) =>
    compact<ScanEvent>({
      kind: 'scan',
      ...fields,
      ...own,
      parcelId: odd ?? (parcelIdOf(own.data) || 'x'),
    }),
  );

const positionEvent: fc.Arbitrary<PositionEvent> = fc
  .tuple(
    base,
    fc.record({
      lat: fc.oneof(
        number,
        fc.integer({ min: -90e6, max: 90e6 }).map((value) => value / 1e6 || 0),
      ),
      lon: fc.oneof(
        number,
        fc.integer({ min: -180e6, max: 180e6 }).map((value) => value / 1e6 || 0),
      ),
      speedKmh: optional(number),
      headingDeg: optional(number),
      altitudeM: optional(number),
      accuracyM: optional(number),
      satellites: optional(fc.nat(40)),
      hdop: optional(number),
      valid: optional(fc.boolean()),
    }),
  )
  .map(([fields, own]) => compact<PositionEvent>({ kind: 'position', ...fields, ...own }));

const reading: fc.Arbitrary<Reading> = fc
  .record({ name: text, value: fc.oneof(number, text, fc.boolean()), unit: optional(text) })
  .map((fields) => compact<Reading>(fields));

const readingEvent: fc.Arbitrary<ReadingEvent> = fc
  .tuple(base, fc.array(reading, { minLength: 1, maxLength: 20 }))
  .map(([fields, readings]) => compact<ReadingEvent>({ kind: 'reading', ...fields, readings }));

const statusEvent: fc.Arbitrary<StatusEvent> = fc
  .tuple(base, fc.record({ online: optional(fc.boolean()), batteryPct: optional(number) }))
  .map(([fields, own]) => compact<StatusEvent>({ kind: 'status', ...fields, ...own }));

const rawEvent: fc.Arbitrary<RawEvent> = fc
  .tuple(base, fc.record({ reason: text, topic: text, payload: fc.uint8Array({ maxLength: 200 }) }))
  .map(([fields, own]) => compact<RawEvent>({ kind: 'raw', ...fields, ...own }));

export const event: fc.Arbitrary<Event> = fc.oneof(
  scanEvent,
  positionEvent,
  readingEvent,
  statusEvent,
  rawEvent,
);
