import { describe, expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import { decodeGeneric } from './generic.ts';

const RECEIVED_MS = Date.UTC(2026, 10, 23, 8);
const TIME = '2026-11-23T08:59:58.250+01:00';
const TIMES = {
  eventTimeMs: RECEIVED_MS - 1750,
  timeQuality: 'device',
  utcOffsetMin: 60,
  receiveTimeMs: RECEIVED_MS,
} as const;

function decode(topic: string, payload: unknown): readonly Event[] {
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  return decodeGeneric({ topic, payload: bytes, clientId: 'c', receiveTimeMs: RECEIVED_MS });
}

const raw = (
  topic: string,
  deviceId: string,
  reason: string,
  payload: string | Uint8Array,
): Event => ({
  kind: 'raw',
  deviceId,
  eventTimeMs: RECEIVED_MS,
  timeQuality: 'receive',
  receiveTimeMs: RECEIVED_MS,
  reason,
  topic,
  payload: new Uint8Array(Buffer.from(payload)),
});

describe('the kinds', () => {
  test('a scan keeps the label as it was read and names the parcel once', () => {
    const payload = {
      time: TIME,
      data: '(00)340123450000000018',
      symbology: ']C1',
      readPoint: 'dock-06',
      operator: 'op-254',
      action: 'load',
      seq: 7,
    };
    expect(decode('scan/ring-1', payload)).toEqual([
      {
        kind: 'scan',
        deviceId: 'ring-1',
        ...TIMES,
        data: '(00)340123450000000018',
        parcelId: '340123450000000018',
        symbology: ']C1',
        readPoint: 'dock-06',
        operator: 'op-254',
        action: 'load',
        deviceSeq: 7,
      },
    ]);
  });

  test('a position has its fields as numbers, north is 0', () => {
    const payload = {
      time: TIME,
      lat: '52.316008',
      lon: -180,
      speedKmh: 82.2,
      headingDeg: 360,
      altitudeM: -0,
      accuracyM: '3',
      satellites: 12,
      hdop: 1.1,
    };
    expect(decode('position/truck-463', payload)).toEqual([
      {
        kind: 'position',
        deviceId: 'truck-463',
        ...TIMES,
        lat: 52.316008,
        lon: -180,
        speedKmh: 82.2,
        headingDeg: 0,
        altitudeM: 0,
        accuracyM: 3,
        satellites: 12,
        hdop: 1.1,
      },
    ]);
  });

  test('a reading has numbers, text and truths', () => {
    const readings = [
      { name: 'temperature', value: -4.5, unit: 'CEL' },
      { name: 'door', value: 'open' },
      { name: 'alarm', value: false, unit: null },
    ];
    expect(decode('reading/gate-1', { time: TIME, readings })).toEqual([
      {
        kind: 'reading',
        deviceId: 'gate-1',
        ...TIMES,
        readings: [
          { name: 'temperature', value: -4.5, unit: 'CEL' },
          { name: 'door', value: 'open' },
          { name: 'alarm', value: false },
        ],
      },
    ]);
  });

  test('a status may say nothing but that it is there', () => {
    expect(decode('status/ring-1', { time: TIME, online: true, batteryPct: 87.5 })).toEqual([
      { kind: 'status', deviceId: 'ring-1', ...TIMES, online: true, batteryPct: 87.5 },
    ]);
    expect(decode('status/ring-1', '{}')).toEqual([
      {
        kind: 'status',
        deviceId: 'ring-1',
        eventTimeMs: RECEIVED_MS,
        timeQuality: 'receive',
        receiveTimeMs: RECEIVED_MS,
      },
    ]);
  });

  test('null is absent', () => {
    const [event] = decode('scan/a', '{"data":"x","time":null,"operator":null,"seq":null}');
    expect(event).toEqual({
      kind: 'scan',
      deviceId: 'a',
      eventTimeMs: RECEIVED_MS,
      timeQuality: 'receive',
      receiveTimeMs: RECEIVED_MS,
      data: 'x',
      parcelId: 'x',
    });
  });

  test('of a key that stands twice the last counts', () => {
    expect(decode('scan/a', '{"data":"x","data":"y"}')[0]).toMatchObject({ data: 'y' });
  });
});

describe('G10 clock: the time of an event', () => {
  test.each([
    ['absent, it is the receive time', {}, { eventTimeMs: RECEIVED_MS, timeQuality: 'receive' }],
    ['seconds', { time: RECEIVED_MS / 1000 }, { eventTimeMs: RECEIVED_MS, timeQuality: 'device' }],
    [
      'milliseconds',
      { time: RECEIVED_MS - 1 },
      { eventTimeMs: RECEIVED_MS - 1, timeQuality: 'device' },
    ],
    [
      'never set, it is kept',
      { time: 3600 },
      { eventTimeMs: 3_600_000, timeQuality: 'implausible' },
    ],
    [
      'the last before 2015',
      { time: '2014-12-31T23:59:59.999Z' },
      { eventTimeMs: Date.UTC(2015, 0) - 1, timeQuality: 'implausible', utcOffsetMin: 0 },
    ],
    [
      'the first of 2015',
      { time: '2015-01-01T00:00:00Z' },
      { eventTimeMs: Date.UTC(2015, 0), timeQuality: 'device', utcOffsetMin: 0 },
    ],
    [
      'a day ahead',
      { time: RECEIVED_MS + 86_400_000 },
      { eventTimeMs: RECEIVED_MS + 86_400_000, timeQuality: 'device' },
    ],
    [
      'more than a day ahead',
      { time: RECEIVED_MS + 86_400_001 },
      { eventTimeMs: RECEIVED_MS + 86_400_001, timeQuality: 'implausible' },
    ],
  ])('%s', (_, payload, expected) => {
    const [event] = decode('status/a', payload);
    expect(event).toEqual({
      kind: 'status',
      deviceId: 'a',
      receiveTimeMs: RECEIVED_MS,
      ...expected,
    });
  });
});

describe('fields that no kind has a place for', () => {
  test('are kept as text, with the digits the device wrote', () => {
    const payload =
      '{"data":"x","note":"a\\u0001b","n":1.50,"serial":9007199254740993,"big":1e400,"on":true,"none":null,"deep":{"a":[1,"\\ud800"]}}';
    expect(decode('scan/a', payload)[0]).toMatchObject({
      attributes: {
        note: 'a\u0001b',
        n: '1.5',
        serial: '9007199254740993',
        big: '1e400',
        on: 'true',
        none: 'null',
        deep: '{"a":[1,"\\ud800"]}',
      },
    });
  });

  test('may have the names of what every object inherits', () => {
    const [event] = decode(
      'scan/a',
      '{"data":"x","__proto__":"p","constructor":{"prototype":1},"toString":2}',
    );
    expect(Object.entries(event?.attributes ?? {})).toEqual([
      ['__proto__', 'p'],
      ['constructor', '{"prototype":1}'],
      ['toString', '2'],
    ]);
    expect(Object.getPrototypeOf(event?.attributes)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['p']).toBeUndefined();
  });

  test('of a reading are named by its place', () => {
    const payload = {
      readings: [
        { name: 'a', value: 1 },
        { name: 'b', value: 2, quality: 'good' },
      ],
      x: 1,
    };
    expect(decode('reading/a', payload)[0]?.attributes).toEqual({
      'readings[1].quality': 'good',
      x: '1',
    });
  });
});

const LONG = 'x'.repeat(5000);

describe('G2 no-loss: what is not understood is kept raw, with the reason', () => {
  test.each([
    ['malformed JSON', 'scan/a', '{"data":', 'payload: expected JSON'],
    ['an empty payload', 'scan/a', '', 'payload: expected JSON, found nothing'],
    ['a number', 'scan/a', '42', 'payload: expected an object'],
    ['a number no double holds', 'status/a', '1e400', 'payload: expected an object'],
    ['null', 'status/a', 'null', 'payload: expected an object'],
    ['an empty array', 'scan/a', '[]', 'payload: expected an array of 1 to 1000 objects'],
    [
      'an array of 1001',
      'status/a',
      `[${'{},'.repeat(1000)}{}]`,
      'payload: expected an array of 1 to 1000 objects',
    ],
    ['no data', 'scan/a', '{}', 'data: expected text with a visible character'],
    [
      'data of spaces',
      'scan/a',
      '{"data":" \\u00a0\\u200b\\u001d"}',
      'data: expected text with a visible character',
    ],
    [
      'data that is a number',
      'scan/a',
      '{"data":42}',
      'data: expected text of at most 4096 characters',
    ],
    [
      'data that is too long',
      'scan/a',
      `{"data":"${LONG}"}`,
      'data: expected text of at most 4096 characters',
    ],
    [
      'an operator that is a number',
      'scan/a',
      '{"data":"x","operator":7}',
      'operator: expected text of at most 256 characters',
    ],
    [
      'a negative counter',
      'scan/a',
      '{"data":"x","seq":-1}',
      'seq: expected a number from 0 to 9007199254740991',
    ],
    [
      'a counter beyond a double',
      'scan/a',
      '{"data":"x","seq":9007199254740993}',
      'seq: expected a number from 0 to 9007199254740991',
    ],
    [
      'a counter with a fraction',
      'scan/a',
      '{"data":"x","seq":1.5}',
      'seq: expected a whole number from 0 to 9007199254740991',
    ],
    [
      'a latitude out of range',
      'position/a',
      '{"lat":90.1,"lon":0}',
      'lat: expected a number from -90 to 90',
    ],
    ['no longitude', 'position/a', '{"lat":1}', 'lon: expected a number from -180 to 180'],
    [
      'a latitude in words',
      'position/a',
      '{"lat":"north","lon":0}',
      'lat: expected a number from -90 to 90',
    ],
    [
      'a latitude in exponents',
      'position/a',
      '{"lat":"1e1","lon":0}',
      'lat: expected a number from -90 to 90',
    ],
    [
      'a latitude beyond a double',
      'position/a',
      '{"lat":1e999,"lon":0}',
      'lat: expected a number from -90 to 90',
    ],
    [
      'a latitude that is a truth',
      'position/a',
      '{"lat":true,"lon":0}',
      'lat: expected a number from -90 to 90',
    ],
    [
      'half a satellite',
      'position/a',
      '{"lat":1,"lon":1,"satellites":1.5}',
      'satellites: expected a whole number from 0 to 255',
    ],
    [
      'a heading of 361',
      'position/a',
      '{"lat":1,"lon":1,"headingDeg":361}',
      'headingDeg: expected a number from 0 to 360',
    ],
    ['no readings', 'reading/a', '{}', 'readings: expected an array of 1 to 1024 objects'],
    [
      'empty readings',
      'reading/a',
      '{"readings":[]}',
      'readings: expected an array of 1 to 1024 objects',
    ],
    [
      'readings that are not objects',
      'reading/a',
      '{"readings":[1]}',
      'readings: expected an array of 1 to 1024 objects',
    ],
    [
      'a reading without a name',
      'reading/a',
      '{"readings":[{"value":1}]}',
      'readings[0].name: expected text',
    ],
    [
      'a reading without a value',
      'reading/a',
      '{"readings":[{"name":"a","value":null}]}',
      'readings[0].value: expected a number, text, true or false',
    ],
    [
      'a reading beyond a double',
      'reading/a',
      '{"readings":[{"name":"a","value":1e999}]}',
      'readings[0].value: expected a number, text, true or false',
    ],
    ['a truth in words', 'status/a', '{"online":"yes"}', 'online: expected true or false'],
    [
      'a battery of 101 %',
      'status/a',
      '{"batteryPct":101}',
      'batteryPct: expected a number from 0 to 100',
    ],
    [
      'an absurd time',
      'status/a',
      '{"time":1e300}',
      'time: expected ISO 8601 with an offset, or seconds or milliseconds since 1970',
    ],
    [
      'a time without an offset',
      'status/a',
      '{"time":"2026-11-23T08:00:00"}',
      'time: expected ISO 8601 with an offset, or seconds or milliseconds since 1970',
    ],
    [
      'a time in the year 10000',
      'status/a',
      '{"time":"10000-01-01T00:00:00Z"}',
      'time: expected ISO 8601 with an offset, or seconds or milliseconds since 1970',
    ],
    [
      'a time that is an object',
      'status/a',
      '{"time":{}}',
      'time: expected ISO 8601 with an offset, or seconds or milliseconds since 1970',
    ],
    [
      'U+0000 in a field',
      'scan/a',
      '{"data":"a\\u0000"}',
      'data: expected text without U+0000 and without half a surrogate pair',
    ],
    [
      'half a surrogate pair in an attribute',
      'scan/a',
      '{"data":"a","note":"\\ud83d"}',
      'note: expected text without U+0000 and without half a surrogate pair',
    ],
    [
      'half a surrogate pair in a name',
      'scan/a',
      '{"data":"a","\\ud83d":1}',
      'payload: expected names of text without U+0000 and without half a surrogate pair',
    ],
    [
      'an attribute that is too long',
      'scan/a',
      `{"data":"a","note":"${LONG}${LONG}"}`,
      'note: expected at most 8192 characters',
    ],
    [
      'a name that is too long',
      'scan/a',
      `{"data":"a","${LONG}":1}`,
      'payload: expected names of at most 128 characters',
    ],
    [
      'a topic outside the profile',
      'weather/a',
      '{}',
      'topic: expected scan, position, reading or status, a slash and a device id',
    ],
    [
      'a topic without a slash',
      'scan',
      '{"data":"x"}',
      'topic: expected scan, position, reading or status, a slash and a device id',
    ],
  ])('%s', (_, topic, payload, reason) => {
    expect(decode(topic, payload)).toEqual([
      raw(topic, /^(?:weather|scan$)/u.test(topic) ? '' : 'a', reason, payload),
    ]);
  });

  test.each(['', 'A', 'a/b', 'a b', 'å', 'a'.repeat(65), '__proto__'])('device id %o', (id) => {
    expect(decode(`scan/${id}`, '{"data":"x"}')).toEqual([
      raw(
        `scan/${id}`,
        '',
        'topic: expected a device id of 1 to 64 of a-z, 0-9 and -',
        '{"data":"x"}',
      ),
    ]);
  });

  test('invalid UTF-8', () => {
    const payload = Buffer.from('{"data":"é"}', 'latin1');
    expect(decode('scan/a', payload)).toEqual([
      raw('scan/a', 'a', 'payload: expected UTF-8', payload),
    ]);
  });

  test('a payload of 300 KB', () => {
    const payload = JSON.stringify({ data: 'x', note: 'y'.repeat(300_000) });
    expect(decode('scan/a', payload)).toEqual([
      raw('scan/a', 'a', 'payload: expected at most 262144 bytes', payload),
    ]);
  });

  test('too many further fields', () => {
    const fields = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`f${i}`, i]));
    expect(decode('status/a', fields)).toMatchObject([
      { kind: 'raw', reason: 'payload: expected at most 64 further fields' },
    ]);
  });

  test('the bytes are a copy', () => {
    const payload = Buffer.from('oops');
    const [event] = decode('scan/a', payload);
    payload.fill(0);
    expect(event).toEqual(raw('scan/a', 'a', 'payload: expected JSON', 'oops'));
  });
});

describe('an array', () => {
  test('is an event each, in order', () => {
    expect(decode('scan/a', [{ data: 'x' }, { data: 'y' }])).toMatchObject([
      { kind: 'scan', data: 'x' },
      { kind: 'scan', data: 'y' },
    ]);
  });

  test('with a bad element keeps that one raw, byte for byte, and loses no neighbour', () => {
    expect(decode('scan/a', '[{"data":"x"}, {"data": 1.50} ,7,{"data":"y"}]')).toMatchObject([
      { kind: 'scan', data: 'x' },
      raw('scan/a', 'a', 'data: expected text of at most 4096 characters', '{"data": 1.50}'),
      raw('scan/a', 'a', 'payload: expected an object', '7'),
      { kind: 'scan', data: 'y' },
    ]);
  });
});
