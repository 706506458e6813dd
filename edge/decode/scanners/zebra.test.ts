import { describe, expect, test } from 'vitest';

import { decodeWith, eventsWith, RECEIVED_MS, testSamples } from '../testing/decode-format.ts';
import { zebra } from './zebra.ts';

const TIME = '2026-11-23T07:59:58.250+0000';
const EVENT_MS = RECEIVED_MS - 1750;

const tag = (data: object, more: object = {}): object => ({
  type: 'INVENTORY',
  timestamp: TIME,
  data: { format: 'epc', idHex: 'e2806894000040017790e471', ...data },
  ...more,
});

const SCAN = {
  kind: 'scan',
  deviceId: 'dock-1',
  eventTimeMs: EVENT_MS,
  timeQuality: 'device',
  utcOffsetMin: 0,
  receiveTimeMs: RECEIVED_MS,
  data: 'E2806894000040017790E471',
  parcelId: 'E2806894000040017790E471',
} as const;

describe('samples of Zebra', () => {
  testSamples('zebra', zebra);
});

describe('a tag of a fixed reader', () => {
  test('has its EPC in upper case, and nothing that goes without saying', () => {
    expect(eventsWith(zebra, tag({ userDefined: '', CRC: null }))).toEqual([
      { ...SCAN, attributes: { mode: 'INVENTORY' } },
    ]);
  });

  test('has all that the site asked the reader for', () => {
    const data = {
      antenna: 3,
      peakRssi: -54.5,
      reads: 9,
      eventNum: 194,
      channel: 927.25,
      phase: 0,
      PC: '3000',
      CRC: '518e',
      XPC: '0000',
      TID: 'e2003412',
      USER: '00ff',
      userDefined: 'lane 4',
      accessResults: [{ type: 'READ', response: '1234' }],
    };
    expect(eventsWith(zebra, tag(data))).toEqual([
      {
        ...SCAN,
        antenna: 3,
        rssiDbm: -54.5,
        readCount: 9,
        deviceSeq: 194,
        attributes: {
          mode: 'INVENTORY',
          channelMHz: '927.25',
          phaseDeg: '0',
          pcHex: '3000',
          crcHex: '518e',
          xpcHex: '0000',
          tidHex: 'e2003412',
          userHex: '00ff',
          userDefined: 'lane 4',
          accessResults: '[{"type":"READ","response":"1234"}]',
        },
      },
    ]);
  });

  test.each(['SIMPLE', 'PORTAL', 'CONVEYOR', 'CUSTOM', 'DIRECTIONALITY', 'MODE-OF-TOMORROW'])(
    'says its mode: %s',
    (type) => {
      expect(eventsWith(zebra, tag({}, { type }))).toMatchObject([{ attributes: { mode: type } }]);
    },
  );

  test('may have its numbers as strings', () => {
    const [event] = eventsWith(
      zebra,
      tag({ antenna: '2', peakRssi: '-61', reads: '3', eventNum: '7' }),
    );
    expect(event).toMatchObject({ antenna: 2, rssiDbm: -61, readCount: 3, deviceSeq: 7 });
  });

  test('keeps as attributes what is not as it should be', () => {
    const data = { antenna: 'A1', peakRssi: 1e9, reads: -1, eventNum: 1.5, format: 'raw', PC: [1] };
    expect(eventsWith(zebra, tag(data))).toEqual([
      {
        ...SCAN,
        attributes: {
          antenna: 'A1',
          peakRssi: '1000000000',
          reads: '-1',
          eventNum: '1.5',
          mode: 'INVENTORY',
          format: 'raw',
          pcHex: '[1]',
        },
      },
    ]);
  });

  test('keeps fields that are not known, wherever they are', () => {
    const event = tag({ mode: 'fast', zone: { name: 'A' } }, { site: 'north' });
    expect(eventsWith(zebra, event)).toMatchObject([
      {
        attributes: {
          mode: 'INVENTORY',
          'mode.2': 'fast',
          'zone.name': 'A',
          site: 'north',
        },
      },
    ]);
  });

  test('may have an id that a user application rewrote', () => {
    expect(eventsWith(zebra, tag({ idHex: 'urn:epc:id:sscc:0614141.1234567890' }))).toMatchObject([
      { data: 'urn:epc:id:sscc:0614141.1234567890', parcelId: '106141412345678908' },
    ]);
    expect(eventsWith(zebra, tag({ idHex: 'abc' }))).toMatchObject([{ data: 'abc' }]);
  });

  test('of a logistic unit is the parcel that its label names', () => {
    expect(eventsWith(zebra, tag({ idHex: '3114257bf4499602d2000000' }))).toMatchObject([
      { data: '3114257BF4499602D2000000', parcelId: '106141412345678908' },
    ]);
  });

  test('without an EPC is known by its TID', () => {
    expect(eventsWith(zebra, tag({ idHex: '', TID: 'e2003412' }))).toMatchObject([
      { data: 'E2003412', attributes: { identifiedBy: 'tid', tidHex: 'e2003412' } },
    ]);
  });

  test('names its reader: by host name, or else by MAC', () => {
    expect(eventsWith(zebra, tag({ hostName: 'FX9600F0CD22', MAC: '84:24:8D:F0:CD:22' }))).toEqual([
      {
        ...SCAN,
        deviceId: 'fx9600f0cd22',
        attributes: { device: 'FX9600F0CD22', MAC: '84:24:8D:F0:CD:22', mode: 'INVENTORY' },
      },
    ]);
    expect(eventsWith(zebra, tag({ MAC: '84:24:8D:F0:CD:22' }))).toMatchObject([
      { deviceId: '84-24-8d-f0-cd-22', attributes: { device: '84:24:8D:F0:CD:22' } },
    ]);
  });
});

