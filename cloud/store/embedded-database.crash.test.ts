import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Child, startChild } from '#shared/testing/child.ts';
import { tempDir, type TempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { openEmbeddedDatabase } from './embedded-database.ts';
import { openDatabase } from './open-database.ts';

const WRITER = fileURLToPath(new URL('./testing/writer.fixture.ts', import.meta.url));

async function startWriter(directory: string): Promise<Child> {
  return await startChild(process.execPath, [WRITER, directory]);
}

/** The highest sequence number that the writer said was committed. */
function committed({ log }: Child): number {
  return Number(
    log
      .match(/committed \d+(?=\n)/gu)
      ?.at(-1)
      ?.slice('committed '.length) ?? 0,
  );
}

/** The highest sequence number of the events and of the ledger, and how many events there are. */
async function stored(directory: string): Promise<object | undefined> {
  await using db = await openDatabase({ directory });
  const [found] = await db.query(
    `SELECT (SELECT count(*) FROM raw_event) AS events,
            (SELECT max(seq) FROM raw_event) AS last,
            (SELECT accounted::text FROM gateway_epoch) AS applied`,
  );
  return found;
}

function whole(last: number): object {
  return { events: last, last, applied: `{[1,${last + 1})}` };
}

describe('the embedded database', () => {
  let template: TempDir;
  beforeAll(async () => {
    template = await tempDir('pglite-template');
    const db = await openDatabase({ directory: template.path });
    await db[Symbol.asyncDispose]();
  });
  afterAll(() => template[Symbol.asyncDispose]());

  /** A database with the schema, in a directory of its own. */
  const makeDatabase = async (): Promise<TempDir> => {
    const dir = await tempDir('pglite-crash');
    await cp(template.path, dir.path, { recursive: true });
    return dir;
  };

  test('G2 no-loss: what was committed survives kill -9, again and again, and a transaction is there as a whole', async () => {
    await using dir = await makeDatabase();
    let last = 0;
    for (const commits of [1, 7, 20]) {
      await using writer = await startWriter(dir.path);
      await until(`${commits} more commits`, () => committed(writer) >= last + commits * 100);
      await writer.kill('SIGKILL');
      const said = committed(writer);
      const found = (await stored(dir.path)) as { readonly last: number };
      expect(found).toStrictEqual(whole(found.last));
      // The commit after the last that was said may have happened too.
      expect([said, said + 100]).toContain(found.last);
      last = found.last;
    }
  });

  test('a first start that was killed is begun again', async () => {
    await using dir = await tempDir('pglite-first');
    for (const file of ['.', 'PG_VERSION', 'pg_wal']) {
      await using writer = await startWriter(dir.path);
      const made = (): boolean => existsSync(join(dir.path, 'data.new', file));
      await until(`${file} to be made`, made, { intervalMs: 1, timeoutMs: 40_000 });
      await writer.kill('SIGKILL');
    }
    await mkdir(join(dir.path, 'data.new', 'left-over'), { recursive: true });
    await using db = await openDatabase({ directory: dir.path });
    expect(await db.query('SELECT count(*) AS count FROM scan')).toStrictEqual([{ count: 0 }]);
    expect(await readdir(dir.path)).not.toContain('data.new');
  });

  test('a second process is refused while the first lives, and let in once it was killed', async () => {
    await using dir = await makeDatabase();
    await using writer = await startWriter(dir.path);
    await until('the first to be open', () => writer.log.includes('open'));
    await expect(openDatabase({ directory: dir.path })).rejects.toMatchObject({
      kind: 'stop',
      code: 'directory-in-use',
      message: expect.stringContaining(dir.path) as unknown,
    });
    await writer.kill('SIGKILL');
    await using db = await openDatabase({ directory: dir.path });
    expect(db.engine).toBe('pglite');
  });

  test('the same process is refused too, and let in once it closed the first', async () => {
    await using dir = await makeDatabase();
    const first = await openEmbeddedDatabase({ directory: dir.path });
    await expect(openEmbeddedDatabase({ directory: dir.path })).rejects.toMatchObject({
      code: 'directory-in-use',
    });
    expect(await first.query('SELECT 1 AS one')).toStrictEqual([{ one: 1 }]);
    await first[Symbol.asyncDispose]();
    await using second = await openEmbeddedDatabase({ directory: dir.path });
    expect(await second.query('SELECT 1 AS one')).toStrictEqual([{ one: 1 }]);
  });

  test('G7 bounded: a transaction is refused while the disk is nearly full, and queries are not', async () => {
    await using dir = await makeDatabase();
    await using db = await openEmbeddedDatabase({
      directory: dir.path,
      freeBytesMin: Number.MAX_SAFE_INTEGER,
    });
    const writing = db.transaction((tx) => tx.query('CREATE TABLE t (a int)'));
    await expect(writing).rejects.toMatchObject({ kind: 'retry', code: 'database-unavailable' });
    expect(await db.query("SELECT to_regclass('t')::text AS found")).toStrictEqual([
      { found: null },
    ]);
  });

  test('G7 bounded: the log is checkpointed, and does not grow with what is written', async () => {
    await using dir = await makeDatabase();
    await using db = await openEmbeddedDatabase({ directory: dir.path });
    await db.query('CREATE TABLE t (a text)');
    const segments: number[] = [];
    for (let i = 0; i < 30; i++) {
      // About 10 MiB of log each.
      await db.transaction((tx) =>
        tx.query("INSERT INTO t SELECT repeat('x', 1000) FROM generate_series(1, 10000)"),
      );
      segments.push((await readdir(join(dir.path, 'data', 'pg_wal'))).length);
    }
    // 64 MiB between two checkpoints, of which PostgreSQL keeps some to use again; all of it would be 19.
    expect(Math.max(...segments)).toBeLessThan(12);
  });

  test('when its log cannot be written it ends, instead of hanging; a restart has what was committed', async () => {
    await using dir = await makeDatabase();
    // A limit of the process stands in for a full disk: no file longer than 8 MiB, and a segment of the log has 16.
    const limited = `trap '' XFSZ; ulimit -f 8192; exec "$0" "$@"`;
    await using writer = await startChild('bash', [
      '-c',
      limited,
      process.execPath,
      WRITER,
      dir.path,
    ]);
    await until('the writer to end', () => writer.ended, { timeoutMs: 40_000 });
    expect(writer.log).toContain('failed database-unusable\n');
    expect(writer.log).toContain('then database-unusable\n');
    const said = committed(writer);
    expect(said).toBeGreaterThan(0);
    expect(await stored(dir.path)).toStrictEqual(whole(said));
  });

  test('files that are no database are an error that says so', async () => {
    await using dir = await tempDir('pglite-broken');
    await mkdir(join(dir.path, 'data'));
    await mkdir(join(dir.path, 'data', 'PG_VERSION'));
    await expect(openEmbeddedDatabase({ directory: dir.path })).rejects.toMatchObject({
      kind: 'stop',
      code: 'database-unusable',
    });
  });
});
