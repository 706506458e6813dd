/** Nothing that trackers and phones send, nor what becomes of it on the way, gets past what `decode.ts` promises. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import type { Decoded, Format, FormatInput } from './decode.ts';
import { flespi } from './flespi.ts';
import { owntracks } from './owntracks.ts';
import { teltonikaCodec } from './teltonika-codec.ts';
import { teltonika } from './teltonika.ts';
import { avlFrame, avlRecord, frameOf, type AvlParts, type Codec } from './testing/avl-frame.ts';
import { RECEIVED_MS } from './testing/format-message.ts';
import { inputOf, samplesOf, type Sample } from './testing/sample-facts.ts';
import { expectValidDecoded } from './testing/valid-event.ts';
import { traccar } from './traccar.ts';

const FORMATS: readonly {
  readonly name: string;
  readonly format: Format;
  readonly words: readonly string[];
}[] = [
  {
    name: 'owntracks',
    format: owntracks,
    words: [
      '_type',
      'location',
      'transition',
      'waypoint',
      'waypoints',
      'lwt',
      'beacon',
      'status',
    ].concat(
      [
        'tst',
        'lat',
        'lon',
        'event',
        'enter',
        'rid',
        'desc',
        'wtst',
        'batt',
        't',
        'I',
        'topic',
        'tid',
        'cog',
      ],
      ['vel', 'odometer', 'created_at', 'conn', 'owntracks/a/b', 'uuid', 'rssi', 'rad'],
    ),
  },
  {
    name: 'traccar',
    format: traccar,
    words: [
      'position',
      'device',
      'event',
      'geofence',
      'uniqueId',
      'fixTime',
      'deviceTime',
      'latitude',
    ].concat(
      [
        'longitude',
        'attributes',
        'outdated',
        'type',
        'geofenceEnter',
        'alarm',
        'eventTime',
        'area',
        'speed',
      ],
      [
        'course',
        'CIRCLE (1 2, 3)',
        '2024-05-14T06:31:02.000+00:00',
        'hours',
        'geofenceId',
        'valid',
        'id',
      ],
    ),
  },
  {
    name: 'teltonika',
    format: teltonika,
    words: [
      'state',
      'reported',
      'ts',
      'latlng',
      '52.5,13.2',
      '0,0',
      'sat',
      'ang',
      'sp',
      'alt',
      'pr',
      'evt',
    ].concat(['239', '16', '17', '66', '182', '387', 'RSP', 'CMD']),
  },
  {
    name: 'flespi',
    format: flespi,
    words: [
      'ident',
      'timestamp',
      'position.latitude',
      'position.longitude',
      'position.direction',
    ].concat(
      [
        'position.valid',
        'vehicle.mileage',
        'refrigerator.sensor.temperature#1',
        'server.timestamp',
        'ain#1',
      ],
      ['engine.ignition.status', 'device.name', 'channel.id'],
    ),
  },
  { name: 'teltonika-codec', format: teltonikaCodec, words: ['0000', 'ff'] },
];

const ODD_VALUES: readonly unknown[] = [
  ...[
    0,
    -0,
    -1,
    1,
    90,
    90.000_001,
    -180,
    360,
    1e-320,
    1e308,
    -1e308,
    2 ** 53,
    2 ** 64,
    1e14,
    0.1 + 0.2,
  ],
  ...[
    1_736_161_169,
    1_736_161_169_123,
    1_506_695_785.123_456_7,
    '1736161169',
    '-1',
    '0',
    '52.5',
    '\0',
    '\uD800',
  ],
  ...[
    '2024-05-14T06:31:02.123456789Z',
    '',
    ' ',
    'true',
    '__proto__',
    true,
    false,
    null,
    [],
    {},
    [[]],
  ],
];

/** JSON made of a format's own words and of odd values, in any structure. */
function jsonOf(words: readonly string[]): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(
    fc.constantFrom(...words),
    fc.constantFrom(...ODD_VALUES),
    fc.double(),
    fc.string(),
  );
  const key = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...words) }, fc.string());
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.dictionary(key, tie('value'), { maxKeys: 12 }),
      fc.array(tie('value'), { maxLength: 4 }),
    ),
  })).value;
}

const topics = fc.constantFrom(
  ...[
    'owntracks/jane/phone',
    'owntracks//',
    '350000000000006/data',
    'a',
    '/',
    'traccar/events',
    '\u{1F69A}/x',
  ],
  ...['flespi/message/gw/channels/1/605630', 'flespi/state/gw/devices/7/telemetry/din'],
);
const names = fc.record(
  {
    user: fc.string(),
    device: fc.string(),
    imei: fc.string(),
    deviceId: fc.string(),
    ident: fc.string(),
  },
  { requiredKeys: [] },
);

