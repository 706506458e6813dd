/** Wall clock times become moments by the depot's time zone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { localMoment } from './local-time.ts';

const BERLIN = 'Europe/Berlin';
const at = (text: string, receiveText: string, timeZone = BERLIN) => {
  const moment = localMoment(text, timeZone, Date.parse(receiveText));
  if (moment === undefined) return undefined;
  const { timeMs, utcOffsetMin, certain } = moment;
  return [new Date(timeMs).toISOString(), utcOffsetMin, certain];
};

describe('a time that the clocks show once', () => {
  test.each([
    [BERLIN, '2024-06-10T08:13:20', '2024-06-10T06:13:20.000Z', 120],
    [BERLIN, '2024-01-10T08:13:20.5', '2024-01-10T07:13:20.500Z', 60],
    ['America/New_York', '2024-06-10T08:13:20', '2024-06-10T12:13:20.000Z', -240],
    ['America/St_Johns', '2024-01-10T08:00:00', '2024-01-10T11:30:00.000Z', -210],
    ['Asia/Kathmandu', '2024-01-10T08:00:00', '2024-01-10T02:15:00.000Z', 345],
    ['UTC', '2024-01-10T08:00:00', '2024-01-10T08:00:00.000Z', 0],
    [BERLIN, '1970-01-01T00:00:05', '1969-12-31T23:00:05.000Z', 60],
  ])('%s %s', (timeZone, text, moment, offset) => {
    expect(at(text, moment, timeZone)).toEqual([moment, offset, true]);
  });
});

describe('when the clocks change', () => {
  test('what they leave out is read an hour later', () => {
    const moment = at('2026-03-29T02:30:00', '2026-03-29T01:30:05Z');
    expect(moment).toEqual(['2026-03-29T01:30:00.000Z', 120, false]);
  });

  test('of what they show twice, the one nearer to the receive time is meant', () => {
    const text = '2026-10-25T02:30:00';
    expect(at(text, '2026-10-25T00:30:05Z')).toEqual(['2026-10-25T00:30:00.000Z', 120, false]);
    expect(at(text, '2026-10-25T01:30:05Z')).toEqual(['2026-10-25T01:30:00.000Z', 60, false]);
  });

  test('an hour before and after nothing is uncertain', () => {
    expect(at('2026-03-29T01:59:59', '2026-03-29T01:00:00Z')?.[2]).toBe(true);
    expect(at('2026-03-29T03:00:00', '2026-03-29T01:00:00Z')?.[2]).toBe(true);
    expect(at('2026-10-25T01:59:59', '2026-10-25T00:00:00Z')?.[2]).toBe(true);
    expect(at('2026-10-25T03:00:00', '2026-10-25T02:00:00Z')?.[2]).toBe(true);
  });
});

test.each([
  ['2024-06-10T08:13:20Z'],
  ['2024-06-10T08:13:20+02:00'],
  ['2024-06-31T08:13:20'],
  ['2024-06-10 08:13:20'],
  ['08:13:20'],
  [1_718_000_000],
  [undefined],
])('%j is no local time', (text) => {
  expect(localMoment(text, BERLIN, 0)).toBeUndefined();
});

test('in a time zone that is not known there is no moment', () => {
  expect(localMoment('2024-06-10T08:13:20', 'Mars/Olympus', 0)).toBeUndefined();
});

test('any moment of a century is read back from what the clocks of a depot showed then', () => {
  const zones = fc.constantFrom(BERLIN, 'America/Santiago', 'Australia/Lord_Howe', 'Asia/Tehran');
  const moments = fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1000);
  fc.assert(
    fc.property(zones, moments, (timeZone, timeMs) => {
      const parts = new Intl.DateTimeFormat('sv-SE', {
        timeZone,
        dateStyle: 'short',
        timeStyle: 'medium',
      }).format(timeMs);
      expect(localMoment(parts.replace(' ', 'T'), timeZone, timeMs)?.timeMs).toBe(timeMs);
    }),
    { numRuns: 500 },
  );
});

test('G7 bounded: more time zones than are remembered are read all the same', () => {
  for (const timeZone of Intl.supportedValuesOf('timeZone').slice(0, 60)) {
    expect(localMoment('2024-06-10T08:13:20', timeZone, 0)).toBeDefined();
  }
});
