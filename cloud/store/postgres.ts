/** A PostgreSQL server, through a bounded pool of connections. */
import pg from 'pg';

import { assert, AssertionError } from '#shared/assert.ts';

import { PARSERS } from './sql-values.ts';
import { fromSqlState, unavailable, unusable } from './sqlstate.ts';
import type { Database, Queryable, SqlParam } from './store.ts';

const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** When the server is silent: later than it would have cancelled the statement itself. */
const SILENCE_TIMEOUT_MS = 40_000;
const CONNECTIONS_MAX = 8;

/** What the texts that the server sends look like, and that a commit waits for the disk, whatever its defaults. */
const SESSION = [
  'timezone=UTC',
  'datestyle=ISO',
  'bytea_output=hex',
  'extra_float_digits=1',
  'synchronous_commit=on',
];

export type PostgresOptions = {
  /** `postgresql://user:password@host:port/database?sslmode=…`. */
  readonly url: string;
  /** Default 8. */
  readonly connectionsMax?: number;
};

/** Connects at the first query, and again after the connection was lost. */
export function openPostgres({ url, connectionsMax = CONNECTIONS_MAX }: PostgresOptions): Database {
  const pool = new pg.Pool({
    connectionString: withSession(url),
    max: connectionsMax,
    application_name: 'tally cloud',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: SILENCE_TIMEOUT_MS,
    idle_in_transaction_session_timeout: SILENCE_TIMEOUT_MS,
    keepAlive: true,
    types: { getTypeParser },
  });
  // A lost connection is told to whoever uses it, by the query that fails; nobody else has to know.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));

  return {
    engine: 'postgres',
    query: (sql, params) => rowsOf(pool, sql, params),
    transaction: (run) => transact(pool, run),
    async [Symbol.asyncDispose]() {
      if (!pool.ending) await pool.end();
    },
  };
}

/** The URL with the session's settings added to what it has of its own. */
function withSession(url: string): string {
  if (!URL.canParse(url))
    throw unusable('its URL is none: expected postgresql://user@host/database');
  const parsed = new URL(url);
  const own = parsed.searchParams.get('options') ?? '';
  const session = SESSION.map((setting) => `-c ${setting}`).join(' ');
  parsed.searchParams.set('options', `${own} ${session}`.trim());
  return parsed.href;
}

async function transact<T>(pool: pg.Pool, run: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await translated(() => pool.connect());
  let clean = false;
  try {
    await resultOf(client, 'BEGIN');
    let result: T;
    try {
      result = await run({ query: (sql, params) => rowsOf(client, sql, params) });
    } catch (error) {
      await resultOf(client, 'ROLLBACK').then(() => (clean = true), ignoreLostConnection);
      throw error;
    }
    const { command } = await resultOf(client, 'COMMIT');
    clean = true;
    // After a statement that failed, COMMIT rolls back.
    if (command !== 'COMMIT')
      throw new AssertionError('the error of a statement in a transaction was ignored');
    return result;
  } finally {
    // A connection in an unknown state is closed, not pooled.
    client.release(!clean);
  }
}

/** The server rolls back by itself; the error that came first says more. */
function ignoreLostConnection(): void {}

type Result = pg.QueryResult<Record<string, unknown>>;

type Connection = pg.Pool | pg.PoolClient;

async function rowsOf<Row extends object>(
  connection: Connection,
  sql: string,
  params?: readonly SqlParam[],
): Promise<Row[]> {
  return (await resultOf(connection, sql, params)).rows as Row[];
}

async function resultOf(
  connection: Connection,
  sql: string,
  params?: readonly SqlParam[],
): Promise<Result> {
  const result: Result | Result[] = await translated(() =>
    params === undefined ? connection.query(sql) : connection.query(sql, [...params]),
  );
  const last = [result].flat().at(-1);
  assert(last !== undefined, 'a result for every query');
  return last;
}

/** What went wrong between here and the server, rather than with a statement, is `database-unavailable`. */
async function translated<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof pg.DatabaseError) throw fromSqlState(error.code ?? '', error);
    if (error instanceof AssertionError || error instanceof TypeError) throw error;
    throw unavailable(error);
  }
}

function getTypeParser(oid: number): (text: string) => unknown {
  return PARSERS[oid] ?? ((text) => text);
}
