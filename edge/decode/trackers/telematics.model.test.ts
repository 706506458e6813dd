/** Nothing that trackers and phones send, nor what becomes of it on the way, gets past what `decode.ts` promises. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import type { Format, FormatInput } from '../decode.ts';
import { isObject } from '../payload/fields.ts';
import { flespi } from './flespi.ts';
import { owntracks } from './owntracks.ts';
import { teltonikaCodec } from './teltonika-codec.ts';
import { teltonika } from './teltonika.ts';
import { told, toldLater } from '../testing/same-again.ts';
import { messageOf, namesOf, samplesOf, type Sample } from '../testing/sample-facts.ts';
import { inputOf } from '../testing/sensor-messages.ts';
import { traccar } from './traccar.ts';

const FORMATS: readonly (readonly [name: string, format: Format, words: string])[] = [
  [
    'owntracks',
    owntracks,
    `_type location transition waypoint waypoints lwt beacon status encrypted tst lat lon event enter rid desc wtst
    batt t I topic tid cog vel acc odometer created_at conn owntracks/a/b uuid rssi rad 1736161169 -1`,
  ],
  [
    'traccar',
    traccar,
    `position device event geofence uniqueId name fixTime deviceTime latitude longitude attributes outdated type
    geofenceEnter alarm eventTime area speed course 2024-05-14T06:31:02.000+00:00 hours geofenceId valid id`,
  ],
  [
    'teltonika',
    teltonika,
    `state reported ts latlng 52.5,13.2 0,0 sat ang sp alt pr evt 239 16 17 66 182 387 RSP CMD 1698922776030`,
  ],
  [
    'flespi',
    flespi,
    `ident timestamp position.latitude position.longitude position.direction position.valid vehicle.mileage ain#1
    refrigerator.sensor.temperature#1 server.timestamp engine.ignition.status device.name channel.id 1506695785`,
  ],
  ['teltonika-codec', teltonikaCodec, '00 ff 08'],
];

const ODD_NUMBERS = [
  0,
  -0,
  -1,
  1,
  90,
  90.000_001,
  -180,
  360,
  5e-324,
  1e308,
  2 ** 53,
  2 ** 64,
  1e14,
];
const ODD_TIMES = [1_736_161_169, 1_736_161_169_123, 1_506_695_785.123_456_7, 946_684_840];
const ODD_TEXTS = [
  '-1',
  '0',
  '52.5',
  '\0',
  '\uD800',
  '',
  ' ',
  'true',
  '__proto__',
  'x'.repeat(300),
];
const texts = fc.constantFrom(...ODD_TEXTS, '\u{1F69A}', 'é', '\u2028');
const odd = fc.constantFrom<unknown>(
  ...ODD_NUMBERS,
  ...ODD_TIMES,
  ...ODD_TEXTS,
  true,
  false,
  null,
  [],
  {},
);

/** JSON made of a format's own words and of odd values, in any structure. */
function jsonOf(words: readonly string[]): fc.Arbitrary<unknown> {
  const word = fc.constantFrom(...words);
  const key = fc.oneof({ weight: 9, arbitrary: word }, fc.string());
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(word, odd, fc.double(), fc.string()),
      fc.dictionary(key, tie('value'), { maxKeys: 12 }),
      fc.array(tie('value'), { maxLength: 4 }),
    ),
  })).value;
}

const topics = fc.constantFrom(
  'owntracks/jane/phone',
  'owntracks//',
  '350000000000006/data',
  'a',
  '/',
  '\u{1F69A}/x',
  'flespi/message/gw/channels/1/605630',
  'flespi/state/gw/devices/7/telemetry/din',
);
const levels = fc.constantFrom('user', 'device', 'imei', 'deviceId', 'ident');
const names = fc.dictionary(levels, fc.string(), { maxKeys: 2 });

const inputs = (payload: fc.Arbitrary<unknown>): fc.Arbitrary<FormatInput> =>
  fc
    .tuple(topics, payload, names, fc.boolean())
    .map(([topic, said, levelsNamed, retained]) =>
      inputOf(topic, said, { names: levelsNamed, retained }),
    );

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? 'null');

describe.each(FORMATS)('%s', (_name, format, words) => {
  test('makes valid events, or a reason, of any JSON', () => {
    fc.assert(
      fc.property(inputs(jsonOf(words.split(/\s+/u)).map(bytesOf)), (input) => {
        expect(toldLater(format, input)).toBe(told(format, input));
      }),
      { numRuns: 400 },
    );
  });

  test('makes valid events, or a reason, of any bytes', () => {
    fc.assert(
      fc.property(inputs(fc.uint8Array({ maxLength: 200 })), (input) => {
        expect(toldLater(format, input)).toBe(told(format, input));
      }),
      { numRuns: 200 },
    );
  });
});

const SAMPLES = ['owntracks', 'traccar', 'flespi', 'teltonika']
  .flatMap((folder) => samplesOf(folder))
  .map((sample) => ({ name: sample.name, sample, format: formatOf(sample.name) }));

