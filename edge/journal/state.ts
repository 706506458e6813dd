/** The journal's small state database. Holding it open is the directory's lock. */
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { TallyError } from '#shared/errors.ts';
import type { Range } from '#shared/ranges.ts';
import type { ShedReason } from '#shared/shed.ts';

import type { ClockReading } from '../clock/clock.ts';
import { FORMAT_MARKS, formatOf, JOURNAL_FORMAT, STATE_SCHEMA } from './schema.ts';
import type { SegmentFacts } from './segment-facts.ts';
import type { SegmentName } from './segment-file.ts';
import { ifRoom, isDamage, openToRead, openToWrite, type Sqlite } from './sqlite.ts';
import { isDamaged } from './is-damaged.ts';

export type ShedCounts = Readonly<Partial<Record<ShedReason, number>>>;

export type EpochRecord = {
  readonly epoch: string;
  readonly createdMs: number;
  /** The accounts at its end; absent for the current one. */
  readonly ended: { readonly headSeq: number; readonly filtered: string } | undefined;
  readonly applied: readonly Range[];
  readonly stored: readonly Range[];
  /** Given up in segments that are gone. */
  readonly shed: ShedCounts;
};

export type SealedSegment = SegmentName & {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly bytes: number;
  readonly fileCrc: number;
  readonly facts: SegmentFacts;
  readonly isGone: boolean;
};

/** All that the state says. */
export type StateContents = {
  readonly epochs: readonly EpochRecord[];
  readonly segments: readonly SealedSegment[];
  readonly boots: readonly ClockReading[];
};

/** What to change, in one transaction. */
export type StateChange = {
  readonly epochs?: readonly EpochRecord[];
  readonly segments?: readonly SealedSegment[];
  /** Segments to forget, by number. */
  readonly forget?: readonly number[];
  readonly boots?: readonly ClockReading[];
};

export const STATE_FILE = 'state.db';
export const PID_FILE = 'pid';
/** About what it takes; its log is then brought in early. */
const STATE_BYTES = 1024 * 1024;

export class JournalState implements Disposable {
  readonly #db: Sqlite;
  readonly #directory: string;

  private constructor(db: Sqlite, directory: string) {
    this.#db = db;
    this.#directory = directory;
  }

  /** Opens or makes the state; refused while another process has it. A damaged one is moved to where `setAside` says. */
  static open(
    directory: string,
    setAside: (file: string) => string,
  ): { state: JournalState; damagedCopy: string | undefined } {
    try {
      const state = new JournalState(openLocked(directory), directory);
      try {
        state.read();
        state.#assertSound();
      } catch (error) {
        state[Symbol.dispose]();
        throw error;
      }
      return { state, damagedCopy: undefined };
    } catch (error) {
      if (isBusy(error)) throw inUse(directory);
      if (!isDamage(error) && !hasLostTable(error) && !isDamaged(error)) throw error;
      const damagedCopy = moveAside(directory, setAside);
      return { state: new JournalState(openLocked(directory), directory), damagedCopy };
    }
  }

  /** Throws `journal-damaged` where a row's checksum does not hold. */
  read(): StateContents {
    return readContents(this.#db);
  }

  /** Some damage only a write meets. */
  #assertSound(): void {
    const verdict = this.#db.pragma('quick_check(1)', { simple: true });
    if (verdict !== 'ok')
      throw new TallyError('stop', 'journal-damaged', `${this.#db.name}: ${String(verdict)}`);
  }

