import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { must } from '#shared/assert.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { lockPart } from './part-lock.ts';
import { bulkFrame, FACTS, framesOf, HEADER } from './testing/samples.ts';
import { writeTallyFile } from './write-tally-file.ts';

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';
/** More than any process id of Linux. */
const NOBODY = 4_194_305;

test('two writers of one file: the second is refused with the number of the first, and the file is whole', async () => {
  await using dir = await tempDir('lock');
  const path = join(dir.path, 'gw-1.tally');
  const options = {
    path,
    header: HEADER,
    manifestOf: () => FACTS,
    async *source() {
      const [first, second] = framesOf(2);
      yield must(first, 'a frame');
      await expect(writeTallyFile(options)).rejects.toMatchObject({
        kind: 'stop',
        code: 'tally-file-busy',
        message: expect.stringContaining(`process ${process.pid}`) as string,
      });
      yield must(second, 'a frame');
    },
  };
  expect((await writeTallyFile(options)).manifest.frames).toBe(2);
  expect(existsSync(`${path}.part.lock`)).toBe(false);
});

test.each([
  ['a process that was killed', (boot: string) => `${NOBODY} ${boot}\n`],
  ['another machine, or an earlier boot', () => `${process.pid} 0123456789ab\n`],
  ['nobody knows whom', () => ''],
])('a lock of %s counts for nothing', async (_, text) => {
  await using dir = await tempDir('lock');
  const path = join(dir.path, 'gw-1.tally.part');
  const boot = readFileSync(BOOT_ID_FILE, 'utf8').replaceAll('-', '').slice(0, 12);
  writeFileSync(`${path}.lock`, text(boot));
  await using _lock = await lockPart(path);
  expect(readFileSync(`${path}.lock`, 'utf8')).toBe(`${process.pid} ${boot}\n`);
  await expect(lockPart(path)).rejects.toMatchObject({ code: 'tally-file-busy' });
});

test('a source that never waits can be interrupted all the same', async () => {
  await using dir = await tempDir('lock');
  const stopping = new AbortController();
  let seq = 0;
  setTimeout(() => stopping.abort(), 1);
  const written = writeTallyFile({
    path: join(dir.path, 'gw-1.tally'),
    header: HEADER,
    manifestOf: () => FACTS,
    signal: stopping.signal,
    async *source() {
      while (seq < 1_000_000) yield bulkFrame(seq++, 100);
    },
  });
  await expect(written).rejects.toThrow('abort');
  expect(seq).toBeGreaterThan(0);
});
