/** Journals that lost their end: no number is given away twice, and nobody is told that all is well. */
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { must } from '#shared/assert.ts';
import { memoryDir } from '#shared/testing/temp-dir.ts';

import { TEST_READING } from '../clock/testing/fake-gateway-clock.ts';
import { listSegments, removeSegment, segmentPath } from './segment-file.ts';
import { appendTo, judge, Ledger, openSegments } from './testing/ledger.ts';
import { scanOf, type Told } from './testing/test-journal.ts';
import { witnessPath, WitnessWriter } from './witness.ts';

const EVENTS = 1000;
const OPTIONS = { segmentBytesMax: 512 * 1024 } as const;
const OTHER_BOOT = { ...OPTIONS, clock: { ...TEST_READING, bootId: 'b007b007b008' } };
const WAL_HEADER_BYTES = 32;
const FRAME_BYTES = 24 + 4096;
const SALTS_AT = 8;

/** What a kill -9 leaves, after so many events. */
function killed(directory: string): Ledger {
  const ledger = new Ledger();
  const { segments } = openSegments(`${directory}-live`, OPTIONS);
  for (let i = 1; i <= EVENTS; i++) appendTo(segments, ledger, [scanOf(i, 700)]);
  cpSync(`${directory}-live`, directory, { recursive: true });
  segments[Symbol.dispose]();
  return ledger;
}

function openName(directory: string): ReturnType<typeof listSegments>[number] {
  return must(listSegments(directory).at(-1), 'the open segment');
}

/** Flips all bits from `at` on, in the last frames of the log that belong to it. */
function hurtFrames(
  directory: string,
  frames: number,
  { at, bytes }: Record<'at' | 'bytes', number>,
): void {
  const path = `${segmentPath(directory, openName(directory))}-wal`;
  const log = readFileSync(path);
  const salts = log.subarray(16, 24);
  const frameAt = (i: number): number => WAL_HEADER_BYTES + i * FRAME_BYTES;
  let last = -1;
  for (let i = 0; frameAt(i + 1) <= log.length; i++)
    if (log.subarray(frameAt(i) + SALTS_AT, frameAt(i) + SALTS_AT + 8).equals(salts)) last = i;
  for (let i = last - frames + 1; i <= last; i++)
    for (let j = 0; j < bytes; j++) log[frameAt(i) + at + j] = ~(log[frameAt(i) + at + j] ?? 0);
  writeFileSync(path, log);
}

/** What the journal tells when it is opened and goes on; what is left of the epoch that it had must be as it was. */
function goOn(
  directory: string,
  ledger: Ledger,
  options: Parameters<typeof openSegments>[1],
): { readonly damaged: Told['damaged']; readonly isNewEpoch: boolean; readonly left: number } {
  const [epoch, { events }] = must([...ledger.epochs][0], 'an epoch');
  const { segments, told } = openSegments(directory, options);
  try {
    const isNewEpoch = segments.current.epoch !== epoch;
    const known = segments.epochs.find((each) => each.epoch === epoch);
    const left = isNewEpoch ? (known?.ended?.headSeq ?? 0) : segments.current.headSeq;
    events.splice(left);
    if (isNewEpoch) appendTo(segments, ledger, [scanOf(1)]);
    judge(segments, directory, ledger);
    return { damaged: told.damaged, isNewEpoch, left };
  } finally {
    segments[Symbol.dispose]();
  }
}

/** A report that nobody can count what was lost. */
function isUncounted(file: string): (report: Told['damaged'][number]) => boolean {
  return (report) => report.file === file && report.what.includes('may be lost');
}

test.each<{ name: string; hurt: (directory: string) => void; isLossy?: boolean }>([
  {
    name: 'the log is gone',
    hurt: (directory) => {
      for (const suffix of ['-wal', '-shm'])
        rmSync(`${segmentPath(directory, openName(directory))}${suffix}`);
    },
  },
  {
    name: 'the log is empty',
    hurt: (directory) => truncateSync(`${segmentPath(directory, openName(directory))}-wal`),
  },
  {
    name: 'the open segment is gone',
    hurt: (directory) => removeSegment(directory, openName(directory)),
  },
  {
    name: 'the last commits look like an older log',
    hurt: (directory) => hurtFrames(directory, 30, { at: SALTS_AT, bytes: 8 }),
  },
  { name: 'nothing else is the matter', hurt: () => {}, isLossy: false },
])(
  'G3 once, G8 salvage: the witness is lost and $name: numbers begin anew, and it is said that events may be lost',
  async ({ hurt, isLossy = true }) => {
    await using dir = await memoryDir('end');
    const directory = join(dir.path, 'journal');
    const ledger = killed(directory);
    rmSync(witnessPath(directory));
    hurt(directory);
    const { isNewEpoch, damaged, left } = goOn(directory, ledger, OPTIONS);
    expect(isNewEpoch).toBe(true);
    expect(left < EVENTS).toBe(isLossy);
    expect(damaged.some(isUncounted('head'))).toBe(true);
  },
);

test('G3 once: after a power cut numbers begin anew, whatever the disk lost of what it had promised', async () => {
  await using dir = await memoryDir('end');
  const directory = join(dir.path, 'journal');
  const ledger = killed(directory);
  expect(goOn(directory, ledger, OTHER_BOOT)).toMatchObject({
    isNewEpoch: true,
    damaged: [],
    left: EVENTS,
  });
});

test('G8 salvage: after a power cut, commits that were synced and cannot be read are reported, though nobody can count them', async () => {
  await using dir = await memoryDir('end');
  const directory = join(dir.path, 'journal');
  const ledger = killed(directory);
  const [epoch = ''] = ledger.epochs.keys();
  // What a power cut leaves of it: an older word.
  const witness = new WitnessWriter(directory, { epoch, headSeq: 10, bootId: 'b007b007b006' });
  witness.write({ epoch, headSeq: 10, bootId: TEST_READING.bootId });
  hurtFrames(directory, 12, { at: 24, bytes: 4096 });
  const { isNewEpoch, damaged, left } = goOn(directory, ledger, OTHER_BOOT);
  expect(isNewEpoch).toBe(true);
  expect(left).toBeLessThan(EVENTS);
  expect(damaged).toMatchObject([{ epoch, lost: [] }]);
  expect(damaged.some(isUncounted(must(damaged[0], 'a report').file))).toBe(true);
});

test('G3 once: a journal that is opened says so, until it is closed', async () => {
  await using dir = await memoryDir('end');
  const [directory, ledger] = [join(dir.path, 'journal'), new Ledger()];
  const first = openSegments(directory, OPTIONS);
  appendTo(first.segments, ledger, [scanOf(1)]);
  first.segments[Symbol.dispose]();
  const again = openSegments(directory, OPTIONS);
  const onDisk = readFileSync(witnessPath(directory), 'utf8');
  again.segments[Symbol.dispose]();
  expect(onDisk).toMatch(/ open [0-9a-f]{8} *\n$/u);
  expect(readFileSync(witnessPath(directory), 'utf8')).toMatch(/ closed [0-9a-f]{8} *\n$/u);
});
