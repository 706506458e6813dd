/** Room for what comes: how much there is, and what goes when there is none, worth least first (G7). */
import { join } from 'node:path';

import { TallyError } from '#shared/errors.ts';

import { tombstoneBlock, type Block } from './block.ts';
import type { Epochs } from './epochs.ts';
import type { JournalOptions } from './journal.ts';
import { quarantineBytes, thinQuarantine } from './quarantine.ts';
import { replaceSegment } from './repair.ts';
import type { Reserve } from './reserve.ts';
import type { SealedSegments } from './sealed-segments.ts';
import type { SegmentFacts } from './segment-facts.ts';
import { fileBytes } from './segment-file.ts';
import { SegmentReader } from './segment.ts';
import { ALL_GONE, gainOf, levelMax, SHED_LEVELS, thin } from './shedding.ts';
import { STATE_FILE, type SealedSegment } from './state.ts';
import { isDamaged } from './is-damaged.ts';

export type RoomParts = {
  readonly options: JournalOptions;
  readonly epochs: Epochs;
  readonly sealed: SealedSegments;
  readonly reserve: Reserve;
  readonly shed: (what: {
    readonly segment: number;
    readonly reason: string;
    readonly bytesFreed: number;
  }) => void;
  /** Repairs a segment that was found to be damaged. */
  readonly salvage: (row: SealedSegment, nowMs: number) => void;
};

const WITNESS_BYTES = 4096;

export class Room {
  readonly #parts: RoomParts;
  #quarantineBytes: number;

  constructor(parts: RoomParts) {
    this.#parts = parts;
    this.#quarantineBytes = quarantineBytes(parts.options.directory);
  }

  /** Everything below the directory, with so many bytes in the open segment; the reserve whether it is there or not. */
  used(openBytes: number): number {
    const { options, sealed, reserve } = this.#parts;
    const state = join(options.directory, STATE_FILE);
    const stateBytes = fileBytes(state) + fileBytes(`${state}-wal`);
    return (
      sealed.bytes + openBytes + stateBytes + this.#quarantineBytes + reserve.bytes + WITNESS_BYTES
    );
  }

  /** Counts what was set aside; it goes as soon as it takes more than there is room for. */
  limitQuarantine(openBytes: number): void {
    const { directory, bytesMax } = this.#parts.options;
    this.#quarantineBytes = quarantineBytes(directory);
    while (this.used(openBytes) > bytesMax && this.#thinQuarantine());
  }

  /** Frees something of what is sealed, what is worth least first; false where nothing may go. */
  make(nowMs: number): boolean {
    if (this.#thinQuarantine() || this.#dropStored(nowMs)) return true;
    const levels = levelMax(this.#parts.options.shedding);
    for (let level = 1; level <= levels; level++) if (this.#shedTo(level, nowMs)) return true;
    return false;
  }

  /** Whether a segment, once it is sealed, would give way enough to be worth it. */
  wouldGain(facts: SegmentFacts): boolean {
    const { shedding, segmentBytesMax } = this.#parts.options;
    return SHED_LEVELS.slice(0, levelMax(shedding)).some(
      (_, i) => gainOf(facts, i + 1, shedding) > segmentBytesMax / 4,
    );
  }

  #thinQuarantine(): boolean {
    const isThinner = thinQuarantine(this.#parts.options.directory);
    if (isThinner) this.#quarantineBytes = quarantineBytes(this.#parts.options.directory);
    return isThinner;
  }

  /** Gives up the oldest segment that is all in JetStream. */
  #dropStored(nowMs: number): boolean {
    const row = this.#parts.sealed.all.find(
      (each) =>
        each.facts.shedLevel < ALL_GONE &&
        each.lastSeq >= each.firstSeq &&
        this.#parts.epochs.find(each.epoch)?.isStored(each.firstSeq, each.lastSeq) === true,
    );
    return this.#rewrite(row, {
      level: ALL_GONE,
      reason: 'stored',
      nowMs,
      blocks: (blocks, row) => {
        let last: Block | undefined;
        for (const block of blocks) last = block;
        return last === undefined
          ? []
          : [tombstoneBlock([row.firstSeq, row.lastSeq], 'stored', last)];
      },
    });
  }

  /** Brings the oldest segment that is below `level` and would gain by it there. */
  #shedTo(level: number, nowMs: number): boolean {
    const { shedding } = this.#parts.options;
    const { all } = this.#parts.sealed;
    const row = all.find(({ facts }) => gainOf(facts, level, shedding) > 0);
    // A device may send again what came last: the newest segment remembers it.
    const keepKeys = row === all.at(-1);
    return this.#rewrite(row, {
      level,
      reason: SHED_LEVELS[level - 1]?.reason ?? 'custody',
      nowMs,
      blocks: (blocks) => thin(blocks, level, { ...shedding, keepKeys }),
    });
  }

  /** Writes what is left of a segment beside it, in the room of the reserve, and puts it in its place. */
  #rewrite(
    row: SealedSegment | undefined,
    how: {
      readonly level: number;
      readonly reason: string;
      readonly nowMs: number;
      readonly blocks: (blocks: Iterable<Block>, row: SealedSegment) => Iterable<Block>;
    },
  ): boolean {
    if (row === undefined) return false;
    const { directory } = this.#parts.options;
    this.#parts.reserve.release();
    let fresh: SealedSegment;
    try {
      using from = SegmentReader.open(directory, row);
      if (from === undefined) throw new TallyError('retry', 'journal-damaged', 'it has no header');
      fresh = replaceSegment(directory, {
        header: from.header,
        blocks: how.blocks(from.blocksFrom(row.firstSeq), row),
        nowMs: how.nowMs,
        shedLevel: how.level,
      });
    } catch (error) {
      if (!isDamaged(error)) throw error;
      this.#parts.salvage(row, how.nowMs);
      return true;
    }
    if (how.level === ALL_GONE) {
      // What was shed before stays shed, though its tombstones are now under another name.
      this.#parts.epochs.find(row.epoch)?.addShed(row.facts.shed);
    }
    this.#parts.sealed.replace(row, fresh);
    this.#parts.shed({
      segment: row.number,
      reason: how.reason,
      bytesFreed: row.bytes - fresh.bytes,
    });
    this.#parts.reserve.refill();
    return true;
  }
}
