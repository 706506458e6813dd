/** A recording of the journal's writer, and what becomes of it when the power goes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startChild } from '#shared/testing/child.ts';
import type { Cut } from '#shared/testing/power-cut/image.ts';
import { compileRecorder, recordingEnvironment } from '#shared/testing/power-cut/recorder.ts';
import { parseRecording, type Operation } from '#shared/testing/power-cut/recording.ts';
import { until } from '#shared/testing/until.ts';

import type { WriterPlan } from '../writer-plan.ts';
import type { Examined, Share } from './examine.fixture.ts';

const WRITER = fileURLToPath(new URL('../../journal-writer.fixture.ts', import.meta.url));
const EXAMINER = fileURLToPath(new URL('examine.fixture.ts', import.meta.url));
/** As a fast SSD; a slower one changes nothing but how long the recording takes. */
const SYNC_US = 1500;
/** Each opens a journal, which is a thread too. */
const EXAMINERS = Math.min(4, availableParallelism());

export type Recorded = {
  readonly operations: readonly Operation[];
  readonly log: string;
  /** The journal's directory, as the process left it. */
  readonly directory: string;
  readonly segmentBytesMax: number;
};

/** Runs the writer to its end. */
export async function recordWriter(scratch: string, plan: WriterPlan): Promise<Recorded> {
  const directory = join(await realpath(scratch), 'recorded');
  await mkdir(directory);
  const log = join(scratch, 'log');
  const library = await compileRecorder(scratch);
  await using writer = await startChild(
    process.execPath,
    [WRITER, directory, JSON.stringify(plan)],
    {
      env: {
        ...process.env,
        ...recordingEnvironment({ library, directory, log, syncUs: SYNC_US }),
      },
    },
  );
  await until('the writer to end', () => writer.ended, { timeoutMs: 60_000 });
  if (writer.ended !== 'exit code 0')
    throw new Error(`the writer ended with ${writer.ended}:\n${writer.log}`);
  const operations = parseRecording(await readFile(log), directory);
  return { operations, log, directory, segmentBytesMax: plan.segmentBytesMax };
}

/** Builds an image for each cut and judges it, in a few processes. */
export async function examineAll(
  { log, directory, segmentBytesMax }: Recorded,
  cuts: readonly Cut[],
  { isNormal, scratch }: { readonly isNormal: boolean; readonly scratch: string },
): Promise<Examined[]> {
  const shares = Array.from({ length: EXAMINERS }, async (_, share) => {
    const own = join(scratch, `${isNormal ? 'normal' : 'full'}-${share}`);
    await mkdir(own);
    return await examineShare(scratch, {
      log,
      recorded: directory,
      segmentBytesMax,
      isNormal,
      cuts: cuts.filter((_, i) => i % EXAMINERS === share),
      scratch: own,
    });
  });
  return (await Promise.all(shares)).flat();
}

async function examineShare(scratch: string, share: Share): Promise<Examined[]> {
  const examiner = fork(EXAMINER, {
    execArgv: [],
    // Each image is opened by a thread of its own, which loads the journal anew.
    env: { ...process.env, NODE_COMPILE_CACHE: join(scratch, 'compiled') },
  });
  try {
    examiner.send(share);
    const died = once(examiner, 'exit').then(() => []);
    const [examined] = (await Promise.race([once(examiner, 'message'), died])) as Examined[][];
    if (examined === undefined) throw new Error('a process that examined images died');
    return examined;
  } finally {
    examiner.kill('SIGKILL');
  }
}
