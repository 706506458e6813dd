import { Client } from 'pg';
import { expect, test } from 'vitest';

import { startPostgres } from './postgres.ts';

test('a PostgreSQL for tests keeps what was committed through a kill -9, in databases of their own', async ({
  skip,
}) => {
  await using server = await startPostgres();
  if (server === null) return skip('no PostgreSQL server is installed');

  const url = await server.createDatabase('one');
  await query(url, 'CREATE TABLE event (seq int); INSERT INTO event VALUES (7)');
  const other = await server.createDatabase('other');
  await expect(query(other, 'SELECT seq FROM event')).rejects.toThrow('does not exist');

  await server.restart();
  expect(await query(url, 'SELECT seq FROM event')).toEqual([{ seq: 7 }]);
  expect(await query(url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}
