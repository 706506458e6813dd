/** Segment files by name: what they are called, how large they are, how they come and go. */
import { closeSync, fsyncSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

export type SegmentName = { readonly number: number; readonly epoch: string };

/** Stands in a directory that a salvage is writing to, until it is finished. */
export const UNFINISHED_FILE = 'unfinished';

const FILE = /^segment-(\d{10})-([a-z0-9]{1,64})\.db$/u;
const READ_BYTES = 1024 * 1024;

export function segmentPath(directory: string, { number, epoch }: SegmentName): string {
  return join(directory, `segment-${String(number).padStart(10, '0')}-${epoch}.db`);
}

/** The segment that a file is; `undefined` for any other name. */
function segmentName(fileName: string): SegmentName | undefined {
  const [, number, epoch] = FILE.exec(fileName) ?? [];
  return number === undefined || epoch === undefined
    ? undefined
    : { number: Number(number), epoch };
}

/** The segments of a directory, oldest first. One that is a log without a file is among them. */
export function listSegments(directory: string): SegmentName[] {
  const byNumber = new Map<number, SegmentName>();
  for (const name of readdirSync(directory)) {
    const segment = segmentName(name.replace(/-wal$/u, ''));
    if (segment !== undefined) byNumber.set(segment.number, segment);
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

export function removeSegment(directory: string, name: SegmentName): void {
  const path = segmentPath(directory, name);
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

/** Removes what SQLite keeps beside a file. */
export function removeLog(path: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
}

/** The file, its log, and the memory that its readers share. */
export function segmentBytes(directory: string, name: SegmentName): number {
  const path = segmentPath(directory, name);
  return fileBytes(path) + fileBytes(`${path}-wal`) + fileBytes(`${path}-shm`);
}

export function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** CRC-32 of a whole file, read in parts. */
export function fileCrc(path: string): number {
  const file = openSync(path, 'r');
  try {
    const part = Buffer.allocUnsafe(READ_BYTES);
    let crc = 0;
    for (let at = 0; ;) {
      const bytes = readSync(file, part, 0, READ_BYTES, at);
      if (bytes === 0) return crc;
      crc = crc32(part.subarray(0, bytes), crc);
      at += bytes;
    }
  } finally {
    closeSync(file);
  }
}

/** Brings a file, or the names in a directory, to the disk. */
export function fsyncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
