import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { readBoot } from './boot.ts';
import { ClockChanges } from './clock-changes.ts';
import { isStep, type ClockReading } from './clock.ts';
import { fakeSource, startMachine, watchClock } from './testing/machine.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const NOON_MS = Date.UTC(2026, 10, 23, 12);
/** How long until a source was asked again, at most. */
const POLL_MS = 2 * SECOND_MS;

describe('G10 clock: the reading', () => {
  test('tells the offset between the wall clock and the boot, whole, and is the same frozen object while nothing changes', async () => {
    const machine = startMachine({ wallMs: NOON_MS + 0.7, uptimeMs: 20_000.3 });
    await using clock = (await watchClock(machine)).clock;
    const first = clock.reading();
    expect(first.bootId).toBe('b007b007b007');
    expect(first.trust).toBe('holdover');
    expect(Number.isInteger(first.offsetMs)).toBe(true);
    expect(Math.abs(first.offsetMs - (NOON_MS - 20_000))).toBeLessThanOrEqual(1);
    expect(Object.isFrozen(first)).toBe(true);
    await machine.advance(HOUR_MS);
    expect(clock.reading()).toBe(first);
  });

  test('does not change for what drifts less than a step', async () => {
    const machine = startMachine({ wallMs: NOON_MS });
    const { clock, told } = await watchClock(machine);
    await using _ = clock;
    const first = clock.reading();
    for (let i = 0; i < 49; i++) {
      machine.step(10);
      await machine.advance(POLL_MS);
      expect(clock.reading()).toBe(first);
    }
    machine.step(-900);
    expect(clock.reading()).toBe(first);
    expect(told).toHaveLength(1);
  });

  test('in 1970 is unset; once the clock is set it is another, at the very next call, and synced when a source confirms it', async () => {
    const machine = startMachine({ wallMs: 20_000 });
    const source = fakeSource();
    const { clock, told } = await watchClock(machine, { source });
    await using _ = clock;
    expect(clock.reading()).toMatchObject({ offsetMs: 0, trust: 'unset' });
    machine.step(NOON_MS);
    expect(clock.reading()).toMatchObject({ offsetMs: NOON_MS, trust: 'holdover' });
    source.isRight = true;
    await machine.advance(POLL_MS);
    expect(clock.reading()).toMatchObject({ offsetMs: NOON_MS, trust: 'synced' });
    expect(told.slice(1)).toStrictEqual([
      { stepMs: NOON_MS, trust: 'holdover' },
      { from: 'unset', to: 'holdover' },
      { from: 'holdover', to: 'synced' },
    ]);
  });

  test('is not synced in 1970, whatever a source says', async () => {
    const source = fakeSource();
    source.isRight = true;
    await using clock = (await watchClock(startMachine({ wallMs: 20_000 }), { source })).clock;
    expect(clock.reading().trust).toBe('unset');
  });

  test('steps back by two hours; what was confirmed before counts no longer, until it is confirmed again', async () => {
    const machine = startMachine({ wallMs: NOON_MS });
    const source = fakeSource();
    source.isRight = true;
    const { clock, told } = await watchClock(machine, { source });
    await using _ = clock;
    const before = clock.reading();
    expect(before.trust).toBe('synced');
    machine.step(-2 * HOUR_MS);
    const after = clock.reading();
    expect(isStep(before, after)).toBe(true);
    expect(after.offsetMs - before.offsetMs).toBe(-2 * HOUR_MS);
    expect(after.trust).toBe('holdover');
    expect(source.forgotten).toBe(1);
    // It is asked at once, not after the next interval.
    await machine.advance(0);
    expect(clock.reading().trust).toBe('synced');
    expect(told.slice(1)).toStrictEqual([
      { stepMs: -2 * HOUR_MS, trust: 'holdover' },
      { from: 'synced', to: 'holdover' },
      { from: 'holdover', to: 'synced' },
    ]);
  });

  test('is noticed to have stepped though nobody asks', async () => {
    const machine = startMachine({ wallMs: NOON_MS });
    const { clock, told } = await watchClock(machine);
    await using _ = clock;
    machine.step(HOUR_MS);
    await machine.advance(POLL_MS);
    expect(told).toHaveLength(2);
    expect(told[1]).toStrictEqual({ stepMs: HOUR_MS, trust: 'holdover' });
  });

  test('is holdover when the source is lost, and synced when it is back, each told once', async () => {
    const machine = startMachine({ wallMs: NOON_MS });
    const source = fakeSource();
    source.isRight = true;
    const { clock, told } = await watchClock(machine, { source });
    await using _ = clock;
    source.isRight = false;
    await machine.advance(10 * POLL_MS);
    expect(clock.reading().trust).toBe('holdover');
    source.isRight = true;
    await machine.advance(10 * POLL_MS);
    expect(clock.reading().trust).toBe('synced');
    expect(told.slice(1)).toStrictEqual([
      { from: 'synced', to: 'holdover' },
      { from: 'holdover', to: 'synced' },
    ]);
  });

  test('is unset behind a time that is known to be past, until that has come or a source confirms it', async () => {
    const floorMs = NOON_MS + 60 * SECOND_MS;
    const machine = startMachine({ wallMs: NOON_MS });
    const source = fakeSource();
    await using clock = (await watchClock(machine, { floorMs, source })).clock;
    expect(clock.reading().trust).toBe('unset');
    source.isRight = true;
    await machine.advance(POLL_MS);
    expect(clock.reading().trust).toBe('synced');
    source.isRight = false;
    await machine.advance(POLL_MS);
    expect(clock.reading().trust).toBe('unset');
    await machine.advance(61 * SECOND_MS);
    expect(clock.reading().trust).toBe('holdover');
  });

  test('takes no step from a thread that was held up between one clock and the other', async () => {
    const machine = startMachine({ wallMs: NOON_MS });
    const process = machine.startProcess();
    let heldUpMs = 0;
    const clock = {
      ...process,
      now: () => process.now() + heldUpMs,
      monotonic: () => {
        const ms = process.monotonic();
        heldUpMs = 0;
        return ms;
      },
    };
    const watched = await watchClock(machine, { clock });
    await using _ = watched.clock;
    const first = watched.clock.reading();
    heldUpMs = -10_000;
    expect(watched.clock.reading()).toBe(first);
    expect(watched.told).toHaveLength(1);
  });
});

