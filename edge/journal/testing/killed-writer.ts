/** A writing process that is killed in the middle of its work, and whether what it leaves is what it promised. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { RangeSet } from '#shared/ranges.ts';
import { until } from '#shared/testing/until.ts';

import { isSame, openSegments, readBack } from './ledger.ts';
import { scanOf } from './test-journal.ts';
import { paddingOf, type WriterPlan } from './writer-plan.ts';

const WRITER = fileURLToPath(new URL('../journal-writer.fixture.ts', import.meta.url));
const OPTIONS = { segmentBytesMax: 200_000 } as const;
/** The writer's rule removes one event for each fifth that it keeps. */
const KEPT_A_REMOVED = 5;
/** What a line of its ledger is at least. */
const LINE_BYTES = 2;

/** Where a writer works, again and again. */
export type WriterPlace = {
  readonly journal: string;
  readonly ledger: string;
  /** Of its compiled modules: it starts three times as fast. */
  readonly cache: string;
};

/** Runs it until it has settled `appends` or more and so many milliseconds longer; answers the highest that was settled. */
export async function killWriter(
  place: WriterPlace,
  { appends, delayMs }: { readonly appends: number; readonly delayMs: number },
): Promise<number> {
  const { ledger } = place;
  const output = openSync(ledger, 'w+');
  try {
    // The cache is written by a process that ends in good order.
    if (!existsSync(place.cache)) await once(startWriter(place, output, { eventsMax: 1 }), 'exit');
    const child = startWriter(place, output);
    const ended = once(child, 'exit');
    const isEnough = (): boolean =>
      fstatSync(output).size >= appends * LINE_BYTES && settledIn(ledger).length >= appends;
    try {
      await until(`${appends} settled appends`, isEnough, { intervalMs: 5, timeoutMs: 60_000 });
      await sleep(delayMs);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    return Math.max(0, ...settledIn(ledger));
  } finally {
    closeSync(output);
  }
}

function settledIn(ledger: string): number[] {
  return readFileSync(ledger, 'utf8').split('\n').slice(0, -1).map(Number);
}

/**
 * What is not as it was promised. What was verified is applied, all but the last few thousand, so that the journal stays
 * small however long this goes on.
 */
export function problemsAfterKill(
  { journal }: WriterPlace,
  settled: number,
  keep = Number.POSITIVE_INFINITY,
): string[] {
  const { segments, told } = openSegments(journal, OPTIONS);
  try {
    const { epoch, headSeq, filtered } = segments.current;
    const problems = told.damaged.map(({ what, file }) => `${file}: ${what}`);
    const removed = filtered['sampling'] ?? 0;
    if (segments.epochs.length > 1) problems.push('a new epoch began');
    if (headSeq < settled) problems.push(`the head is ${headSeq}; ${settled} was settled`);
    if (removed !== Math.floor(headSeq / KEPT_A_REMOVED))
      problems.push(`${removed} of ${headSeq} were removed`);
    const applied = RangeSet.of(segments.epochs[0]?.applied ?? []);
    for (const range of headSeq === 0 ? [] : applied.gaps(1, headSeq)) {
      const { events } = readBack(segments, journal, epoch, range);
      for (let seq = range[0]; seq <= range[1]; seq++) {
        const event = events.get(seq);
        if (event === undefined || !isSame(event, scanOf(seq, paddingOf(seq))))
          problems.push(`${seq} is not there as it was`);
      }
    }
    if (headSeq > keep) segments.setApplied(epoch, [[1, headSeq - keep]]);
    return problems;
  } finally {
    segments[Symbol.dispose]();
  }
}

/** The files of a writer in a directory. */
export function writerPlace(directory: string): WriterPlace {
  return {
    journal: join(directory, 'journal'),
    ledger: join(directory, 'settled'),
    cache: join(directory, 'cache'),
  };
}

function startWriter(
  { journal, cache }: WriterPlace,
  output: number,
  plan: Partial<WriterPlan> = {},
): ChildProcess {
  return spawn(process.execPath, [WRITER, journal, JSON.stringify(plan)], {
    stdio: ['ignore', output, 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
}
