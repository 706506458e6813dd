/**
 * The directory of segments, as its one writer sees it: appends at the head, unlinks behind what is applied, and sheds
 * in between when there is no room.
 */

import { TallyError } from '#shared/errors.ts';
import { makeDirectory } from '#shared/make-directory.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';

import type { ClockReading } from '../clock/clock.ts';
import { cut } from './block.ts';
import type { Epoch, Epochs } from './epochs.ts';
import type { JournalOptions, JournalStats } from './journal.ts';
import { repairKnown } from './examine.ts';
import { addCounts } from './filter-counts.ts';
import { newEpoch } from './new-epoch.ts';
import { openSegments } from './open-segments.ts';
import type { DamageReport } from './quarantine.ts';
import { sealedOf } from './repair.ts';
import { Reserve } from './reserve.ts';
import { Room } from './room.ts';
import { SealedSegments } from './sealed-segments.ts';
import { FactsCounter } from './segment-facts.ts';
import { segmentBytes, type SegmentName } from './segment-file.ts';
import { readSegmentImage } from './segment-image.ts';
import type { SegmentHeader } from './segment-header.ts';
import { SegmentReader, SegmentWriter } from './segment.ts';
import { ifRoom, isOutOfRoom } from './sqlite.ts';
import type { JournalState, SealedSegment } from './state.ts';
import { statsOf } from './stats.ts';
import { WitnessWriter, type Head } from './witness.ts';
import { isDamaged } from './is-damaged.ts';

/** A group as it comes from the thread that acknowledges. */
export type Group = {
  readonly records: Uint8Array;
  readonly count: number;
  /** Events removed, by rule. */
  readonly filtered: Readonly<Record<string, number>>;
  readonly clock: ClockReading;
  readonly messageKeys: Float64Array;
};

/** What the journal tells of itself. */
export type SegmentEvents = {
  damaged(report: DamageReport): void;
  shed(what: {
    readonly segment: number;
    readonly reason: string;
    readonly bytesFreed: number;
  }): void;
};

type Open = { readonly writer: SegmentWriter; readonly facts: FactsCounter };

/** What a commit may write beside its records: the header of each block, a page that is not full, the pages above. */
const BLOCK_OVERHEAD = 1.2;
const COMMIT_OVERHEAD_BYTES = 64 * 1024;

export class Segments implements Disposable {
  readonly #options: JournalOptions;
  readonly #events: SegmentEvents;
  readonly #state: JournalState;
  readonly #epochs: Epochs;
  readonly #sealed: SealedSegments;
  #ruleVersion: string;
  readonly #room: Room;
  readonly #reserve: Reserve;
  readonly #witness: WitnessWriter;
  readonly #boots = new Map<string, ClockReading>();
  #hasUnsavedBoots = false;
  #open: Open | undefined;
  /** Milliseconds of the monotonic clock. */
  #openSince = performance.now();
  #nextNumber: number;
  #headSeq: number;
  #filtered: Record<string, number>;

  constructor(options: JournalOptions, nowMs: number, events: SegmentEvents) {
    this.#options = options;
    this.#events = events;
    const { directory } = options;
    makeDirectory(directory);
    this.#reserve = new Reserve(directory, options.segmentBytesMax);
    const opened = this.#reserve.use(() =>
      openSegments(options, { nowMs, monotonic: () => performance.now(), newEpoch }),
    );
    this.#state = opened.state;
    this.#epochs = opened.epochs;
    this.#sealed = new SealedSegments(directory, opened);
    this.#ruleVersion = options.ruleVersion;
    this.#open = opened.open;
    this.#nextNumber = opened.nextNumber;
    this.#headSeq = opened.headSeq;
    this.#filtered = JSON.parse(opened.filtered) as Record<string, number>;
    for (const boot of this.#state.read().boots) this.#boots.set(boot.bootId, boot);
    this.#witness = new WitnessWriter(directory, this.#head());
    // Where there is no room for it, what is there can be drained all the same.
    if (this.#open === undefined) ifRoom(() => this.#reserve.use(() => this.#writer(nowMs)));
    this.#sealed.unlinkApplied();
    this.#room = new Room({
      options,
      epochs: this.#epochs,
      sealed: this.#sealed,
      reserve: this.#reserve,
      shed: (what) => events.shed(what),
      salvage: (row, now) => this.#repair(row, now),
    });
    this.#room.limitQuarantine(this.#openBytes);
    for (const report of opened.reports) events.damaged(report);
    // The new segment's own files may be what is too much.
    while (this.#room.used(this.#openBytes) > options.bytesMax && this.#makeRoom(nowMs));
    this.#reserve.refill();
  }

