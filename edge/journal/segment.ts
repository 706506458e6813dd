/** One segment file: commits in, commits out. The layout is in `schema.ts`. */
import { copyFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';

import { TallyError } from '#shared/errors.ts';
import { makeDirectory } from '#shared/make-directory.ts';

import type { JournalAccounts } from './journal.ts';
import { RECORD_FORMAT } from './record.ts';
import { JOURNAL_FORMAT, SEGMENT_SCHEMA } from './schema.ts';
import { openToRead, openToWrite, type Sqlite, type Statement } from './sqlite.ts';

export type SegmentHeader = JournalAccounts & {
  readonly epoch: string;
  readonly number: number;
  readonly firstSeq: number;
};

/** One group commit. */
export type Commit = {
  readonly firstSeq: number;
  readonly count: number;
  readonly received: number;
  readonly filtered: string;
  readonly messageKeys: Uint8Array;
  readonly records: Uint8Array;
};

type CommitRow = {
  first_seq: number;
  count: number;
  received: number;
  filtered: string;
  crc: number;
  message_keys: Buffer;
  records: Buffer;
};
type HeaderRow = {
  epoch: string;
  number: number;
  first_seq: number;
  received: number;
  filtered: string;
  record_format: number;
};

const KEY_BYTES = 8;
const FILE = /^segment-(\d{10})\.db$/u;

export function segmentPath(directory: string, number: number): string {
  return join(directory, `segment-${String(number).padStart(10, '0')}.db`);
}

/** The number of a segment file; `undefined` for any other name. */
export function segmentNumber(fileName: string): number | undefined {
  const digits = FILE.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function removeSegment(directory: string, number: number): void {
  const path = segmentPath(directory, number);
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

const BARE_FILE_BYTES_MAX = 4096;

/**
 * Copies the log of a segment that has nothing but its log to `quarantine/`, and answers the copy. SQLite takes damage at
 * the beginning of a log for an empty one, and clears it: the copy is what is left of the events then.
 */
export function copyBareLog(directory: string, number: number): string | undefined {
  const path = segmentPath(directory, number);
  const bytes = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes(path) > BARE_FILE_BYTES_MAX || bytes(`${path}-wal`) === 0) return undefined;
  const quarantine = join(directory, 'quarantine');
  makeDirectory(quarantine);
  const copy = join(quarantine, `${basename(path)}-wal`);
  copyFileSync(`${path}-wal`, copy);
  return copy;
}

/** The open segment, which one thread writes. */
export class SegmentWriter implements Disposable {
  readonly header: SegmentHeader;
  readonly #db: Sqlite;
  readonly #insert: Statement<
    [number, number, number, string, number, Uint8Array, Uint8Array],
    void
  >;

  private constructor(db: Sqlite, header: SegmentHeader) {
    this.#db = db;
    this.header = header;
    this.#insert = db.prepare(
      `INSERT INTO commits (first_seq, count, received, filtered, crc, message_keys, records)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  /** Makes a segment; it exists when its header is on disk. */
  static create(directory: string, header: SegmentHeader, nowMs: number): SegmentWriter {
    const db = openToWrite(segmentPath(directory, header.number));
    try {
      db.transaction(() => {
        db.exec(SEGMENT_SCHEMA);
        db.prepare(
          `INSERT INTO segment (one, epoch, number, first_seq, received, filtered, record_format, created_ms)
           VALUES (1, ?, ?, ?, ?, ?, ?, ?)`,
        ).run(
          header.epoch,
          header.number,
          header.firstSeq,
          header.received,
          JSON.stringify(header.filtered),
          RECORD_FORMAT,
          nowMs,
        );
        db.pragma(`user_version = ${JOURNAL_FORMAT}`);
      })();
    } catch (error) {
      db.close();
      throw error;
    }
    return new SegmentWriter(db, header);
  }

  /** Opens the segment that was written last; `undefined` for a file that a crash left before its header. */
  static open(directory: string, number: number): SegmentWriter | undefined {
    const db = openToWrite(segmentPath(directory, number));
    const header = readHeader(db);
    if (header === undefined) {
      db.close();
      return undefined;
    }
    return new SegmentWriter(db, header);
  }

  /** Writes one commit; it is on disk on return (G1). */
  append(commit: Commit): void {
    const { firstSeq, count, received, filtered, messageKeys, records } = commit;
    this.#insert.run(
      firstSeq,
      count,
      received,
      filtered,
      checksum(this.header.epoch, commit),
      messageKeys,
      records,
    );
  }

  /** The accounts after the last commit. */
  accounts(): JournalAccounts {
    const last = this.#db
      .prepare<[], Omit<CommitRow, 'crc' | 'message_keys' | 'records'>>(
        'SELECT first_seq, count, received, filtered FROM commits ORDER BY id DESC LIMIT 1',
      )
      .get();
    if (last === undefined) return this.header;
    return {
      received: last.received,
      filtered: parseFiltered(last.filtered),
      headSeq: last.first_seq + last.count - 1,
    };
  }

  /** Brings the WAL into the file: what a sealed segment is. */
  seal(): void {
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

/** A segment to read from, sealed or still being written. */
export class SegmentReader implements Disposable {
  readonly header: SegmentHeader;
  readonly #db: Sqlite;
  readonly #maxId: Statement<[], { id: number | null }>;
  readonly #firstSeqOf: Statement<[number], { first_seq: number }>;
  readonly #from: Statement<[number], CommitRow>;

  private constructor(db: Sqlite, header: SegmentHeader) {
    this.#db = db;
    this.header = header;
    this.#maxId = db.prepare('SELECT max(id) AS id FROM commits');
    this.#firstSeqOf = db.prepare('SELECT first_seq FROM commits WHERE id = ?');
    this.#from = db.prepare(
      `SELECT first_seq, count, received, filtered, crc, message_keys, records
       FROM commits WHERE id >= ? ORDER BY id`,
    );
  }

  static open(directory: string, number: number): SegmentReader | undefined {
    const db = openToRead(segmentPath(directory, number));
    const header = readHeader(db);
    if (header === undefined) {
      db.close();
      return undefined;
    }
    return new SegmentReader(db, header);
  }

  /** The commits with events from `seq` on, the one that holds `seq` first; each one's checksum holds. */
  *commitsFrom(seq: number): Generator<Commit> {
    for (const row of this.#from.iterate(this.#commitOf(seq))) {
      const commit = {
        firstSeq: row.first_seq,
        count: row.count,
        received: row.received,
        filtered: row.filtered,
        messageKeys: row.message_keys,
        records: row.records,
      };
      if (row.crc !== checksum(this.header.epoch, commit)) {
        throw new TallyError(
          'stop',
          'journal-unusable',
          `segment ${this.header.number}: the events from ${row.first_seq} on are damaged`,
        );
      }
      if (row.count > 0 && row.first_seq + row.count > seq) yield commit;
    }
  }

  /** The keys of the messages that were settled last, newest commit first, about `max` of them. */
  *messageKeys(max: number): Generator<number> {
    const commits = this.#db.prepare<[], { message_keys: Buffer }>(
      'SELECT message_keys FROM commits ORDER BY id DESC',
    );
    let left = max;
    for (const { message_keys: bytes } of commits.iterate()) {
      for (let at = 0; at < bytes.length; at += KEY_BYTES) yield bytes.readDoubleLE(at);
      left -= bytes.length / KEY_BYTES;
      if (left <= 0) return;
    }
  }

  /** The id of the last commit that begins at `seq` or before; 1 when none does. */
  #commitOf(seq: number): number {
    let low = 1;
    let high = this.#maxId.get()?.id ?? 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const firstSeq = this.#firstSeqOf.get(middle)?.first_seq ?? Number.MAX_SAFE_INTEGER;
      if (firstSeq <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

function readHeader(db: Sqlite): SegmentHeader | undefined {
  const version = db.pragma('user_version', { simple: true });
  if (version === 0) return undefined;
  if (version !== JOURNAL_FORMAT) {
    throw new TallyError(
      'stop',
      'journal-unusable',
      `${db.name}: journal format ${String(version)}; this version of Tallyport reads ${JOURNAL_FORMAT}`,
    );
  }
  const row = db
    .prepare<[], HeaderRow>(
      'SELECT epoch, number, first_seq, received, filtered, record_format FROM segment',
    )
    .get();
  if (row === undefined) return undefined;
  const { epoch, number, received } = row;
  return {
    epoch,
    number,
    firstSeq: row.first_seq,
    received,
    filtered: parseFiltered(row.filtered),
    headSeq: row.first_seq - 1,
  };
}

/** Written by `append`, under the segment's own schema. */
function parseFiltered(json: string): Readonly<Record<string, number>> {
  return JSON.parse(json) as Readonly<Record<string, number>>;
}

function checksum(epoch: string, { firstSeq, count, messageKeys, records }: Commit): number {
  return crc32(records, crc32(messageKeys, crc32(`${epoch}:${firstSeq}:${count}`)));
}
