import { describe, expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import { flespi } from './flespi.ts';
import { decodedAs, eventsAs, RECEIVED_MS, type Said } from '../testing/format-message.ts';
import { expectSamples } from '../testing/sensor-messages.ts';

const SAID = { topic: 'flespi/message/gw/channels/12/605630' };
const SECONDS = RECEIVED_MS / 1000 - 60;

const decode = (payload: unknown, said: Said = SAID): readonly Event[] =>
  eventsAs(flespi, said, payload);

describe('the samples', () => {
  expectSamples('flespi', flespi);
});

describe('a message', () => {
  test('is a position, what was measured, and what else it says', () => {
    const said = {
      ident: '352625333222111',
      timestamp: SECONDS + 0.25,
      'server.timestamp': SECONDS + 2.5,
      'position.latitude': 52.5,
      'position.longitude': -13.25,
      'position.altitude': -2,
      'position.direction': 360,
      'position.speed': 50.5,
      'position.satellites': 9,
      'position.hdop': 0.8,
      'position.pdop': 1.5,
      'position.valid': true,
      'vehicle.mileage': 160.5,
      'engine.motorhours': 1.5,
      'battery.level': 80,
      'can.engine.rpm': 900,
      'door.open.status': false,
      'sensor.temperature#2': -4.5,
      'gnss.enum': 'glonass',
      'channel.id': 12,
      'device.name': 'Truck 9',
      peer: '10.0.0.1:5',
      'ble.beacons': [{ id: 'a' }],
    };
    const times = {
      deviceId: '352625333222111',
      eventTimeMs: SECONDS * 1000 + 250,
      timeQuality: 'device',
      receiveTimeMs: RECEIVED_MS,
    };
    expect(decode(said)).toEqual([
      {
        kind: 'position',
        ...times,
        lat: 52.5,
        lon: -13.25,
        altitudeM: -2,
        headingDeg: 0,
        speedKmh: 50.5,
        satellites: 9,
        hdop: 0.8,
        valid: true,
        attributes: {
          serverTime: new Date(SECONDS * 1000 + 2500).toISOString(),
          deviceName: 'Truck 9',
          'channel.id': '12',
          'position.pdop': '1.5',
          'gnss.enum': 'glonass',
          peer: '10.0.0.1:5',
          'ble.beacons': '[{"id":"a"}]',
        },
      },
      {
        kind: 'reading',
        ...times,
        readings: [
          { name: 'odometer', value: 160_500, unit: 'MTR' },
          { name: 'engineHours', value: 5400, unit: 'SEC' },
          { name: 'battery', value: 80, unit: 'P1' },
          { name: 'can.engine.rpm', value: 900 },
          { name: 'door.open.status', value: false },
          { name: 'sensor.temperature#2', value: -4.5, unit: 'CEL' },
        ],
      },
    ]);
  });

  test('cuts a time that is finer than a millisecond, and keeps it', () => {
    expect(decode({ timestamp: SECONDS + 0.123_456, din: 1 })).toMatchObject([
      { eventTimeMs: SECONDS * 1000 + 123, attributes: { eventTimeRaw: `${SECONDS}.123456` } },
    ]);
  });

  test('of a clock at 2000 keeps its time and is marked', () => {
    expect(decode({ timestamp: 946_684_840, din: 3 })).toMatchObject([
      { eventTimeMs: 946_684_840_000, timeQuality: 'implausible' },
    ]);
  });

  test.each([
    [{ 'position.latitude': 0, 'position.longitude': 0, 'position.speed': 0 }, []],
    [{ 'position.speed': 7 }, [{ name: 'position.speed', value: 7 }]],
    [
      { 'position.latitude': 91, 'position.longitude': 1 },
      [
        { name: 'position.latitude', value: 91 },
        { name: 'position.longitude', value: 1 },
      ],
    ],
    [{ 'position.latitude': '52.5', 'position.longitude': 'x' }, []],
  ])('with %o is no position', (fields, readings) => {
    expect(decode({ timestamp: SECONDS, ...fields, din: 1 })).toMatchObject([
      { kind: 'reading', readings: [...readings, { name: 'din', value: 1 }] },
    ]);
  });

  test('is read where a bridge wrote its numbers as text', () => {
    const said = { 'position.latitude': '52.5', 'position.longitude': '-13.25' };
    expect(decode({ timestamp: String(SECONDS), ...said })).toMatchObject([
      { lat: 52.5, lon: -13.25, eventTimeMs: SECONDS * 1000 },
    ]);
  });

  test('that a tracker distrusts says so', () => {
    const said = { 'position.latitude': 1, 'position.longitude': 2, 'position.valid': false };
    expect(decode({ timestamp: SECONDS, ...said })).toMatchObject([{ valid: false }]);
  });

  test('keeps an integer beyond 2^53 with all its digits', () => {
    expect(decode(`{"timestamp":${SECONDS},"ibutton.code":18446744073709551615}`)).toMatchObject([
      { readings: [{ name: 'ibutton.code', value: '18446744073709551615' }] },
    ]);
  });

  test('may have more numbers than an event has attributes', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`ain#${i}`, i]));
    expect(decode({ timestamp: SECONDS, ...many })[0]).toHaveProperty('readings.length', 500);
  });

  test('of nothing but text is a status; one of nothing at all carries nothing', () => {
    expect(decode({ timestamp: SECONDS, 'event.text': 'hello' })).toMatchObject([
      { kind: 'status', attributes: { 'event.text': 'hello' } },
    ]);
    expect(decode({})).toEqual([]);
    expect(decode([])).toEqual([]);
  });

  test('in an array is one of several, one that is wrong is raw alone', () => {
    expect(decode([{ timestamp: SECONDS, din: 1 }, { timestamp: 'x' }, 5])).toMatchObject([
      { kind: 'reading', deviceId: '605630' },
      { kind: 'raw', deviceId: '605630', reason: 'timestamp: expected a time' },
      { kind: 'raw', reason: 'payload: expected an object' },
    ]);
  });
});

