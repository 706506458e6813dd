import { expect, test } from 'vitest';

import type { ScanEvent } from '#shared/event.ts';

import { readPointsOf } from './read-points.ts';

const READ: ScanEvent = {
  kind: 'scan',
  deviceId: 'fx-dock2',
  eventTimeMs: 1,
  timeQuality: 'device',
  receiveTimeMs: 2,
  data: '3174257BF4499602D2000000',
  parcelId: '106141412345678908',
};

const place = readPointsOf([
  {
    device: 'fx-dock2',
    antennas: [1, 2],
    readPoint: 'dock-2-in',
    location: 'berlin',
    bizStep: 'arriving',
  },
  {
    device: 'fx-dock2',
    antennas: [3],
    readPoint: 'dock-2-out',
    location: 'berlin',
    bizStep: 'departing',
  },
  { device: 'fx-dock2', readPoint: 'dock-2' },
  { said: 'belt-7', location: 'hall-b', bizStep: 'inspecting' },
]);

test('the antenna says what happened at the door', () => {
  expect(place({ ...READ, antenna: 2 })).toEqual({
    ...READ,
    antenna: 2,
    readPoint: 'dock-2-in',
    location: 'berlin',
    bizStep: 'arriving',
  });
  expect(place({ ...READ, antenna: 3 })).toMatchObject({ bizStep: 'departing' });
});

test('an antenna that the config does not name, and a read without one, get what is said of the device', () => {
  expect(place({ ...READ, antenna: 9 })).toEqual({ ...READ, antenna: 9, readPoint: 'dock-2' });
  expect(place(READ)).toEqual({ ...READ, readPoint: 'dock-2' });
});

test('a read point that a device names itself is looked up, whatever the device', () => {
  const scan = { ...READ, deviceId: 'ring-1', readPoint: 'belt-7' };
  expect(place(scan)).toEqual({ ...scan, location: 'hall-b', bizStep: 'inspecting' });
});

test('nothing is guessed: a device that the config does not name keeps what it said', () => {
  const scan = { ...READ, deviceId: 'ring-1', readPoint: 'elsewhere' };
  expect(place(scan)).toBe(scan);
});

test('what the device said is kept where the config says otherwise', () => {
  expect(place({ ...READ, antenna: 1, readPoint: 'portal' })).toMatchObject({
    readPoint: 'dock-2-in',
    attributes: { saidReadPoint: 'portal' },
  });
});

test('only scans are placed', () => {
  const status = {
    kind: 'status' as const,
    deviceId: 'fx-dock2',
    eventTimeMs: 1,
    timeQuality: 'device' as const,
    receiveTimeMs: 2,
  };
  expect(place(status)).toBe(status);
});
