import { copyFile, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { must } from '#shared/assert.ts';
import { Disk } from '#shared/testing/power-cut/disk.ts';
import { cutsAround } from '#shared/testing/power-cut/image.ts';
import { whyNoRecorder } from '#shared/testing/power-cut/recorder.ts';
import { tempDir, type TempDir } from '#shared/testing/temp-dir.ts';

import type { Examined } from './testing/power-cut/examine.fixture.ts';
import { examineAll, recordWriter, type Recorded } from './testing/power-cut/power-cut.ts';

/** Small segments, so that many are begun, sealed and unlinked while it runs. */
const PLAN = { segmentBytesMax: 128 * 1024, eventsMax: 1250, pauseMs: 60, appliedBehind: 150 };
const IMAGES_MIN = 400;
/** Of the mutation: it is noticed by far fewer. */
const NORMAL_IMAGES = 40;
/** Alone on two cores all of it takes less than one. */
const MINUTES = 60_000;

const why = whyNoRecorder();
const note = why === undefined ? '' : ` (not tested: ${why})`;

describe.skipIf(why !== undefined)(`a power cut${note}`, () => {
  let dir: TempDir | undefined;
  let recorded: Recorded;
  const seed = Math.floor(Math.random() * 2 ** 32);

  beforeAll(async () => {
    dir = await tempDir('power-cut');
    recorded = await recordWriter(dir.path, PLAN);
  }, 2 * MINUTES);
  afterAll(async () => await dir?.[Symbol.asyncDispose]());

  test('the recorder misses nothing: its log gives, byte for byte, the files that the journal left, with segments rolled and unlinked on the way', async () => {
    const { operations, directory } = recorded;
    const disk = new Disk();
    for (const operation of operations) disk.apply(operation);
    const files = [...disk.tree()].filter(([, content]) => content !== undefined);
    // The recorded directory stands in its own tree as the empty path, which is no file.
    expect(files.map(([path]) => path)).toStrictEqual((await readdir(directory)).sort());
    for (const [path, content] of files) {
      const left = await readFile(join(directory, path));
      expect({ path, isSame: content?.equals(left) }).toStrictEqual({ path, isSame: true });
    }
    const unlinked = operations.filter(
      ({ kind, ...rest }) =>
        kind === 'unlink' && 'path' in rest && /^segment.*\.db$/u.test(rest.path),
    );
    expect(unlinked.length).toBeGreaterThan(1);
  });

  test('G3 once: the disk has the word that the journal is open before anything is acknowledged', () => {
    const { operations } = recorded;
    const opened = operations.find((each) => each.kind === 'open' && each.path === 'head');
    const synced = operations.findIndex(
      (each) => each.kind === 'sync' && opened?.kind === 'open' && each.fd === opened.fd,
    );
    const said = operations.findIndex(({ kind }) => kind === 'said');
    expect(synced).toBeGreaterThan(-1);
    expect(said).toBeGreaterThan(synced);
  });

  test(
    'G1 durable-ack, G2 no-loss, G4 accounts: around every sync, whatever the disk kept of what was not synced, all that was acknowledged is there, numbered without gaps, and the journal goes on',
    async ({ annotate }) => {
      const cuts = cutsAround(recorded.operations, seed);
      expect(cuts.length).toBeGreaterThanOrEqual(IMAGES_MIN);
      const examined = await examineAll(recorded, cuts, { isNormal: false, scratch: pathOf(dir) });
      expect(examined).toHaveLength(cuts.length);
      await annotate(`${summaryOf(examined)}, seed ${seed}`);
      const failed = examined.filter(
        ({ verdict }) => verdict.missing.length + verdict.problems.length > 0,
      );
      expect(await reportOf(failed, recorded)).toBe('');
    },
    5 * MINUTES,
  );

  test(
    'the test is not blind: with the syncs of synchronous=NORMAL acknowledged events are missing',
    async ({ annotate }) => {
      const dropped = cutsAround(recorded.operations, seed).filter(
        ({ fate }) => fate === 'dropped',
      );
      const cuts = dropped.filter((_, i) => i % Math.ceil(dropped.length / NORMAL_IMAGES) === 0);
      const examined = await examineAll(recorded, cuts, { isNormal: true, scratch: pathOf(dir) });
      await annotate(`${summaryOf(examined)}, seed ${seed}`);
      expect(examined.filter(({ verdict }) => verdict.missing.length > 0)).not.toHaveLength(0);
    },
    5 * MINUTES,
  );
});

function pathOf(dir: TempDir | undefined): string {
  return must(dir, 'the directory of the recording').path;
}

function summaryOf(examined: readonly Examined[]): string {
  const count = (is: (verdict: Examined['verdict']) => boolean): number =>
    examined.filter(({ verdict }) => is(verdict)).length;
  return [
    `${examined.length} images`,
    `${count(({ missing }) => missing.length > 0)} with acknowledged events missing`,
    `${count(({ problems }) => problems.length > 0)} with other problems`,
    `${count(({ repaired }) => repaired.length > 0)} repaired`,
    `${count(({ isNewEpoch }) => isNewEpoch)} went on in a new epoch`,
  ].join(', ');
}

/** The first that failed, and where the recording is kept to look at them again. */
async function reportOf(failed: readonly Examined[], { log }: Recorded): Promise<string> {
  if (failed.length === 0) return '';
  const kept = join(tmpdir(), `tally-power-cut-${process.pid}.log`);
  await copyFile(log, kept);
  const lines = failed.slice(0, 5).map(({ cut, verdict: { missing, problems } }) => {
    const lost = `${missing.length} missing${missing.length > 0 ? ` from ${missing[0]}` : ''}`;
    return `${JSON.stringify(cut)}: ${[lost, ...problems.slice(0, 3)].join('; ')}`;
  });
  return [`${failed.length} images failed; the recording is ${kept}`, ...lines].join('\n');
}
