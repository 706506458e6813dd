/** Tests that run on every database there is: each with an empty one of its own. */
import { cp } from 'node:fs/promises';

import { afterAll, beforeAll, test, type TestAPI } from 'vitest';

import { startPostgres } from '#shared/testing/postgres.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { openEmbeddedDatabase } from '../embedded-database.ts';
import { openDatabase, type OpenDatabaseOptions } from '../open-database.ts';
import type { Database } from '../store.ts';

export const ENGINES = ['pglite', 'postgres'] as const;

export type EngineName = (typeof ENGINES)[number];

/** Where empty databases come from. */
export type DatabaseSource = AsyncDisposable & {
  /** How to open a new one, which goes when it is disposed of. */
  empty(): Promise<AsyncDisposable & { readonly options: OpenDatabaseOptions }>;
};

type Fixtures = {
  /** Of an empty database without a schema. */
  options: OpenDatabaseOptions;
  /** That database, opened. */
  db: Database;
};

/**
 * The `test` of a `describe` for one engine: `describe.each(ENGINES)('… on %s', (engine) => { const test =
 * databaseTest(engine); … })`. Skips where no PostgreSQL server is installed.
 */
export function databaseTest(engine: EngineName): TestAPI<Fixtures> {
  let source: DatabaseSource | null = null;
  beforeAll(async () => {
    source = await startSource(engine);
  });
  afterAll(async () => {
    await source?.[Symbol.asyncDispose]();
  });
  return test.extend<Fixtures>({
    options: async ({ skip }, use) => {
      if (source === null) return skip('no PostgreSQL server is installed here');
      await using empty = await source.empty();
      await use(empty.options);
    },
    db: async ({ options }, use) => {
      await using db = await openDatabase(options);
      await use(db);
    },
  });
}

/** Null where the engine is not installed. */
export async function startSource(engine: EngineName): Promise<DatabaseSource | null> {
  return engine === 'pglite' ? await startEmbedded() : await startServer();
}

/** Making a PGlite database takes seconds; copying one does not. */
async function startEmbedded(): Promise<DatabaseSource> {
  const template = await tempDir('pglite-template');
  const made = await openEmbeddedDatabase({ directory: template.path });
  await made[Symbol.asyncDispose]();
  return {
    async empty() {
      const dir = await tempDir('pglite');
      await cp(template.path, dir.path, { recursive: true });
      return {
        options: { directory: dir.path },
        [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
      };
    },
    [Symbol.asyncDispose]: () => template[Symbol.asyncDispose](),
  };
}

async function startServer(): Promise<DatabaseSource | null> {
  const server = await startPostgres();
  if (server === null) return null;
  let databases = 0;
  return {
    async empty() {
      const url = await server.createDatabase(`test_${++databases}`);
      return { options: { url }, [Symbol.asyncDispose]: () => Promise.resolve() };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
