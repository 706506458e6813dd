/** One way that a disk may look after the power went at one point of a recording. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Disk, Tree } from './disk.ts';
import { SECTOR_BYTES } from './file-changes.ts';
import type { Operation } from './recording.ts';
import { Seeded } from './seeded.ts';

/**
 * What becomes of what no sync covers:
 * - `dropped`: nothing of it is on the disk, `kept`: all of it.
 * - `some`: each page and each name by chance.
 * - `torn`: the power went within a write. What came after it is not there, of what came before perhaps some.
 */
export type Fate = 'dropped' | 'kept' | 'some' | 'torn';

/** Where the power goes: before the operation with this index. */
export type Cut = { readonly at: number; readonly fate: Fate; readonly seed: number };

/**
 * Cuts at and around every sync: just before it took effect, with whatever had been promised by then, and somewhere
 * among the operations that led to it. Just after it, with all else dropped, is the first cut of the next one, which has
 * had more promises.
 */
export function cutsAround(operations: readonly Operation[], seed: number): Cut[] {
  const chance = new Seeded(seed);
  const cuts: Cut[] = [];
  const add = (at: number, fate: Fate): void => {
    cuts.push({ at, fate, seed: chance.below(2 ** 32) });
  };
  let last = 0;
  for (const [at, { kind }] of operations.entries()) {
    if (kind !== 'sync') continue;
    add(at, 'dropped');
    add(at, chance.chance(0.25) ? 'kept' : 'some');
    add(at, 'torn');
    add(last + chance.below(at - last), chance.chance(0.5) ? 'some' : 'torn');
    last = at;
  }
  add(operations.length, 'dropped');
  return cuts;
}

/** What the disk holds after a cut; the recording was applied up to there. */
export function treeAfter(disk: Disk, { fate, seed }: Cut): Tree {
  const chance = new Seeded(seed);
  switch (fate) {
    case 'dropped':
      return disk.tree(
        () => 0,
        () => false,
      );
    case 'kept':
      return disk.tree();
    case 'some': {
      const [pages, names] = [chance.below(5) / 4, chance.below(5) / 4];
      return disk.tree(
        () => (chance.chance(pages) ? Number.POSITIVE_INFINITY : 0),
        () => chance.chance(names),
      );
    }
    default:
      return tornTree(disk, chance);
  }
}

function tornTree(disk: Disk, chance: Seeded): Tree {
  const parts = disk.unsynced().filter((change) => change.kind === 'bytes');
  // Most often the write that came last.
  const back = chance.chance(0.5) ? 0 : chance.below(Math.max(1, parts.length));
  const torn = parts.at(-1 - back);
  const before = chance.chance(0.5) ? 1 : chance.number();
  const sectors = chance.below(Math.ceil((torn?.bytes.length ?? 0) / SECTOR_BYTES));
  // Sectors of the disk, not of the write: it may begin within one.
  const length =
    sectors * SECTOR_BYTES +
    (((-(torn?.offset ?? 0) % SECTOR_BYTES) + SECTOR_BYTES) % SECTOR_BYTES);
  const end = torn?.at ?? disk.at;
  return disk.tree(
    (change) => {
      if (change === torn) return length;
      const isBefore =
        change.at < end || (torn !== undefined && change.at === end && isAhead(change, torn));
      return isBefore && chance.chance(before) ? Number.POSITIVE_INFINITY : 0;
    },
    ({ at }) => at <= end && chance.chance(before),
  );
}

type Part = ReturnType<Disk['unsynced']>[number];

/** Of the parts of one write. */
function isAhead(part: Part, of: Part): boolean {
  return part.kind === 'bytes' && of.kind === 'bytes' && part.offset < of.offset;
}

/** Makes the directory so. It is not there yet. */
export async function writeTree(tree: Tree, directory: string): Promise<void> {
  for (const [path, content] of tree) {
    if (content === undefined) await mkdir(join(directory, path), { recursive: true });
    else await writeFile(join(directory, path), content);
  }
}
