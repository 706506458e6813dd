import { unusable } from './sqlstate.ts';
import type { Database } from './store.ts';

/** Multiranges, and `extract` of exact numbers. */
const VERSION_MIN = 14;

type Settings = {
  readonly version: number;
  readonly encoding: string;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
};

/** Rejects with `database-unusable` when the database cannot keep what `store.ts` promises. */
export async function checkDatabase(db: Database): Promise<void> {
  const [settings] = await db.query<Settings>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version,
            current_setting('server_encoding') AS encoding,
            current_setting('fsync') AS fsync,
            current_setting('full_page_writes') AS full_page_writes,
            current_setting('synchronous_commit') AS synchronous_commit`,
  );
  if (settings === undefined) throw unusable('it does not tell its settings');
  const { version, encoding, fsync, full_page_writes, synchronous_commit } = settings;
  if (version < VERSION_MIN)
    throw unusable(`it is PostgreSQL ${version}; ${VERSION_MIN} or newer is needed`);
  if (encoding !== 'UTF8') throw unusable(`its encoding is ${encoding}; UTF8 is needed`);
  for (const [name, value] of Object.entries({ fsync, full_page_writes, synchronous_commit })) {
    if (value === 'off')
      throw unusable(`it runs with ${name}=off, so that a commit would not survive a crash`);
  }
}
