import { appendFile, cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect } from 'vitest';

import { tempDir, type TempDir } from '#shared/testing/temp-dir.ts';

import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import type { Database } from './store.ts';
import { databaseTest, ENGINES } from './testing/database-test.ts';

const DIRECTORY = fileURLToPath(new URL('./migrations/', import.meta.url));

/** The migrations of today. */
const NAMES = (await readdir(DIRECTORY)).toSorted();

/** The same, in a directory that a test may change. */
async function migrations(): Promise<TempDir> {
  const dir = await tempDir('migrations');
  await cp(DIRECTORY, dir.path, { recursive: true });
  return dir;
}

/** The name of a migration `ahead` of the newest of today. */
function nameAhead(ahead: number): string {
  return `${String(NAMES.length + ahead).padStart(4, '0')}-more.sql`;
}

async function namesOf(db: Database): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    'SELECT name FROM schema_migration ORDER BY version',
  );
  return rows.map(({ name }) => name);
}

async function tablesOf(db: Database): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

describe.each(ENGINES)('migrations on %s', (engine) => {
  const check = databaseTest(engine);

  check('an empty database gets the whole schema, and says which', async ({ options }) => {
    await using db = await openDatabase(options);
    expect(await namesOf(db)).toStrictEqual(NAMES);
    expect(await tablesOf(db)).toContain('gateway_epoch');
  });

  check('a database that is up to date stays as it is', async ({ db }) => {
    const before = await db.query(
      'SELECT version, name, checksum, applied_at FROM schema_migration',
    );
    await migrate(db);
    expect(
      await db.query('SELECT version, name, checksum, applied_at FROM schema_migration'),
    ).toStrictEqual(before);
  });

  check('a database of the past gets what is new', async ({ db }) => {
    await using dir = await migrations();
    await writeFile(
      join(dir.path, nameAhead(1)),
      'CREATE TABLE more (a int); CREATE TABLE still_more (a int);',
    );
    await migrate(db, dir.path);
    expect(await namesOf(db)).toStrictEqual([...NAMES, nameAhead(1)]);
    expect(await tablesOf(db)).toEqual(expect.arrayContaining(['more', 'still_more']));
  });

  check('a migration that fails leaves nothing of itself, and is tried again', async ({ db }) => {
    await using dir = await migrations();
    const path = join(dir.path, nameAhead(1));
    await writeFile(path, 'CREATE TABLE more (a int); SELECT 1/0;');
    await expect(migrate(db, dir.path)).rejects.toMatchObject({ code: '22012' });
    expect(await tablesOf(db)).not.toContain('more');
    await writeFile(path, 'CREATE TABLE more (a int);');
    await migrate(db, dir.path);
    expect(await tablesOf(db)).toContain('more');
  });

  check(
    'G9 safe-config: a database that a newer version has been at is refused',
    async ({ db }) => {
      await using dir = await migrations();
      await writeFile(join(dir.path, nameAhead(1)), 'CREATE TABLE more (a int)');
      await migrate(db, dir.path);
      await expect(migrate(db)).rejects.toMatchObject({
        kind: 'stop',
        code: 'schema-mismatch',
        message: expect.stringContaining(
          `${nameAhead(1)}, which this version does not know`,
        ) as unknown,
      });
    },
  );

  check('a migration that was changed after it was applied is refused', async ({ db }) => {
    await using dir = await migrations();
    await appendFile(join(dir.path, '0001-read-model.sql'), '\n-- A word more.\n');
    await expect(migrate(db, dir.path)).rejects.toMatchObject({
      kind: 'stop',
      code: 'schema-mismatch',
      message: expect.stringContaining('another 0001-read-model.sql') as unknown,
    });
  });

  check('a migration that is missing or misnamed is a fault of the program', async ({ db }) => {
    await using dir = await migrations();
    await writeFile(join(dir.path, nameAhead(2)), 'CREATE TABLE more (a int)');
    await expect(migrate(db, dir.path)).rejects.toThrow(
      `migration ${NAMES.length + 1} is missing or misnamed: ${nameAhead(2)}`,
    );
  });

  check('two that migrate at once take turns', async ({ db }) => {
    await db.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await Promise.all([migrate(db), migrate(db), migrate(db)]);
    expect(await namesOf(db)).toStrictEqual(NAMES);
  });
});
