import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { systemClock } from '#shared/clock.ts';
import { manualClock } from '#shared/testing/manual-clock.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { systemTimeSourceParts, timeSource, type TimeSource } from './time-source.ts';

const HOUR_MS = 3_600_000;

function ask(source: TimeSource): Promise<boolean> {
  return source.confirms(new AbortController().signal);
}

/** What systemd tells, as the test says. */
class FakeSystem {
  readonly clock = manualClock();
  markedMs: number | undefined;
  answer: string | undefined;
  asked = 0;
  readonly source = timeSource('auto', {
    clock: this.clock,
    modifiedMs: () => orMissing(this.markedMs),
    askSystem: () => {
      this.asked++;
      return orMissing(this.answer);
    },
  });
}

function orMissing<T>(value: T | undefined): Promise<T> {
  return value === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(value);
}

describe('G10 clock: the time source auto', () => {
  test('confirms nothing where there is no systemd', async () => {
    expect(await ask(new FakeSystem().source)).toBe(false);
  });

  test('confirms what timesyncd marks, until the mark is left over', async () => {
    const system = new FakeSystem();
    system.markedMs = system.clock.now();
    expect(await ask(system.source)).toBe(true);
    await system.clock.advance(2 * HOUR_MS);
    expect(await ask(system.source)).toBe(true);
    expect(system.asked).toBe(0);
    await system.clock.advance(2 * HOUR_MS);
    expect(await ask(system.source)).toBe(false);
    system.markedMs = system.clock.now();
    expect(await ask(system.source)).toBe(true);
  });

  test('does not confirm by a mark from before the clock was set', async () => {
    const system = new FakeSystem();
    system.markedMs = system.clock.now();
    expect(await ask(system.source)).toBe(true);
    system.source.forget();
    expect(await ask(system.source)).toBe(false);
    system.markedMs += 1;
    expect(await ask(system.source)).toBe(true);
  });

  test('asks the system at most every 30 seconds, and forgets its answer when the clock is set', async () => {
    const system = new FakeSystem();
    system.answer = 'yes\n';
    expect(await ask(system.source)).toBe(true);
    await system.clock.advance(29_000);
    expect(await ask(system.source)).toBe(true);
    expect(system.asked).toBe(1);
    system.source.forget();
    expect(await ask(system.source)).toBe(false);
    await system.clock.advance(1000);
    expect(await ask(system.source)).toBe(true);
    expect(system.asked).toBe(2);
  });

  test.each(['no\n', '', 'yes, more or less'])('takes %j for no', async (answer) => {
    const system = new FakeSystem();
    system.answer = answer;
    expect(await ask(system.source)).toBe(false);
  });

  test('answers on this machine, whatever there is', async () => {
    const source = timeSource('auto', systemTimeSourceParts(systemClock));
    expect(await ask(source)).toBeTypeOf('boolean');
  });
});

test('G10 clock: the time source none confirms nothing', async () => {
  expect(await ask(timeSource('none', systemTimeSourceParts(systemClock)))).toBe(false);
});

test('G10 clock: a time source that is a file confirms while the file is there', async () => {
  await using dir = await tempDir('clock');
  const path = join(dir.path, 'synchronised');
  const source = timeSource(path, systemTimeSourceParts(systemClock));
  expect(await ask(source)).toBe(false);
  await writeFile(path, '');
  expect(await ask(source)).toBe(true);
  source.forget();
  expect(await ask(source)).toBe(true);
  await rm(path);
  expect(await ask(source)).toBe(false);
});
