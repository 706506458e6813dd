import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { TallyError } from '#shared/errors.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { JournalReader } from './journal-reader.ts';
import type { Journal } from './journal.ts';
import { RECENT_KEYS_MAX, RecentKeys } from './recent-keys.ts';
import { Reserve } from './reserve.ts';
import { segmentPath } from './segment-file.ts';
import { openToWrite } from './sqlite.ts';
import {
  append,
  deviceSeqs,
  open,
  readStretch,
  scanOf as eventOf,
} from './testing/test-journal.ts';

/** The smallest that a config allows, about. */
const SMALL = { bytesMax: 3 * 1024 * 1024, segmentBytesMax: 256 * 1024 } as const;

async function bytesBelow(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(directory, name)).catch(() => undefined);
      return found?.isFile() === true ? found.size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const ALL = {
  lastSeq: Number.MAX_SAFE_INTEGER,
  eventsMax: 1_000_000,
  bytesMax: Number.MAX_SAFE_INTEGER,
};

function readAll(
  { epoch }: Pick<Journal, 'epoch'>,
  directory: string,
  headSeq: number,
  firstSeq = 1,
): (number | undefined)[] {
  return deviceSeqs(readStretch(directory, epoch, firstSeq, headSeq));
}

describe('the journal', () => {
  test('G1 durable-ack: what was settled is read back by another connection, in order, numbered without gaps', async () => {
    await using dir = await tempDir('journal');
    await using journal = await open(dir.path);
    await Promise.all(Array.from({ length: 500 }, (_, i) => append(journal, [eventOf(i)])));
    expect(journal.accounts()).toMatchObject({ received: 500, headSeq: 500 });
    expect(readAll(journal, dir.path, 500)).toStrictEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  test('G4 accounts: kept and removed events are counted in the commit, rule by rule, and survive a restart', async () => {
    await using dir = await tempDir('journal');
    {
      await using journal = await open(dir.path);
      await append(journal, [eventOf(1)], ['dead-band', 'dead-band']);
      await append(journal, [], ['sampling']);
    }
    await using again = await open(dir.path);
    expect(again.accounts()).toStrictEqual({
      received: 4,
      filtered: { 'dead-band': 2, sampling: 1 },
      headSeq: 1,
    });
    await append(again, [eventOf(2)]);
    expect(again.accounts()).toMatchObject({ received: 5, headSeq: 2 });
  });

  test('G2 no-loss: segments are unlinked when all of them is applied, not before', async () => {
    await using dir = await tempDir('journal');
    await using journal = await open(dir.path, { segmentBytesMax: 10_000 });
    for (let i = 1; i <= 100; i++) await append(journal, [eventOf(i, 1000)]);
    const segments = async (): Promise<number> =>
      (await readdir(dir.path)).filter((name) => /^segment-.+\.db$/u.test(name)).length;
    const before = await segments();
    expect(before).toBeGreaterThan(5);
    journal.setApplied([[2, 100]]);
    await append(journal, [eventOf(101, 1000)]);
    expect(readAll(journal, dir.path, 101)[0]).toBe(1);
    journal.setApplied([[1, 100]]);
    await until('applied segments to go', async () => (await segments()) < 4);
    expect(readAll(journal, dir.path, 101, 101)).toStrictEqual([101]);
  });

  test('the epoch and what was applied are remembered; without the state, unlinked segments tell', async () => {
    await using dir = await tempDir('journal');
    let epoch: string;
    {
      await using journal = await open(dir.path, { segmentBytesMax: 5000 });
      epoch = journal.epoch;
      for (let i = 1; i <= 30; i++) await append(journal, [eventOf(i, 1000)]);
      journal.setApplied([[1, 20]]);
    }
    for (const suffix of ['', '-wal', '-shm'])
      await rm(join(dir.path, `state.db${suffix}`), { force: true });
    await using again = await open(dir.path);
    expect(again.epoch).toBe(epoch);
    expect(again.accounts().headSeq).toBe(30);
    const [applied] = again.appliedAtOpen;
    expect(applied?.[0]).toBe(1);
    expect(applied?.[1]).toBeGreaterThan(10);
    expect(applied?.[1]).toBeLessThanOrEqual(20);
  });

  test('G7 bounded: a full journal refuses an append and gives no number away; room made, it goes on', async () => {
    await using dir = await tempDir('journal');
    await using journal = await open(dir.path, SMALL);
    let refused: TallyError | undefined;
    let kept = 0;
    while (refused === undefined) {
      refused = await append(journal, [eventOf(kept + 1, 10_000)]);
      if (refused === undefined) kept++;
      expect(await bytesBelow(dir.path)).toBeLessThanOrEqual(SMALL.bytesMax);
    }
    expect(refused).toMatchObject({ kind: 'retry', code: 'journal-full' });
    expect(journal.accounts()).toMatchObject({ received: kept, headSeq: kept });
    journal.setApplied([[1, kept]]);
    await until(
      'room in the journal',
      async () => (await append(journal, [eventOf(kept + 1)])) === undefined,
    );
    expect(journal.accounts().headSeq).toBe(kept + 1);
  });

  test('a segment that a crash left without a header is taken for what it is: nothing', async () => {
    await using dir = await tempDir('journal');
    let epoch: string;
    {
      await using journal = await open(dir.path);
      epoch = journal.epoch;
      await append(journal, [eventOf(1)]);
    }
    await writeFile(segmentPath(dir.path, { number: 2, epoch }), '');
    await using again = await open(dir.path);
    await append(again, [eventOf(2)]);
    expect(again.epoch).toBe(epoch);
    expect(readAll(again, dir.path, 2)).toStrictEqual([1, 2]);
  });

  test('G2 no-loss: such a segment that a power cut brings back between two others is nothing too', async () => {
    await using dir = await tempDir('journal');
    let epoch = '';
    for (const deviceSeq of [1, 2]) {
      await using journal = await open(dir.path);
      epoch = journal.epoch;
      await append(journal, [eventOf(deviceSeq)]);
      // The first time it is the last one, and the next to be made is the third.
      await writeFile(segmentPath(dir.path, { number: 2, epoch }), '');
    }
    await using again = await open(dir.path);
    expect(again.epoch).toBe(epoch);
    expect(readAll(again, dir.path, 2)).toStrictEqual([1, 2]);
    expect(await readdir(dir.path)).not.toContain('quarantine');
  });

  test('G8 salvage: the log of a segment whose beginning is damaged is set aside before SQLite clears it', async () => {
    await using dir = await tempDir('journal');
    let name: { number: number; epoch: string };
    {
      await using journal = await open(dir.path);
      name = { number: 2, epoch: journal.epoch };
      await append(journal, [eventOf(1)]);
    }
    await writeFile(segmentPath(dir.path, name), '');
    await writeFile(`${segmentPath(dir.path, name)}-wal`, 'not a log');
    await using again = await open(dir.path);
    expect(again.accounts().headSeq).toBe(1);
    expect(await readdir(join(dir.path, 'quarantine'))).toStrictEqual([
      `segment-0000000002-${name.epoch}.db-wal`,
    ]);
  });

  test('G7 bounded: room is set aside, and given up when something cannot be written without it', async () => {
    await using dir = await tempDir('journal');
    const reserve = new Reserve(dir.path, 100_000);
    expect(reserve.refill()).toBe(true);
    expect(await readdir(dir.path)).toStrictEqual(['reserve']);
    let tries = 0;
    const written = reserve.use(() => {
      if (++tries === 1)
        throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
      return 'written';
    });
    expect(written).toBe('written');
    expect(await readdir(dir.path)).toStrictEqual([]);
    const damaged = Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' });
    expect(() =>
      reserve.use(() => {
        throw damaged;
      }),
    ).toThrow(damaged);
  });

  test('a second process on the directory is refused, and the first goes on', async () => {
    await using dir = await tempDir('journal');
    await using journal = await open(dir.path);
    await expect(open(dir.path)).rejects.toMatchObject({
      kind: 'stop',
      code: 'journal-in-use',
      message: expect.stringContaining(`process ${process.pid} has this journal open`) as string,
    });
    expect(await append(journal, [eventOf(1)])).toBeUndefined();
  });

  test('G9 safe-config: the journal of another version of Tallyport is refused and left alone', async () => {
    await using dir = await tempDir('journal');
    {
      await using _journal = await open(dir.path);
    }
    {
      const db = openToWrite(join(dir.path, 'state.db'));
      db.pragma('user_version = 99');
      db.pragma(`application_id = ${0x54616c00 + 99}`);
      db.close();
    }
    const before = await readdir(dir.path);
    await expect(open(dir.path)).rejects.toThrow(
      'journal format 99; this version of Tallyport reads 2',
    );
    expect(await readdir(dir.path)).toStrictEqual(before);
  });

  test('G12 complete-until: the watermark never passes an event that is not committed yet', async () => {
    await using dir = await tempDir('journal');
    await using journal = await open(dir.path);
    expect(journal.watermark(5000)).toStrictEqual({ seq: 1, timeMs: 5000 });
    const settled = append(journal, [eventOf(7)]);
    expect(journal.watermark(5000)).toStrictEqual({ seq: 1, timeMs: 1007 });
    await settled;
    expect(journal.watermark(5000)).toStrictEqual({ seq: 2, timeMs: 5000 });
  });

  test('a reader follows the writer from segment to segment', async () => {
    await using dir = await tempDir('journal');
    await using journal = await open(dir.path, { segmentBytesMax: 5000 });
    using reader = new JournalReader(dir.path, journal.epoch);
    for (let i = 1; i <= 40; i++) {
      await append(journal, [eventOf(i, 1000)]);
      expect(deviceSeqs(reader.read(i, { ...ALL, lastSeq: i }))).toStrictEqual([i]);
    }
    expect(reader.read(3, { ...ALL, lastSeq: 40, eventsMax: 10 }).events).toHaveLength(10);
    expect(reader.read(1, { ...ALL, lastSeq: 40, bytesMax: 2500 }).events).toHaveLength(2);
    expect(reader.read(1, { ...ALL, lastSeq: 40, bytesMax: 1 }).events).toHaveLength(1);
  });
});

describe('message keys', () => {
  const commit = (journal: Journal, messageKey: number): Promise<TallyError | undefined> =>
    new Promise((resolve) =>
      journal.append({ kept: [eventOf(messageKey)], removed: [], messageKey }, resolve),
    );

  test('G3 once: a message is known from when it is appended, also after a restart; a copy waits for the first to be on disk', async () => {
    await using dir = await tempDir('journal');
    {
      await using journal = await open(dir.path);
      const order: string[] = [];
      const settled = commit(journal, 7).then(() => order.push('first copy'));
      expect([7, 8].map((key) => journal.knows(key))).toStrictEqual([true, false]);
      await new Promise((resolve) => journal.afterCommitOf(7, resolve)).then(() =>
        order.push('second copy'),
      );
      await settled;
      expect(order).toStrictEqual(['first copy', 'second copy']);
      expect([7, 8].map((key) => journal.knows(key))).toStrictEqual([true, false]);
    }
    await using again = await open(dir.path);
    expect(again.knows(7)).toBe(true);
  });

  test('G3 once: it is known after a restart although its segment is sealed and applied', async () => {
    await using dir = await tempDir('journal');
    {
      await using journal = await open(dir.path, { segmentBytesMax: 100_000 });
      await commit(journal, 7);
      await commit(journal, 8);
      journal.setApplied([[1, 2]]);
    }
    await using again = await open(dir.path, { segmentBytesMax: 100_000 });
    expect([7, 8].map((key) => again.knows(key))).toStrictEqual([true, true]);
  });

  test('G7 bounded: the oldest are forgotten', () => {
    const keys = new RecentKeys();
    keys.addAll(Array.from({ length: RECENT_KEYS_MAX }, (_, i) => i + 1));
    keys.addAll([1, RECENT_KEYS_MAX + 1]);
    expect([1, 2, RECENT_KEYS_MAX + 1].map((key) => keys.has(key))).toStrictEqual([
      false,
      true,
      true,
    ]);
  });
});
