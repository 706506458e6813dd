import { describe, expect, test } from 'vitest';

import { until } from './until.ts';

describe('until', () => {
  test('gives the first thing that is there', async () => {
    let looks = 0;
    const third = await until('the third look', () => (++looks === 3 ? 'here' : undefined), {
      intervalMs: 1,
    });
    expect(third).toBe('here');
    expect(looks).toBe(3);
  });

  test('takes a look that throws or rejects for "not yet"', async () => {
    let looks = 0;
    const look = async (): Promise<number> => {
      looks += 1;
      if (looks < 3) throw new Error('connection refused');
      return looks;
    };
    await expect(until('an answer', look, { intervalMs: 1 })).resolves.toBe(3);
  });

  test('says past the deadline what it waited for and what it saw last', async () => {
    const refused = new Error('connection refused');
    await expect(
      until('the server', () => Promise.reject(refused), { timeoutMs: 5, intervalMs: 1 }),
    ).rejects.toThrow('waited 5 ms for the server; the last look failed: connection refused');
    await expect(until('two events', () => false, { timeoutMs: 5, intervalMs: 1 })).rejects.toThrow(
      'waited 5 ms for two events; the last look gave false',
    );
  });
});
