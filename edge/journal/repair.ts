/** Makes a sound segment of what is whole in a damaged one, with tombstones for the rest (G8). */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';

import type { ShedReason } from '#shared/shed.ts';

import type { ClockReading } from '../clock/clock.ts';
import { lastSeqOf, tombstoneBlock, type Block } from './block.ts';
import { setAside, writeReport, type DamageReport } from './quarantine.ts';
import { FactsCounter, type SegmentFacts } from './segment-facts.ts';
import { fileBytes, fileCrc, fsyncPath, removeLog, segmentPath } from './segment-file.ts';
import { holesIn } from './segment-image.ts';
import type { SegmentHeader } from './segment-header.ts';
import { buildSegment } from './segment.ts';
import type { SealedSegment } from './state.ts';

/** What a segment has to hold: all of `firstSeq` to `lastSeq`, from these blocks, ascending and disjoint. */
export type RepairPlan = {
  readonly header: SegmentHeader;
  readonly lastSeq: number;
  readonly blocks: readonly Block[];
  /** The accounts and the clock of a tombstone that has no neighbour. */
  readonly fallback: { readonly filtered: string; readonly clock: ClockReading };
  readonly reason: ShedReason;
};

/** The blocks with a tombstone for every number that none of them has. */
export function filled({ header, lastSeq, blocks, fallback, reason }: RepairPlan): Block[] {
  const holes = holesIn(blocks, header.firstSeq, lastSeq);
  const tombs = holes.map((hole) => {
    const like = blocks.findLast((block) => block.firstSeq <= hole[0]) ?? fallback;
    return tombstoneBlock(hole, reason, like);
  });
  return [...blocks, ...tombs].sort((a, b) => a.firstSeq - b.firstSeq || a.count - b.count);
}

/**
 * Replaces a segment, damaged or missing, by a sound one of the same name. The damaged files are in the quarantine before
 * anything is replaced; a crash anywhere leaves the one or the other.
 */
export function repairSegment(
  directory: string,
  plan: RepairPlan,
  { what, nowMs }: { readonly what: string; readonly nowMs: number },
): { sealed: SealedSegment; report: DamageReport } {
  const path = segmentPath(directory, plan.header);
  const lost = holesIn(plan.blocks, plan.header.firstSeq, plan.lastSeq);
  const copies = [`${path}-wal`, path].map((file) => setAside(directory, file));
  const report: DamageReport = {
    file: basename(path),
    setAside: copies.findLast((copy) => copy !== undefined),
    what,
    epoch: plan.header.epoch,
    recovered: plan.blocks.reduce((sum, { count }) => sum + count, 0),
    lost,
  };
  writeReport(directory, report, nowMs);
  const sealed = replaceSegment(directory, {
    header: plan.header,
    blocks: filled(plan),
    nowMs,
    shedLevel: 0,
  });
  return { sealed, report };
}

/** Writes a sealed segment under its name, in the place of what was there. */
export function replaceSegment(
  directory: string,
  segment: {
    readonly header: SegmentHeader;
    readonly blocks: Iterable<Block>;
    readonly nowMs: number;
    readonly shedLevel: number;
  },
): SealedSegment {
  const { header, nowMs } = segment;
  const path = segmentPath(directory, header);
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  const facts = new FactsCounter();
  let lastSeq = header.firstSeq - 1;
  const counted = function* (): Generator<Block> {
    for (const block of segment.blocks) {
      facts.add(block);
      lastSeq = Math.max(lastSeq, lastSeqOf(block));
      yield block;
    }
  };
  try {
    buildSegment(fresh, header, counted(), nowMs);
    fsyncPath(fresh);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  renameSync(fresh, path);
  fsyncPath(directory);
  // SQLite would take a log that stays beside the new file for its own. After a crash here it is examined once more.
  removeLog(path);
  return sealedOf(directory, header, { lastSeq, facts: facts.facts(segment.shedLevel) });
}

/** What the state keeps of a segment whose file is finished. */
export function sealedOf(
  directory: string,
  header: SegmentHeader,
  { lastSeq, facts }: { readonly lastSeq: number; readonly facts: SegmentFacts },
): SealedSegment {
  const path = segmentPath(directory, header);
  return {
    number: header.number,
    epoch: header.epoch,
    firstSeq: header.firstSeq,
    lastSeq,
    bytes: fileBytes(path),
    fileCrc: fileCrc(path),
    facts,
    isGone: false,
  };
}

/** What an interrupted replacement left. */
export function removeUnfinished(directory: string, names: readonly string[]): void {
  for (const name of names) {
    if (/^segment-.+\.db\.new(?:-journal)?$/u.test(name) && existsSync(`${directory}/${name}`))
      rmSync(`${directory}/${name}`, { force: true });
  }
}
