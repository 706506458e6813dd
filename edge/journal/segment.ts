/** One segment through SQLite: blocks in, blocks out. The layout is in `schema.ts`. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

import { TallyError } from '#shared/errors.ts';

import { checksum, lastSeqOf, type Block } from './block.ts';
import { RECORD_FORMAT } from './record.ts';
import { headerChecksum, type SegmentHeader } from './segment-header.ts';
import { FORMAT_MARKS, JOURNAL_FORMAT, SEGMENT_SCHEMA } from './schema.ts';
import { removeLog, segmentPath, type SegmentName } from './segment-file.ts';
import {
  isDamage,
  openToBuild,
  openToRead,
  openToWrite,
  type Sqlite,
  type Statement,
} from './sqlite.ts';

type BlockRow = {
  first_seq: number;
  count: number;
  filtered: string;
  boot_id: string;
  clock_offset_ms: number;
  clock_trust: Block['clock']['trust'];
  message_keys: Buffer;
  records: Buffer;
  crc: number;
};
type HeaderRow = {
  epoch: string;
  number: number;
  site: string;
  gateway: string;
  first_seq: number;
  filtered: string;
  rule_version: string;
  crc: number;
};
type Insert = Statement<
  [number, number, string, string, number, string, Uint8Array, Uint8Array, number],
  void
>;

/** Where a database says how it is written and read, a byte each. */
const MODE_AT = 18;
const ROLLBACK_MODE = 1;

const COLUMNS =
  'first_seq, count, filtered, boot_id, clock_offset_ms, clock_trust, message_keys, records, crc';

/** The open segment, which one thread writes. */
export class SegmentWriter implements Disposable {
  readonly header: SegmentHeader;
  readonly #db: Sqlite;
  readonly #append: (blocks: Iterable<Block>) => void;

