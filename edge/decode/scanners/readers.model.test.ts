/** Whatever comes in, the formats of readers and scanners answer with valid events, and lose and make up nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { datawedge } from './datawedge.ts';
import type { Decoded, Format } from '../decode.ts';
import { impinj } from './impinj.ts';
import { jsonElements } from '../payload/json-elements.ts';
import { proglove } from './proglove.ts';
import { localMoment } from '../payload/local-time.ts';
import { inputOf, RECEIVED_MS } from '../testing/decode-format.ts';
import { samplesOf } from '../testing/sample-facts.ts';
import { expectValidDecoded } from '../testing/valid-event.ts';
import { parseTime } from '../payload/time.ts';
import { zebra } from './zebra.ts';

const WEDGE = [
  {
    'com.symbol.datawedge.data_string': '00340123450000000018',
    'com.symbol.datawedge.label_type': 'LABEL-TYPE-EAN128',
    'com.symbol.datawedge.decode_data': [[48, 48]],
    time: '2026-11-23T07:59:58Z',
    deviceId: 'TC52-7',
    operator: 'op-7',
    seq: 4,
  },
  { data: 'A1', aimId: ']C0', codeId: 'j', dataBase64: 'QTE=', timestamp: 1_795_420_799 },
  { SCAN_BARCODE1: 'A1', SCAN_BARCODE2: 'B2', SCAN_BARCODE_TYPE: 3, SCAN_STATE: 'ok' },
];

const BEACON = {
  type: 'BLE_DATA',
  timestamp: '2026-11-23T07:59:58.250+00:00',
  eventNum: 12,
  data: { Address: 'C4:7C:8D:6A:11:22', RSSI: -71, beaconType: 'iBeacon', iBeacon: { Major: 1 } },
};

const FORMATS: readonly (readonly [string, Format, readonly unknown[]])[] = [
  ['zebra', zebra, [...valuesOf('zebra'), BEACON]],
  ['impinj', impinj, [...valuesOf('impinj'), { eventType: 'overflow', overflowEvent: {} }]],
  ['proglove', proglove, [...valuesOf('proglove'), { event_type: 'errors', error_code: 'E' }]],
  ['datawedge', datawedge, WEDGE],
];

function valuesOf(folder: string): unknown[] {
  return samplesOf(folder).map(({ payload }): unknown => JSON.parse(payload.toString()));
}

const oddLeaves = fc.oneof(
  fc.constantFrom(null, true, '', ' ', '\0', '\ud800', '-0', -0, 0, 1e308, 1e21, -1, 0.5, 65_536),
  fc.constantFrom('0', '12', '0x10', 'NaN', 'zz', 'E28011606000020A6681F23F', '4oARYGAAAgpmgfI_'),
  fc.constantFrom('2026-11-23T07:59:58Z', '1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z', 'now'),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.double(),
  fc.integer(),
  fc.constantFrom([], {}, [null], [[]], [{}], { a: { b: [] } }, ['x', { y: 1 }]),
);

/** Where a change is made: as many turns as there are levels, the rest of the numbers is not looked at. */
const turns = fc.array(fc.nat(30), { minLength: 1, maxLength: 6 });

type Change = { readonly turns: readonly number[]; readonly put: unknown; readonly how: How };
type How = 'replace' | 'remove' | 'add';

const changes = fc.array(
  fc.record({
    turns,
    put: oddLeaves,
    how: fc.constantFrom<How>('replace', 'replace', 'remove', 'add'),
  }),
  { minLength: 1, maxLength: 4 },
);

/** A value with one part changed. */
function changed(value: unknown, { turns: [turn, ...rest], put, how }: Change): unknown {
  if (turn === undefined || typeof value !== 'object' || value === null) return put;
  const entries = Object.entries(value);
  if (entries.length === 0) return put;
  const at = turn % entries.length;
  const isLeaf = typeof entries[at]?.[1] !== 'object' || rest.length === 0;
  const mapped = entries.flatMap(([name, part], i): (readonly [string, unknown])[] => {
    if (i !== at) return [[name, part]];
    if (isLeaf && how === 'remove') return [];
    if (isLeaf && how === 'add')
      return [
        [name, part],
        [`${name}2`, put],
      ];
    return [[name, changed(part, { turns: rest, put, how })]];
  });
  return Array.isArray(value) ? mapped.map(([, part]) => part) : Object.fromEntries(mapped);
}

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? 'null');

