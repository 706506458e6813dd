import { describe, expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import { decodedAs, eventsAs, RECEIVED_MS } from '../testing/format-message.ts';
import { expectSamples } from '../testing/sensor-messages.ts';
import { traccar } from './traccar.ts';

const SAID = { topic: 'traccar/positions' };
const FIX_MS = RECEIVED_MS - 60_000;
const iso = (timeMs: number): string => new Date(timeMs).toISOString().replace('Z', '+00:00');

const device = { id: 7, name: 'Truck', uniqueId: 'TRK-1', status: 'online', disabled: false };
const position = {
  id: 5,
  deviceId: 7,
  fixTime: iso(FIX_MS),
  deviceTime: iso(FIX_MS),
  valid: true,
  latitude: 52.5,
  longitude: 13.25,
};
const event = { id: 9, deviceId: 7, positionId: 5, eventTime: iso(FIX_MS) };

const decode = (payload: unknown): readonly Event[] => eventsAs(traccar, SAID, payload);
const times = {
  deviceId: 'trk-1',
  eventTimeMs: FIX_MS,
  timeQuality: 'device',
  utcOffsetMin: 0,
  receiveTimeMs: RECEIVED_MS,
} as const;
const aboutDevice = { device: 'TRK-1', deviceName: 'Truck', 'device.status': 'online' };

describe('the samples', () => {
  expectSamples('traccar', traccar);
});

describe('a position', () => {
  test('is one of the device that it names, in km/h', () => {
    const said = {
      ...position,
      speed: 10,
      course: 360,
      altitude: 0,
      accuracy: 0,
      outdated: false,
      protocol: 'teltonika',
      attributes: { sat: 12, hdop: 0.9, pdop: 1.2 },
    };
    expect(decode({ position: said, device })).toEqual([
      {
        kind: 'position',
        ...times,
        lat: 52.5,
        lon: 13.25,
        valid: true,
        altitudeM: 0,
        speedKmh: 18.52,
        headingDeg: 0,
        satellites: 12,
        hdop: 0.9,
        attributes: { ...aboutDevice, 'position.pdop': '1.2', protocol: 'teltonika' },
      },
    ]);
  });

  test('has its measurements as readings, with their units, and texts as attributes', () => {
    const attributes = {
      hours: 7_200_500,
      totalDistance: 1234.5,
      battery: 4.1,
      batteryLevel: 80,
      motion: false,
      io200: 0,
      armed: true,
      counter: 1,
      alarm: 'sos',
      empty: null,
    };
    const [first, reading] = decode({ position: { ...position, attributes }, device });
    expect(reading).toMatchObject({
      readings: [
        { name: 'movement', value: false },
        { name: 'totalDistance', value: 1234.5, unit: 'MTR' },
        { name: 'engineHours', value: 7200.5, unit: 'SEC' },
        { name: 'batteryVoltage', value: 4.1, unit: 'VLT' },
        { name: 'battery', value: 80, unit: 'P1' },
        { name: 'io200', value: 0 },
        { name: 'armed', value: true },
        { name: 'counter', value: 1 },
      ],
    });
    expect(first?.attributes).toEqual({ ...aboutDevice, 'attributes.alarm': 'sos' });
  });

  test('may have more measurements than an event has attributes', () => {
    const attributes = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`io${i}`, i]));
    const [, reading] = decode({ position: { ...position, attributes }, device });
    expect(reading).toHaveProperty('readings.length', 300);
  });

  test('keeps an integer beyond 2^53 with all its digits', () => {
    const text = JSON.stringify({ position: { ...position, attributes: { key: 1 } }, device });
    const [, reading] = decode(text.replace('"key":1', '"key":18446744073709551615'));
    expect(reading).toMatchObject({ readings: [{ name: 'key', value: '18446744073709551615' }] });
  });

  test('is read where a bridge wrote its numbers as text', () => {
    const said = { ...position, latitude: '52.5', longitude: '-13.25', speed: '10' };
    expect(decode({ position: said, device })).toMatchObject([
      { lat: 52.5, lon: -13.25, speedKmh: 18.52 },
    ]);
  });

  test('that the server distrusts says so', () => {
    expect(decode({ position: { ...position, valid: false }, device })).toMatchObject([
      { kind: 'position', valid: false },
    ]);
  });

  test('that is a copy of the last one is none, and the time is when the device spoke', () => {
    const said = {
      ...position,
      outdated: true,
      fixTime: iso(FIX_MS - 9e6),
      speed: 0,
      attributes: { ignition: true },
    };
    expect(decode({ position: said, device })).toEqual([
      {
        kind: 'reading',
        ...times,
        readings: [{ name: 'ignition', value: true }],
        attributes: {
          ...aboutDevice,
          fixTime: new Date(FIX_MS - 9e6).toISOString(),
          outdated: 'true',
          valid: 'true',
          latitude: '52.5',
          longitude: '13.25',
        },
      },
    ]);
  });

  test('of a device that never had a fix is none', () => {
    const said = { ...position, valid: false, latitude: 0, longitude: 0, speed: 0, course: 0 };
    expect(decode({ position: said, device })).toMatchObject([
      { kind: 'status', attributes: { ...aboutDevice, valid: 'false' } },
    ]);
  });

  test('keeps when the device spoke and when the server heard, where that was another time', () => {
    const said = { ...position, deviceTime: iso(FIX_MS + 5), serverTime: iso(FIX_MS + 9) };
    expect(decode({ position: said, device })[0]?.attributes).toMatchObject({
      deviceTime: new Date(FIX_MS + 5).toISOString(),
      serverTime: new Date(FIX_MS + 9).toISOString(),
    });
  });

  test('keeps its address, its network and its geofences', () => {
    const said = {
      ...position,
      address: 'Depot 1',
      geofenceIds: [3, 4],
      network: { radioType: 'gsm', cellTowers: [{ cellId: 1 }] },
    };
    expect(decode({ position: said, device })[0]?.attributes).toMatchObject({
      address: 'Depot 1',
      geofenceIds: '[3,4]',
      'network.radioType': 'gsm',
      'network.cellTowers': '[{"cellId":1}]',
    });
  });

  test('without its device is of the one that the topic names, and keeps the number of the server', () => {
    const events = eventsAs(traccar, { topic: 'x', names: { deviceId: 'truck-9' } }, { position });
    expect(events).toMatchObject([{ deviceId: 'truck-9', attributes: { deviceId: '7' } }]);
    expect(decode({ position })).toMatchObject([{ deviceId: 'client-1' }]);
  });

  test('with a time that is none is raw', () => {
    const said = { ...position, fixTime: 'yesterday' };
    expect(decodedAs(traccar, SAID, { position: said, device })).toBe(
      'position.fixTime: expected a time',
    );
  });
});

