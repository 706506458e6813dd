/** The journal alone: how fast it takes events, what it writes for them, how soon a large one is open. */
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Event } from '#shared/event.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { round } from './figures.ts';
import { appendAll, bytesAtRate, openBenchJournal } from './journal-load.ts';
import { readMixEvents, REFERENCE_MIX } from './mix.ts';

export type JournalFigures = {
  readonly eventsPerSecond: number;
  readonly bytesWrittenPerEvent: Readonly<Record<string, number>>;
  readonly storedBytesPerEvent: number;
  readonly open2GbMs: number;
  readonly slowDisk: { readonly eventsPerSecond: number; readonly eventLoopMsP99: number } | string;
};

const IN_FLIGHT = 20_000;
const RATES = [1, 10, 100, 1000] as const;
const RATE_SECONDS = 10;
const SLOW_SYNC_US = 50_000;
const LARGE_BYTES = 2 * 1024 ** 3;
const LARGE_LABEL = 'x'.repeat(1000);

export async function benchJournal(count: number): Promise<JournalFigures> {
  const events = await readMixEvents(REFERENCE_MIX);
  const bytesWrittenPerEvent: Record<string, number> = {};
  for (const perSecond of RATES) {
    await using dir = await tempDir('bench-journal');
    await using journal = await openBenchJournal(dir.path);
    const bytes = await bytesAtRate(journal, events, { perSecond, seconds: RATE_SECONDS });
    bytesWrittenPerEvent[perSecond] = Math.round(bytes);
    console.log(`${perSecond}/s: ${Math.round(bytes)} bytes written an event`);
  }
  const full = await fullRate(events, count);
  bytesWrittenPerEvent['full'] = round(full.writtenPerEvent);
  console.log(`full rate: ${Math.round(full.perSecond)} events/s`);
  return {
    eventsPerSecond: Math.round(full.perSecond),
    bytesWrittenPerEvent,
    storedBytesPerEvent: round(full.storedPerEvent),
    open2GbMs: await openLarge(events),
    slowDisk: await slowDisk(),
  };
}

async function fullRate(
  events: readonly Event[],
  count: number,
): Promise<{ perSecond: number; writtenPerEvent: number; storedPerEvent: number }> {
  await using dir = await tempDir('bench-journal');
  await using journal = await openBenchJournal(dir.path);
  await appendAll(journal, events, { count: Math.ceil(count / 10), inFlight: IN_FLIGHT });
  const before = await journal.stats();
  const storedBefore = storedBytes(dir.path);
  const perSecond = await appendAll(journal, events, { count, inFlight: IN_FLIGHT });
  const after = await journal.stats();
  return {
    perSecond,
    writtenPerEvent: (after.commits.bytesWritten - before.commits.bytesWritten) / count,
    storedPerEvent: (storedBytes(dir.path) - storedBefore) / count,
  };
}

/** What the segments take, without the log of the open one. */
function storedBytes(directory: string): number {
  return readdirSync(directory)
    .filter((name) => /^segment-.+\.db$/u.test(name))
    .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

/** A journal of 2 GB of long labels, closed and opened again; milliseconds, its files in the page cache. */
async function openLarge(events: readonly Event[]): Promise<number> {
  await using dir = await tempDir('bench-journal');
  const long = events.map((event): Event =>
    event.kind === 'scan' ? { ...event, data: `${event.data}${LARGE_LABEL}` } : event,
  );
  {
    await using journal = await openBenchJournal(dir.path);
    while (storedBytes(dir.path) < LARGE_BYTES)
      await appendAll(journal, long, { count: 100_000, inFlight: IN_FLIGHT });
  }
  const start = performance.now();
  await using _journal = await openBenchJournal(dir.path);
  return Math.round(performance.now() - start);
}

/** The same load where each sync takes 50 ms longer, in a process of its own. */
async function slowDisk(): Promise<JournalFigures['slowDisk']> {
  if (spawnSync('gcc', ['--version'], { stdio: 'ignore' }).status !== 0) return 'gcc is not here';
  await using dir = await tempDir('bench-slow');
  const library = join(dir.path, 'slow-sync.so');
  const source = fileURLToPath(new URL('slow-sync.c', import.meta.url));
  await promisify(execFile)('gcc', ['-shared', '-fPIC', '-O2', '-o', library, source]);
  const load = fileURLToPath(new URL('slow-disk.fixture.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [load, join(dir.path, 'journal')],
    {
      // UV_USE_IO_URING=0: what goes through a ring of the kernel's is no call that a library could slow down.
      env: {
        ...process.env,
        LD_PRELOAD: library,
        SLOW_SYNC_US: String(SLOW_SYNC_US),
        UV_USE_IO_URING: '0',
      },
    },
  );
  return JSON.parse(stdout) as JournalFigures['slowDisk'];
}
