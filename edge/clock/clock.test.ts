import { describe, expect, test } from 'vitest';

import type { ClockTrust } from '#shared/event.ts';

import { betterReading, correctionMs, isStep, type ClockReading } from './clock.ts';

const HOUR_MS = 3_600_000;

function reading(trust: ClockTrust, offsetMs = 0, bootId = 'b007b007b007'): ClockReading {
  return { bootId, offsetMs, trust };
}

describe('G10 clock: two readings of a boot', () => {
  test.each([
    [499, false],
    [-499, false],
    [500, true],
    [-500, true],
    [56 * 365 * 24 * HOUR_MS, true],
  ])('%d ms apart: a step is %s', (apartMs, expected) => {
    expect(isStep(reading('holdover', 1000), reading('synced', 1000 + apartMs))).toBe(expected);
  });

  test.each<[ClockTrust, ClockTrust, 'earlier' | 'later']>([
    ['unset', 'unset', 'later'],
    ['unset', 'holdover', 'later'],
    ['unset', 'synced', 'later'],
    ['holdover', 'unset', 'earlier'],
    ['holdover', 'holdover', 'later'],
    ['holdover', 'synced', 'later'],
    ['synced', 'unset', 'earlier'],
    ['synced', 'holdover', 'earlier'],
    ['synced', 'synced', 'later'],
  ])('%s, then %s: the %s one is better', (first, second, expected) => {
    const [earlier, later] = [reading(first, 1), reading(second, 2)];
    expect(betterReading(earlier, later)).toBe(expected === 'earlier' ? earlier : later);
  });
});

describe('G10 clock: a time is corrected', () => {
  test.each<[string, ClockReading, ClockReading | undefined, number]>([
    ['by nothing where nothing is known', reading('unset'), undefined, 0],
    ['by nothing of another boot', reading('unset'), reading('synced', HOUR_MS, 'a'.repeat(12)), 0],
    ['by nothing for a drift', reading('holdover'), reading('synced', 499), 0],
    ['forwards', reading('unset', -HOUR_MS), reading('synced', HOUR_MS), 2 * HOUR_MS],
    ['backwards', reading('holdover', HOUR_MS), reading('synced', -HOUR_MS), -2 * HOUR_MS],
    ['by what is no better, but later', reading('unset'), reading('unset', 700), 700],
    ['by nothing that is believed less', reading('holdover'), reading('unset', HOUR_MS), 0],
    ['by nothing where a source confirmed it', reading('synced'), reading('synced', HOUR_MS), 0],
  ])('%s', (_, stamped, best, expected) => {
    expect(correctionMs(stamped, best)).toBe(expected);
  });
});
