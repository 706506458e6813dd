/**
 * Records and their chain, the envelope of everything in a `.tally` file after its prefix, and the limits of what a
 * reader accepts, checked before the memory is taken (G7). The writer keeps to the same.
 */
import { createHash } from 'node:crypto';

import { BATCH_BYTES_MAX } from '#proto/batch/limits.ts';

import { TALLY_FORMAT } from './tally-file.ts';

export const HEADER_BYTES_MAX = 16 * 1024;

/** A batch, and what stands around it. */
const FRAME_BYTES_MAX = BATCH_BYTES_MAX + 256;

/** 100 000 ranges are 4 MiB. */
export const MANIFEST_BYTES_MAX = 16 * 1024 * 1024;

/** A journal has one; a gateway that was set up again and again, a few. */
export const EPOCHS_MAX = 1024;

/** Of a file. Those beyond are counted only. */
export const RANGES_LISTED_MAX = 100_000;

/** Of a file. Those beyond are counted only. */
export const UNREADABLE_LISTED_MAX = 1000;

/** Of each of the two texts, in UTF-16 units; the rest is cut. */
export const UNREADABLE_TEXT_MAX = 1000;

/** Of a report. */
export const PROBLEMS_LISTED_MAX = 100;

/** The first byte is no text, and the line end is one that a transfer as text would change: as PNG has it. */
export const MAGIC = Buffer.from('\u0089TALLY\r\n', 'latin1');

/** Begins a record, so that the next whole one can be found behind a damaged one. */
export const MARK = Buffer.from('\u00A7TLY', 'latin1');

export const HEAD_BYTES = MARK.length + 1 + 4;
export const CHAIN_BYTES = 32;

/** Where the manifest is, flags, ephemeral key, tag, signer, signature: see `seal.ts`. */
export const SEAL_BYTES = 8 + 1 + 32 + 16 + 32 + 64;

const TYPES = ['header', 'frame', 'manifest', 'seal'] as const;
export type RecordType = (typeof TYPES)[number];

const BYTES_MAX: Readonly<Record<RecordType, number>> = {
  header: HEADER_BYTES_MAX,
  frame: FRAME_BYTES_MAX,
  manifest: MANIFEST_BYTES_MAX,
  seal: SEAL_BYTES,
};

/** Magic and format. */
export const PREFIX = prefixOf(TALLY_FORMAT);

function prefixOf(format: number): Buffer {
  const bytes = Buffer.alloc(MAGIC.length + 4);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(format, MAGIC.length);
  return bytes;
}

/** What the first record's chain goes on from. */
export const FIRST_CHAIN = sha256(PREFIX);

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** What stands before a body of that many bytes. */
export function headOf(type: RecordType, bodyBytes: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  MARK.copy(head);
  head.writeUInt8(TYPES.indexOf(type) + 1, MARK.length);
  head.writeUInt32LE(bodyBytes, MARK.length + 1);
  return head;
}

export type Head = { readonly type: RecordType; readonly bodyBytes: number };

/** The type and the length, within the type's limit; or what is wrong with it. */
export function readHead(bytes: Buffer): Head | string {
  if (!bytes.subarray(0, MARK.length).equals(MARK)) return 'no record begins here';
  const type = TYPES[bytes.readUInt8(MARK.length) - 1];
  if (type === undefined) return 'its type is unknown';
  const bodyBytes = bytes.readUInt32LE(MARK.length + 1);
  if (bodyBytes > BYTES_MAX[type]) {
    return `its length is ${bodyBytes} bytes, at most ${BYTES_MAX[type]} are possible`;
  }
  return { type, bodyBytes };
}

/** How long the record is in the file. */
export function recordBytes(bodyBytes: number): number {
  return HEAD_BYTES + bodyBytes + CHAIN_BYTES;
}
