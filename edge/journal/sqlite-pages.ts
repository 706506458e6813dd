/**
 * Rows out of SQLite's pages, without SQLite and without trust (https://www.sqlite.org/fileformat2.html, 1.6 and 2).
 *
 * Every page that looks like the leaf of a table is read, in every version that there is, whatever the pages above it
 * say: a row that is whole is found although the way to it is not. Whether a row is what it seems is for its own
 * checksum to say.
 */

/** A column as SQLite stored it; whole numbers only. */
export type Value = number | string | Uint8Array | null;

export type PageVersion = { readonly data: Uint8Array; readonly isCommitted: boolean };

/** Where pages come from, the version to try first at the front. */
export type Pages = {
  readonly count: number;
  versions(page: number): readonly PageVersion[];
};

export type FoundRow = { readonly values: readonly Value[]; readonly isCommitted: boolean };

const LEAF_TABLE = 13;
const INTERIOR_TABLE = 5;
const DATABASE_HEADER_BYTES = 100;
const PAGE_HEADER_BYTES = 8;
const INTERIOR_HEADER_BYTES = 12;
/** Of a row's record: its own length and the types of ten columns. */
const HEAD_BYTES_MAX = 40;
const COLUMNS_MAX = 32;
const ROW_BYTES_MAX = 16 * 1024 * 1024;

/** Every row of every table leaf, stale versions too; the same row may come more than once. */
export function* rowsOf(pages: Pages): Generator<FoundRow> {
  for (let page = 1; page <= pages.count; page++) {
    for (const version of pages.versions(page)) {
      for (const cell of cellsOf(version.data, page)) yield* rowsAt(pages, version, cell);
    }
  }
}

/** Where the cells of a table leaf begin. None for other pages; where it is not certain what a page is, wherever a row seems to. */
function cellsOf(data: Uint8Array, page: number): Iterable<number> {
  const start = page === 1 ? DATABASE_HEADER_BYTES : 0;
  const kind = data[start] ?? 0;
  // An overflow page begins with the number of the next one.
  if (kind === 0 || data.length < start + INTERIOR_HEADER_BYTES) return [];
  const isLeaf = kind === LEAF_TABLE;
  const pointers = start + (isLeaf ? PAGE_HEADER_BYTES : INTERIOR_HEADER_BYTES);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const cells: number[] = [];
  const end = Math.min(data.length - 1, pointers + 2 * view.getUint16(start + 3));
  for (let at = pointers; at < end; at += 2) cells.push(view.getUint16(at));
  // Cells are added in front of those that are there: the content begins with the last.
  const content = view.getUint16(start + 5);
  const isSound =
    (isLeaf || kind === INTERIOR_TABLE) &&
    end <= content &&
    cells.every((at) => at < data.length) &&
    (cells.length === 0 ? isLeaf && content === data.length : Math.min(...cells) === content);
  if (!isSound) return likelyCells(data, pointers);
  return isLeaf ? cells : [];
}

/** Every place where a row of ours could begin: its first column, the row's id, is stored as nothing. */
function* likelyCells(data: Uint8Array, first: number): Generator<number> {
  for (let at = first; at < data.length; at++) {
    const size = readVarint(data, at);
    const rowid = size === undefined ? undefined : readVarint(data, size.next);
    if (size === undefined || rowid === undefined) continue;
    const head = data[rowid.next] ?? 0;
    if (head > 1 && head < size.value && head <= HEAD_BYTES_MAX && data[rowid.next + 1] === 0)
      yield at;
  }
}