describe('G10 clock: the time of a tag', () => {
  test.each([
    ['an offset without a colon', '2026-11-23T01:59:58.250-0600', { utcOffsetMin: -360 }],
    ['an odd offset', '2026-11-23T13:44:58.250+0545', { utcOffsetMin: 345 }],
    ['an offset with a colon', '2026-11-23T07:59:58.250+00:00', { utcOffsetMin: 0 }],
    [
      'a clock that was never set',
      '2000-01-01T00:00:07.000+0000',
      { eventTimeMs: 946_684_807_000, timeQuality: 'implausible' },
    ],
  ])('%s', (_, timestamp, expected) => {
    expect(eventsWith(zebra, tag({}, { timestamp }))).toMatchObject([
      { eventTimeMs: EVENT_MS, timeQuality: 'device', ...expected },
    ]);
  });

  test('is the receive time when the reader says none', () => {
    const [event] = eventsWith(zebra, tag({}, { timestamp: null }));
    expect(event).toMatchObject({ eventTimeMs: RECEIVED_MS, timeQuality: 'receive' });
    expect(event).not.toHaveProperty('utcOffsetMin');
  });
});

describe('G2 no-loss: several tags in a message', () => {
  test('may be an array, or have nothing in between', () => {
    const one = JSON.stringify(tag({ eventNum: 1 }));
    const two = JSON.stringify(tag({ eventNum: 2 }));
    for (const payload of [`[${one},${two}]`, one + two, `[${one}][${two}]`]) {
      expect(eventsWith(zebra, payload)).toMatchObject([{ deviceSeq: 1 }, { deviceSeq: 2 }]);
    }
    expect(eventsWith(zebra, '[]')).toEqual([]);
  });

  test('a tag that is wrong is kept raw alone', () => {
    const wrong = tag({ idHex: null });
    expect(eventsWith(zebra, [tag({ eventNum: 1 }), wrong, tag({ eventNum: 3 })])).toMatchObject([
      { deviceSeq: 1 },
      {
        kind: 'raw',
        deviceId: 'dock-1',
        reason: 'data.idHex: expected the id of a tag',
        payload: new Uint8Array(Buffer.from(JSON.stringify(wrong))),
      },
      { deviceSeq: 3 },
    ]);
  });

  test('a thousand are taken', () => {
    expect(
      eventsWith(
        zebra,
        Array.from({ length: 1000 }, (_, i) => tag({ eventNum: i })),
      ),
    ).toHaveLength(1000);
  });

  test.each([
    [
      'an object without data',
      { type: 'SIMPLE', timestamp: TIME },
      'data.idHex: expected the id of a tag',
    ],
    ['no id', tag({ idHex: undefined }), 'data.idHex: expected the id of a tag'],
    ['an id that is a number', tag({ idHex: 12 }), 'data.idHex: expected the id of a tag'],
    [
      'an id of spaces',
      tag({ idHex: '  ' }),
      'data: expected 1 to 4096 characters, a visible one among them',
    ],
    [
      'a time that is none',
      tag({}, { timestamp: '23/11/2026 08:00' }),
      'timestamp: expected a time',
    ],
    ['no JSON', 'hello', 'payload: expected JSON'],
  ])('of %s the reason is told', (_, payload, reason) => {
    expect(decodeWith(zebra, payload)).toBe(reason);
  });
});

describe('Bluetooth', () => {
  test('a beacon is a scan of its address', () => {
    const payload = {
      type: 'BLE_DATA',
      timestamp: '2026-11-23T07:59:58.250+00:00',
      eventNum: 12,
      data: {
        Address: 'C4:7C:8D:6A:11:22',
        RSSI: -71,
        beaconType: 'iBeacon',
        iBeacon: { UUID: 'f7826da6-4fa2-4e98-8024-bc5b71e0893e', Major: 1, Minor: 2 },
      },
    };
    expect(eventsWith(zebra, payload)).toEqual([
      {
        ...SCAN,
        data: 'C4:7C:8D:6A:11:22',
        parcelId: 'C4:7C:8D:6A:11:22',
        deviceSeq: 12,
        rssiDbm: -71,
        attributes: {
          type: 'beacon',
          beaconType: 'iBeacon',
          'iBeacon.UUID': 'f7826da6-4fa2-4e98-8024-bc5b71e0893e',
          'iBeacon.Major': '1',
          'iBeacon.Minor': '2',
        },
      },
    ]);
  });

  test('a beacon without an address is kept raw', () => {
    expect(decodeWith(zebra, { type: 'BLE_DATA', data: { RSSI: -71 } })).toBe(
      'data.Address: expected the address of a beacon',
    );
  });
});
