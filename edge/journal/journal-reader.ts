/** Reads events by sequence number, across segments, beside the writer and without disturbing it. */
import { statSync } from 'node:fs';

import { TallyError } from '#shared/errors.ts';

import type { ClockReading } from '../clock/clock.ts';
import type { Stretch } from './journal.ts';
import { listSegments, segmentPath, type SegmentName } from './segment-file.ts';
import { SegmentReader } from './segment.ts';
import { StretchTaker, type ReadLimits } from './stretch.ts';
import { isDamaged } from './is-damaged.ts';

type Open = { readonly reader: SegmentReader; readonly path: string; readonly inode: number };

export class JournalReader implements Disposable {
  readonly #directory: string;
  readonly #epoch: string;
  #open: Open | undefined;
  /** The first sequence number of the segment after the one that is open; unknown while that is the newest. */
  #nextFirstSeq = Number.POSITIVE_INFINITY;

  /** By segment number, where it begins: that never changes, and a long backlog has many. */
  readonly #firstSeqs = new Map<number, number>();

  constructor(directory: string, epoch: string) {
    this.#directory = directory;
    this.#epoch = epoch;
  }

  /**
   * From `firstSeq` on, which is in the journal, as far as the limits allow, at least one number. Times are corrected by
   * the readings of `boots` (G10). What stands in no segment was lost before anybody could note it.
   */
  read(firstSeq: number, limits: ReadLimits, boots: readonly ClockReading[] = []): Stretch {
    this.#closeIfReplaced();
    const taker = new StretchTaker(firstSeq, limits, boots);
    while (!taker.isFull) {
      try {
        this.#readOn(taker);
      } catch (error) {
        // What was read is handed on: whoever comes again begins with what is damaged, and can have it salvaged.
        if (!isDamaged(error) || taker.nextSeq === firstSeq) throw error;
        return taker.stretch();
      }
    }
    return taker.stretch();
  }

  /** From one segment. */
  #readOn(taker: StretchTaker): void {
    const before = taker.nextSeq;
    const open = this.#segmentOf(before);
    if (open === undefined) {
      taker.miss(this.#firstSeqAfter(before) - 1);
      return;
    }
    for (const block of open.reader.blocksFrom(before)) if (!taker.take(block)) break;
    if (taker.nextSeq > before || taker.isFull) return;
    // The segment was sealed since it was opened: the event is in the next one, or nowhere.
    this.close();
    if (this.#segmentOf(before)?.path === open.path) taker.miss(this.#firstSeqAfter(before) - 1);
  }

  /** Lets go of the file, so that its room is free when it is unlinked. */
  close(): void {
    this.#open?.reader[Symbol.dispose]();
    this.#open = undefined;
    this.#nextFirstSeq = Number.POSITIVE_INFINITY;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #closeIfReplaced(): void {
    if (this.#open === undefined) return;
    const found = statSync(this.#open.path, { throwIfNoEntry: false });
    if (found?.ino !== this.#open.inode) this.close();
  }

  #segmentOf(seq: number): Open | undefined {
    const open = this.#open;
    if (open !== undefined && seq >= open.reader.header.firstSeq && seq < this.#nextFirstSeq)
      return open;
    this.close();
    for (const { name, isNewest } of this.#names().reverse()) {
      const known = this.#firstSeqs.get(name.number);
      if (known !== undefined && known > seq) {
        this.#nextFirstSeq = known;
        continue;
      }
      const path = segmentPath(this.#directory, name);
      const inode = statSync(path, { throwIfNoEntry: false })?.ino;
      const reader = inode === undefined ? undefined : openIfThere(this.#directory, name, isNewest);
      if (reader === 'damaged') {
        // Where it begins is not known: the segment before it is read as far as it goes.
        this.#nextFirstSeq = Number.POSITIVE_INFINITY;
        continue;
      }
      if (reader === undefined || inode === undefined) continue;
      this.#firstSeqs.set(name.number, reader.header.firstSeq);
      if (reader.header.firstSeq <= seq) {
        this.#open = { reader, path, inode };
        return this.#open;
      }
      this.#nextFirstSeq = reader.header.firstSeq;
      reader[Symbol.dispose]();
    }
    return undefined;
  }

  /** Of the epoch, oldest first. */
  #names(): { readonly name: SegmentName; readonly isNewest: boolean }[] {
    const names = listSegments(this.#directory);
    return names
      .map((name) => ({ name, isNewest: name === names.at(-1) }))
      .filter(({ name }) => name.epoch === this.#epoch);
  }

  #firstSeqAfter(seq: number): number {
    let next = Number.MAX_SAFE_INTEGER;
    for (const { name, isNewest } of this.#names()) {
      const reader = openIfThere(this.#directory, name, isNewest);
      // It may be the one that has it: nothing is missing before that is known.
      if (reader === 'damaged')
        throw new TallyError('retry', 'journal-damaged', `segment ${name.number} cannot be opened`);
      if (reader !== undefined && reader.header.firstSeq > seq)
        next = Math.min(next, reader.header.firstSeq);
      reader?.[Symbol.dispose]();
    }
    return next;
  }
}

/** Only the newest can be without its header for another reason than damage: it is being made. */
function openIfThere(
  directory: string,
  name: SegmentName,
  isNewest: boolean,
): SegmentReader | 'damaged' | undefined {
  try {
    return SegmentReader.open(directory, name) ?? (isNewest ? undefined : 'damaged');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_CANTOPEN')
      return undefined;
    if (isDamaged(error)) return 'damaged';
    throw error;
  }
}
