import { describe, expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import { owntracks } from './owntracks.ts';
import { decodedAs, eventsAs, RECEIVED_MS } from '../testing/format-message.ts';
import { expectSamples } from '../testing/sensor-messages.ts';

const SAID = { topic: 'owntracks/jane/phone' };
const TST = RECEIVED_MS / 1000 - 60;

function one(payload: object, said: { topic: string; retained?: boolean } = SAID): Event {
  const [event, ...others] = eventsAs(owntracks, said, payload);
  if (event === undefined || others.length > 0) throw new Error('expected one event');
  return event;
}

const location = (fields: object): object => ({ _type: 'location', tst: TST, ...fields });

describe('the samples', () => {
  expectSamples('owntracks', owntracks);
});

describe('a location', () => {
  test('has the time of the fix, however late it was published, and the name of the phone', () => {
    const published = TST + 50;
    expect(one(location({ lat: 48.1, lon: 2.2, tid: 'jp', created_at: published }))).toEqual({
      kind: 'position',
      deviceId: 'jane-phone',
      eventTimeMs: TST * 1000,
      timeQuality: 'device',
      receiveTimeMs: RECEIVED_MS,
      lat: 48.1,
      lon: 2.2,
      attributes: {
        device: 'jane/phone',
        trackerId: 'jp',
        publishedTime: new Date(published * 1000).toISOString(),
      },
    });
  });

  test('that a broker kept has the time of its fix all the same', () => {
    const event = one(location({ lat: 48.1, lon: 2.2, tst: TST - 1e6 }), {
      ...SAID,
      retained: true,
    });
    expect(event.eventTimeMs).toBe((TST - 1e6) * 1000);
  });

  test('is read where numbers come as text', () => {
    const said = location({ tst: String(TST), lat: '48.1', lon: '-2.2', batt: '53', cog: '360' });
    expect(eventsAs(owntracks, SAID, said)).toMatchObject([
      { lat: 48.1, lon: -2.2, headingDeg: 0, eventTimeMs: TST * 1000 },
      { kind: 'reading', readings: [{ name: 'battery', value: 53, unit: 'P1' }] },
    ]);
  });

  test('makes nothing of -1, which says "not known"', () => {
    const unknown = { cog: -1, batt: -1, vel: -1, vac: -1, acc: -1 };
    const event = one(location({ lat: 48.1, lon: 2.2, ...unknown }));
    expect(event).not.toHaveProperty('headingDeg');
    expect(event).not.toHaveProperty('speedKmh');
    expect(event).not.toHaveProperty('accuracyM');
    expect(event.attributes).toEqual({ device: 'jane/phone' });
  });

  test('makes nothing of what is left out, and keeps what is out of bounds', () => {
    const event = one(location({ lat: 48.1, lon: 2.2, batt: 130, alt: 'high' }));
    expect(event).not.toHaveProperty('altitudeM');
    expect(event.attributes).toEqual({ device: 'jane/phone', batt: '130', alt: 'high' });
  });

  test.each([
    { name: 'at 0/0', fields: { lat: 0, lon: 0, batt: 9 }, kept: {} },
    {
      name: 'beyond the pole',
      fields: { lat: 91, lon: 2, batt: 9 },
      kept: { lat: '91', lon: '2' },
    },
    { name: 'without a longitude', fields: { lat: 48, batt: 9 }, kept: { lat: '48' } },
    { name: 'with null', fields: { lat: null, lon: null, batt: 9 }, kept: {} },
  ])('$name is no position; what else it says stays', ({ fields, kept }) => {
    const event = one(location(fields));
    expect(event).toMatchObject({ kind: 'reading', readings: [{ name: 'battery', value: 9 }] });
    expect(event.attributes).toEqual({ device: 'jane/phone', ...kept });
  });

  test('with nothing but a tag is a status that keeps it', () => {
    expect(one(location({ tag: 'van' }))).toMatchObject({
      kind: 'status',
      attributes: { tag: 'van' },
    });
  });

  test.each([
    ['w', 'wifi'],
    ['m', 'mobile'],
    ['o', 'offline'],
    ['5G', '5G'],
  ])('knows the connectivity %s', (conn, connectivity) => {
    expect(one(location({ lat: 1, lon: 2, conn })).attributes).toMatchObject({ connectivity });
  });

  test('keeps regions, motion, network and whatever else comes, each under its name', () => {
    const said = location({
      lat: 1,
      lon: 2,
      inregions: ['Depot', 'Yard'],
      inrids: [],
      BSSID: '0:1',
      vac: 3,
      m: 1,
      poi: 'gate',
      seen: 12345678901234567890n.toString(),
    });
    expect(one(said).attributes).toMatchObject({
      inregions: '["Depot","Yard"]',
      inrids: '[]',
      BSSID: '0:1',
      vac: '3',
      m: '1',
      poi: 'gate',
      seen: '12345678901234567890',
    });
  });

  test('keeps a field that is called as one of ours beside it', () => {
    expect(
      one(location({ lat: 1, lon: 2, device: 'other', trigger: 'x', t: 'u' })).attributes,
    ).toEqual({
      device: 'jane/phone',
      'device.2': 'other',
      trigger: 'u',
      'trigger.2': 'x',
    });
  });

  test('of a clock that was never set keeps the time and is marked', () => {
    expect(one(location({ tst: 946_684_840, lat: 1, lon: 2 }))).toMatchObject({
      eventTimeMs: 946_684_840_000,
      timeQuality: 'implausible',
    });
  });

  test('without a time has the receive time; with one that is none it is kept raw', () => {
    expect(one({ _type: 'location', lat: 1, lon: 2 })).toMatchObject({ timeQuality: 'receive' });
    expect(decodedAs(owntracks, SAID, location({ tst: 'noon' }))).toBe('tst: expected a time');
  });
});

describe('a Queclink tracker through qtripp', () => {
  const readings = (fields: object): unknown => {
    const [, reading] = eventsAs(owntracks, SAID, location({ lat: 1, lon: 2, ...fields }));
    return reading?.kind === 'reading' ? reading.readings : undefined;
  };

  test('tells kilometres, seconds and volts', () => {
    expect(readings({ odometer: 1234.567, hmc: 3600, ubatt: 4.1, uext: 12.6 })).toEqual([
      { name: 'odometer', value: 1_234_567, unit: 'MTR' },
      { name: 'engineHours', value: 3600, unit: 'SEC' },
      { name: 'batteryVoltage', value: 4.1, unit: 'VLT' },
      { name: 'externalVoltage', value: 12.6, unit: 'VLT' },
    ]);
  });

  test.each([
    [{ t: 'i' }, 'ignition', true],
    [{ t: 'I' }, 'ignition', false],
    [{ t: 'e' }, 'externalPower', false],
    [{ t: 'E' }, 'externalPower', true],
    [{ ign: 1 }, 'ignition', true],
    [{ ign: false, t: 'i' }, 'ignition', false],
  ])('says by %o that %s is %s', (fields, name, value) => {
    expect(readings(fields)).toEqual([{ name, value }]);
  });

  test('says nothing of the ignition by the triggers of a phone', () => {
    for (const t of ['p', 'c', 'C', 'b', 'r', 'u', 't', 'v'])
      expect(readings({ t })).toBeUndefined();
  });
});

describe('regions', () => {
  const transition = { _type: 'transition', event: 'leave', tst: TST, wtst: 1_610_104_395 };

  test('left is a reading of the region, and a position where there is one', () => {
    const said = {
      ...transition,
      rid: 'f7676c',
      desc: 'Depot',
      lat: 48.1,
      lon: 2.2,
      acc: 7,
      t: 'c',
    };
    const times = { deviceId: 'jane-phone', eventTimeMs: TST * 1000, timeQuality: 'device' };
    expect(eventsAs(owntracks, { topic: `${SAID.topic}/event` }, said)).toEqual([
      {
        kind: 'reading',
        ...times,
        receiveTimeMs: RECEIVED_MS,
        readings: [{ name: 'geofence.f7676c', value: 'leave' }],
        attributes: {
          device: 'jane/phone',
          type: 'geofence',
          transition: 'leave',
          regionId: 'f7676c',
          regionName: 'Depot',
          regionCreated: '2021-01-08T11:13:15.000Z',
          trigger: 'c',
        },
      },
      {
        kind: 'position',
        ...times,
        receiveTimeMs: RECEIVED_MS,
        lat: 48.1,
        lon: 2.2,
        accuracyM: 7,
      },
    ]);
  });

  test.each([
    [{ wtst: 1_610_104_395, desc: 'Depot' }, 'geofence.1610104395'],
    [{ wtst: undefined, desc: 'Depot' }, 'geofence.Depot'],
    [{ wtst: undefined }, 'geofence.unnamed'],
  ])('of older apps are known by what there is: %o', (fields, name) => {
    expect(one({ ...transition, ...fields })).toMatchObject({ readings: [{ name }] });
  });

  test('with a name that no reading may have are kept raw, and the reason is short', () => {
    expect(decodedAs(owntracks, SAID, { ...transition, rid: 'x'.repeat(300) })).toBe(
      'payload: expected storable text of at most 256 characters',
    );
  });

  test('are neither entered nor left by another word', () => {
    expect(decodedAs(owntracks, SAID, { ...transition, event: 'dwell' })).toBe(
      'event: expected enter or leave',
    );
  });

  test('of a whole list are each a waypoint', () => {
    const each = { _type: 'waypoint', tst: TST, lat: 1, lon: 2, rad: '50' };
    const list = [
      { ...each, desc: 'A' },
      { ...each, desc: 'B', rad: 0 },
    ];
    const said = { _type: 'waypoints', _creator: 'ios', waypoints: list };
    expect(eventsAs(owntracks, { topic: `${SAID.topic}/waypoints` }, said)).toMatchObject([
      {
        kind: 'status',
        attributes: {
          type: 'waypoint',
          regionName: 'A',
          'center.lat': '1',
          'center.lon': '2',
          radiusM: '50',
          creator: 'ios',
        },
      },
      { kind: 'status', attributes: { regionName: 'B', radiusM: '0' } },
    ]);
    expect(eventsAs(owntracks, SAID, { _type: 'waypoints', waypoints: [] })).toEqual([]);
    expect(decodedAs(owntracks, SAID, { ...said, waypoints: [each, 7] })).toMatch(
      /^waypoints: exp/u,
    );
    expect(decodedAs(owntracks, SAID, { ...said, waypoints: [{ ...each, tst: 'x' }] })).toBe(
      'tst: expected a time',
    );
  });
});

describe('other messages', () => {
  test('the will says that the phone is gone now, not when it had connected', () => {
    expect(one({ _type: 'lwt', tst: TST - 9000 }, { ...SAID, retained: true })).toEqual({
      kind: 'status',
      deviceId: 'jane-phone',
      eventTimeMs: RECEIVED_MS,
      timeQuality: 'receive',
      receiveTimeMs: RECEIVED_MS,
      online: false,
      attributes: {
        device: 'jane/phone',
        connectedTime: new Date((TST - 9000) * 1000).toISOString(),
        retained: 'true',
      },
    });
  });

  test('a beacon is a reading of how strong it was', () => {
    const said = { _type: 'beacon', tst: TST, uuid: 'u', major: 1, minor: 2, rssi: -65, prox: 2 };
    expect(one(said)).toMatchObject({
      readings: [{ name: 'beacon.u.1.2', value: -65 }],
      attributes: { type: 'beacon', uuid: 'u', major: '1', minor: '2', prox: '2' },
    });
  });

  test('the status of an app is kept', () => {
    expect(
      one({ _type: 'status', iOS: { locationManagerAuthorizationStatus: 'x' } }),
    ).toMatchObject({
      kind: 'status',
      attributes: { 'iOS.locationManagerAuthorizationStatus': 'x' },
    });
  });

  test.each(['card', 'cmd', 'configuration', 'dump', 'request', 'steps'])(
    'a %s is understood and carries nothing',
    (_type) => {
      expect(eventsAs(owntracks, SAID, { _type, name: 'Jane', password: 'p', tst: TST })).toEqual(
        [],
      );
    },
  );

  test('a retained message that is taken back carries nothing', () => {
    expect(eventsAs(owntracks, SAID, '')).toEqual([]);
  });

  test.each([
    [{ _type: 'encrypted', data: 'Cg==' }, /^payload: expected plain JSON, found it encrypted/u],
    [{ _type: 'picture' }, /^_type: expected/u],
    [{ lat: 1, lon: 2, tst: TST }, /^_type: expected/u],
    [{ _type: { of: 'location' } }, /^_type: expected/u],
    ['X542D5A6F,542D5A6F,t,', /^payload: expected JSON/u],
    [7, /^payload: expected an object/u],
  ])('%o is kept raw, with the reason', (payload, reason) => {
    expect(decodedAs(owntracks, SAID, payload)).toMatch(reason);
  });

  test('G2 no-loss: of an array each element is by itself, and one that is wrong is raw alone', () => {
    const said = [location({ lat: 1, lon: 2 }), { _type: 'encrypted' }, { _type: 'steps' }];
    expect(eventsAs(owntracks, SAID, said)).toMatchObject([
      { kind: 'position' },
      {
        kind: 'raw',
        deviceId: 'jane-phone',
        payload: new Uint8Array(Buffer.from('{"_type":"encrypted"}')),
      },
    ]);
  });
});

describe('the device', () => {
  const at = location({ lat: 1, lon: 2 });

  test.each([
    [{ topic: 'x/y', names: { user: 'jane', device: 'phone' } }, 'jane-phone'],
    [{ topic: 'x/y', names: { deviceId: 'truck-1' } }, 'truck-1'],
    [{ topic: 'owntracks/jane/phone/event' }, 'jane-phone'],
    [{ topic: '/owntracks/jane/phone' }, 'jane-phone'],
    [{ topic: 'depot/phones' }, 'client-1'],
  ])('of %o is %s', (said, deviceId) => {
    expect(eventsAs(owntracks, said, at)).toMatchObject([{ deviceId }]);
  });

  test('G11 isolation: is what the payload says where the topic says nothing, and never against it', () => {
    const said = location({ lat: 1, lon: 2, topic: 'owntracks/bob/pad' });
    expect(eventsAs(owntracks, { topic: 'http' }, said)).toMatchObject([{ deviceId: 'bob-pad' }]);
    expect(eventsAs(owntracks, SAID, said)).toMatchObject([
      { deviceId: 'jane-phone', attributes: { topic: 'owntracks/bob/pad' } },
    ]);
  });
});
