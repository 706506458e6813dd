/** Tests that run on every database there is: each with an empty one of its own. */
import { cp } from 'node:fs/promises';

import { afterAll, beforeAll, test, type TestAPI } from 'vitest';

import { startPostgres } from '#shared/testing/postgres.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { openEmbeddedDatabase } from '../embedded-database.ts';
import { migrate } from '../migrate.ts';
import { openDatabase, type OpenDatabaseOptions } from '../open-database.ts';
import type { Database } from '../store.ts';

export const ENGINES = ['pglite', 'postgres'] as const;

type EngineName = (typeof ENGINES)[number];

/** Where empty databases come from. */
type DatabaseSource = AsyncDisposable & {
  /** How to open a new one, which goes when it is disposed of. */
  empty(): Promise<AsyncDisposable & { readonly options: OpenDatabaseOptions }>;
};

const NOT_INSTALLED = 'no PostgreSQL server is installed here';

type Fixtures = {
  /** Empty, with the schema; shared with the other tests, so it is neither closed nor killed. */
  db: Database;
  /** How to open a database of this test's own, which has no schema yet. */
  options: OpenDatabaseOptions;
};

/**
 * The `test` of a `describe` for one engine, skipped where no PostgreSQL server is installed:
 *
 * ```
 * describe.each(ENGINES)('events on %s', (engine) => {
 *   const check = databaseTest(engine);
 *   check('…', async ({ db }) => { … });
 * ```
 */
export function databaseTest(engine: EngineName): TestAPI<Fixtures> {
  const stack = new AsyncDisposableStack();
  let source: DatabaseSource | null = null;
  let shared: Database | undefined;
  beforeAll(async () => {
    source = await startSource(engine);
    stack.use(source);
  });
  afterAll(() => stack.disposeAsync());

  return test.extend<Fixtures>({
    db: async ({ skip }, use) => {
      if (source === null) return skip(NOT_INSTALLED);
      shared ??= stack.use(await openDatabase(stack.use(await source.empty()).options));
      await empty(shared);
      await use(shared);
    },
    options: async ({ skip }, use) => {
      if (source === null) return skip(NOT_INSTALLED);
      await using own = await source.empty();
      await use(own.options);
    },
  });
}

async function empty(db: Database): Promise<void> {
  await db.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await migrate(db);
}

/** Null where the engine is not installed. */
async function startSource(engine: EngineName): Promise<DatabaseSource | null> {
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