const inputs = (payload: fc.Arbitrary<Uint8Array>): fc.Arbitrary<FormatInput> =>
  fc
    .record({ topic: topics, payload, names, retained: fc.boolean() })
    .map(({ names: levels, ...message }) => ({
      message: { ...message, clientId: 'c', receiveTimeMs: RECEIVED_MS },
      names: levels,
      timeZone: 'Europe/Berlin',
    }));

/** What a format makes of an input: valid, the same each time, of nothing that the payload's memory is. */
function expectSound(format: Format, input: FormatInput): Decoded {
  const decoded = format(input);
  expectValidDecoded(decoded);
  const told = JSON.stringify(decoded, bytesAsHex);
  expect(JSON.stringify(format(input), bytesAsHex)).toBe(told);
  const owned = {
    ...input,
    message: { ...input.message, payload: Buffer.from(input.message.payload) },
  };
  const own = format(owned);
  owned.message.payload.fill(0x20);
  expect(JSON.stringify(own, bytesAsHex)).toBe(told);
  return decoded;
}

function bytesAsHex(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? 'null');
const withPayload = (sample: Sample, payload: Uint8Array): FormatInput => {
  const input = inputOf(sample);
  return { ...input, message: { ...input.message, payload } };
};

describe.each(FORMATS)('$name', ({ format, words }) => {
  test('makes valid events, or a reason, of any JSON', () => {
    fc.assert(
      fc.property(inputs(jsonOf(words).map(bytesOf)), (input) => {
        expectSound(format, input);
      }),
      { numRuns: 1500 },
    );
  });

  test('makes valid events, or a reason, of any bytes', () => {
    fc.assert(
      fc.property(inputs(fc.uint8Array({ maxLength: 200 })), (input) => {
        expectSound(format, input);
      }),
      { numRuns: 500 },
    );
  });
});

const SAMPLES = ['owntracks', 'traccar', 'flespi', 'teltonika'].flatMap((folder) =>
  samplesOf(folder).map((sample) => ({
    name: sample.name,
    sample,
    format: formatOf(sample.name),
    isJson: sample.name.endsWith('.json'),
  })),
);

function formatOf(name: string): Format {
  const found = name.endsWith('.hex')
    ? teltonikaCodec
    : FORMATS.find((each) => name.startsWith(`${each.name}/`))?.format;
  if (found === undefined) throw new Error(`no format for ${name}`);
  return found;
}