describe('an event', () => {
  const geofence = { id: 3, name: 'Depot', area: 'CIRCLE (52.5 13.25, 150.5)', calendarId: 0 };

  test('of a geofence is a reading of it, and the position of the same time', () => {
    const said = {
      event: { ...event, type: 'geofenceExit', geofenceId: 3 },
      position,
      device,
      geofence,
    };
    expect(decode(said)).toEqual([
      {
        kind: 'reading',
        ...times,
        readings: [{ name: 'geofence.3', value: 'leave' }],
        attributes: {
          ...aboutDevice,
          type: 'geofence',
          transition: 'leave',
          regionId: '3',
          regionName: 'Depot',
          'center.lat': '52.5',
          'center.lon': '13.25',
          radiusM: '150.5',
          eventType: 'geofenceExit',
        },
      },
      { kind: 'position', ...times, lat: 52.5, lon: 13.25, valid: true },
    ]);
  });

  test('keeps an area that is no circle as it is written', () => {
    const area = 'POLYGON ((52.5 13.2, 52.6 13.2, 52.6 13.3, 52.5 13.2))';
    const said = {
      event: { ...event, type: 'geofenceEnter', geofenceId: 3 },
      device,
      geofence: { ...geofence, area },
    };
    expect(decode(said)).toMatchObject([
      { readings: [{ name: 'geofence.3', value: 'enter' }], attributes: { area } },
    ]);
  });

  test('of a fix of another time gives the position with its own', () => {
    const said = {
      event: { ...event, type: 'ignitionOn' },
      position: { ...position, fixTime: iso(FIX_MS - 5000) },
      device,
    };
    expect(decode(said)).toMatchObject([
      { kind: 'reading', eventTimeMs: FIX_MS, readings: [{ name: 'ignition', value: true }] },
      { kind: 'position', eventTimeMs: FIX_MS - 5000, deviceId: 'trk-1' },
    ]);
  });

  test.each([
    [{ type: 'deviceOnline' }, { kind: 'status', online: true }],
    [{ type: 'deviceOffline' }, { kind: 'status', online: false }],
    [{ type: 'deviceUnknown' }, { kind: 'status' }],
    [{ type: 'deviceStopped' }, { readings: [{ name: 'movement', value: false }] }],
    [{ type: 'ignitionOff' }, { readings: [{ name: 'ignition', value: false }] }],
    [
      { type: 'alarm', attributes: { alarm: 'sos' } },
      {
        readings: [{ name: 'alarm', value: 'sos' }],
        attributes: { 'event.attributes.alarm': 'sos' },
      },
    ],
    [
      { type: 'deviceOverspeed', attributes: { speed: 60.1 }, geofenceId: 0 },
      {
        kind: 'status',
        attributes: { eventType: 'deviceOverspeed', 'event.attributes.speed': '60.1' },
      },
    ],
    [{ type: 'hereafter' }, { kind: 'status', attributes: { eventType: 'hereafter' } }],
  ])('%o is told', (said, told) => {
    expect(decode({ event: { ...event, ...said }, position: null, device })).toMatchObject([
      { ...told, eventTimeMs: FIX_MS },
    ]);
  });

  test('that is unknown of a device says neither that it is there nor that it is gone', () => {
    const [status] = decode({ event: { ...event, type: 'deviceUnknown' }, device });
    expect(status).not.toHaveProperty('online');
  });
});

test.each([[{}], [{ device }], [{ position: 7 }], [[]]])(
  '%o is no position and no event',
  (payload) => {
    const decoded = decodedAs(traccar, SAID, payload);
    if (Array.isArray(payload)) expect(decoded).toEqual([]);
    else expect(decoded).toMatch(/^payload: expected a position or an event/u);
  },
);

test('of several each is by itself', () => {
  expect(decode([{ position, device }, { position: 1 }])).toMatchObject([
    { kind: 'position' },
    { kind: 'raw', payload: new Uint8Array(Buffer.from('{"position":1}')) },
  ]);
});