/** A number where it is not, a byte that is another, a part that is cut out. */
const damage = fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('flip', 'cut', 'drop', 'twice'));

function damaged(bytes: Buffer, [place, byte, how]: [number, number, string]): Buffer {
  const at = place % Math.max(1, bytes.length);
  if (how === 'cut') return bytes.subarray(0, at);
  if (how === 'drop') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + byte)]);
  if (how === 'twice') return Buffer.concat([bytes, bytes.subarray(at)]);
  const copy = Buffer.from(bytes);
  copy[at] = byte;
  return copy;
}

/** All times that a payload says, wherever it does. */
function timesIn(payload: Uint8Array): Set<number> {
  const elements = jsonElements(payload);
  const times = new Set<number>();
  const look = (value: unknown): void => {
    const time = parseTime(value) ?? localMoment(value, 'Europe/Berlin', RECEIVED_MS);
    if (time !== undefined) times.add(time.timeMs);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
  };
  if (typeof elements !== 'string') elements.values.forEach(look);
  return times;
}

/** What a format makes of a payload: valid, and at no times but those that it read. */
function honest(format: Format, payload: Uint8Array): Decoded {
  const decoded = format(inputOf(payload));
  expectValidDecoded(decoded);
  if (typeof decoded === 'string') return decoded;
  const times = timesIn(payload);
  for (const { timeQuality, eventTimeMs } of decoded) {
    expect(timeQuality === 'receive' || times.has(eventTimeMs)).toBe(true);
  }
  return decoded;
}

describe.each(FORMATS)('%s', (_, format, values) => {
  const samples = fc.constantFrom(...values);

  test('of samples with parts that are others, gives valid events the same each time, at times that it read', () => {
    fc.assert(
      fc.property(samples, changes, (sample, list) => {
        const payload = bytesOf(list.reduce<unknown>(changed, sample));
        expect(honest(format, payload)).toEqual(format(inputOf(payload)));
      }),
      { numRuns: 3000 },
    );
  });

  test('of samples with bytes that are others, gives valid events the same each time, at times that it read', () => {
    fc.assert(
      fc.property(samples, fc.array(damage, { minLength: 1, maxLength: 3 }), (sample, list) => {
        const payload = list.reduce(damaged, bytesOf(sample));
        expect(honest(format, payload)).toEqual(format(inputOf(payload)));
      }),
      { numRuns: 2000 },
    );
  });

  test('of any JSON and of any bytes, gives valid events, the same each time', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.uint8Array()), (data) => {
        const payload = Buffer.from(data);
        expect(honest(format, payload)).toEqual(format(inputOf(payload)));
      }),
      { numRuns: 1000 },
    );
  });

  test('G2 no-loss: what a field says is found in the events again, whatever it is', () => {
    const marks = fc.constantFrom<unknown[]>(
      'mark me',
      ['mark me'],
      { in: 'mark me' },
      { in: { deep: ['mark me'] } },
    );
    fc.assert(
      fc.property(samples, turns, marks, fc.boolean(), (sample, at, put, isAdded) => {
        const how = isAdded ? 'add' : 'replace';
        const payload = bytesOf(changed(sample, { turns: at, put, how }));
        const decoded = format(inputOf(payload));
        // A reason means that the message is kept whole.
        if (typeof decoded === 'string') return;
        const told = decoded.map((event) =>
          event.kind === 'raw' ? Buffer.from(event.payload).toString() : JSON.stringify(event),
        );
        expect(told.join('\n')).toContain('mark me');
      }),
      { numRuns: 2000 },
    );
  });
});