describe('G10 clock: a source', () => {
  test('that fails has confirmed nothing, and is asked again', async () => {
    const machine = startMachine({ wallMs: NOON_MS });
    let asked = 0;
    const source = {
      confirms: () => (++asked < 3 ? Promise.reject(new Error('no bus')) : Promise.resolve(true)),
      forget: () => {},
    };
    await using clock = (await watchClock(machine, { source })).clock;
    expect(clock.reading().trust).toBe('holdover');
    await machine.advance(2 * POLL_MS);
    expect(clock.reading().trust).toBe('synced');
  });

  test('that throws has confirmed nothing', async () => {
    const source = {
      confirms: (): Promise<boolean> => {
        throw new Error('no bus');
      },
      forget: () => {},
    };
    const machine = startMachine({ wallMs: NOON_MS });
    await using clock = (await watchClock(machine, { source })).clock;
    await machine.advance(POLL_MS);
    expect(clock.reading().trust).toBe('holdover');
  });

  test('that hangs is waited for a little, not asked again beside itself, and not at the end', async () => {
    const machine = startMachine({ wallMs: NOON_MS });
    let asked = 0;
    const source = {
      confirms: () => {
        asked++;
        return new Promise<boolean>(() => {});
      },
      forget: () => {},
    };
    const opening = watchClock(machine, { source });
    await machine.advance(5 * SECOND_MS);
    const { clock } = await opening;
    expect(clock.reading().trust).toBe('holdover');
    await machine.advance(HOUR_MS);
    expect(asked).toBe(1);
    await clock[Symbol.asyncDispose]();
  });

  test('that answers after the clock was set has answered for another clock', async () => {
    const machine = startMachine({ wallMs: NOON_MS });
    const answers: ((isRight: boolean) => void)[] = [];
    const source = {
      confirms: () => new Promise<boolean>((resolve) => void answers.push(resolve)),
      forget: () => {},
    };
    const opening = watchClock(machine, { source });
    await machine.advance(0);
    machine.step(HOUR_MS);
    answers[0]?.(true);
    const { clock } = await opening;
    await using _ = clock;
    expect(clock.reading().trust).toBe('holdover');
    await machine.advance(POLL_MS);
    answers[1]?.(true);
    await machine.advance(0);
    expect(clock.reading().trust).toBe('synced');
  });

  test('is asked no more when the clock is disposed of', async () => {
    const machine = startMachine({ wallMs: NOON_MS });
    const source = fakeSource();
    const { clock } = await watchClock(machine, { source });
    await clock[Symbol.asyncDispose]();
    const { asked } = source;
    await machine.advance(HOUR_MS);
    expect(source.asked).toBe(asked);
  });
});

