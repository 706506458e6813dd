import { describe, expect, test } from 'vitest';

import { manualClock } from '#shared/testing/manual-clock.ts';

import { ConnectionLimits } from './connection-limits.ts';
import { DEFAULT_LIMITS } from './limits.ts';

describe('the limits of connections', () => {
  const open = (clock = manualClock()) =>
    new ConnectionLimits({
      ...DEFAULT_LIMITS,
      connectionsMax: 1000,
      connectsPerSecond: 100,
      monotonic: () => clock.monotonic(),
    });

  test('an address has a burst, then so many a second; another has its own', async () => {
    const clock = manualClock();
    const limits = open(clock);
    const arrive = (address: string, count: number): (string | undefined)[] =>
      Array.from({ length: count }, () => limits.arrive(address));
    expect(arrive('192.0.2.1', 50).every((refusal) => refusal === undefined)).toBe(true);
    expect(arrive('192.0.2.1', 3)).toEqual(Array.from({ length: 3 }, () => 'connect-rate'));
    expect(arrive('192.0.2.2', 1)).toEqual([undefined]);
    await clock.advance(100);
    expect(arrive('192.0.2.1', 3)).toEqual([undefined, undefined, 'connect-rate']);
  });

  test('what an address may not have costs the others nothing', () => {
    const limits = open();
    for (let i = 0; i < 10_000; i++) limits.arrive('192.0.2.1');
    expect(limits.arrive('192.0.2.2')).toBeUndefined();
  });

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', undefined])(
    '%s stands for many, and has only the limits of all together',
    (address) => {
      const limits = open();
      const refusals = Array.from({ length: 1001 }, () => limits.arrive(address));
      expect(refusals.filter((refusal) => refusal === undefined)).toHaveLength(1000);
      expect(refusals.at(-1)).toBe('connections');
    },
  );

  test('G7 bounded: many addresses are not remembered for ever, and one with connections is', () => {
    const limits = open(manualClock());
    const [kept, many] = ['198.51.100.1', 30_000];
    for (let i = 0; i < 500; i++)
      if (limits.arrive(kept) === undefined && i % 2 === 0) limits.leave(kept);
    for (let i = 0; i < many; i++) {
      const address = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
      if (limits.arrive(address) === undefined) limits.leave(address);
    }
    expect(limits.arrive(kept)).toBe('connect-rate');
  });
});
