/** What an image of a segment amounts to: whether it is whole, and what a repair would make of it. */

import { lastSeqOf, type Block } from './block.ts';
import type { JournalOptions } from './journal.ts';
import type { DamageReport } from './quarantine.ts';
import { repairSegment, type RepairPlan } from './repair.ts';
import { FactsCounter } from './segment-facts.ts';
import type { SegmentName } from './segment-file.ts';
import { holesIn, type SegmentImage } from './segment-image.ts';
import type { SegmentHeader } from './segment-header.ts';
import { SegmentWriter } from './segment.ts';
import type { SealedSegment } from './state.ts';
import { isDamaged } from './is-damaged.ts';

/** The accounts of an epoch of which nothing is known: no event was removed. */
export const NO_COUNTS = '{}';

/** A header's pages and its log: more than that was not written by a crash before the header was there. */
const BARE_BYTES_MAX = 96 * 1024;

/** Brings a sealed segment back to all that it had, as far as it is readable. */
export function repairKnown(
  options: JournalOptions,
  row: SealedSegment,
  about: {
    readonly image: SegmentImage;
    readonly what: string;
    readonly nowMs: number;
    readonly report: (report: DamageReport) => void;
  },
): SealedSegment {
  const blocks = disjoint([...about.image.blocks, ...about.image.uncertain]);
  const plan = planOf(options, about.image, {
    firstSeq: row.firstSeq,
    lastSeq: row.lastSeq,
    blocks,
  });
  const { sealed, report } = repairSegment(options.directory, plan, about);
  about.report(report);
  return { ...sealed, facts: { ...sealed.facts, shedLevel: row.facts.shedLevel } };
}

export function planOf(
  { clock, ruleVersion, site, gateway }: JournalOptions,
  { name, header }: Pick<SegmentImage, 'name' | 'header'>,
  { firstSeq, lastSeq, blocks }: { firstSeq: number; lastSeq: number; blocks: readonly Block[] },
): RepairPlan {
  const filtered = header?.filtered ?? blocks[0]?.filtered ?? NO_COUNTS;
  const sound: SegmentHeader = {
    ...name,
    site: header?.site ?? site,
    gateway: header?.gateway ?? gateway,
    firstSeq,
    filtered,
    ruleVersion: header?.ruleVersion ?? ruleVersion,
  };
  return { header: sound, lastSeq, blocks, fallback: { filtered, clock }, reason: 'damaged' };
}

/** SQLite's own view of a file that reads well; `undefined` where it has none. */
export function tryOpen(
  directory: string,
  name: SegmentName,
  options: { readonly segmentBytesMax: number; readonly headSeq: number },
): SegmentWriter | undefined {
  try {
    return SegmentWriter.open(directory, name, options);
  } catch (error) {
    if (isDamaged(error)) return undefined;
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_')) {
      // No room and no rights are for whoever called; anything else is damage that the blocks did not show.
      if (/^SQLITE_(?:FULL|BUSY|CANTOPEN|READONLY|PERM|IOERR)/u.test(String(error.code)))
        throw error;
      return undefined;
    }
    throw error;
  }
}

export function isBareStart({ header, blocks, uncertain, bytes }: SegmentImage): boolean {
  return header === undefined && blocks.length + uncertain.length === 0 && bytes <= BARE_BYTES_MAX;
}

export function isWholeTail(
  image: SegmentImage,
  blocks: readonly Block[],
  { firstSeq, headSeq }: { firstSeq: number; headSeq: number },
): boolean {
  return (
    image.header !== undefined &&
    blocks.length === image.blocks.length &&
    headOf(blocks, firstSeq) === headSeq &&
    holesIn(blocks, firstSeq, headSeq).length === 0
  );
}

export function damageOf({ unreadable, header, walEnd }: SegmentImage): string {
  if (unreadable !== undefined) return `it cannot be read: ${unreadable}`;
  if (header === undefined) return 'its header is damaged';
  return walEnd === 'whole' ? 'some of its blocks are damaged' : 'its log is damaged';
}

export function headOf(blocks: readonly Block[], firstSeq: number): number {
  return blocks.reduce((head, block) => Math.max(head, lastSeqOf(block)), firstSeq - 1);
}

/**
 * Where a segment begins that comes after the number `after`. Its header says so, but has no checksum: it is not believed
 * against the segment before, nor against a block.
 */
export function startOf(
  header: SegmentHeader | undefined,
  blocks: readonly Block[],
  after: number,
): number {
  const first = blocks[0]?.firstSeq;
  const isPlausible =
    header !== undefined &&
    header.firstSeq > after &&
    header.firstSeq <= (first ?? header.firstSeq);
  if (isPlausible) return header.firstSeq;
  // Too much is called lost sooner than too little: what was applied in between is applied.
  return after === 0 ? (first ?? 1) : after + 1;
}

export function firstSeqOf({ header, blocks }: SegmentImage): number | undefined {
  return header?.firstSeq ?? blocks[0]?.firstSeq;
}

/** Ascending, and each number in one block only: of two that overlap the first. */
export function disjoint(blocks: readonly Block[]): Block[] {
  let last = 0;
  return blocks
    .toSorted((a, b) => a.firstSeq - b.firstSeq || a.count - b.count)
    .filter((block) => {
      if (block.count === 0) return true;
      if (block.firstSeq <= last) return false;
      last = lastSeqOf(block);
      return true;
    });
}

/** The last word of the accounts: counts only grow. */
export function filteredOf(blocks: readonly Block[]): string | undefined {
  let [best, most]: [string | undefined, number] = [undefined, -1];
  for (const { filtered } of new Map(blocks.map((block) => [block.filtered, block])).values()) {
    const total = Object.values(JSON.parse(filtered) as Record<string, number>).reduce(
      (a, b) => a + b,
      0,
    );
    if (total > most) [best, most] = [filtered, total];
  }
  return best;
}

export function countFacts(blocks: readonly Block[]): FactsCounter {
  const facts = new FactsCounter();
  for (const block of blocks) facts.add(block);
  return facts;
}
