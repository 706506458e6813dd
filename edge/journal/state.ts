/** The journal's small state database: its id, and what is applied. Holding it open is the directory's lock. */
import { join } from 'node:path';

import { TallyError } from '#shared/errors.ts';
import { makeDirectory } from '#shared/make-directory.ts';
import type { Range } from '#shared/ranges.ts';

import { JOURNAL_FORMAT, STATE_SCHEMA } from './schema.ts';
import { openToWrite, type Sqlite } from './sqlite.ts';

export class JournalState implements Disposable {
  readonly #db: Sqlite;

  private constructor(db: Sqlite) {
    this.#db = db;
  }

  /** Opens or makes the state; refused while another process has it. */
  static open(directory: string): JournalState {
    makeDirectory(directory);
    try {
      return new JournalState(openLocked(directory));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') {
        throw new TallyError(
          'stop',
          'journal-unusable',
          `${directory}: another process has this journal open`,
          { cause: error },
        );
      }
      throw error;
    }
  }

  /** The journal's id, if it has one. */
  epoch(): string | undefined {
    return this.#db.prepare<[], { epoch: string }>('SELECT epoch FROM journal').get()?.epoch;
  }

  begin(epoch: string, nowMs: number): void {
    this.#db
      .prepare('INSERT INTO journal (one, epoch, created_ms) VALUES (1, ?, ?)')
      .run(epoch, nowMs);
  }

  applied(): Range[] {
    return this.#db
      .prepare<[], { first_seq: number; last_seq: number }>(
        'SELECT first_seq, last_seq FROM applied ORDER BY first_seq',
      )
      .all()
      .map((row) => [row.first_seq, row.last_seq]);
  }

  saveApplied(ranges: Iterable<Range>): void {
    const insert = this.#db.prepare('INSERT INTO applied (first_seq, last_seq) VALUES (?, ?)');
    this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM applied').run();
      for (const [first, last] of ranges) insert.run(first, last);
    })();
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

function openLocked(directory: string): Sqlite {
  const db = openToWrite(join(directory, 'state.db'), 0);
  try {
    // Exclusive from the first write until the process ends, however it ends.
    db.pragma('locking_mode = EXCLUSIVE');
    db.transaction(() => prepare(db, directory)).immediate();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepare(db: Sqlite, directory: string): void {
  const version = db.pragma('user_version', { simple: true });
  if (version === 0) {
    db.exec(STATE_SCHEMA);
    db.pragma(`user_version = ${JOURNAL_FORMAT}`);
  } else if (version !== JOURNAL_FORMAT) {
    throw new TallyError(
      'stop',
      'journal-unusable',
      `${directory}: journal format ${String(version)}; this version of Tallyport reads ${JOURNAL_FORMAT}`,
    );
  } else {
    // Takes the lock: a transaction that reads only would not.
    db.pragma(`user_version = ${JOURNAL_FORMAT}`);
  }
}