describe.each(SAMPLES)('$name', ({ sample, format, isJson }) => {
  test('cut anywhere, is raw with a reason', () => {
    for (let end = 0; end < sample.payload.length; end++) {
      const decoded = expectSound(format, withPayload(sample, sample.payload.subarray(0, end)));
      const isWhole = isJson && sample.payload.subarray(end).toString().trim() === '';
      const isTakenBack = end === 0 && format === owntracks;
      if (!isWhole && !isTakenBack) expect(decoded).toMatch(/: expected /u);
    }
  });

  test('with any bit flipped, gives valid events or a reason', () => {
    for (let bit = 0; bit < sample.payload.length * 8; bit++) {
      const payload = Buffer.from(sample.payload);
      payload[bit >> 3] = (payload[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const decoded = format(withPayload(sample, payload));
      expectValidDecoded(decoded);
      // A CRC-16 finds every single bit.
      if (!isJson) expect(decoded).toMatch(/: expected /u);
    }
  });

  test('changed anywhere, gives valid events or a reason', () => {
    const edits = fc.array(
      fc.record({ at: fc.nat(), skip: fc.nat({ max: 8 }), bytes: fc.uint8Array({ maxLength: 8 }) }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(edits, (list) => {
        const payload = list.reduce((bytes, { at, skip, bytes: put }) => {
          const start = at % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + skip)]);
        }, sample.payload);
        expectSound(format, withPayload(sample, payload));
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(SAMPLES.filter(({ isJson }) => isJson))('$name', ({ sample, format }) => {
  test('with any fields replaced, dropped or added, gives valid events or a reason', () => {
    const parsed = JSON.parse(sample.payload.toString()) as unknown;
    const changes = fc.array(
      fc.record({ at: fc.nat(), value: fc.oneof(fc.constantFrom(...ODD_VALUES), fc.jsonValue()) }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(changes, (list) => {
        const changed = list.reduce((value: unknown, { at, value: put }) => {
          const paths = pathsOf(value);
          return replaced(value, paths[at % paths.length] ?? [], put);
        }, parsed);
        expectSound(format, withPayload(sample, bytesOf(changed)));
      }),
      { numRuns: 400 },
    );
  });
});

type Path = readonly string[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, part]) => pathsOf(part, [...path, name]))];
}

function replaced(value: unknown, [name, ...rest]: Path, put: unknown): unknown {
  if (name === undefined || typeof value !== 'object' || value === null) return put;
  const part: unknown = Reflect.get(value, name);
  const next = replaced(part, rest, put);
  if (Array.isArray(value))
    return value.map((each: unknown, i) => (String(i) === name ? next : each));
  return { ...value, [name]: next };
}

describe('frames', () => {
  const element = (bytes: 1 | 2 | 4 | 8): fc.Arbitrary<[number, bigint]> =>
    fc.tuple(fc.nat({ max: 255 }), fc.bigInt({ min: 0n, max: 2n ** BigInt(bytes * 8) - 1n }));
  const unique = { maxLength: 5, selector: ([id]: readonly [number, unknown]) => id };
  const parts: fc.Arbitrary<AvlParts> = fc.record({
    timeMs: fc.bigInt({ min: 0n, max: BigInt(RECEIVED_MS) }),
    priority: fc.nat({ max: 2 }),
    lat: fc.integer({ min: -900_000_000, max: 900_000_000 }).map((lat) => lat / 1e7),
    lon: fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }).map((lon) => lon / 1e7),
    altitude: fc.integer({ min: -1000, max: 8000 }),
    angle: fc.nat({ max: 359 }),
    satellites: fc.nat({ max: 20 }),
    speed: fc.nat({ max: 250 }),
    event: fc.nat({ max: 255 }),
    io: fc.record({ 1: fc.uniqueArray(element(1), unique) }),
  });
  const codecs = fc.constantFrom<Codec[]>('8', '8E', '16');

  test('written by the tables of the wiki are read as they were written', () => {
    fc.assert(
      fc.property(codecs, fc.array(parts, { minLength: 1, maxLength: 8 }), (codec, records) => {
        const decoded = expectSound(teltonikaCodec, inputFrom(avlFrame(codec, records)));
        const events: readonly Event[] = typeof decoded === 'string' ? [] : decoded;
        const firsts = events.filter(({ attributes }) => attributes !== undefined);
        expect(firsts).toHaveLength(records.length);
        firsts.forEach((event, i) => {
          const record = records[i];
          expect(event.eventTimeMs).toBe(Number(record?.timeMs));
          expect(event.attributes?.['eventIoId']).toBe(String(record?.event));
          if (event.kind === 'position') {
            expect([event.lat, event.lon]).toEqual([record?.lat, record?.lon]);
            expect(event.satellites).toBe(record?.satellites);
          } else expect([record?.lat, record?.lon]).toEqual([0, 0]);
          const io = Object.fromEntries((record?.io?.[1] ?? []).map(([id, v]) => [id, Number(v)]));
          expect(JSON.parse(event.attributes?.['ioElements'] ?? '{}')).toEqual(io);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('whose CRC is right and whose inside is anything give valid events or a reason', () => {
    const codecIds = fc.constantFrom(0x08, 0x8e, 0x10, 0x0c, 0x0d, 0x0e, 0x00);
    const counts = fc.nat({ max: 255 });
    const body = fc.uint8Array({ maxLength: 120 });
    fc.assert(
      fc.property(codecIds, counts, body, (codecId, count, bytes) => {
        expectSound(teltonikaCodec, inputFrom(frameOf(codecId, [bytes], [count, count])));
      }),
      { numRuns: 1500 },
    );
  });

  test('whose CRC is right and whose record has any byte changed do too', () => {
    fc.assert(
      fc.property(codecs, parts, fc.nat(), fc.nat({ max: 255 }), (codec, record, at, byte) => {
        const bytes = avlRecord(codec, { ...record, variable: [[385, Buffer.from([1])]] });
        bytes[at % bytes.length] = byte;
        const codecId = { '8': 0x08, '8E': 0x8e, '16': 0x10 }[codec];
        expectSound(teltonikaCodec, inputFrom(frameOf(codecId, [bytes])));
      }),
      { numRuns: 1000 },
    );
  });

  const inputFrom = (payload: Buffer): FormatInput => ({
    message: { topic: '350000000000006/data', payload, clientId: 'c', receiveTimeMs: RECEIVED_MS },
    names: {},
    timeZone: 'UTC',
  });
});
