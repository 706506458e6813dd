/**
 * PostgreSQL compiled to WebAssembly, in this process, on a directory of files: one connection to it.
 *
 * Two things are added to PGlite as it comes:
 *
 * - fsync (G2). It starts PostgreSQL with fsync off, and its file system has no fsync at all: a commit is in the
 *   kernel's hands, safe from kill -9 but not from a power cut, which for want of order can ruin the files.
 *   Here fsync is on, reaches the disk, and opening checks that it does.
 * - An end after a panic. PostgreSQL aborts when it cannot write its log, and PGlite would call it again for
 *   ever, with the process hanging. Here it answers nothing more; a restart of the process recovers the files.
 */
import { fsyncSync } from 'node:fs';

import { PGlite, type Results } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

import { AssertionError } from '#shared/assert.ts';
import { describe } from '#shared/errors.ts';

import { PARSERS } from './sql-values.ts';
import { fromSqlState, unavailable, unusable } from './sqlstate.ts';
import type { SqlParam } from './store.ts';

const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'), // -F: fsync off
  '-c',
  'wal_sync_method=fsync', // of the ways to sync, the one that reaches the file system
  '-c',
  'shared_buffers=64MB',
];

/** How PGlite comes back from an error of a statement: an exit with this status. */
const LONGJMP_STATUS = 100;

const LOG_LINES_MAX = 10;

export type Engine = AsyncDisposable & {
  /** As in `Queryable`; one at a time, the caller sees to it. Rejects with `database-unusable` after a panic. */
  query(sql: string, params?: readonly SqlParam[]): Promise<EngineResult>;
};

/** Of the last statement. */
export type EngineResult = {
  readonly rows: readonly object[];
  /** `SELECT`, `COMMIT` … */
  readonly command: string | undefined;
};

/** Opens the database in `directory`, or makes it there. Rejects with `database-unusable` when it does not open. */
export async function startEngine(directory: string): Promise<Engine> {
  const log: string[] = [];
  const keep = (line: string): boolean => {
    log.push(line);
    return log.length > LOG_LINES_MAX && log.shift() === undefined;
  };
  const files = new SyncedFiles(directory);
  let pglite: PGlite;
  try {
    pglite = await PGlite.create({
      fs: files,
      startParams: START_PARAMS,
      parsers: PARSERS,
      onStdout: keep,
      onStderr: keep,
    });
  } catch (error) {
    throw unusable(`${directory} does not open: ${log.join('; ') || describe(error)}`, error);
  }
  const panicked = endAfterPanic(pglite);
  const engine = engineOf(pglite, panicked);
  await checkThatCommitsAreSynced(engine, files);
  return engine;
}

function engineOf(pglite: PGlite, panicked: () => boolean): Engine {
  return {
    async query(sql, params) {
      try {
        const result: Results<object> | undefined =
          params === undefined
            ? (await pglite.exec(sql)).at(-1)
            : await pglite.query<object>(sql, [...params]);
        return { rows: result?.rows ?? [], command: result?.command };
      } catch (error) {
        if (panicked())
          throw unusable('it aborted; its files recover when the process starts again', error);
        if (pglite.closed) throw unavailable(error);
        throw hasSqlState(error) ? fromSqlState(error.code, error) : error;
      }
    },
    async [Symbol.asyncDispose]() {
      if (!panicked()) await pglite.close();
    },
  };
}

/** The directory, with an fsync that reaches the disk. */
class SyncedFiles extends NodeFS {
  syncs = 0;

  override async init(
    ...args: Parameters<NodeFS['init']>
  ): Promise<Awaited<ReturnType<NodeFS['init']>>> {
    const { emscriptenOpts } = await super.init(...args);
    const addFsync: NonNullable<typeof emscriptenOpts.preRun>[number] = (postgres) => {
      const { stream_ops } = postgres.NODEFS as { readonly stream_ops: object };
      Object.assign(stream_ops, {
        fsync: (stream: { readonly nfd: number }): number => {
          fsyncSync(stream.nfd);
          this.syncs++;
          return 0;
        },
      });
    };
    return {
      emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFsync] },
    };
  }
}

/** Commits something that needs the log, and looks whether that was synced. */
async function checkThatCommitsAreSynced(engine: Engine, files: SyncedFiles): Promise<void> {
  const before = files.syncs;
  await engine.query(`SELECT pg_logical_emit_message(true, 'tally', 'commits are synced')`);
  if (files.syncs === before) throw new AssertionError('PGlite committed without fsync');
}

/** Makes every call into PostgreSQL fail once it aborted. Returns whether it has. */
function endAfterPanic(pglite: PGlite): () => boolean {
  const postgres = pglite.Module;
  let panic: Error | undefined;
  const guarded =
    <Args extends unknown[], R>(call: (...args: Args) => R) =>
    (...args: Args): R => {
      if (panic !== undefined) throw panic;
      return call(...args);
    };
  const loop = postgres._PostgresMainLoopOnce;
  postgres._PostgresMainLoopOnce = guarded(() => {
    try {
      loop();
    } catch (error) {
      if (!isLongjmp(error)) panic = new Error('PostgreSQL aborted', { cause: error });
      throw error;
    }
  });
  // PGlite swallows what the loop throws and goes on with these.
  postgres.stackRestore = guarded(postgres.stackRestore);
  postgres._PostgresSendReadyForQueryIfNecessary = guarded(
    postgres._PostgresSendReadyForQueryIfNecessary,
  );
  return () => panic !== undefined;
}

function isLongjmp(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'status' in error &&
    error.status === LONGJMP_STATUS
  );
}

function hasSqlState(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