  get epochs(): readonly Epoch[] {
    return this.#epochs.all;
  }

  get current(): {
    readonly epoch: string;
    readonly headSeq: number;
    readonly filtered: Readonly<Record<string, number>>;
  } {
    return { epoch: this.#epochs.current.epoch, headSeq: this.#headSeq, filtered: this.#filtered };
  }

  /** For each boot of the machine the reading to correct by. */
  get boots(): ClockReading[] {
    return [...this.#boots.values()];
  }

  /** Writes a group as one commit; on disk on return (G1). Throws and changes nothing when it cannot. */
  commit(group: Group, nowMs: number): void {
    const filtered = addCounts(this.#filtered, group.filtered);
    const { clock, records } = group;
    const uncut = {
      firstSeq: this.#headSeq + 1,
      filtered: JSON.stringify(filtered),
      clock,
      messageKeys: bytesOf(group.messageKeys),
      records,
    };
    const blocks = [...cut(uncut)];
    this.#withRoom(
      records.length + uncut.messageKeys.length,
      () => {
        this.#writer(nowMs).writer.append(blocks);
      },
      nowMs,
    );
    for (const block of blocks) this.#open?.facts.add(block);
    this.#filtered = filtered;
    this.#headSeq += group.count;
    this.#witness.write(this.#head());
  }

  /** Notes the reading that times of its boot are to be corrected by. */
  setBoot(reading: ClockReading): void {
    this.#boots.set(reading.bootId, reading);
    this.#saveBoots();
  }

  /** A full disk has room again when something is applied: what could not be noted is noted then. */
  #saveBoots(): void {
    this.#hasUnsavedBoots = true;
    this.#state.save({ boots: this.boots });
    this.#hasUnsavedBoots = false;
  }

  /** The keys of the messages that were settled last, about `max` of them, oldest first. */
  messageKeys(max: number, nowMs: number): Float64Array {
    const keys: number[] = [];
    const names: (SegmentName & { firstSeq: number })[] = [...this.#sealed.all];
    if (this.#open !== undefined) names.push(this.#open.writer.header);
    for (let name = names.pop(); name !== undefined && keys.length < max; name = names.pop()) {
      try {
        keys.push(...this.#keysOf(name, max - keys.length));
      } catch (error) {
        if (!isDamaged(error)) throw error;
        // What is whole in it has its keys too.
        this.salvage(name.epoch, name.firstSeq, nowMs);
        keys.push(...this.#keysOf(name, max - keys.length));
      }
    }
    return Float64Array.from(keys.reverse());
  }

  #keysOf(name: SegmentName, max: number): number[] {
    using reader = SegmentReader.open(this.#options.directory, name);
    return [...(reader?.messageKeys(max) ?? [])];
  }

  /** Takes what the cloud has applied of an epoch and unlinks the segments that it covers. */
  setApplied(epoch: string, ranges: readonly Range[]): void {
    const found = this.#epochs.find(epoch);
    if (found === undefined) return;
    found.apply(ranges);
    // Unlinking needs little room and makes much.
    this.#reserve.use(() => this.#sealed.unlinkApplied(found));
    if (this.#hasUnsavedBoots) this.#saveBoots();
    if (found.ended !== undefined && found.applied.covers(1, found.ended.headSeq))
      this.#forget(found);
    this.#reserve.refill();
  }

  /** Takes what JetStream has of an epoch that is not applied. */
  setStored(epoch: string, ranges: readonly Range[]): void {
    const found = this.#epochs.find(epoch);
    if (found !== undefined) found.stored = RangeSet.of(ranges);
  }

  /** Repairs the segment that holds `seq` of `epoch`, which was found to be damaged. */
  salvage(epoch: string, seq: number, nowMs: number): void {
    const open = this.#open?.writer.header;
    if (open?.epoch === epoch && open.firstSeq <= seq) this.#seal();
    const row = this.#sealed.all.find(
      (each) => each.epoch === epoch && each.firstSeq <= seq && each.lastSeq >= seq,
    );
    if (row !== undefined) this.#repair(row, nowMs);
  }

  #repair(row: SealedSegment, nowMs: number): void {
    const repaired = this.#reserve.use(() =>
      repairKnown(this.#options, row, {
        image: readSegmentImage(this.#options.directory, row),
        what: 'it was found damaged when it was to be sent',
        nowMs,
        report: (report) => this.#events.damaged(report),
      }),
    );
    this.#sealed.replace(row, repaired);
    this.#room.limitQuarantine(this.#openBytes);
  }

  stats(): Omit<JournalStats, 'commits'> {
    return statsOf({
      options: this.#options,
      epochs: this.#epochs,
      sealed: this.#sealed.all,
      open:
        this.#open === undefined
          ? undefined
          : { header: this.#open.writer.header, facts: this.#open.facts.facts(0) },
      headSeq: this.#headSeq,
      filtered: this.#filtered,
      bytes: this.#room.used(this.#openBytes),
      isReserveSetAside: this.#reserve.isSetAside,
    });
  }

  [Symbol.dispose](): void {
    this.#open?.writer[Symbol.dispose]();
    try {
      // What is applied and not written down is sent again; nothing else is lost.
      const epochs = this.#epochs.all.map(({ record }) => record);
      ifRoom(() => this.#reserve.use(() => this.#state.save({ epochs })));
    } finally {
      this.#state[Symbol.dispose]();
      this.#witness.close(this.#head());
    }
  }

  #head(): Head {
    const { epoch, headSeq } = this.current;
    return { epoch, headSeq, bootId: this.#options.clock.bootId };
  }

  setRules(version: string): void {
    this.#ruleVersion = version;
  }

  /** The open segment; a new one where there is none, or the last is full. */
  #writer(nowMs: number): Open {
    const { directory, segmentBytesMax, segmentAgeMaxMs } = this.#options;
    if (this.#open !== undefined) {
      const { header } = this.#open.writer;
      const isOld =
        performance.now() - this.#openSince >= segmentAgeMaxMs && this.#headSeq >= header.firstSeq;
      const isSame = header.ruleVersion === this.#ruleVersion || this.#headSeq < header.firstSeq;
      if (isSame && !isOld && segmentBytes(directory, header) < segmentBytesMax) return this.#open;
      // Somebody reads its log: then it grows a little longer.
      if (!this.#seal()) return this.#open;
    }
    const { site, gateway } = this.#options;
    const header: SegmentHeader = {
      site,
      gateway,
      number: this.#nextNumber,
      epoch: this.#epochs.current.epoch,
      firstSeq: this.#headSeq + 1,
      filtered: JSON.stringify(this.#filtered),
      ruleVersion: this.#ruleVersion,
    };
    const writer = SegmentWriter.create(directory, header, { nowMs, segmentBytesMax });
    this.#nextNumber++;
    this.#openSince = performance.now();
    this.#open = { writer, facts: new FactsCounter() };
    return this.#open;
  }

  /** Seals the open segment; whether it could be. */
  #seal(): boolean {
    const open = this.#open;
    if (open === undefined) return true;
    if (!open.writer.seal()) return false;
    this.#open = undefined;
    const sealed = sealedOf(this.#options.directory, open.writer.header, {
      lastSeq: this.#headSeq,
      facts: open.facts.facts(0),
    });
    this.#sealed.add(sealed);
    return true;
  }

  /** Does `write` when there is room for so many bytes; makes room as long as it can be made. */
  #withRoom(bytes: number, write: () => void, nowMs: number): void {
    const need = bytes * BLOCK_OVERHEAD * 2 + COMMIT_OVERHEAD_BYTES;
    while (this.#room.used(this.#openBytes) + need > this.#options.bytesMax) {
      if (!this.#makeRoom(nowMs)) throw this.#full();
    }
    for (;;) {
      try {
        write();
        return;
      } catch (error) {
        // Something else fills the disk: what is worth least goes, as if the limit were lower.
        if (!isOutOfRoom(error) || !this.#makeRoom(nowMs)) throw error;
      }
    }
  }

  #makeRoom(nowMs: number): boolean {
    if (this.#room.make(nowMs)) return true;
    // What could go may be in the open segment.
    const facts = this.#open?.facts.facts(0);
    return facts !== undefined && this.#room.wouldGain(facts) && this.#seal();
  }

  get #openBytes(): number {
    if (this.#open === undefined) return 0;
    return segmentBytes(this.#options.directory, this.#open.writer.header);
  }

  #full(): TallyError {
    return new TallyError(
      'retry',
      'journal-full',
      `the journal holds ${this.#room.used(this.#openBytes)} bytes of at most ${this.#options.bytesMax}, and nothing in it may be shed`,
    );
  }

  /** An epoch that ended, of which everything is applied. */
  #forget({ epoch }: Epoch): void {
    const newest = this.#sealed.all.at(-1);
    if (newest?.epoch === epoch) return;
    this.#epochs.forget(epoch);
    this.#state.forgetEpoch(epoch);
  }
}

function bytesOf(keys: Float64Array): Uint8Array {
  return new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength);
}
