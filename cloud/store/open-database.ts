/** The database that the config asks for, ready for use: checked, and its schema up to date. */
import { checkDatabase } from './check-database.ts';
import { openEmbeddedDatabase } from './embedded-database.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import type { Database } from './store.ts';

export type OpenDatabaseOptions =
  | {
      /** Embedded, in this directory. */
      readonly directory: string;
      /** Transactions are refused while the file system has less room than this. Default 256 MiB. */
      readonly freeBytesMin?: number;
    }
  | {
      /** A server. */
      readonly url: string;
      /** Default 8. */
      readonly connectionsMax?: number;
    };

/**
 * Rejects with `database-unavailable` (try again), or with `directory-in-use`, `database-unusable` or
 * `schema-mismatch` (a person has to look).
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  await using stack = new AsyncDisposableStack();
  const db = stack.use(
    'url' in options ? openPostgres(options) : await openEmbeddedDatabase(options),
  );
  await checkDatabase(db);
  await migrate(db);
  stack.move();
  return db;
}
