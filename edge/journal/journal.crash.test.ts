import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { tempDir, type TempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { deviceSeqs, open as openTestJournal, readStretch } from './testing/test-journal.ts';

const WRITER = fileURLToPath(new URL('journal-writer.fixture.ts', import.meta.url));
const CRASHES = 12;
/** The writer's rule removes one event for each fifth that it keeps. */
const KEPT_A_REMOVED = 5;

/** Runs the writer until it has settled `count` appends, kills it, and answers the highest that was settled. */
async function runAndKill(dir: TempDir, count: number): Promise<number> {
  const ledger = join(dir.path, 'settled');
  await using output = await open(ledger, 'w');
  const child = spawn(process.execPath, [WRITER, join(dir.path, 'journal')], {
    stdio: ['ignore', output.fd, 'inherit'],
  });
  const ended = once(child, 'exit');
  const settled = async (): Promise<number[]> =>
    (await readFile(ledger, 'utf8')).split('\n').slice(0, -1).map(Number);
  try {
    await until(`${count} settled appends`, async () => (await settled()).length >= count, {
      intervalMs: 2,
    });
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
  return Math.max(0, ...(await settled()));
}

test('G1 durable-ack, G4 accounts: whatever was settled before a kill -9 is there after it, numbered without gaps, the counts exact', async () => {
  await using dir = await tempDir('crash');
  const directory = join(dir.path, 'journal');
  let settled = 0;
  for (let crash = 0; crash < CRASHES; crash++) {
    settled = Math.max(settled, await runAndKill(dir, 50 + crash * 150));
    await using journal = await openTestJournal(directory, { segmentBytesMax: 200_000 });
    const { headSeq, received, filtered } = journal.accounts();
    expect(headSeq).toBeGreaterThanOrEqual(settled);
    expect(received).toBe(headSeq + (filtered['sampling'] ?? 0));
    expect(filtered['sampling'] ?? 0).toBe(Math.floor(headSeq / KEPT_A_REMOVED));
    const stretch = readStretch(directory, journal.epoch, 1, headSeq);
    expect(stretch.shed).toStrictEqual([]);
    expect(deviceSeqs(stretch)).toStrictEqual(Array.from({ length: headSeq }, (_, i) => i + 1));
  }
});
