/**
 * A segment as its bytes say, read without SQLite: what is whole in it, whatever happened to the rest. Nothing is
 * written, so it serves for a damaged file, a running gateway's, and one on a card that cannot be written to.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

import { CLOCK_TRUSTS } from '#shared/event.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';

import { checksum, lastSeqOf, type Block } from './block.ts';
import { formatOf, JOURNAL_FORMAT } from './schema.ts';
import { headerChecksum, type SegmentHeader } from './segment-header.ts';
import { segmentPath, type SegmentName } from './segment-file.ts';
import { rowsOf, type FoundRow, type Pages, type PageVersion, type Value } from './sqlite-pages.ts';
import { readWal, type Wal } from './wal.ts';

export type SegmentImage = {
  readonly name: SegmentName;
  /** `undefined` where its row is not whole. */
  readonly header: SegmentHeader | undefined;
  /** The version of its layout; 0 where the file says none yet, `undefined` where that is damaged. */
  readonly format: number | undefined;
  /** Whole and committed, ascending and disjoint. */
  readonly blocks: readonly Block[];
  /** Whole, but behind the last commit that is certain: whether they count, something else must say. */
  readonly uncertain: readonly Block[];
  readonly bytes: number;
  readonly walEnd: Wal['end'];
  /** How the files could not be read, if they could not. */
  readonly unreadable: string | undefined;
};

const PAGE_BYTES = 4096;
const USER_VERSION_AT = 60;
const APPLICATION_ID_AT = 68;
const BLOCK_COLUMNS = 10;
const HEADER_COLUMNS = 11;

export function readSegmentImage(directory: string, name: SegmentName): SegmentImage {
  const path = segmentPath(directory, name);
  // The log first: what a checkpoint moves meanwhile is then there twice, not nowhere.
  const log = readIfThere(`${path}-wal`);
  const file = readIfThere(path);
  const wal = readWal(log.bytes);
  const found = [...rowsOf(pagesOf(file.bytes, wal))];
  const { blocks, uncertain } = sortBlocks(name.epoch, found);
  return {
    name,
    header: headerIn(found, name, wal?.end ?? 'whole'),
    format: formatIn(file.bytes, wal),
    blocks,
    uncertain,
    bytes: file.bytes.length + log.bytes.length,
    walEnd: wal?.end ?? 'whole',
    unreadable: file.error ?? log.error,
  };
}

/** The numbers from `first` to `last` that no block of `blocks` has. */
export function holesIn(blocks: readonly Block[], first: number, last: number): Range[] {
  if (last < first) return [];
  const there = new RangeSet();
  for (const block of blocks) if (block.count > 0) there.add(block.firstSeq, lastSeqOf(block));
  return there.gaps(first, last);
}

