/** SQLite as the journal uses it: the one importer of the driver. */
import { closeSync, openSync, readSync } from 'node:fs';

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
const MODES_AT = 18;
const PAGE_BYTES = 4096;
/** SQLite's own default, 4 MiB of log; less where segments are small. */
const CHECKPOINT_PAGES_MAX = 1000;

/**
 * Opens a database to write, in WAL mode with every commit fsynced (G1). The driver's build makes WAL databases
 * `synchronous=NORMAL`, which forgets acknowledged rows at a power cut: set, read back, and refused otherwise.
 */
export function openToWrite(
  path: string,
  options: { readonly segmentBytesMax?: number; readonly isExclusive?: boolean } = {},
): Sqlite {
  const isExclusive = options.isExclusive === true;
  assertModes(path);
  const db = new Database(path, { timeout: isExclusive ? 0 : BUSY_TIMEOUT_MS });
  try {
    // Before the first access: there is then no memory to share, and no file for it.
    if (isExclusive) db.pragma('locking_mode = EXCLUSIVE');
    db.pragma(`page_size = ${PAGE_BYTES}`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma(`wal_autocheckpoint = ${checkpointPages(options.segmentBytesMax)}`);
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

/** What the file says of how it may be written (1.3.3): SQLite takes a damaged number for a version to come, and only reads. */
function assertModes(path: string): void {
  const modes = Buffer.alloc(2);
  try {
    const file = openSync(path, 'r');
    try {
      if (readSync(file, modes, 0, 2, MODES_AT) < 2) return;
    } finally {
      closeSync(file);
    }
  } catch {
    // It is not there yet, or SQLite will say why it cannot be read.
    return;
  }
  if (modes.every((mode) => mode === 1 || mode === 2)) return;
  throw new TallyError('stop', 'journal-damaged', `${path}: its header is damaged`);
}

/** The log of an open segment is at most about a quarter of it. */
function checkpointPages(segmentBytesMax = Number.POSITIVE_INFINITY): number {
  return Math.max(16, Math.min(CHECKPOINT_PAGES_MAX, Math.floor(segmentBytesMax / PAGE_BYTES / 4)));
}

/** Opens a new file to fill at once. Nothing of it is on disk for certain: whoever calls fsyncs it when it is closed. */
export function openToBuild(path: string): Sqlite {
  const db = new Database(path);
  db.pragma(`page_size = ${PAGE_BYTES}`);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  return db;
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

const DAMAGE_CODES = /^SQLITE_(?:CORRUPT|NOTADB|FORMAT)/u;

/** Whether SQLite says that the bytes of a database are wrong, not the disk or the caller. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && DAMAGE_CODES.test(error.code);
}

/** Whether there was no room. SQLite says "disk I/O error" too when it cannot grow its shared memory. */
export function isOutOfRoom(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return false;
  return (
    error.code === 'SQLITE_FULL' ||
    error.code === 'SQLITE_IOERR_SHMSIZE' ||
    error.code === 'SQLITE_IOERR_SHMMAP' ||
    error.code === 'ENOSPC' ||
    error.code === 'EDQUOT'
  );
}

/** Writes what the next opening could do without; whether there was room for it. */
export function ifRoom(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (!isOutOfRoom(error)) throw error;
    return false;
  }
}

/**
 * What a failed write means. A full disk may have room again: nothing was given away, try the next commit.
 * After any other error what the page cache holds is not what the disk holds: stop, and open again.
 */
export function writeError(error: unknown): TallyError {
  if (error instanceof TallyError) return error;
  if (isOutOfRoom(error)) {
    return new TallyError('retry', 'journal-full', 'the disk has no room for the journal', {
      cause: error,
    });
  }
  return new TallyError('stop', 'journal-write', 'the journal cannot be written', { cause: error });
}
