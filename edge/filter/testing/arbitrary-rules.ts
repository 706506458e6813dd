/** Rules, and events of a small depot where things meet again, as fast-check makes them. */
import fc from 'fast-check';

import type { Event } from '#shared/event.ts';

import { filtersSchema, type FiltersConfig } from '../filter-config.ts';
import { SIX_O_CLOCK_MONOTONIC_MS, SIX_O_CLOCK_MS } from './depot.ts';

const seconds = fc.constantFrom(0.5, 1, 3, 10, 30);
const condition = fc.constantFrom(
  'true',
  'kind == "scan" && antenna == 1',
  'speedKmh < 3',
  'readings.t > 4',
  'int(readings.t) > 4',
  'presence == "exit" || online',
  'has(event.antenna) ? parcelId == "a" : deviceId == "d1"',
  'attributes.exists(name, name == "aggregate")',
);

const action = fc.oneof(
  fc.record({ duplicates: fc.record({ windowS: seconds }) }),
  fc.record({
    condense: fc.record(
      {
        exitAfterS: seconds,
        everyS: seconds,
        by: fc.constantFrom('device', ['device', 'antenna'], ['device']),
      },
      { requiredKeys: ['exitAfterS'] },
    ),
  }),
  fc.record({
    deadband: fc.record(
      { distanceM: fc.constantFrom(20, 200), headingDeg: fc.constant(30), everyS: seconds },
      { requiredKeys: ['distanceM'] },
    ),
  }),
  fc.record({
    exception: fc.record(
      {
        absolute: fc.constantFrom(0.5, 2),
        percent: fc.constantFrom(10, 50),
        hysteresis: fc.constant(0.2),
        everyS: seconds,
        readings: fc.constantFrom('t', ['t*', 'u?'], '*'),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    sample: fc.oneof(fc.record({ everyS: seconds }), fc.record({ oneIn: fc.constantFrom(2, 3) })),
  }),
  fc.record({
    aggregate: fc.record(
      {
        windowS: seconds,
        functions: fc.uniqueArray(fc.constantFrom('min', 'max', 'mean', 'last', 'count'), {
          minLength: 1,
        }),
        readings: fc.constantFrom('t', '*'),
      },
      { requiredKeys: ['windowS', 'functions'] },
    ),
  }),
  fc.record({ drop: fc.record({ when: condition }) }),
  fc.record({
    classify: fc.record({ when: condition, as: fc.constantFrom('custody', 'telemetry', 'status') }),
  }),
);

const match = fc.record(
  {
    device: fc.constantFrom('d1', 'd*', ['d?', 'ring-*']),
    kind: fc.constantFrom('scan', ['position', 'reading'], ['status', 'scan']),
    readPoint: fc.constantFrom('dock*', 'yard'),
  },
  { requiredKeys: [] },
);

/** A few rules of any sort, as the schema reads them. */
export const rules: fc.Arbitrary<FiltersConfig> = fc
  .array(fc.tuple(action, fc.option(match, { nil: undefined, freq: 2 })), { maxLength: 6 })
  .map((list) =>
    filtersSchema.parse(
      list.map(([what, where], i) => ({
        name: `rule-${i}`,
        ...what,
        ...(where === undefined ? {} : { match: where }),
      })),
    ),
  );

const device = fc.constantFrom('d1', 'd2', 'ring-1');
const small = fc.constantFrom(3, 4, 4.4, 5, 9, 100);

const observation: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('scan'),
      deviceId: device,
      data: fc.constant('x'),
      parcelId: fc.constantFrom('a', 'b', 'c'),
      antenna: fc.constantFrom(1, 2),
      rssiDbm: fc.constantFrom(-70, -60.5, -50),
      readCount: fc.constantFrom(0, 1, 5),
      readPoint: fc.constantFrom('dock2', 'yard'),
    },
    { requiredKeys: ['kind', 'deviceId', 'data', 'parcelId'] },
  ),
  fc.record(
    {
      kind: fc.constant('position'),
      deviceId: device,
      lat: fc.constantFrom(48, 48.0003, 48.01),
      lon: fc.constantFrom(11, 11.0002),
      headingDeg: fc.constantFrom(0, 20, 350),
      speedKmh: fc.constantFrom(0, 2, 50),
      valid: fc.boolean(),
    },
    { requiredKeys: ['kind', 'deviceId', 'lat', 'lon'] },
  ),
  fc.record({
    kind: fc.constant('reading'),
    deviceId: device,
    readings: fc.array(
      fc.record({
        name: fc.constantFrom('t', 'u1', 'door'),
        value: fc.oneof({ weight: 4, arbitrary: small }, fc.constantFrom('n/a', true)),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({ kind: fc.constant('status'), deviceId: device, online: fc.boolean() }),
  fc.record({
    kind: fc.constant('raw'),
    deviceId: device,
    reason: fc.constant('x'),
    topic: fc.constant('t'),
    payload: fc.constant(new Uint8Array()),
  }),
);

/** An event, and how much later it comes than the one before, milliseconds. */
export type Arrival = { readonly event: Event; readonly monotonicMs: number };

/**
 * Events one after the other. Most say the time at which they come; some come late, and some devices have no clock. Each has a
 * number that no rule looks at, as `utcOffsetMin`.
 */
export const arrivals: fc.Arbitrary<Arrival[]> = fc
  .array(
    fc.record({
      fields: observation,
      gapMs: fc.constantFrom(0, 0, 100, 400, 1000, 3000, 12_000),
      lateMs: fc.oneof(
        { weight: 5, arbitrary: fc.constant(0) },
        fc.constantFrom(500, 20_000, 3_600_000),
      ),
      timeQuality: fc.constantFrom('device', 'device', 'device', 'receive', 'implausible'),
    }),
    { maxLength: 60 },
  )
  .map((list) => {
    let passedMs = 0;
    return list.map(({ fields, gapMs, lateMs, timeQuality }, number) => {
      passedMs += gapMs;
      const receiveTimeMs = SIX_O_CLOCK_MS + passedMs;
      const eventTimeMs = timeQuality === 'receive' ? receiveTimeMs : receiveTimeMs - lateMs;
      const event = { ...fields, eventTimeMs, receiveTimeMs, timeQuality, utcOffsetMin: number };
      return { event: event as Event, monotonicMs: SIX_O_CLOCK_MONOTONIC_MS + passedMs };
    });
  });
