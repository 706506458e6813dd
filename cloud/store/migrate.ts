/**
 * The schema, brought up to date one numbered file after the other.
 *
 * - Forward only, each file in a transaction of its own that also records it.
 * - A file that was applied never changes: its checksum is recorded and compared.
 * - A database that a newer program has been at is refused, not guessed at (G9).
 * - Two programs that start at once take turns.
 */
import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { assert } from '#shared/assert.ts';
import { TallyError } from '#shared/errors.ts';

import type { Database, Queryable } from './store.ts';

const DIRECTORY = fileURLToPath(new URL('./migrations/', import.meta.url));

/** `0001-what-it-does.sql` */
const FILE = /^(\d{4})-[a-z0-9-]+\.sql$/u;

/** Any number that nothing else uses as an advisory lock in this database. */
const LOCK = 7_241_355;

type Migration = {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
};

type Applied = Pick<Migration, 'version' | 'name' | 'checksum'>;

/** Applies what is missing. Rejects with `schema-mismatch` when the database is not one of this program's past. */
export async function migrate(db: Database, directory = DIRECTORY): Promise<void> {
  const migrations = await read(directory);
  let more = true;
  while (more) more = await db.transaction((tx) => step(tx, migrations));
}

/** Applies the next migration; false when there is none. */
async function step(tx: Queryable, migrations: readonly Migration[]): Promise<boolean> {
  await takeTurn(tx);
  await makeTable(tx);
  const applied = await readApplied(tx);
  for (const one of applied) checkApplied(one, migrations[one.version - 1]);
  const next = migrations[applied.length];
  if (next === undefined) return false;
  await tx.query(next.sql);
  await record(tx, next);
  return true;
}

function checkApplied(applied: Applied, known: Migration | undefined): void {
  if (known === undefined) {
    throw mismatch(
      `it has ${applied.name}, which this version does not know: a newer version has been at it; run that one`,
    );
  }
  if (applied.checksum !== known.checksum) {
    throw mismatch(
      `it has another ${applied.name} than this version's ${known.name}: run the version that made it`,
    );
  }
}

function mismatch(what: string): TallyError {
  return new TallyError(
    'stop',
    'schema-mismatch',
    `the database's schema is not this version's: ${what}`,
  );
}

/** The migrations in order; their numbers are 1, 2, 3 … */
async function read(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).sort();
  return await Promise.all(
    names.map(async (name, i) => {
      const version = Number(FILE.exec(name)?.[1]);
      assert(version === i + 1, `migration ${i + 1} is missing or misnamed: ${name}`);
      const sql = await readFile(join(directory, name), 'utf8');
      return { version, name, sql, checksum: hash('sha256', sql) };
    }),
  );
}

/**
 * Which migrations this database has: their number, their file, the SHA-256 of the file in hexadecimal, and when
 * they were applied.
 */
async function makeTable(tx: Queryable): Promise<void> {
  await tx.query(
    `CREATE TABLE IF NOT EXISTS schema_migration (
       version     integer PRIMARY KEY,
       name        text NOT NULL,
       checksum    text NOT NULL,
       applied_at  timestamptz NOT NULL DEFAULT now()
     )`,
  );
}

async function takeTurn(tx: Queryable): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
}

async function readApplied(tx: Queryable): Promise<Applied[]> {
  return await tx.query<Applied>(
    'SELECT version, name, checksum FROM schema_migration ORDER BY version',
  );
}

async function record(tx: Queryable, { version, name, checksum }: Migration): Promise<void> {
  await tx.query('INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)', [
    version,
    name,
    checksum,
  ]);
}
