/** What ChirpStack v4 publishes, and what becomes of it. */
import { describe, expect, test } from 'vitest';

import { chirpstack } from './chirpstack.ts';
import { expectSamples, inputOf } from '../testing/sensor-messages.ts';

const TOPIC = 'application/a1/device/a840415711866a85/event/';
const INFO = { deviceName: 'door 4', applicationId: 'a1', devEui: 'a840415711866a85' };
const TIME = '2026-10-31T08:00:00.123456789+00:00';

const decode = (type: string, payload: unknown) => chirpstack(inputOf(TOPIC + type, payload));

describe('samples', () => {
  expectSamples('chirpstack', chirpstack);
});

describe('uplinks', () => {
  test('of several gateways the loudest is named, and each is counted once', () => {
    const rxInfo = [
      { gatewayId: 'far', rssi: -110, snr: -3 },
      { gatewayId: 'near', rssi: -60, snr: 8 },
      { gatewayId: 'far', rssi: -112, snr: -4 },
    ];
    const [event] = decode('up', { time: TIME, deviceInfo: INFO, data: 'qg==', rxInfo });
    expect(event).toMatchObject({
      attributes: { 'bestGateway.gatewayId': 'near', gatewayCount: '2' },
    });
  });

  test('a position comes from decoded fields only, not from a gateway', () => {
    const rxInfo = [{ gatewayId: 'g', location: { latitude: 52.5, longitude: 13.4 } }];
    const bare = decode('up', { time: TIME, deviceInfo: INFO, data: 'qg==', rxInfo });
    expect(bare).toMatchObject([{ kind: 'reading', readings: [{ name: 'payload', value: 'AA' }] }]);
    const object = { latitude: 52.3, longitude: 13.1, sats: 7, battery: 90 };
    expect(decode('up', { time: TIME, deviceInfo: INFO, data: 'qg==', object })).toMatchObject([
      { kind: 'position', lat: 52.3, lon: 13.1, satellites: 7 },
      { kind: 'reading', readings: [{ name: 'battery', value: 90, unit: 'P1' }] },
    ]);
  });

  test('0/0 is no position', () => {
    const object = { latitude: 0, longitude: 0 };
    const events = decode('up', { time: TIME, deviceInfo: INFO, data: 'qg==', object });
    expect(events).toMatchObject([{ kind: 'reading' }]);
  });

  test('without a payload it says that the device is there', () => {
    const events = decode('up', { time: TIME, deviceInfo: INFO });
    expect(events).toMatchObject([
      { kind: 'status', attributes: { fCnt: '0', fPort: '0', confirmed: 'false' } },
    ]);
  });

  test('without the server time a gateway has said when', () => {
    const rxInfo = [{ gatewayId: 'g' }, { gatewayId: 'h', gwTime: '2026-10-31T08:00:00Z' }];
    const events = decode('up', { deviceInfo: INFO, data: 'qg==', rxInfo });
    expect(events).toMatchObject([
      { eventTimeMs: Date.UTC(2026, 9, 31, 8), timeQuality: 'device' },
    ]);
  });

  test('a payload that is no base64 is not understood', () => {
    expect(decode('up', { deviceInfo: INFO, data: '!' })).toBe('payload: expected base64');
  });

  test('the tags of the device are kept: a depot puts its asset ids there', () => {
    const deviceInfo = { ...INFO, tags: { asset: 'T-17' } };
    expect(decode('up', { deviceInfo, data: 'qg==' })).toMatchObject([
      { attributes: { 'tags.asset': 'T-17' } },
    ]);
  });
});

describe('other events', () => {
  test.each([
    ['join', { devAddr: '00189440' }, { online: true, attributes: { devAddr: '00189440' } }],
    ['ack', { queueItemId: 'q', fCntDown: 3 }, { attributes: { acknowledged: 'false' } }],
    ['txack', { gatewayId: 'g', fCntDown: 2 }, { attributes: { gatewayId: 'g' } }],
    ['log', { code: 'UPLINK_MIC' }, { attributes: { level: 'INFO', code: 'UPLINK_MIC' } }],
    ['integration', { object: { a: 1 } }, { attributes: { decoded: '{"a":1}' } }],
  ])('%s is a status of its type', (type, fields, expected) => {
    const events = decode(type, { time: TIME, deviceInfo: INFO, ...fields });
    expect(events).toMatchObject([{ kind: 'status', deviceId: INFO.devEui, ...expected }]);
    expect(events).toMatchObject([{ attributes: { type, eventTimeRaw: TIME } }]);
  });

  test('a location is a position', () => {
    const location = { latitude: 37.344214, longitude: -8.839375, altitude: 2, source: 'GEO' };
    expect(decode('location', { time: TIME, deviceInfo: INFO, location })).toMatchObject([
      {
        kind: 'position',
        lat: 37.344214,
        lon: -8.839375,
        altitudeM: 2,
        attributes: { 'location.source': 'GEO' },
      },
    ]);
  });

  test('a location without a place is not understood', () => {
    expect(decode('location', { deviceInfo: INFO, location: {} })).toContain('location: expected');
  });

  test('of a device on mains no battery is told', () => {
    const events = decode('status', { deviceInfo: INFO, externalPowerSource: true });
    expect(events).toMatchObject([{ kind: 'status', attributes: { marginDb: '0' } }]);
    expect(events).not.toMatchObject([{ batteryPct: 0 }]);
  });

  test('the device is in the topic where the payload does not name it', () => {
    expect(decode('status', { margin: 3, batteryLevel: 5 })).toMatchObject([
      { deviceId: 'a840415711866a85', batteryPct: 5 },
    ]);
  });

  test('an event that is not known is not understood', () => {
    expect(decode('party', { deviceInfo: INFO })).toContain('topic: expected an event of up');
  });
});