  private constructor(db: Sqlite, header: SegmentHeader) {
    this.#db = db;
    this.header = header;
    const insert = prepareInsert(db);
    this.#append = db.transaction((blocks: Iterable<Block>) => {
      for (const block of blocks) insertBlock(insert, header.epoch, block);
    });
  }

  /** Makes a segment; it exists when its header is on disk. */
  static create(
    directory: string,
    header: SegmentHeader,
    options: { readonly nowMs: number; readonly segmentBytesMax: number },
  ): SegmentWriter {
    const db = openToWrite(segmentPath(directory, header), options);
    try {
      db.transaction(() => writeHeader(db, header, options.nowMs))();
    } catch (error) {
      db.close();
      throw error;
    }
    return new SegmentWriter(db, header);
  }

  /** Opens the segment that was written last, which was examined before; `undefined` where SQLite does not agree. */
  static open(
    directory: string,
    name: SegmentName,
    options: { readonly segmentBytesMax: number; readonly headSeq: number },
  ): SegmentWriter | undefined {
    const db = openToWrite(segmentPath(directory, name), options);
    try {
      const header = readHeader(db);
      const last = db
        .prepare<[], { last_seq: number }>(
          'SELECT first_seq + count - 1 AS last_seq FROM blocks ORDER BY id DESC LIMIT 1',
        )
        .get();
      const isSame =
        header?.number === name.number &&
        header.epoch === name.epoch &&
        (last?.last_seq ?? header.firstSeq - 1) === options.headSeq &&
        db.pragma('quick_check(1)', { simple: true }) === 'ok';
      if (header !== undefined && isSame) return new SegmentWriter(db, header);
      db.close();
      return undefined;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Writes blocks as one commit; on disk on return (G1). */
  append(blocks: Iterable<Block>): void {
    this.#append(blocks);
  }

  /**
   * Makes it one clean file that can be read where nothing can be written, and closes. Answers false, and stays open,
   * while somebody reads the log.
   */
  seal(): boolean {
    const [result] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (result?.busy !== 0) return false;
    this.#db.close();
    markSealed(this.#db.name);
    return true;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

/**
 * Turns a database whose log is empty from WAL mode to rollback mode: its file can then be opened without making others
 * beside it (https://www.sqlite.org/fileformat2.html, 1.3.3). SQLite would do it only when nobody else has it open.
 */
function markSealed(path: string): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, Uint8Array.of(ROLLBACK_MODE, ROLLBACK_MODE), 0, 2, MODE_AT);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  removeLog(path);
}

/** Writes a whole sealed segment to `path`, which is no segment's name yet. It is not fsynced. */
export function buildSegment(
  path: string,
  header: SegmentHeader,
  blocks: Iterable<Block>,
  nowMs: number,
): void {
  const db = openToBuild(path);
  try {
    db.transaction(() => {
      writeHeader(db, header, nowMs);
      const insert = prepareInsert(db);
      for (const block of blocks) insertBlock(insert, header.epoch, block);
    })();
  } finally {
    db.close();
  }
}

/** A segment to read from, sealed or still being written. */
export class SegmentReader implements Disposable {
  readonly header: SegmentHeader;
  readonly #db: Sqlite;
  readonly #maxId: Statement<[], { id: number | null }>;
  readonly #firstSeqOf: Statement<[number], { first_seq: number }>;
  readonly #from: Statement<[number], BlockRow>;

  private constructor(db: Sqlite, header: SegmentHeader) {
    this.#db = db;
    this.header = header;
    this.#maxId = db.prepare('SELECT max(id) AS id FROM blocks');
    this.#firstSeqOf = db.prepare('SELECT first_seq FROM blocks WHERE id = ?');
    this.#from = db.prepare(`SELECT ${COLUMNS} FROM blocks WHERE id >= ? ORDER BY id`);
  }

  /** `undefined` for a file that has no header yet. */
  static open(directory: string, name: SegmentName): SegmentReader | undefined {
    const db = openToRead(segmentPath(directory, name));
    try {
      const header = readHeader(db);
      if (header !== undefined) {
        return new SegmentReader(db, header);
      }
    } catch (error) {
      db.close();
      throw damagedWhere(error, name);
    }
    db.close();
    return undefined;
  }

  /** The blocks with events from `seq` on, the one that holds `seq` first; each one's checksum holds. */
  *blocksFrom(seq: number): Generator<Block> {
    try {
      for (const row of this.#from.iterate(this.#blockOf(seq))) {
        const block = blockOf(row);
        // A damaged row may have anything in a column.
        if (!isBytes(row.records) || !isBytes(row.message_keys))
          throw damaged(this.header, `the events from ${row.first_seq} on are damaged`);
        if (row.crc !== checksum(this.header.epoch, block))
          throw damaged(this.header, `the events from ${row.first_seq} on are damaged`);
        if (row.count > 0 && lastSeqOf(block) >= seq) yield block;
      }
    } catch (error) {
      throw damagedWhere(error, this.header);
    }
  }

  /** The keys of the messages that were settled last, newest block first, about `max` of them. */
  *messageKeys(max: number): Generator<number> {
    const blocks = this.#db.prepare<[], { message_keys: unknown }>(
      'SELECT message_keys FROM blocks ORDER BY id DESC',
    );
    let left = max;
    try {
      for (const { message_keys: bytes } of blocks.iterate()) {
        if (!isBytes(bytes)) throw damaged(this.header, 'its message keys are damaged');
        for (let at = bytes.length - 8; at >= 0; at -= 8) yield bytes.readDoubleLE(at);
        left -= bytes.length / 8;
        if (left <= 0) return;
      }
    } catch (error) {
      throw damagedWhere(error, this.header);
    }
  }

  /** The id of the last block that begins at `seq` or before; 1 when none does. */
  #blockOf(seq: number): number {
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

function isBytes(value: unknown): value is Buffer {
  return Buffer.isBuffer(value);
}

function writeHeader(db: Sqlite, header: SegmentHeader, nowMs: number): void {
  db.exec(SEGMENT_SCHEMA);
  db.prepare(
    `INSERT INTO segment (one, epoch, number, site, gateway, first_seq, filtered, record_format, rule_version, created_ms, crc)
     VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    header.epoch,
    header.number,
    header.site,
    header.gateway,
    header.firstSeq,
    header.filtered,
    RECORD_FORMAT,
    header.ruleVersion,
    nowMs,
    headerChecksum(header),
  );
  for (const mark of FORMAT_MARKS) db.pragma(mark);
}

function readHeader(db: Sqlite): SegmentHeader | undefined {
  const version = db.pragma('user_version', { simple: true });
  if (version !== JOURNAL_FORMAT) return undefined;
  const row = db
    .prepare<[], HeaderRow>(
      'SELECT epoch, number, site, gateway, first_seq, filtered, rule_version, crc FROM segment',
    )
    .get();
  if (row === undefined) return undefined;
  const { first_seq: firstSeq, rule_version: ruleVersion, crc, ...rest } = row;
  const header = { ...rest, firstSeq, ruleVersion };
  if (crc !== headerChecksum(header)) throw damaged(header, 'its header is damaged');
  return header;
}

function damaged({ number }: SegmentName, what: string, cause?: unknown): TallyError {
  return new TallyError('retry', 'journal-damaged', `segment ${number}: ${what}`, { cause });
}

/** SQLite's word for damage in ours; any other error as it is. */
function damagedWhere(error: unknown, name: SegmentName): unknown {
  return isDamage(error) ? damaged(name, 'it cannot be read', error) : error;
}

function prepareInsert(db: Sqlite): Insert {
  return db.prepare(`INSERT INTO blocks (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
}

function insertBlock(insert: Insert, epoch: string, block: Block): void {
  const { firstSeq, count, filtered, clock, messageKeys, records } = block;
  insert.run(
    firstSeq,
    count,
    filtered,
    clock.bootId,
    clock.offsetMs,
    clock.trust,
    messageKeys,
    records,
    checksum(epoch, block),
  );
}

function blockOf(row: BlockRow): Block {
  return {
    firstSeq: row.first_seq,
    count: row.count,
    filtered: row.filtered,
    clock: { bootId: row.boot_id, offsetMs: row.clock_offset_ms, trust: row.clock_trust },
    messageKeys: row.message_keys,
    records: row.records,
  };
}
