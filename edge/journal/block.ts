/**
 * A block: a run of sequence numbers as one row, with one checksum over all of it. What a damaged page costs is the
 * blocks on it, so a block is cut to fill a page and no more; a record longer than a page is a block of its own.
 *
 * Its records are frames, each a length (4 bytes, little-endian) and so many bytes: an event (`record.ts`), or a
 * tombstone, which stands for events that are no longer there:
 *
 * ```
 *   255 u8 │ how many, varint │ reason u8
 * ```
 */
import { crc32 } from 'node:zlib';

import { must } from '#shared/assert.ts';
import type { Range } from '#shared/ranges.ts';
import { SHED_REASONS, type ShedReason } from '#shared/shed.ts';

import type { ClockReading } from '../clock/clock.ts';
import { RecordReader } from './record-reader.ts';
import { FRAME_BYTES, RecordWriter } from './record-writer.ts';

export type Block = {
  readonly firstSeq: number;
  readonly count: number;
  /** JSON object, rule to events removed, of the whole epoch up to this block. */
  readonly filtered: string;
  readonly clock: ClockReading;
  /** 8 bytes each (IEEE 754, little-endian on every platform we run on). */
  readonly messageKeys: Uint8Array;
  readonly records: Uint8Array;
};

/** What stands in a block, in the order of sequence numbers. */
export type Entry =
  | { readonly type: 'event'; readonly seq: number; readonly record: Uint8Array }
  | {
      readonly type: 'shed';
      readonly first: number;
      readonly last: number;
      readonly reason: ShedReason;
    };

/** A group of records that was committed together, before it is cut. */
export type Uncut = {
  readonly firstSeq: number;
  readonly filtered: string;
  readonly clock: ClockReading;
  readonly messageKeys: Uint8Array;
  readonly records: Uint8Array;
};

const TOMBSTONE = 255;
const KEY_BYTES = 8;
/** What a leaf page of 4096 bytes holds of a row without overflow, less its other columns. */
const BLOCK_BYTES_MAX = 4061 - 100;

/** CRC-32 (IEEE) over all that a block says, and whose it is: a row that is whole but stands in the wrong place is damage too. */
export function checksum(epoch: string, block: Block): number {
  const { firstSeq, count, filtered, clock, messageKeys, records } = block;
  const head = `${epoch}:${firstSeq}:${count}:${clock.bootId}:${clock.offsetMs}:${clock.trust}:${filtered}`;
  return crc32(records, crc32(messageKeys, crc32(head)));
}

/** How many of a block's numbers have their event: the rest are tombstones. */
export function eventCount(block: Block): number {
  let count = 0;
  for (const { type } of entriesOf(block)) if (type === 'event') count++;
  return count;
}

export function lastSeqOf({ firstSeq, count }: Pick<Block, 'firstSeq' | 'count'>): number {
  return firstSeq + count - 1;
}

/** Cuts a group into blocks; one without events when only counts or keys are new. */
export function* cut(group: Uncut): Generator<Block> {
  const { clock, filtered, messageKeys, records } = group;
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  const room = BLOCK_BYTES_MAX - filtered.length;
  const keysAByte = records.length === 0 ? 0 : messageKeys.length / records.length;
  let { firstSeq } = group;
  let [start, at, count, keyStart] = [0, 0, 0, 0];
  const block = (end: number, keyEnd: number): Block => ({
    firstSeq,
    count,
    filtered,
    clock,
    messageKeys: messageKeys.subarray(keyStart, keyEnd),
    records: records.subarray(start, end),
  });
  while (at < records.length) {
    const next = at + FRAME_BYTES + view.getUint32(at, true);
    if (count > 0 && (next - start) * (1 + keysAByte) > room) {
      const keyEnd = Math.round((at * keysAByte) / KEY_BYTES) * KEY_BYTES;
      yield block(at, keyEnd);
      [firstSeq, start, keyStart, count] = [firstSeq + count, at, keyEnd, 0];
    }
    count += records[at + FRAME_BYTES] === TOMBSTONE ? tombstoneCount(records, at) : 1;
    at = next;
  }
  yield block(at, messageKeys.length);
}

export function* entriesOf({ firstSeq, records }: Block): Generator<Entry> {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  let seq = firstSeq;
  for (let at = 0; at < records.length;) {
    const start = at + FRAME_BYTES;
    at = start + view.getUint32(at, true);
    const record = records.subarray(start, at);
    if (record[0] === TOMBSTONE) {
      const { count, reason } = readTombstone(record);
      yield { type: 'shed', first: seq, last: seq + count - 1, reason };
      seq += count;
    } else {
      yield { type: 'event', seq: seq++, record };
    }
  }
}

function tombstoneCount(records: Uint8Array, at: number): number {
  return readTombstone(records.subarray(at + FRAME_BYTES)).count;
}

function readTombstone(record: Uint8Array): { count: number; reason: ShedReason } {
  const from = new RecordReader(record);
  from.byte();
  const count = from.uint();
  return { count, reason: must(SHED_REASONS[from.byte()], 'the reason of a tombstone') };
}

export function writeTombstone(to: RecordWriter, count: number, reason: ShedReason): void {
  const start = to.openFrame();
  to.byte(TOMBSTONE);
  to.uint(count);
  to.byte(SHED_REASONS.indexOf(reason));
  to.closeFrame(start);
}

/** A block that stands for a range of which nothing is left. */
export function tombstoneBlock(
  [first, last]: Range,
  reason: ShedReason,
  like: Pick<Block, 'filtered' | 'clock'>,
): Block {
  const writer = new RecordWriter(new ArrayBuffer(32));
  writeTombstone(writer, last - first + 1, reason);
  const { buffer, length } = writer.finish();
  return {
    firstSeq: first,
    count: last - first + 1,
    filtered: like.filtered,
    clock: like.clock,
    messageKeys: new Uint8Array(),
    records: new Uint8Array(buffer, 0, length),
  };
}
