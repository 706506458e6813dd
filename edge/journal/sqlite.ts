/** SQLite as the journal uses it: the one importer of the driver. */
import Database from 'better-sqlite3';

import { TallyError } from '#shared/errors.ts';

export type Sqlite = Database.Database;
export type Statement<Parameters extends unknown[], Row> = Database.Statement<Parameters, Row>;

/** `PRAGMA synchronous` of FULL: each commit is on disk when it returns. */
const SYNCHRONOUS_FULL = 2;
/** The WAL-reset bug of 3.7.0 to 3.51.2 can corrupt a database (SQLite release notes, 3.51.3). */
const VERSION_MIN = [3, 51, 3] as const;

/** For the other thread to get out of the way. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens a database to write, in WAL mode with every commit fsynced (G1). The driver's build makes WAL databases
 * `synchronous=NORMAL`, which forgets acknowledged rows at a power cut: set, read back, and refused otherwise.
 */
export function openToWrite(path: string, busyTimeoutMs = BUSY_TIMEOUT_MS): Sqlite {
  const db = new Database(path, { timeout: busyTimeoutMs });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    if (
      db.pragma('journal_mode', { simple: true }) !== 'wal' ||
      db.pragma('synchronous', { simple: true }) !== SYNCHRONOUS_FULL
    ) {
      throw new TallyError(
        'stop',
        'journal-unusable',
        `${path}: SQLite does not give WAL with synchronous=FULL here`,
      );
    }
    assertVersion(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens a database to read beside its writer. */
export function openToRead(path: string): Sqlite {
  return new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
}

function assertVersion(db: Sqlite): void {
  const version = String(
    db.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get()?.version,
  );
  const parts = version.split('.').map(Number);
  for (const [i, least] of VERSION_MIN.entries()) {
    const part = parts[i] ?? 0;
    if (part > least) return;
    if (part < least) {
      throw new TallyError(
        'stop',
        'journal-unusable',
        `SQLite ${version} can corrupt a journal; ${VERSION_MIN.join('.')} or newer is needed`,
      );
    }
  }
}

/**
 * What a failed write means. A full disk may have room again: nothing was given away, try the next commit.
 * After any other error what the page cache holds is not what the disk holds: stop, and open again.
 */
export function writeError(error: unknown): TallyError {
  const code = error instanceof Database.SqliteError ? error.code : '';
  if (code === 'SQLITE_FULL') {
    return new TallyError('retry', 'journal-full', 'the disk has no room for the journal', {
      cause: error,
    });
  }
  return new TallyError('stop', 'journal-write', 'the journal cannot be written', { cause: error });
}