function formatOf(name: string): Format {
  const found = FORMATS.find(([folder]) => name.startsWith(`${folder}/`))?.[1];
  if (found === undefined) throw new Error(`no format for ${name}`);
  return name.endsWith('.hex') ? teltonikaCodec : found;
}

const isJson = ({ name }: Sample): boolean => name.endsWith('.json');

const withPayload = (sample: Sample, payload: Uint8Array): FormatInput => ({
  message: { ...messageOf(sample), payload },
  names: namesOf(sample),
  timeZone: 'UTC',
});

/** Nothing of it was understood. */
const ALL_RAW = /^"[^"]*: expected |^\[(?:\{"kind":"raw",[^{}]*\},?)+\]$/u;

describe.each(SAMPLES)('$name', ({ sample, format }) => {
  const { payload } = sample;
  const length = payload.toString('latin1').trimEnd().length;

  test('cut anywhere, is raw with a reason', () => {
    // A message of OwnTracks with nothing in it takes a retained one back.
    const from = format === owntracks ? 1 : 0;
    const end = isJson(sample) ? length : payload.length;
    for (let at = from; at < end; at++) {
      expect(told(format, withPayload(sample, payload.subarray(0, at)))).toMatch(ALL_RAW);
    }
  });

  test('with any bit flipped, gives valid events or a reason', () => {
    // Of JSON, one bit of each byte in turn is enough.
    const step = isJson(sample) ? 9 : 1;
    for (let bit = 0; bit < payload.length * 8; bit += step) {
      const flipped = Buffer.from(payload);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      // A CRC-16 finds every single bit.
      const expected = isJson(sample) ? /./u : ALL_RAW;
      expect(told(format, withPayload(sample, flipped))).toMatch(expected);
    }
  });

  test('changed anywhere, gives valid events or a reason', () => {
    const edit = fc.record({
      at: fc.nat(),
      skip: fc.nat({ max: 8 }),
      put: fc.uint8Array({ maxLength: 8 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const changed = edits.reduce((bytes, { at, skip, put }) => {
          const start = at % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + skip)]);
        }, payload);
        const input = withPayload(sample, changed);
        expect(toldLater(format, input)).toBe(told(format, input));
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(SAMPLES.filter(({ sample }) => isJson(sample)))('$name', ({ sample, format }) => {
  test('G2 no-loss: with a field that nobody knows anywhere, keeps it with its value', () => {
    const parsed: unknown = JSON.parse(sample.payload.toString());
    const objects = pathsOf(parsed).filter((path) => isObject(valueAt(parsed, path)));
    const value = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.string(),
      texts,
    );
    fc.assert(
      fc.property(fc.constantFrom(...objects), value, (path, put) => {
        const payload = bytesOf(replaced(parsed, [...path, 'zZz'], put));
        const decoded = format(withPayload(sample, payload));
        // What no database can store makes the whole message raw.
        if (typeof decoded === 'string') expect(put).toSatisfy(isUnstorable);
        else expect(keptAs(decoded, 'zZz')).toContain(jsonText(put));
      }),
      { numRuns: 100 },
    );
  });

  test('with any of its fields something else, gives valid events or a reason', () => {
    const parsed: unknown = JSON.parse(sample.payload.toString());
    const change = fc.record({ at: fc.nat(), put: fc.oneof(odd, fc.jsonValue()) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const changed = changes.reduce((value: unknown, { at, put }) => {
          const paths = pathsOf(value);
          return replaced(value, paths[at % paths.length] ?? [], put);
        }, parsed);
        const input = withPayload(sample, bytesOf(changed));
        expect(toldLater(format, input)).toBe(told(format, input));
      }),
      { numRuns: 200 },
    );
  });
});

const isUnstorable = (value: unknown): boolean =>
  typeof value === 'string' && (!value.isWellFormed() || value.includes('\0'));

/** As an attribute has it: numbers as JSON writes them. */
const jsonText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** The texts of attributes, and of values of readings, whose name ends in `name`. */
function keptAs(events: readonly Event[], name: string): string[] {
  return events.flatMap((event) => {
    const readings = event.kind === 'reading' ? event.readings : [];
    const attributes = Object.entries(event.attributes ?? {}).map(([key, value]) => ({
      name: key,
      value,
    }));
    return [...attributes, ...readings]
      .filter((each) => each.name.endsWith(name))
      .map(({ value }) => jsonText(value));
  });
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), value);
}

type Path = readonly string[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, part]) => pathsOf(part, [...path, name]))];
}

function replaced(value: unknown, [name, ...rest]: Path, put: unknown): unknown {
  if (name === undefined || typeof value !== 'object' || value === null) return put;
  const next = replaced(Reflect.get(value, name), rest, put);
  if (!Array.isArray(value)) return { ...value, [name]: next };
  return value.map((each: unknown, i) => (String(i) === name ? next : each));
}
