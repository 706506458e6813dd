import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Client } from 'pg';

import { type Child, startChild } from './child.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { until } from './until.ts';

const run = promisify(execFile);

const START_TIMEOUT_MS = 30_000;

/** Small, and as durable as a production server: a kill -9 loses nothing that was committed. */
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '64MB',
  max_connections: '40',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  unix_socket_directories: '',
  listen_addresses: '127.0.0.1',
  timezone: 'UTC',
};

/** The data of one PostgreSQL server, and starting the server on it. */
export type PostgresCluster = {
  /** Resolves when the server answers; rejects with what it logged when it ends instead. */
  start(port: number): Promise<Child>;
};

/** Makes an empty cluster in `dir`, which is empty and becomes the server's. The superuser is `postgres`, without a password. */
export async function createCluster(
  { initdb, postgres }: PostgresBinaries,
  dir: string,
): Promise<PostgresCluster> {
  const user = process.getuid?.() === 0 ? await unprivilegedUser() : undefined;
  if (user !== undefined) await chown(dir, user.uid, user.gid);
  const data = join(dir, 'data');
  await run(
    initdb,
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...user, cwd: dir },
  );
  return {
    async start(port) {
      const settings = Object.entries({ ...SETTINGS, port: String(port) });
      const args = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const child = await startChild(postgres, ['-D', data, ...args], { ...user, cwd: dir });
      try {
        await until('PostgreSQL to answer', () => hasAnswered(child, port), {
          timeoutMs: START_TIMEOUT_MS,
        });
      } catch (error) {
        await child.kill('SIGQUIT');
        throw error;
      }
      if (child.ended !== undefined) {
        throw new Error(`PostgreSQL ended with ${child.ended}:\n${child.log}`);
      }
      return child;
    },
  };
}

/** The URL of a database of the server on that port. */
export function databaseUrl(port: number, database: string): string {
  return `postgresql://postgres@127.0.0.1:${port}/${database}`;
}

/** Runs one statement on a connection of its own. */
export async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // A server that is killed closes the connection; what matters is the answer to the statement.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Whether there is nothing left to wait for: the server answers, or it has ended. */
async function hasAnswered(child: Child, port: number): Promise<boolean> {
  if (child.ended === undefined) await execute(databaseUrl(port, 'postgres'), 'SELECT 1');
  return true;
}

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package makes, or as `nobody`. */
async function unprivilegedUser(): Promise<{ readonly uid: number; readonly gid: number }> {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      // No such user here: the next.
    }
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is neither a user postgres nor nobody',
  );
}
