/**
 * The embedded database: PostgreSQL compiled to WebAssembly, in this process, its files in a directory.
 *
 * PGlite as it comes does not keep what `store.ts` promises. What is added here, and why:
 *
 * - fsync (G2). PGlite starts PostgreSQL with fsync off, and the file system that its runtime offers has no
 *   fsync: a commit is in the kernel's hands, safe from kill -9 but not from a power cut, which can even ruin
 *   the files for lack of order. Here fsync is on and reaches the disk, and opening checks that it does.
 * - A bounded log (G7). PostgreSQL checkpoints by itself only where it has a checkpointer process.
 * - An end after a panic. When PostgreSQL cannot write its log it aborts, and PGlite would call it again for
 *   ever. Here a database that aborted answers nothing but `database-unusable`; a restart recovers it.
 * - Room (G7). So that it does not come to that, a transaction is refused while the disk is nearly full.
 * - One process (`directory-lock.ts`), and a first start that is there as a whole or not at all.
 *
 * ```
 *   <directory>/lock      held while open
 *   <directory>/data      the database
 *   <directory>/data.new  a first start under way, or one that was interrupted
 * ```
 */
import { existsSync, fsyncSync } from 'node:fs';
import { rename, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { PGlite, type PGliteOptions, type Results } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

import { assert, AssertionError } from '#shared/assert.ts';

import { lockDirectory } from './directory-lock.ts';
import { PARSERS } from './sql-values.ts';
import { fromSqlState, unavailable, unusable } from './sqlstate.ts';
import type { Database, Queryable, SqlParam } from './store.ts';
import { syncTree } from './sync-tree.ts';

const MIB = 1024 * 1024;

/** A checkpoint after this much log: what a start after a crash has to replay at most, a second or two. */
const LOG_BYTES_MAX = 64 * MIB;

/** Much more than a transaction and a checkpoint write. */
const FREE_BYTES_MIN = 256 * MIB;

const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'), // -F: fsync off
  ...['-c', 'wal_sync_method=fsync'], // of the ways to sync, the one that reaches `NodeFS`
  ...['-c', 'shared_buffers=64MB'],
];

export type PgliteOptions = {
  /** Made if it is not there. */
  readonly directory: string;
  /** Transactions are refused while the file system has less room than this. Default 256 MiB. */
  readonly freeBytesMin?: number;
};

/** Rejects with `database-in-use`, or with `database-unusable` when the files cannot be opened. */
export async function openPglite(options: PgliteOptions): Promise<Database> {
  await using stack = new AsyncDisposableStack();
  const directory = resolve(options.directory);
  stack.use(lockDirectory(directory));
  const data = join(directory, 'data');
  if (!existsSync(data)) await initialise(directory, data);

  const files = new SyncedNodeFs(data);
  const engine = await start(files);
  stack.defer(() => engine.close());
  await checkSync(engine, files);

  const owned = stack.move();
  const freeBytesMin = options.freeBytesMin ?? FREE_BYTES_MIN;
  return databaseOf(engine, { data, freeBytesMin, close: () => owned.disposeAsync() });
}

async function initialise(directory: string, data: string): Promise<void> {
  const fresh = join(directory, 'data.new');
  await rm(fresh, { recursive: true, force: true });
  const engine = await start(new SyncedNodeFs(fresh));
  await engine.close();
  syncTree(fresh);
  await rename(fresh, data);
  syncTree(directory, { depthMax: 0 });
}

type Internals = { readonly engine: PGlite; readonly data: string };

function databaseOf(
  engine: PGlite,
  { data, freeBytesMin, close }: { data: string; freeBytesMin: number; close: () => Promise<void> },
): Database {
  const exclusively = mutex();
  let checkpointAt = 0;

  const boundLog = async (): Promise<void> => {
    const [log] = await run<{ at: number }>(
      engine,
      `SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::int8 AS at`,
    );
    assert(log !== undefined, 'one row');
    if (log.at - checkpointAt < LOG_BYTES_MAX) return;
    await run(engine, 'CHECKPOINT');
    checkpointAt = log.at;
  };

  const tx: Queryable = { query: (sql, params) => run(engine, sql, params) };
  return {
    engine: 'pglite',
    query: (sql, params) => exclusively(() => run(engine, sql, params)),
    transaction: (work) =>
      exclusively(async () => {
        await checkRoom(data, freeBytesMin);
        await boundLog();
        return await transact(engine, () => work(tx));
      }),
    [Symbol.asyncDispose]: () => exclusively(close),
  };
}
