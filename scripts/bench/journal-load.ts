/** A journal under load, in this process: what `bench -- journal` measures, and on a slow disk a process of its own. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { systemClock } from '#shared/clock.ts';
import type { Event } from '#shared/event.ts';

import type { GatewayClock } from '../../edge/clock/clock.ts';
import type { Journal, JournalStats } from '../../edge/journal/journal.ts';
import { openJournal } from '../../edge/journal/threaded-journal.ts';

const READING = Object.freeze({ bootId: 'b007b007b007', offsetMs: 0, trust: 'synced' } as const);
const CLOCK: GatewayClock = { ...systemClock, reading: () => READING };

export async function openBenchJournal(directory: string): Promise<Journal> {
  return await openJournal(
    {
      directory,
      site: 'bench',
      gateway: 'gw-1',
      bytesMax: 16e9,
      segmentBytesMax: 16 * 1024 * 1024,
      segmentAgeMaxMs: Number.MAX_SAFE_INTEGER,
      shedding: { telemetryKeepOneIn: 10, custody: false },
      ruleVersion: 'bench',
      clock: READING,
    },
    {
      clock: CLOCK,
      events: { journalDamaged: () => {}, journalShed: () => {}, journalFull: () => {} },
    },
  );
}

/** Appends so many events, at most `inFlight` of them not settled; how many a second. */
export async function appendAll(
  journal: Journal,
  events: readonly Event[],
  { count, inFlight }: { readonly count: number; readonly inFlight: number },
): Promise<number> {
  const start = performance.now();
  let [next, open, settled] = [0, 0, 0];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const pump = (): void => {
    while (open < inFlight && next < count) {
      const event = events[next % events.length];
      if (event === undefined) throw new RangeError('there is no event to append');
      open++;
      const messageKey = next++;
      journal.append({ kept: [event], removed: [], messageKey }, (error) => {
        if (error !== undefined) reject(error);
        open--;
        if (++settled === count) resolve();
        else if (open === inFlight - 1) setImmediate(pump);
      });
    }
  };
  pump();
  await promise;
  return (count * 1000) / (performance.now() - start);
}

/** Appends at a rate for so long; what the disk was given for each event, by the kernel's count. */
export async function bytesAtRate(
  journal: Journal,
  events: readonly Event[],
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<number> {
  const before = await written(journal);
  const total = perSecond * seconds;
  const start = performance.now();
  const settled: Promise<unknown>[] = [];
  for (let i = 0; i < total; i++) {
    const waitMs = start + (i * 1000) / perSecond - performance.now();
    if (waitMs > 1) await systemClock.sleep(waitMs);
    const event = events[i % events.length];
    if (event === undefined) throw new RangeError('there is no event to append');
    settled.push(new Promise((resolve) => journal.append({ kept: [event], removed: [] }, resolve)));
  }
  await Promise.all(settled);
  const after = await written(journal);
  return (after - before) / total;
}

async function written(journal: Journal): Promise<number> {
  const { commits }: JournalStats = await journal.stats();
  return commits.bytesWritten;
}

/** The 99th percentile of how late this thread's event loop was while `work` ran, milliseconds. */
export async function eventLoopP99(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await work();
  delay.disable();
  return delay.percentile(99) / 1e6;
}
