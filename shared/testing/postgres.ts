/** A real PostgreSQL server for a test, on 127.0.0.1 with fsync on, gone when disposed of. */
import { escapeIdentifier } from 'pg';

import type { Child } from './child.ts';
import { freePort } from './free-port.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { createCluster, databaseUrl, execute, type PostgresCluster } from './postgres-cluster.ts';
import { tempDir } from './temp-dir.ts';
import { until } from './until.ts';

/** Starting anew, on another port, when somebody took it between the look and the start. */
const START_TRIES_MAX = 5;
const RESTART_TIMEOUT_MS = 30_000;

export type TestPostgres = AsyncDisposable & {
  /** `postgresql://postgres@127.0.0.1:<port>/postgres` */
  readonly url: string;
  readonly port: number;
  /** Of the server's first process. */
  readonly pid: number;
  /** The last of what the server logged. */
  readonly log: string;
  /** Makes an empty database of its own, and gives its URL. The name is new to this server. */
  createDatabase(name: string): Promise<string>;
  /** Default SIGKILL. Resolves when the server has ended (at once for SIGSTOP and SIGCONT). */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and data, after a SIGKILL when it still runs. Resolves when it answers. */
  restart(): Promise<void>;
};

/** Resolves when the server answers; to null where no PostgreSQL server is installed. */
export async function startPostgres(): Promise<TestPostgres | null> {
  const binaries = await findPostgresBinaries(process.env['PATH'] ?? '');
  if (binaries === null) return null;

  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir('postgres'));
  const cluster = await createCluster(binaries, dir.path);
  const { child, port } = await startOnFreePort(cluster);
  let server = child;
  const owned = stack.move();

  return {
    url: databaseUrl(port, 'postgres'),
    port,
    get pid() {
      return server.pid;
    },
    get log() {
      return server.log;
    },
    async createDatabase(name) {
      await execute(databaseUrl(port, 'postgres'), `CREATE DATABASE ${escapeIdentifier(name)}`);
      return databaseUrl(port, name);
    },
    kill: (signal = 'SIGKILL') => server.kill(signal),
    async restart() {
      await server.kill('SIGKILL');
      // The backends of a server that was killed end a moment after it; until then it refuses to start.
      server = await until('PostgreSQL to start again', () => cluster.start(port), {
        timeoutMs: RESTART_TIMEOUT_MS,
        intervalMs: 100,
      });
    },
    async [Symbol.asyncDispose]() {
      // SIGQUIT ends the backends too; SIGCONT because a stopped server would never see it.
      await server.kill('SIGCONT');
      await server.kill('SIGQUIT');
      await owned.disposeAsync();
    },
  };
}

async function startOnFreePort(cluster: PostgresCluster): Promise<{ child: Child; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { child: await cluster.start(port), port };
    } catch (error) {
      if (attempt === START_TRIES_MAX) throw error;
    }
  }
}
