import { describe, expect, test } from 'vitest';

import { decode, raw, RECEIVED_MS } from '../testing/decode-message.ts';

const TIME = '2026-11-23T08:59:58.250+01:00';
const TIMES = {
  eventTimeMs: RECEIVED_MS - 1750,
  timeQuality: 'device',
  utcOffsetMin: 60,
  receiveTimeMs: RECEIVED_MS,
} as const;

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
