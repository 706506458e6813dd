/** From a clock that is wrong, through the journal, to what is read of it to be sent: the whole of G10 at the edge. */
import { describe, expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { JournalReader } from '../journal/journal-reader.ts';
import type { Journal } from '../journal/journal.ts';
import { append, optionsOf, partsOf } from '../journal/testing/test-journal.ts';
import { openJournal } from '../journal/threaded-journal.ts';
import { ClockChanges } from './clock-changes.ts';
import type { WatchedClock } from './gateway-clock.ts';
import { fakeSource, startMachine, watchClock, type Machine } from './testing/machine.ts';

const HOUR_MS = 3_600_000;
const POLL_MS = 2000;
const NOON_MS = Date.UTC(2026, 10, 23, 12);
/** What is left to be set when the machine began in 1970: it has been up for 20 s at `NOON_MS`. */
const UPTIME_MS = 20_000;
const DEVICE_MS = NOON_MS - 777;

/** A gateway from its clock to its journal, as `edge.ts` puts it together. */
type Gateway = AsyncDisposable & {
  readonly clock: WatchedClock;
  readonly journal: Journal;
  readonly source: ReturnType<typeof fakeSource>;
  /** Takes a message now: a scan with the device's own time, and a status without. */
  take(number: number): Promise<void>;
  read(): readonly Event[];
};

async function startGateway(machine: Machine, directory: string): Promise<Gateway> {
  await using stack = new AsyncDisposableStack();
  const source = fakeSource();
  const clock = stack.use((await watchClock(machine, { source })).clock);
  const options = optionsOf(directory, { clock: clock.reading() });
  const journal = stack.use(await openJournal(options, { ...partsOf(), clock }));
  const changes = stack.use(
    new ClockChanges(clock, () => journal.append({ kept: [], removed: [] }, () => {})),
  );
  const owned = stack.move();
  return {
    clock,
    journal,
    source,
    take: async (number) => {
      const fault = await append(journal, [
        scanAt(clock.now(), number),
        statusAt(clock.now(), number),
      ]);
      expect(fault).toBeUndefined();
    },
    read: () => {
      changes.tell();
      using reader = new JournalReader(directory, journal.epoch);
      const limits = { lastSeq: journal.accounts().headSeq, eventsMax: 1000, bytesMax: 1e6 };
      return reader.read(1, limits, journal.boots()).events;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function scanAt(receiveTimeMs: number, deviceSeq: number): Event {
  return {
    kind: 'scan',
    deviceId: 'ring-1',
    eventTimeMs: DEVICE_MS,
    timeQuality: 'device',
    receiveTimeMs,
    data: 'P',
    parcelId: 'P',
    deviceSeq,
  };
}

function statusAt(receiveTimeMs: number, batteryPct: number): Event {
  return {
    kind: 'status',
    deviceId: 'ring-1',
    eventTimeMs: receiveTimeMs,
    timeQuality: 'receive',
    receiveTimeMs,
    batteryPct,
  };
}

/** In the order of their sequence numbers: what `take` was given, and the two times. */
function timesOf(events: readonly Event[]): [number | undefined, number, number][] {
  return events.map((event) => [
    event.kind === 'scan'
      ? event.deviceSeq
      : event.kind === 'status'
        ? event.batteryPct
        : undefined,
    event.eventTimeMs,
    event.receiveTimeMs,
  ]);
}

/** What is expected of a message taken at `receiveMs`. */
function taken(number: number, receiveMs: number): [number, number, number][] {
  return [
    [number, DEVICE_MS, receiveMs],
    [number, receiveMs, receiveMs],
  ];
}

function inNineteenSeventy(bootId = 'b007b007b007'): Machine {
  return startMachine({ wallMs: UPTIME_MS, uptimeMs: UPTIME_MS, bootId });
}

describe('G10 clock: events that were taken by an unset clock', () => {
  test('are corrected once it is set, though no message came since; the times of devices stay', async () => {
    await using dir = await tempDir('clock');
    const machine = inNineteenSeventy();
    await using gateway = await startGateway(machine, dir.path);
    await gateway.take(1);
    await machine.advance(5000);
    await gateway.take(2);
    expect(timesOf(gateway.read())).toStrictEqual([...taken(1, 20_000), ...taken(2, 25_000)]);
    expect(gateway.read().map(({ clock }) => clock)).toMatchObject([
      { bootId: 'b007b007b007', monotonicMs: 20_000, trust: 'unset' },
      { monotonicMs: 20_000, trust: 'unset' },
      { monotonicMs: 25_000, trust: 'unset' },
      { monotonicMs: 25_000, trust: 'unset' },
    ]);
    expect(gateway.read().some(({ clock }) => clock?.correctionMs !== undefined)).toBe(false);

    machine.step(NOON_MS);
    gateway.source.isRight = true;
    await machine.advance(POLL_MS);
    expect(timesOf(gateway.read())).toStrictEqual([
      ...taken(1, NOON_MS + 20_000),
      ...taken(2, NOON_MS + 25_000),
    ]);
    for (const { clock } of gateway.read())
      expect(clock).toMatchObject({ trust: 'synced', correctionMs: NOON_MS });
    expect(gateway.read()[2]?.clock?.monotonicMs).toBe(25_000);
  });

  test('are corrected by a clock that was set and not confirmed, and again when it is set better', async () => {
    await using dir = await tempDir('clock');
    const machine = inNineteenSeventy();
    await using gateway = await startGateway(machine, dir.path);
    await gateway.take(1);
    machine.step(NOON_MS - HOUR_MS);
    await gateway.take(2);
    expect(timesOf(gateway.read())).toStrictEqual([
      ...taken(1, NOON_MS - HOUR_MS + 20_000),
      ...taken(2, NOON_MS - HOUR_MS + 20_000),
    ]);
    expect(gateway.read()[0]?.clock?.trust).toBe('holdover');
    machine.step(HOUR_MS);
    gateway.source.isRight = true;
    await machine.advance(POLL_MS);
    expect(timesOf(gateway.read())).toStrictEqual([
      ...taken(1, NOON_MS + 20_000),
      ...taken(2, NOON_MS + 20_000),
    ]);
    expect(gateway.read().map(({ clock }) => clock?.correctionMs)).toStrictEqual([
      NOON_MS,
      NOON_MS,
      HOUR_MS,
      HOUR_MS,
    ]);
  });

  test('keep the order of their numbers beside what came after, whatever the wall clock said', async () => {
    await using dir = await tempDir('clock');
    const machine = inNineteenSeventy();
    await using gateway = await startGateway(machine, dir.path);
    const steps = [0, NOON_MS, -2 * HOUR_MS, HOUR_MS, -NOON_MS, NOON_MS + HOUR_MS];
    for (const [i, step] of steps.entries()) {
      machine.step(step);
      await gateway.take(i);
      await machine.advance(1);
    }
    gateway.source.isRight = true;
    await machine.advance(POLL_MS);
    expect(timesOf(gateway.read())).toStrictEqual(
      steps.flatMap((_, i) => taken(i, NOON_MS + 20_000 + i)),
    );
  });

  test('are corrected by the next process of the boot, which finds the clock set', async () => {
    await using dir = await tempDir('clock');
    const machine = inNineteenSeventy();
    {
      await using gateway = await startGateway(machine, dir.path);
      await gateway.take(1);
    }
    await machine.advance(60_000);
    machine.step(NOON_MS);
    await using gateway = await startGateway(machine, dir.path);
    expect(timesOf(gateway.read())).toStrictEqual(taken(1, NOON_MS + 20_000));
    await gateway.take(2);
    expect(timesOf(gateway.read()).slice(2)).toStrictEqual(taken(2, NOON_MS + 80_000));
    expect(gateway.read().map(({ clock }) => clock?.trust)).toStrictEqual(
      Array.from({ length: 4 }, () => 'holdover'),
    );
  });

  test('are corrected after a reboot by what was known before it, though no message came in between', async () => {
    await using dir = await tempDir('clock');
    const machine = inNineteenSeventy();
    {
      await using gateway = await startGateway(machine, dir.path);
      await gateway.take(1);
      machine.step(NOON_MS);
      gateway.source.isRight = true;
      await machine.advance(POLL_MS);
    }
    await using gateway = await startGateway(inNineteenSeventy('c007c007c007'), dir.path);
    expect(timesOf(gateway.read())).toStrictEqual(taken(1, NOON_MS + 20_000));
    expect(gateway.read()[0]?.clock).toMatchObject({ bootId: 'b007b007b007', trust: 'synced' });
  });

  test('stay unset where their boot never had time: what a later boot knows says nothing of it', async () => {
    await using dir = await tempDir('clock');
    {
      await using gateway = await startGateway(inNineteenSeventy(), dir.path);
      await gateway.take(1);
    }
    const machine = startMachine({ wallMs: NOON_MS, uptimeMs: UPTIME_MS, bootId: 'c007c007c007' });
    await using gateway = await startGateway(machine, dir.path);
    gateway.source.isRight = true;
    await machine.advance(POLL_MS);
    await gateway.take(2);
    expect(timesOf(gateway.read())).toStrictEqual([
      ...taken(1, 20_000),
      ...taken(2, NOON_MS + POLL_MS),
    ]);
    expect(gateway.read().map(({ clock }) => clock?.trust)).toStrictEqual([
      'unset',
      'unset',
      'synced',
      'synced',
    ]);
    expect(gateway.read().some(({ clock }) => clock?.correctionMs !== undefined)).toBe(false);
  });
});

describe('G10 clock: a clock that is set back by two hours', () => {
  test('corrects what was taken while it ran ahead', async () => {
    await using dir = await tempDir('clock');
    const machine = startMachine({ wallMs: NOON_MS + 2 * HOUR_MS });
    await using gateway = await startGateway(machine, dir.path);
    await gateway.take(1);
    await machine.advance(60_000);
    machine.step(-2 * HOUR_MS);
    await gateway.take(2);
    expect(timesOf(gateway.read())).toStrictEqual([
      ...taken(1, NOON_MS),
      ...taken(2, NOON_MS + 60_000),
    ]);
    expect(gateway.read().map(({ clock }) => clock?.correctionMs)).toStrictEqual([
      -2 * HOUR_MS,
      -2 * HOUR_MS,
      undefined,
      undefined,
    ]);
  });

  test('by mistake, while a source had confirmed it, is corrected itself', async () => {
    await using dir = await tempDir('clock');
    const machine = startMachine({ wallMs: NOON_MS });
    await using gateway = await startGateway(machine, dir.path);
    gateway.source.isRight = true;
    await machine.advance(POLL_MS);
    await gateway.take(1);
    gateway.source.isRight = false;
    machine.step(-2 * HOUR_MS);
    await gateway.take(2);
    expect(timesOf(gateway.read())).toStrictEqual([
      ...taken(1, NOON_MS + POLL_MS),
      ...taken(2, NOON_MS + POLL_MS),
    ]);
  });

  test('and confirmed anew leaves alone what was confirmed before', async () => {
    await using dir = await tempDir('clock');
    const machine = startMachine({ wallMs: NOON_MS });
    await using gateway = await startGateway(machine, dir.path);
    gateway.source.isRight = true;
    await machine.advance(POLL_MS);
    await gateway.take(1);
    machine.step(-2 * HOUR_MS);
    await machine.advance(POLL_MS);
    await gateway.take(2);
    expect(timesOf(gateway.read())).toStrictEqual([
      ...taken(1, NOON_MS + POLL_MS),
      ...taken(2, NOON_MS + 2 * POLL_MS - 2 * HOUR_MS),
    ]);
  });
});
