/** Reads events by sequence number, across segments, beside the writer and without disturbing it. */
import { statSync } from 'node:fs';

import { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';
import type { ShedReason } from '#shared/shed.ts';

import { correctionMs, type ClockReading } from '../clock/clock.ts';
import { entriesOf, type Block } from './block.ts';
import { readRecord } from './record.ts';
import { listSegments, segmentPath } from './segment-file.ts';
import { isDamaged, SegmentReader } from './segment.ts';

export type ReadLimits = {
  readonly lastSeq: number;
  readonly eventsMax: number;
  /** Of records; one event is read however long it is. */
  readonly bytesMax: number;
};

/** A stretch of sequence numbers from the first that was asked for: its events, and what is no longer there. */
export type Stretch = {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly events: readonly Event[];
  readonly shed: readonly {
    readonly first: number;
    readonly last: number;
    readonly reason: ShedReason;
  }[];
};

/** Shed ranges of one stretch: what a batch may carry. */
const SHED_RANGES_MAX = 4000;

type Open = { readonly reader: SegmentReader; readonly path: string; readonly inode: number };

export class JournalReader implements Disposable {
  readonly #directory: string;
  readonly #epoch: string;
  #open: Open | undefined;
  /** The first sequence number of the segment after the one that is open; unknown while that is the newest. */
  #nextFirstSeq = Number.POSITIVE_INFINITY;

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
    const taker = new Taker(firstSeq, limits, boots);
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
  #readOn(taker: Taker): void {
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
    const names = listSegments(this.#directory).filter(({ epoch }) => epoch === this.#epoch);
    for (const name of names.reverse()) {
      const path = segmentPath(this.#directory, name);
      const inode = statSync(path, { throwIfNoEntry: false })?.ino;
      const reader = inode === undefined ? undefined : openIfThere(this.#directory, name);
      if (reader === 'damaged') {
        // Where it begins is not known: the segment before it is read as far as it goes.
        this.#nextFirstSeq = Number.POSITIVE_INFINITY;
        continue;
      }
      if (reader === undefined || inode === undefined) continue;
      if (reader.header.firstSeq <= seq) {
        this.#open = { reader, path, inode };
        return this.#open;
      }
      this.#nextFirstSeq = reader.header.firstSeq;
      reader[Symbol.dispose]();
    }
    return undefined;
  }

  #firstSeqAfter(seq: number): number {
    let next = Number.MAX_SAFE_INTEGER;
    for (const name of listSegments(this.#directory).filter(({ epoch }) => epoch === this.#epoch)) {
      const reader = openIfThere(this.#directory, name);
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

function openIfThere(
  ...[directory, name]: Parameters<typeof SegmentReader.open>
): SegmentReader | 'damaged' | undefined {
  try {
    return SegmentReader.open(directory, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_CANTOPEN')
      return undefined;
    if (isDamaged(error)) return 'damaged';
    throw error;
  }
}

class Taker {
  readonly #limits: ReadLimits;
  readonly #boots: ReadonlyMap<string, ClockReading>;
  readonly #firstSeq: number;
  readonly #events: Event[] = [];
  readonly #shed: { first: number; last: number; reason: ShedReason }[] = [];
  #bytesLeft: number;
  #isCut = false;
  nextSeq: number;

  constructor(firstSeq: number, limits: ReadLimits, boots: readonly ClockReading[]) {
    this.#firstSeq = firstSeq;
    this.nextSeq = firstSeq;
    this.#limits = limits;
    this.#bytesLeft = limits.bytesMax;
    this.#boots = new Map(boots.map((reading) => [reading.bootId, reading]));
  }

  get isFull(): boolean {
    return (
      this.#isCut ||
      this.nextSeq > this.#limits.lastSeq ||
      this.#events.length >= this.#limits.eventsMax
    );
  }

  stretch(): Stretch {
    return {
      firstSeq: this.#firstSeq,
      lastSeq: this.nextSeq - 1,
      events: this.#events,
      shed: this.#shed,
    };
  }

  /** Takes what is wanted of a block; whether more is. */
  take(block: Block): boolean {
    if (block.firstSeq > this.nextSeq) this.miss(block.firstSeq - 1);
    const correction = correctionMs(block.clock, this.#boots.get(block.clock.bootId));
    for (const entry of entriesOf(block)) {
      if (this.isFull) return false;
      if (entry.type === 'shed') {
        if (entry.last >= this.nextSeq) this.#noteShed(entry.last, entry.reason);
        continue;
      }
      if (entry.seq < this.nextSeq) continue;
      this.#bytesLeft -= entry.record.length;
      if (this.#bytesLeft < 0 && this.#events.length > 0) {
        this.#isCut = true;
        return false;
      }
      this.#events.push(
        stamped(
          readRecord(entry.record),
          block.clock,
          this.#best(block.clock, correction),
          correction,
        ),
      );
      this.nextSeq = entry.seq + 1;
    }
    return !this.isFull;
  }

  /** Nothing is known of what comes up to `last`. */
  miss(last: number): void {
    this.#noteShed(last, 'damaged');
  }

  #best(reading: ClockReading, correction: number): ClockReading {
    return correction === 0 ? reading : (this.#boots.get(reading.bootId) ?? reading);
  }

  #noteShed(last: number, reason: ShedReason): void {
    const end = Math.min(last, this.#limits.lastSeq);
    if (end < this.nextSeq) return;
    const before = this.#shed.at(-1);
    if (before !== undefined && before.last === this.nextSeq - 1 && before.reason === reason)
      before.last = end;
    else this.#shed.push({ first: this.nextSeq, last: end, reason });
    this.nextSeq = end + 1;
    this.#isCut ||= this.#shed.length >= SHED_RANGES_MAX;
  }
}

/** The event with what is known of the clock, corrected where the clock of its boot was wrong (G10). */
function stamped(
  event: Event,
  reading: ClockReading,
  best: ClockReading,
  correction: number,
): Event {
  const { bootId, offsetMs } = reading;
  const clock = { bootId, monotonicMs: event.receiveTimeMs - offsetMs, trust: best.trust };
  if (correction === 0) return { ...event, clock };
  const receiveTimeMs = event.receiveTimeMs + correction;
  const eventTimeMs = event.timeQuality === 'receive' ? receiveTimeMs : event.eventTimeMs;
  return { ...event, receiveTimeMs, eventTimeMs, clock: { ...clock, correctionMs: correction } };
}