  /** In one transaction, on disk on return. */
  save(change: StateChange): void {
    this.#db.transaction(() => {
      for (const epoch of change.epochs ?? []) put(this.#db, 'epochs', epochRow(epoch));
      for (const segment of change.segments ?? []) put(this.#db, 'segments', segmentRow(segment));
      for (const boot of change.boots ?? []) put(this.#db, 'boots', bootRow(boot));
      const forget = this.#db.prepare('DELETE FROM segments WHERE number = ?');
      for (const number of change.forget ?? []) forget.run(number);
    })();
  }

  forgetEpoch(epoch: string): void {
    this.#db.prepare('DELETE FROM epochs WHERE epoch = ?').run(epoch);
  }

  [Symbol.dispose](): void {
    this.#db.close();
    rmSync(join(this.#directory, PID_FILE), { force: true });
  }
}

/**
 * What a state says that is read beside its owner, or of a dead gateway. It is copied to `scratch` first, because SQLite makes
 * files where it reads; `undefined` where it is missing or damaged.
 */
export function readStateCopy(directory: string, scratch: string): StateContents | undefined {
  try {
    for (const suffix of ['', '-wal']) {
      const from = join(directory, STATE_FILE + suffix);
      if (existsSync(from)) copyFileSync(from, join(scratch, STATE_FILE + suffix));
    }
    const db = openToRead(join(scratch, STATE_FILE));
    try {
      return readContents(db);
    } finally {
      db.close();
    }
  } catch {
    // Whoever reads does without: the segments say what is in them.
    return undefined;
  }
}

type Row = Readonly<Record<string, string | number | null>>;
type Table = 'epochs' | 'segments' | 'boots';

const COLUMNS: Readonly<Record<Table, readonly string[]>> = {
  epochs: ['epoch', 'created_ms', 'ended', 'applied', 'stored', 'shed'],
  segments: ['number', 'epoch', 'first_seq', 'last_seq', 'bytes', 'file_crc', 'facts', 'gone'],
  boots: ['boot_id', 'offset_ms', 'trust'],
};

function readContents(db: Sqlite): StateContents {
  assertFormat(db);
  return {
    epochs: rows(db, 'epochs', 'created_ms, rowid').map((row) => ({
      epoch: String(row['epoch']),
      createdMs: Number(row['created_ms']),
      ended:
        row['ended'] === null
          ? undefined
          : (JSON.parse(String(row['ended'])) as { headSeq: number; filtered: string }),
      applied: JSON.parse(String(row['applied'])) as Range[],
      stored: JSON.parse(String(row['stored'])) as Range[],
      shed: JSON.parse(String(row['shed'])) as ShedCounts,
    })),
    segments: rows(db, 'segments', 'number').map((row) => ({
      number: Number(row['number']),
      epoch: String(row['epoch']),
      firstSeq: Number(row['first_seq']),
      lastSeq: Number(row['last_seq']),
      bytes: Number(row['bytes']),
      fileCrc: Number(row['file_crc']),
      facts: JSON.parse(String(row['facts'])) as SegmentFacts,
      isGone: row['gone'] === 1,
    })),
    boots: rows(db, 'boots', 'boot_id').map((row) => ({
      bootId: String(row['boot_id']),
      offsetMs: Number(row['offset_ms']),
      trust: row['trust'] as ClockReading['trust'],
    })),
  };
}

function rows(db: Sqlite, table: Table, order: string): Row[] {
  const columns = COLUMNS[table];
  const found = db
    .prepare<[], Row>(`SELECT ${columns.join(', ')}, crc FROM ${table} ORDER BY ${order}`)
    .all();
  for (const row of found) {
    if (row['crc'] !== rowCrc(columns.map((column) => row[column] ?? null))) {
      throw new TallyError('stop', 'journal-damaged', `${db.name}: a row of ${table} is damaged`);
    }
  }
  return found;
}

function put(db: Sqlite, table: Table, values: readonly (string | number | null)[]): void {
  const columns = COLUMNS[table];
  const marks = [...columns, 'crc'].map(() => '?').join(', ');
  db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}, crc) VALUES (${marks})
     ON CONFLICT DO UPDATE SET ${[...columns, 'crc'].map((column) => `${column} = excluded.${column}`).join(', ')}`,
  ).run(...values, rowCrc(values));
}

function rowCrc(values: readonly (string | number | null)[]): number {
  return crc32(JSON.stringify(values));
}

function epochRow(epoch: EpochRecord): (string | number | null)[] {
  return [
    epoch.epoch,
    epoch.createdMs,
    epoch.ended === undefined ? null : JSON.stringify(epoch.ended),
    JSON.stringify(epoch.applied),
    JSON.stringify(epoch.stored),
    JSON.stringify(epoch.shed),
  ];
}

function segmentRow(segment: SealedSegment): (string | number | null)[] {
  const { number, epoch, firstSeq, lastSeq, bytes, fileCrc, facts, isGone } = segment;
  return [number, epoch, firstSeq, lastSeq, bytes, fileCrc, JSON.stringify(facts), isGone ? 1 : 0];
}

function bootRow({ bootId, offsetMs, trust }: ClockReading): (string | number | null)[] {
  return [bootId, offsetMs, trust];
}

function openLocked(directory: string): Sqlite {
  const db = openToWrite(join(directory, STATE_FILE), {
    // From the first write until the process ends, however it ends.
    isExclusive: true,
    segmentBytesMax: STATE_BYTES,
  });
  try {
    db.transaction(() => prepare(db)).immediate();
    ifRoom(() => writeFileSync(join(directory, PID_FILE), `${process.pid}\n`));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepare(db: Sqlite): void {
  // Nothing is written where nothing is new, so that it opens on a full disk; an exclusive log is locked when it is read.
  if (assertFormat(db) !== 0) return;
  db.exec(STATE_SCHEMA);
  for (const mark of FORMAT_MARKS) db.pragma(mark);
}

/** The version of a state, ours or none yet. */
function assertFormat(db: Sqlite): number {
  const version = Number(db.pragma('user_version', { simple: true }));
  const format = formatOf(version, Number(db.pragma('application_id', { simple: true })));
  if (format === undefined)
    throw new TallyError('stop', 'journal-damaged', `${db.name}: its version is damaged`);
  if (format !== 0 && format !== JOURNAL_FORMAT) throw otherFormat(db.name, format);
  return format;
}

function otherFormat(path: string, version: unknown): TallyError {
  return new TallyError(
    'stop',
    'journal-unusable',
    `${path}: journal format ${String(version)}; this version of Tallyport reads ${JOURNAL_FORMAT}. ` +
      'Run the version that wrote it, or bring its events home with that version\'s "tally replay"',
  );
}

/** What we ask is always the same: SQLite can only refuse it where the tables are not those that we made. */
function hasLostTable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_ERROR';
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}

function inUse(directory: string): TallyError {
  return new TallyError(
    'stop',
    'journal-in-use',
    `${directory}: process ${holderOf(directory)} has this journal open. Stop it, or leave this one be`,
  );
}

function holderOf(directory: string): string {
  try {
    return readFileSync(join(directory, PID_FILE), 'utf8').trim();
  } catch {
    // Between its lock and its note of who it is.
    return 'another';
  }
}

function moveAside(directory: string, setAside: (file: string) => string): string {
  const copy = setAside(STATE_FILE);
  for (const suffix of ['-wal', '-shm'])
    rmSync(join(directory, `${STATE_FILE}${suffix}`), { force: true });
  renameSync(join(directory, STATE_FILE), copy);
  return copy;
}
