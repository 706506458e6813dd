/** What a worn card does to a file, the same for the same seed. */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';

import type { Seeded } from '#shared/testing/power-cut/seeded.ts';

const PAGE_BYTES = 4096;
const FRAME_BYTES = PAGE_BYTES + 24;
const WAL_HEADER_BYTES = 32;
const ZEROED_PAGES_MAX = 4;

const WAYS = ['flip', 'flip', 'flip', 'truncate', 'zero', 'empty', 'delete'] as const;

export type Way = (typeof WAYS)[number];

/** Damages the file, which is not empty; says how. */
export function damage(
  path: string,
  chance: Seeded,
): { readonly way: Way; readonly where: string } {
  const bytes = readFileSync(path);
  const way = WAYS[chance.below(WAYS.length)] ?? 'flip';
  switch (way) {
    case 'flip': {
      const at = interestingByte(bytes, path.endsWith('-wal'), chance);
      const bit = chance.below(8);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      writeFileSync(path, bytes);
      return { way, where: `bit ${bit} of byte ${at} of ${bytes.length}` };
    }
    case 'truncate': {
      const length = chance.below(bytes.length);
      truncateSync(path, length);
      return { way, where: `to ${length} of ${bytes.length}` };
    }
    case 'zero': {
      const page = chance.below(Math.ceil(bytes.length / PAGE_BYTES));
      const pages = 1 + chance.below(ZEROED_PAGES_MAX);
      bytes.subarray(page * PAGE_BYTES, (page + pages) * PAGE_BYTES).fill(0);
      writeFileSync(path, bytes);
      return { way, where: `${pages} pages from ${page} on` };
    }
    case 'empty':
      truncateSync(path, 0);
      return { way, where: 'all of it' };
    default:
      rmSync(path);
      return { way: 'delete', where: 'all of it' };
  }
}

/** Any byte; or one of those few on which much hangs: the heads of the file, of a page, and the row that says what the file is. */
function interestingByte(bytes: Uint8Array, isLog: boolean, chance: Seeded): number {
  const [start, unit, head] = isLog
    ? ([WAL_HEADER_BYTES, FRAME_BYTES, 24] as const)
    : ([0, PAGE_BYTES, 0] as const);
  const units = Math.floor((bytes.length - start) / unit);
  if (units < 1) return chance.below(bytes.length);
  const unitAt = (index: number): number => start + index * unit;
  switch (chance.below(5)) {
    case 0:
      return chance.below(Math.min(bytes.length, 132));
    case 1:
      return unitAt(chance.below(units)) + chance.below(head + 32);
    case 2:
      // Cells stand at the end of their page, and the second page has one row.
      return unitAt(Math.min(1, units - 1)) + unit - 1 - chance.below(120);
    default:
      return chance.below(bytes.length);
  }
}
