import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { FairQueue } from './fair-queue.ts';

/** Jobs that wait until the test ends them. */
function jobs(options: { atOnce: number; waitingMax: number }) {
  const queue = new FairQueue(options);
  const running: { readonly name: string; readonly end: () => void }[] = [];
  const started: string[] = [];
  const run = (key: string, name: string): Promise<string> | undefined =>
    queue.run(key, async () => {
      const done = Promise.withResolvers<void>();
      started.push(name);
      running.push({ name, end: done.resolve });
      await done.promise;
      return name;
    });
  const endOne = async (): Promise<void> => {
    running.shift()?.end();
    await turn();
  };
  return { run, endOne, started, running };
}

describe('a fair queue', () => {
  test('runs so many at once, and those that wait by turns of their keys', async () => {
    const { run, endOne, started, running } = jobs({ atOnce: 2, waitingMax: 100 });
    const results = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'c1'].map((name) =>
      run(name.charAt(0), name),
    );
    expect(started).toEqual(['a1', 'a2']);
    for (let i = 0; i < 8; i++) {
      await endOne();
      expect(running.length).toBeLessThanOrEqual(2);
    }
    expect(started).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'a4', 'b2', 'a5']);
    expect(await Promise.all(results.filter((each) => each !== undefined))).toContain('a5');
    expect(run('d', 'd1')).toBeDefined();
    expect(started.at(-1)).toBe('d1');
  });

  test('G7 bounded: lets only so many wait, and more again later', async () => {
    const { run, endOne } = jobs({ atOnce: 1, waitingMax: 2 });
    expect(['1', '2', '3', '4'].map((name) => run('a', name) !== undefined)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    await endOne();
    expect(run('a', '5')).toBeDefined();
  });

  test('goes on after a job that fails', async () => {
    const queue = new FairQueue({ atOnce: 1, waitingMax: 10 });
    const failing = queue.run('a', async () => {
      throw new Error('broken');
    });
    const next = queue.run('a', async () => 'fine');
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('fine');
  });
});
