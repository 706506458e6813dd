/**
 * The embedded database: PGlite in a directory, with what a server has and it has not.
 *
 * ```
 *   <directory>/lock      held while it is open: one process at a time
 *   <directory>/data      the database
 *   <directory>/data.new  a first start under way, or one that was interrupted
 * ```
 *
 * - There as a whole or not at all: the first start makes the files aside, syncs them, and renames.
 * - A bounded log (G7): PostgreSQL checkpoints by itself only where it has a process for it.
 * - Room (G7): a transaction is refused while the disk is nearly full; running full in the middle of one would
 *   make PostgreSQL abort.
 */
import { existsSync } from 'node:fs';
import { rename, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { AssertionError } from '#shared/assert.ts';
import { lockDirectory } from '#shared/directory-lock.ts';

import { type Engine, startEngine } from './pglite.ts';
import { unavailable } from './sqlstate.ts';
import type { Database, Queryable, SqlParam } from './store.ts';
import { syncPath, syncTree } from './sync-tree.ts';

const MIB = 1024 * 1024;

/** A checkpoint after this much log: it is what a start after a crash has to replay, a second or two. */
const LOG_BYTES_MAX = 64 * MIB;

/** Much more than a transaction and a checkpoint write. */
const FREE_BYTES_MIN = 256 * MIB;

export type EmbeddedDatabaseOptions = {
  /** Made if it is not there. */
  readonly directory: string;
  /** Transactions are refused while the file system has less room than this. Default 256 MiB. */
  readonly freeBytesMin?: number;
};

/** Rejects with `directory-in-use`, or with `database-unusable` when the files do not open. */
export async function openEmbeddedDatabase({
  directory,
  freeBytesMin = FREE_BYTES_MIN,
}: EmbeddedDatabaseOptions): Promise<Database> {
  await using stack = new AsyncDisposableStack();
  const root = resolve(directory);
  stack.use(lockDirectory(root));
  const data = join(root, 'data');
  if (!existsSync(data)) await initialise(root, data);
  const engine = stack.use(await startEngine(data));

  const owned = stack.move();
  const exclusively = mutex();
  const boundLog = logBound(engine);
  const tx: Queryable = {
    async query<Row extends object>(sql: string, params?: readonly SqlParam[]): Promise<Row[]> {
      return (await engine.query(sql, params)).rows as Row[];
    },
  };
  return {
    engine: 'pglite',
    query: (sql, params) => exclusively(() => tx.query(sql, params)),
    transaction: (run) =>
      exclusively(async () => {
        await checkRoom(data, freeBytesMin);
        await boundLog();
        return await transact(engine, () => run(tx));
      }),
    [Symbol.asyncDispose]: () => exclusively(() => owned.disposeAsync()),
  };
}

async function initialise(root: string, data: string): Promise<void> {
  const fresh = join(root, 'data.new');
  await rm(fresh, { recursive: true, force: true });
  const engine = await startEngine(fresh);
  await engine[Symbol.asyncDispose]();
  syncTree(fresh);
  await rename(fresh, data);
  syncPath(root);
}

async function transact<T>(engine: Engine, run: () => Promise<T>): Promise<T> {
  await engine.query('BEGIN');
  let result: T;
  try {
    result = await run();
  } catch (error) {
    await engine.query('ROLLBACK');
    throw error;
  }
  const { command } = await engine.query('COMMIT');
  // After a statement that failed, COMMIT rolls back.
  if (command !== 'COMMIT')
    throw new AssertionError('the error of a statement in a transaction was ignored');
  return result;
}

/** Checkpoints when there is enough to. */
function logBound(engine: Engine): () => Promise<void> {
  let checkpointAt = 0;
  return async () => {
    const { rows } = await engine.query(
      `SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::int8 AS at`,
    );
    const [{ at }] = rows as [{ at: number }];
    if (at - checkpointAt < LOG_BYTES_MAX) return;
    await engine.query('CHECKPOINT');
    checkpointAt = at;
  };
}

async function checkRoom(path: string, freeBytesMin: number): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const freeBytes = bavail * bsize;
  if (freeBytes >= freeBytesMin) return;
  throw unavailable(
    new Error(
      `${path} has ${Math.floor(freeBytes / MIB)} MiB of room left, and needs ${Math.ceil(freeBytesMin / MIB)}`,
    ),
  );
}

/** Runs what it is given one after the other, in order. */
function mutex(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const result = last.then(run, run);
    last = result.catch(() => {});
    return result;
  };
}
