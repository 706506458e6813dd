import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startPostgres, type TestPostgres } from '#shared/testing/postgres.ts';
import { until } from '#shared/testing/until.ts';

import { openDatabase } from './open-database.ts';
import { openPostgres } from './postgres.ts';

const UNAVAILABLE = { kind: 'retry', code: 'database-unavailable', retryAfterMs: 1000 };

describe('a PostgreSQL server', () => {
  let server: TestPostgres | null = null;
  let databases = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  const check = test.extend<{ given: { server: TestPostgres; url: string } }>({
    given: async ({ skip }, use) => {
      if (server === null) return skip('no PostgreSQL server is installed here');
      await use({ server, url: await server.createDatabase(`crash_${++databases}`) });
    },
  });

  check(
    'a server that is killed is not available; when it is back, so is all that was committed',
    async ({ given }) => {
      await using db = await openDatabase({ url: given.url });
      await db.query('CREATE TABLE t (a int)');
      await db.transaction((tx) => tx.query('INSERT INTO t VALUES (1)'));

      await given.server.kill('SIGKILL');
      // Its backends end a moment after it.
      const error = await until('the connection to be lost', () =>
        db.query('SELECT 1').then(
          () => undefined,
          (thrown: unknown) => thrown,
        ),
      );
      expect(error).toMatchObject(UNAVAILABLE);
      await expect(db.transaction((tx) => tx.query('SELECT 1'))).rejects.toMatchObject(UNAVAILABLE);
      await expect(openDatabase({ url: given.url })).rejects.toMatchObject(UNAVAILABLE);

      await given.server.restart();
      await until('the database to answer', () => db.query('SELECT 1'));
      expect(await db.query('SELECT a FROM t')).toStrictEqual([{ a: 1 }]);
    },
  );

  check(
    'a connection that is lost in a transaction fails it, and nothing of it stays',
    async ({ given }) => {
      await using db = await openDatabase({ url: given.url });
      await db.query('CREATE TABLE t (a int)');
      const losing = db.transaction(async (tx) => {
        await tx.query('INSERT INTO t VALUES (1)');
        const [backend] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await db.query('SELECT pg_terminate_backend($1)', [backend?.pid ?? 0]);
        await tx.query('INSERT INTO t VALUES (2)');
      });
      await expect(losing).rejects.toMatchObject(UNAVAILABLE);
      expect(await db.query('SELECT a FROM t')).toStrictEqual([]);
    },
  );

  check('G7 bounded: there are never more connections than there may be', async ({ given }) => {
    await using db = openPostgres({ url: given.url, connectionsMax: 3 });
    const counts = await Promise.all(
      Array.from({ length: 12 }, () =>
        db.query<{ count: number }>(
          'SELECT count(*) AS count, pg_sleep(0.02)::text FROM pg_stat_activity WHERE datname = current_database()',
        ),
      ),
    );
    for (const [row] of counts) expect(row?.count).toBeLessThanOrEqual(3);
  });

  check.for([
    ['a database that is not there', '/nowhere_at_all'],
    ['a user that is not there', '?user=nobody_at_all'],
  ] as const)('%s is for a person to mend', async ([, change], { given }) => {
    const url = change.startsWith('/') ? new URL(change, given.url).href : `${given.url}${change}`;
    await expect(openDatabase({ url })).rejects.toMatchObject({
      kind: 'stop',
      code: 'database-unusable',
    });
  });

  check(
    'what the URL sets for the session stays, except what times and commits need',
    async ({ given }) => {
      const options = encodeURIComponent(
        '-c timezone=Asia/Tokyo -c synchronous_commit=off -c search_path=public,x',
      );
      await using db = await openDatabase({ url: `${given.url}?options=${options}` });
      expect(
        await db.query(
          "SELECT current_setting('search_path') AS path, current_setting('synchronous_commit') AS commit, 'epoch'::timestamptz AS time",
        ),
      ).toStrictEqual([{ path: 'public,x', commit: 'on', time: 0 }]);
    },
  );

  check('a URL that is none is for a person to mend', async () => {
    await expect(openDatabase({ url: 'localhost' })).rejects.toMatchObject({
      kind: 'stop',
      code: 'database-unusable',
    });
  });

  check('G2 no-loss: a server that would lose commits is refused', async ({ given }) => {
    await using db = await openDatabase({ url: given.url });
    await db.query('ALTER SYSTEM SET full_page_writes = off');
    await db.query('SELECT pg_reload_conf()');
    try {
      await until('the server to have read its settings', async () => {
        const [row] = await db.query<{ value: string }>(
          "SELECT current_setting('full_page_writes') AS value",
        );
        return row?.value === 'off';
      });
      await expect(openDatabase({ url: given.url })).rejects.toMatchObject({
        kind: 'stop',
        code: 'database-unusable',
        message: expect.stringContaining('full_page_writes=off') as unknown,
      });
    } finally {
      await db.query('ALTER SYSTEM RESET full_page_writes');
      await db.query('SELECT pg_reload_conf()');
    }
  });
});

test('G2 no-loss: nothing that listens where the server should is not available, and not a crash', async () => {
  await expect(openDatabase({ url: 'postgresql://nobody@127.0.0.1:1/none' })).rejects.toMatchObject(
    UNAVAILABLE,
  );
});
