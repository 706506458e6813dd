/** What was done to one file and is not on the disk for certain, and what the disk may have of it. */

/** The page cache goes to the disk in pages, in any order. */
const PAGE_BYTES = 4096;
/** What a disk writes whole or not at all. */
export const SECTOR_BYTES = 512;

/** One page's part of a write, or a change of the size. `at` is the operation that did it. */
export type FileChange =
  | {
      readonly kind: 'bytes';
      readonly at: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'truncate' | 'grow'; readonly at: number; readonly size: number };

/** How much of a change survives: of bytes the first so many, of a size all or nothing. */
export type Survival = (change: FileChange) => number;

/** A write in the parts that reach the disk each on its own. */
export function* pageParts(at: number, offset: number, bytes: Uint8Array): Generator<FileChange> {
  for (let start = 0; start < bytes.length;) {
    const end = Math.min(bytes.length, start + PAGE_BYTES - ((offset + start) % PAGE_BYTES));
    yield { kind: 'bytes', at, offset: offset + start, bytes: bytes.subarray(start, end) };
    start = end;
  }
}

/** All of a change. */
export const WHOLE: Survival = () => Number.POSITIVE_INFINITY;

/**
 * The file with what survives of its changes. A hole that a lost write leaves reads as zeros. What lies beyond the size
 * that a lost truncation set is lost too: its blocks were given out by what came after the truncation.
 */
export function applied(
  content: Buffer,
  changes: readonly FileChange[],
  survival: Survival,
): Buffer {
  if (changes.length === 0) return content;
  const result = Buffer.alloc(Math.max(content.length, ...changes.map(endOf)));
  result.set(content);
  let size = content.length;
  let reach = Number.POSITIVE_INFINITY;
  for (const change of changes) {
    const survives = survival(change);
    if (change.kind === 'bytes') {
      const end = change.offset + Math.min(survives, change.bytes.length);
      if (survives <= 0 || end > reach) continue;
      result.set(change.bytes.subarray(0, end - change.offset), change.offset);
      size = Math.max(size, end);
    } else if (survives <= 0) {
      if (change.kind === 'truncate') reach = Math.min(reach, change.size);
    } else {
      if (change.kind === 'truncate') result.fill(0, change.size);
      size = change.kind === 'truncate' ? change.size : Math.max(size, change.size);
    }
  }
  return result.subarray(0, size);
}

function endOf(change: FileChange): number {
  return change.kind === 'bytes' ? change.offset + change.bytes.length : change.size;
}
