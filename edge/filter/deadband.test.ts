import { expect, test } from 'vitest';

import type { PositionEvent } from '#shared/event.ts';

import { distanceM } from './deadband.ts';
import { createFilter } from './rules.ts';
import { fix, monotonicAt, rulesOf } from './testing/depot.ts';

/** The depot's yard; so many metres to the north. */
const north = (metres: number): { lat: number; lon: number } => ({
  lat: 48.2 + metres / 111_195,
  lon: 11.6,
});

/** Which of the positions are kept, sent every ten seconds. */
function keptOf(
  deadband: string,
  positions: readonly (Partial<PositionEvent> & { lat: number; lon: number })[],
): number[] {
  const filter = createFilter(rulesOf(`[{ name: still, deadband: ${deadband} }]`));
  return positions.flatMap((position, i) => {
    const at = i * 10;
    return filter.judge([fix({ at, ...position })], monotonicAt(at)).kept.length === 1 ? [i] : [];
  });
}

test('a truck is told of when it has gone fifty metres from where it was told of last', () => {
  const way = [0, 20, 40, 49, 51, 60, 100, 102].map(north);
  expect(keptOf('{ distanceM: 50 }', way)).toEqual([0, 4, 7]);
});

test('a truck that stands is told of every so often', () => {
  const standing = Array.from({ length: 13 }, () => north(0));
  expect(keptOf('{ distanceM: 50, everyS: 60 }', standing)).toEqual([0, 6, 12]);
});

test('a turn is told, the short way round past north, and not that of a truck that stands', () => {
  const turn = [
    { ...north(0), headingDeg: 350, speedKmh: 20 },
    { ...north(1), headingDeg: 5, speedKmh: 20 },
    { ...north(2), headingDeg: 20, speedKmh: 20 },
    { ...north(3), headingDeg: 90, speedKmh: 0 },
    { ...north(4) },
    { ...north(5), headingDeg: 90, speedKmh: 20 },
  ];
  expect(keptOf('{ headingDeg: 30 }', turn)).toEqual([0, 2, 5]);
});

test('a fix that the device no longer trusts is told, and so is the first that it trusts again', () => {
  const tunnel = [true, true, false, false, true].map((valid) => ({ ...north(0), valid }));
  expect(keptOf('{ distanceM: 50 }', tunnel)).toEqual([0, 2, 4]);
});

test('a tracker that was out of reach for an hour is told of every so often of that hour', () => {
  const filter = createFilter(
    rulesOf('[{ name: still, deadband: { distanceM: 50, everyS: 600 } }]'),
  );
  const hour = Array.from({ length: 61 }, (_, minute) =>
    fix({ at: minute * 60, receivedAt: 4000, ...north(0) }),
  );
  expect(filter.judge(hour, monotonicAt(4000)).kept).toHaveLength(7);
});

test('each device has a place of its own, and what is no position goes on', () => {
  const filter = createFilter(rulesOf('[{ name: still, deadband: { distanceM: 50 } }]'));
  const two = ['truck-7', 'truck-8'].map((deviceId) => fix({ at: 0, ...north(0), deviceId }));
  expect(filter.judge(two, monotonicAt(0)).kept).toHaveLength(2);
});

test('after a restart the band is around the last position that was kept', () => {
  const filter = createFilter(rulesOf('[{ name: still, deadband: { distanceM: 50 } }]'));
  filter.remember(fix({ at: 0, ...north(0) }), monotonicAt(0));
  filter.remember(fix({ at: 10, ...north(60) }), monotonicAt(10));
  expect(filter.judge([fix({ at: 20, ...north(70) })], monotonicAt(20)).kept).toEqual([]);
  expect(filter.judge([fix({ at: 30, ...north(0) })], monotonicAt(30)).kept).toHaveLength(1);
});

test.each([
  ['nothing', [48, 11], [48, 11], 0],
  ['a degree along a meridian', [48, 11], [49, 11], 111_195],
  ['a degree along the equator', [0, 179.5], [0, -179.5], 111_195],
  ['from pole to pole', [90, 0], [-90, 0], 20_015_114],
] as const)(
  'a distance is that along the great circle: %s',
  (_, [aLat, aLon], [bLat, bLon], metres) => {
    expect(Math.round(distanceM({ lat: aLat, lon: aLon }, { lat: bLat, lon: bLon }))).toBe(metres);
  },
);
