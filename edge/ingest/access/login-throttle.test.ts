import { describe, expect, test } from 'vitest';

import { manualClock } from '#shared/testing/manual-clock.ts';

import { LoginThrottle } from './login-throttle.ts';

function open() {
  const clock = manualClock();
  const throttle = new LoginThrottle(() => clock.monotonic());
  /** A wrong login, after the wait that it was given; what it had to wait, or that it had to go. */
  const guess = async (address: string, user: string): Promise<number | 'gone'> => {
    const waitMs = throttle.reserve(address, user);
    if (waitMs === undefined) return 'gone';
    await clock.advance(waitMs);
    throttle.failed(address, user);
    return waitMs;
  };
  return { clock, throttle, guess };
}

describe('G11 isolation: guessing', () => {
  test('waits twice as long each time, after a few', async () => {
    const { guess } = open();
    const waits: unknown[] = [];
    for (let i = 0; i < 10; i++) waits.push(await guess('192.0.2.1', 'a'));
    expect(waits).toEqual([0, 0, 0, 250, 500, 1000, 2000, 4000, 8000, 8000]);
  });

  test('makes nobody else wait: not another address for that user, nor that address for another', async () => {
    const { guess, throttle } = open();
    for (let i = 0; i < 10; i++) await guess('192.0.2.1', 'a');
    expect(throttle.reserve('192.0.2.2', 'a')).toBe(0);
    expect(throttle.reserve('192.0.2.1', 'b')).toBe(0);
  });

  test('of many users from one address waits too', async () => {
    const { guess } = open();
    const waits: unknown[] = [];
    for (let i = 0; i < 30; i++) waits.push(await guess('192.0.2.1', `user-${i}`));
    expect(waits.slice(0, 20).every((waitMs) => waitMs === 0)).toBe(true);
    expect(waits.slice(-3)).toEqual([8000, 8000, 8000]);
  });

  test('side by side waits in line, and goes where the line is long', async () => {
    const { guess, throttle } = open();
    for (let i = 0; i < 10; i++) await guess('192.0.2.1', 'a');
    const waits = Array.from({ length: 5 }, () => throttle.reserve('192.0.2.1', 'a'));
    expect(waits).toEqual([8000, 16_000, undefined, undefined, undefined]);
  });

  test('is forgiven after the right password, and after a while', async () => {
    const { clock, guess, throttle } = open();
    for (let i = 0; i < 6; i++) await guess('192.0.2.1', 'a');
    throttle.passed('192.0.2.1', 'a');
    expect(throttle.reserve('192.0.2.1', 'a')).toBe(0);
    for (let i = 0; i < 6; i++) await guess('192.0.2.1', 'b');
    await clock.advance(15 * 60_000 + 1);
    expect(throttle.reserve('192.0.2.1', 'b')).toBe(0);
  });

  test('G7 bounded: from many addresses is remembered of the latest only', () => {
    const { throttle } = open();
    for (let i = 0; i < 5; i++) throttle.failed('first', 'a');
    for (let i = 0; i < 20_000; i++) throttle.failed(`address-${i}`, 'a');
    for (let i = 0; i < 5; i++) throttle.failed('last', 'a');
    expect(throttle.reserve('first', 'a')).toBe(0);
    expect(throttle.reserve('last', 'a')).toBeGreaterThan(0);
  });
});
