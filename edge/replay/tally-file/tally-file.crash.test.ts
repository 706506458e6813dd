import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { startChild } from '#shared/testing/child.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { openTallyFile } from './read-tally-file.ts';

const WRITER = fileURLToPath(new URL('tally-file-writer.fixture.ts', import.meta.url));
const CRASHES = 5;
const BYTES_BETWEEN = 8_000_000;

test('G3, G8: kill -9 again and again, and the file ends complete, each frame in it once', async () => {
  await using dir = await tempDir('tally-file');
  const path = join(dir.path, 'gw-1.tally');
  const partBytes = (): number => statSync(`${path}.part`, { throwIfNoEntry: false })?.size ?? 0;
  for (let crash = 1; crash <= CRASHES; crash++) {
    const child = await startChild(process.execPath, [WRITER, path]);
    await until('more of the file', () => partBytes() > crash * BYTES_BETWEEN, { intervalMs: 1 });
    await child.kill('SIGKILL');
    expect(existsSync(path)).toBe(false);
  }
  await using last = await startChild(process.execPath, [WRITER, path]);
  await until('the end of the writer', () => last.ended, { timeoutMs: 40_000 });
  expect([last.ended, last.log]).toStrictEqual(['exit code 0', '']);
  await using file = await openTallyFile(path);
  const seqs: number[] = [];
  for await (const { firstSeq, bytes } of file.frames()) {
    expect(bytes[0]).toBe(firstSeq - 1);
    seqs.push(firstSeq);
  }
  expect(seqs).toStrictEqual(Array.from({ length: file.manifest.frames }, (_, i) => i + 1));
  expect(seqs).toHaveLength(150);
});