describe('G10 clock: changes', () => {
  test('are told once each, the reading at the start among them, soon after or when they are asked for', async () => {
    const machine = startMachine({ wallMs: 20_000 });
    await using clock = (await watchClock(machine)).clock;
    const seen: number[] = [];
    const changes = new ClockChanges(clock, () => void seen.push(clock.reading().offsetMs));
    machine.step(NOON_MS);
    changes.tell();
    expect(seen).toStrictEqual([0, NOON_MS]);
    machine.step(HOUR_MS);
    await machine.advance(POLL_MS);
    expect(seen).toStrictEqual([0, NOON_MS, NOON_MS + HOUR_MS]);
    changes[Symbol.dispose]();
    machine.step(HOUR_MS);
    await machine.advance(POLL_MS);
    expect(seen).toHaveLength(3);
  });

  test('are never told within the call that finds them', async () => {
    const machine = startMachine({ wallMs: NOON_MS });
    await using clock = (await watchClock(machine)).clock;
    let told = 0;
    clock.onChange(() => told++);
    machine.step(HOUR_MS);
    clock.reading();
    expect(told).toBe(0);
    await machine.advance(0);
    expect(told).toBe(1);
  });
});

describe('G10 clock: the boot', () => {
  test('has the first 48 bits of the id that the kernel gave it', async () => {
    const boot = await readBoot(() => Promise.resolve('c56182f1-8ce0-4f46-9207-be6cd0237a6d\n'));
    expect(boot.bootId).toBe('c56182f18ce0');
  });

  test.each([
    ['missing', () => Promise.reject(new Error('ENOENT'))],
    ['empty', () => Promise.resolve('')],
    ['something else', () => Promise.resolve('c56182f1')],
  ])('is one of the process alone where the id is %s', async (_, readId) => {
    const [one, other] = [await readBoot(readId), await readBoot(readId)];
    expect(one.bootId).toMatch(/^[0-9a-f]{12}$/u);
    expect(one.bootId).not.toBe(other.bootId);
  });

  test('gives a process that starts later the same offset', async () => {
    const machine = startMachine({ wallMs: NOON_MS, uptimeMs: 20_000.4 });
    const first = await watchClock(machine);
    await using _ = first.clock;
    await machine.advance(12_345.6);
    const second = await watchClock(machine);
    await using __ = second.clock;
    const apartMs = second.clock.reading().offsetMs - first.clock.reading().offsetMs;
    expect(Math.abs(apartMs)).toBeLessThanOrEqual(2);
  });

  test('gives the processes of this machine the same offset, whenever they start', async () => {
    const readings = [await readingOfAProcess(), await readingOfAProcess()];
    const [first, second] = readings.map((text) => JSON.parse(text) as ClockReading);
    expect(second?.bootId).toBe(first?.bootId);
    const apartMs = Number(second?.offsetMs) - Number(first?.offsetMs);
    expect(Math.abs(apartMs)).toBeLessThanOrEqual(2);
  });
});

async function readingOfAProcess(): Promise<string> {
  const fixture = fileURLToPath(new URL('print-reading.fixture.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [fixture]);
  return stdout;
}
