/** A running gateway's journal, looked at again and again while it is written, sealed and unlinked. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { memoryDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { readJournalImage, segmentsOf } from './journal-image.ts';
import { listSegments } from './segment-file.ts';
import type { WriterPlan } from './testing/writer-plan.ts';

const WRITER = fileURLToPath(new URL('journal-writer.fixture.ts', import.meta.url));
const LOOKS = 150;

test('G8 salvage: of a journal that a gateway is writing nothing is called lost, and no number is passed over', async () => {
  await using dir = await memoryDir('live');
  const plan: Partial<WriterPlan> = { segmentBytesMax: 128 * 1024, appliedBehind: 3000 };
  const writer = spawn(process.execPath, [WRITER, dir.path, JSON.stringify(plan)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await until('some segments', () => listSegments(dir.path).length > 3, { timeoutMs: 20_000 });
    let whole = 0;
    for (let look = 0; look < LOOKS; look++) {
      const image = readJournalImage(dir.path);
      const found = [...segmentsOf(image)];
      const problems = [...image.problems, ...found.flatMap((segment) => segment.problems)];
      expect(problems, `look ${look}`).toStrictEqual([]);
      const [newest, listed] = [found.at(-1), image.segments.at(-1)];
      // Where the writer was faster, all that was listed is applied and gone.
      if (newest === undefined || newest.name.number !== listed?.number) continue;
      whole++;
      expect(newest.lastSeq).toBeGreaterThanOrEqual(image.witness?.headSeq ?? 0);
    }
    expect(whole).toBeGreaterThan(0);
  } finally {
    writer.kill('SIGKILL');
    await once(writer, 'exit');
  }
});