function readIfThere(path: string): { readonly bytes: Uint8Array; readonly error?: string } {
  try {
    return { bytes: readFileSync(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return code === 'ENOENT'
      ? { bytes: new Uint8Array() }
      : { bytes: new Uint8Array(), error: code };
  }
}

function pagesOf(file: Uint8Array, wal: Wal | undefined): Pages {
  const inLog = new Map<number, PageVersion[]>();
  let count = Math.floor(file.length / PAGE_BYTES);
  for (const { page, data, isCommitted } of wal?.frames ?? []) {
    const versions = inLog.get(page) ?? [];
    versions.unshift({ data, isCommitted });
    inLog.set(page, versions);
    if (page <= count + (wal?.frames.length ?? 0)) count = Math.max(count, page);
  }
  return {
    count,
    versions: (page) => {
      const end = page * PAGE_BYTES;
      const inFile = { data: file.subarray(end - PAGE_BYTES, end), isCommitted: true };
      const versions = inLog.get(page) ?? [];
      return end <= file.length ? [...versions, inFile] : versions;
    },
  };
}

/** Each number once: what was committed goes before what may not have been. */
function sortBlocks(
  epoch: string,
  rows: readonly FoundRow[],
): Pick<SegmentImage, 'blocks' | 'uncertain'> {
  const byStart = new Map<string, { block: Block; isCommitted: boolean }>();
  for (const { values, isCommitted } of rows) {
    const block = blockOf(epoch, values);
    if (block === undefined) continue;
    const key = `${block.firstSeq}:${block.count}:${block.filtered}`;
    const known = byStart.get(key);
    if (known === undefined || (isCommitted && !known.isCommitted))
      byStart.set(key, { block, isCommitted });
  }
  const sorted = [...byStart.values()].sort(
    (a, b) => a.block.firstSeq - b.block.firstSeq || a.block.count - b.block.count,
  );
  const blocks = sorted.filter(({ isCommitted }) => isCommitted).map(({ block }) => block);
  const there = new RangeSet();
  for (const block of blocks) if (block.count > 0) there.add(block.firstSeq, lastSeqOf(block));
  const uncertain = sorted
    .filter(({ block, isCommitted }) => !isCommitted && block.count > 0)
    .map(({ block }) => block)
    .filter((block) => there.gaps(block.firstSeq, lastSeqOf(block))[0]?.[0] === block.firstSeq);
  return { blocks, uncertain };
}

function blockOf(epoch: string, values: readonly Value[]): Block | undefined {
  if (values.length !== BLOCK_COLUMNS) return undefined;
  const [, firstSeq, count, filtered, bootId, offsetMs, trust, messageKeys, records, crc] = values;
  if (
    !isCount(firstSeq) ||
    !isCount(count) ||
    typeof filtered !== 'string' ||
    typeof bootId !== 'string' ||
    typeof offsetMs !== 'number' ||
    !(messageKeys instanceof Uint8Array) ||
    !(records instanceof Uint8Array)
  )
    return undefined;
  const known = CLOCK_TRUSTS.find((each) => each === trust);
  if (known === undefined) return undefined;
  const clock = { bootId, offsetMs, trust: known };
  const block = { firstSeq, count, filtered, clock, messageKeys, records };
  return checksum(epoch, block) === crc ? block : undefined;
}

function headerOf(values: readonly Value[]): SegmentHeader | undefined {
  if (values.length !== HEADER_COLUMNS) return undefined;
  const [, epoch, number, site, gateway, firstSeq, filtered, , ruleVersion, , crc] = values;
  if (typeof site !== 'string' || typeof gateway !== 'string') return undefined;
  if (typeof epoch !== 'string' || typeof filtered !== 'string' || typeof ruleVersion !== 'string')
    return undefined;
  if (!isCount(number) || !isCount(firstSeq)) return undefined;
  const header = { epoch, number, site, gateway, firstSeq, filtered, ruleVersion };
  return crc === headerChecksum(header) ? header : undefined;
}

/** One that was not committed counts only where what came after it may be damaged: else a crash ended it. */
function headerIn(
  rows: readonly FoundRow[],
  name: SegmentName,
  walEnd: Wal['end'],
): SegmentHeader | undefined {
  const headers = rows
    .map(({ values, isCommitted }) => ({ header: headerOf(values), isCommitted }))
    .filter(({ header }) => isOf(header, name));
  const committed = headers.find(({ isCommitted }) => isCommitted);
  return (committed ?? (walEnd === 'whole' ? undefined : headers[0]))?.header;
}

function isOf(header: SegmentHeader | undefined, name: SegmentName): header is SegmentHeader {
  return header?.epoch === name.epoch && header.number === name.number;
}

function isCount(value: Value | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The newest page 1 has it. */
function formatIn(file: Uint8Array, wal: Wal | undefined): number | undefined {
  const page = wal?.frames.findLast((frame) => frame.page === 1 && frame.isCommitted)?.data ?? file;
  if (page.length < APPLICATION_ID_AT + 4) return 0;
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  return formatOf(view.getUint32(USER_VERSION_AT), view.getUint32(APPLICATION_ID_AT));
}

/** Whether another version of Tallyport wrote it. */
export function isOtherFormat({ format }: Pick<SegmentImage, 'format'>): boolean {
  return format !== undefined && format !== 0 && format !== JOURNAL_FORMAT;
}

const FORMAT_BYTES = 72;

/** The version of a file's layout, read from its first bytes alone; 0 where they are not there. */
export function peekFormat(directory: string, name: SegmentName): number | undefined {
  const head = Buffer.alloc(FORMAT_BYTES);
  try {
    const file = openSync(segmentPath(directory, name), 'r');
    try {
      if (readSync(file, head, 0, FORMAT_BYTES, 0) < FORMAT_BYTES) return 0;
    } finally {
      closeSync(file);
    }
  } catch {
    // A file that cannot be read is found out when it is needed.
    return 0;
  }
  return formatOf(head.readUInt32BE(USER_VERSION_AT), head.readUInt32BE(APPLICATION_ID_AT));
}