describe('a telemetry value', () => {
  const said = (name: string): Said => ({
    topic: `flespi/state/gw/devices/77/telemetry/${name}`,
    retained: true,
  });

  test('is a reading of the device, whose time nobody told', () => {
    expect(decode('12.5', said('external.powersource.voltage'))).toEqual([
      {
        kind: 'reading',
        deviceId: '77',
        eventTimeMs: RECEIVED_MS,
        timeQuality: 'receive',
        receiveTimeMs: RECEIVED_MS,
        readings: [{ name: 'externalVoltage', value: 12.5, unit: 'VLT' }],
        attributes: { retained: 'true' },
      },
    ]);
    expect(decode('true', said('engine.ignition.status'))).toMatchObject([
      { readings: [{ name: 'ignition', value: true }] },
    ]);
  });

  test('of text or of many parts is a status that keeps it', () => {
    expect(decode('"glonass"', said('gnss.enum'))).toMatchObject([
      { kind: 'status', attributes: { 'gnss.enum': 'glonass' } },
    ]);
    expect(decode('{"a":1}', said('position'))).toMatchObject([
      { kind: 'status', attributes: { 'position.a': '1' } },
    ]);
  });

  test('that is taken back carries nothing; one that is no JSON is raw', () => {
    expect(decode('', said('din'))).toEqual([]);
    expect(decodedAs(flespi, said('din'), 'nope')).toBe('payload: expected JSON');
  });
});

test.each([
  [{ topic: 'flespi/message/gw/channels/12/605630' }, '605630'],
  [{ topic: 'flespi/message/gw/devices/77' }, '77'],
  [{ topic: 'a/b', names: { ident: 'Trk 1' } }, 'trk-1'],
  [{ topic: 'a/b' }, 'client-1'],
])('a message without an ident on %o is of %s', (said, deviceId) => {
  expect(decode({ timestamp: SECONDS, din: 1 }, said)).toMatchObject([{ deviceId }]);
});