function* rowsAt(pages: Pages, leaf: PageVersion, at: number): Generator<FoundRow> {
  const size = readVarint(leaf.data, at);
  if (size === undefined || size.value < 2 || size.value > ROW_BYTES_MAX) return;
  const rowid = readVarint(leaf.data, size.next);
  if (rowid === undefined) return;
  const local = localBytes(size.value, leaf.data.length);
  if (rowid.next + local > leaf.data.length) return;
  const head = leaf.data.subarray(rowid.next, rowid.next + local);
  if (local === size.value) {
    const values = valuesOf(head);
    if (values !== undefined) yield { values, isCommitted: leaf.isCommitted };
    return;
  }
  const view = new DataView(leaf.data.buffer, leaf.data.byteOffset, leaf.data.byteLength);
  if (rowid.next + local + 4 > leaf.data.length) return;
  const next = view.getUint32(rowid.next + local);
  // An overflow page is written once, but may be there twice: in the log, and in the file after a checkpoint.
  for (const choice of [0, -1]) {
    const payload = followOverflow(pages, { head, bytes: size.value, next, choice });
    const values = payload === undefined ? undefined : valuesOf(payload.bytes);
    if (values !== undefined)
      yield { values, isCommitted: leaf.isCommitted && payload?.isCommitted === true };
  }
}

/** How much of a payload stands in the leaf itself (1.6). */
function localBytes(payload: number, usable: number): number {
  const most = usable - 35;
  if (payload <= most) return payload;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const rest = least + ((payload - least) % (usable - 4));
  return rest <= most ? rest : least;
}

function followOverflow(
  pages: Pages,
  row: {
    readonly head: Uint8Array;
    readonly bytes: number;
    readonly next: number;
    readonly choice: number;
  },
): { bytes: Uint8Array; isCommitted: boolean } | undefined {
  const bytes = new Uint8Array(row.bytes);
  bytes.set(row.head);
  let { next } = row;
  let length = row.head.length;
  let isCommitted = true;
  let last = 0;
  while (length < bytes.length) {
    // Rows are appended, so the pages of one follow each other: where the way is lost, the next page is a good guess.
    if (next < 1 || next > pages.count) next = last + 1;
    const version = pages.versions(next).at(row.choice);
    if (version === undefined) return undefined;
    const part = version.data.subarray(
      4,
      4 + Math.min(version.data.length - 4, bytes.length - length),
    );
    bytes.set(part, length);
    length += part.length;
    isCommitted &&= version.isCommitted;
    last = next;
    next = new DataView(version.data.buffer, version.data.byteOffset).getUint32(0);
  }
  return { bytes, isCommitted };
}

/** The columns of a record (2.1); `undefined` when it is none. */
function valuesOf(record: Uint8Array): Value[] | undefined {
  const head = readVarint(record, 0);
  if (head === undefined || head.value > record.length) return undefined;
  const types: number[] = [];
  for (let at = head.next; at < head.value;) {
    const type = readVarint(record, at);
    if (type === undefined || types.length === COLUMNS_MAX) return undefined;
    types.push(type.value);
    at = type.next;
  }
  const values: Value[] = [];
  let at = head.value;
  for (const type of types) {
    const bytes = bytesOfType(type);
    if (bytes === undefined || at + bytes > record.length) return undefined;
    values.push(valueOf(record, { type, at, bytes }));
    at += bytes;
  }
  return at === record.length ? values : undefined;
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8, undefined, 0, 0] as const;

function bytesOfType(type: number): number | undefined {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return INTEGER_BYTES[type];
}

function valueOf(
  record: Uint8Array,
  { type, at, bytes }: { type: number; at: number; bytes: number },
): Value {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  const part = Buffer.from(record.buffer, record.byteOffset + at, bytes);
  if (type < 12) return bytes === 8 ? Number(part.readBigInt64BE()) : part.readIntBE(0, bytes);
  return type % 2 === 0 ? new Uint8Array(part) : part.toString('utf8');
}

/** SQLite's varint: big-endian, 1 to 9 bytes; only values below 2^53 mean anything here. */
function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value = value * 128 + (byte & 127);
    if (byte < 128)
      return value <= Number.MAX_SAFE_INTEGER ? { value, next: at + i + 1 } : undefined;
  }
  return undefined;
}
