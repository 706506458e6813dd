/** The body of a frame: what it holds, in the clear, and the batch, perhaps encrypted. */
import { BATCH_BYTES_MAX, BATCH_EVENTS_MAX } from '#proto/batch/limits.ts';
import { assert } from '#shared/assert.ts';
import { ID_PATTERN } from '#shared/names.ts';
import { VarintReader, VarintWriter } from '#shared/varint.ts';

import { type Decryptor, type Encryptor, EPHEMERAL_BYTES, TAG_BYTES } from './cipher.ts';
import type { FoundRecord } from './record-source.ts';
import { headOf } from './format.ts';
import type { TallyFrame } from './tally-file.ts';

/** What a frame says of its batch. */
export type FrameMeta = Omit<TallyFrame, 'bytes'> & {
  /** 0, 1, 2 … in the file. */
  readonly number: number;
};

/** A frame as it lies in the file. */
export type StoredFrame = FrameMeta & {
  readonly offset: number;
  readonly end: number;
  /** The batch; undefined when it is encrypted and there is no key. */
  readonly bytes: Uint8Array | undefined;
};

/** The head and the body of the frame's record, in pieces. `before` is the chain that it follows. */
export function encodeFrame(
  number: number,
  frame: TallyFrame,
  { before, encryptor }: { readonly before: Buffer; readonly encryptor: Encryptor | undefined },
): Uint8Array[] {
  const meta = encodeMeta(number, frame);
  if (encryptor === undefined) {
    return [headOf('frame', meta.length + frame.bytes.length), meta, frame.bytes];
  }
  const bytes = meta.length + EPHEMERAL_BYTES + frame.bytes.length + TAG_BYTES;
  const head = headOf('frame', bytes);
  const clear = [head, meta, encryptor.ephemeral];
  return [...clear, encryptor.frame(number, frame.bytes, [before, ...clear])];
}

function encodeMeta(number: number, frame: TallyFrame): Buffer {
  const numbers = new VarintWriter(32);
  numbers.uint(number);
  numbers.uint(frame.firstSeq);
  numbers.uint(frame.lastSeq + 1 - frame.firstSeq);
  numbers.uint(frame.events);
  numbers.uint(frame.epoch.length);
  const meta = Buffer.concat([numbers.finish(), Buffer.from(frame.epoch, 'latin1')]);
  const read = decodeMeta(meta);
  const isSame = typeof read !== 'string' && read.meta.lastSeq === frame.lastSeq;
  assert(isSame, `frame ${number} can be read again: ${JSON.stringify(read)}`);
  return meta;
}

/** The frame of a record, or what is wrong with it. */
export function decodeFrame(
  record: FoundRecord,
  keys: { readonly isEncrypted: boolean; readonly decryptor: Decryptor | undefined },
): StoredFrame | string {
  const read = decodeMeta(record.body);
  if (typeof read === 'string') return read;
  const { meta, metaBytes } = read;
  const frame = { ...meta, offset: record.offset, end: record.end };
  const clearBytes = metaBytes + (keys.isEncrypted ? EPHEMERAL_BYTES : 0);
  const batch = record.body.subarray(clearBytes);
  if (batch.length > BATCH_BYTES_MAX + (keys.isEncrypted ? TAG_BYTES : 0)) {
    return 'its batch is longer than any';
  }
  // A copy: the reader's chunk is not kept for the sake of one batch.
  if (!keys.isEncrypted) return { ...frame, bytes: new Uint8Array(batch) };
  if (keys.decryptor === undefined) return { ...frame, bytes: undefined };
  const ephemeral = record.body.subarray(metaBytes, clearBytes);
  const aad = [record.before, record.head, record.body.subarray(0, clearBytes)];
  const bytes = keys.decryptor.frame(meta.number, { ephemeral, encrypted: batch }, aad);
  return bytes === undefined
    ? 'its encryption is broken'
    : { ...frame, bytes: new Uint8Array(bytes) };
}

type ReadMeta = { readonly meta: FrameMeta; readonly metaBytes: number };

function decodeMeta(body: Buffer): ReadMeta | string {
  const from = new VarintReader(body);
  const number = from.uint();
  const firstSeq = from.uint();
  const span = from.uint();
  const events = from.uint();
  const epochBytes = from.uint();
  const lastSeq = firstSeq + span - 1;
  if (number < 0 || span < 0 || firstSeq < 1 || !Number.isSafeInteger(lastSeq)) {
    return 'it covers no range';
  }
  if (events < 0 || events > Math.min(span, BATCH_EVENTS_MAX)) {
    return 'it counts more events than it can have';
  }
  if (epochBytes < 1 || epochBytes > body.length) return 'it has no epoch';
  const start = skip(from, epochBytes);
  const epoch = start === undefined ? '' : body.toString('latin1', start, start + epochBytes);
  if (start === undefined || !ID_PATTERN.test(epoch)) return 'it has no epoch';
  return { meta: { number, epoch, firstSeq, lastSeq, events }, metaBytes: start + epochBytes };
}

function skip(from: VarintReader, count: number): number | undefined {
  try {
    return from.skip(count);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
