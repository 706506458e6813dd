/**
 * The directory of segments, as its one writer sees it: appends at the head, unlinks behind what is applied, and sheds
 * in between when there is no room.
 */
import { join } from 'node:path';

import { TallyError } from '#shared/errors.ts';
import { makeDirectory } from '#shared/make-directory.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';

import type { ClockReading } from '../clock/clock.ts';
import { cut, tombstoneBlock, type Block } from './block.ts';
import type { Epoch, Epochs } from './epochs.ts';
import type { JournalOptions, JournalStats } from './journal.ts';
import { repairKnown } from './examine.ts';
import { addCounts } from './filter-counts.ts';
import { newEpoch } from './new-epoch.ts';
import { openSegments } from './open-segments.ts';
import { quarantineBytes, thinQuarantine, type DamageReport } from './quarantine.ts';
import { replaceSegment, sealedOf } from './repair.ts';
import { Reserve } from './reserve.ts';
import { FactsCounter } from './segment-facts.ts';
import { fileBytes, removeSegment, segmentBytes, type SegmentName } from './segment-file.ts';
import { readSegmentImage } from './segment-image.ts';
import type { SegmentHeader } from './segment-header.ts';
import { SegmentReader, SegmentWriter } from './segment.ts';
import { ALL_GONE, gainOf, levelMax, SHED_LEVELS, thin } from './shedding.ts';
import { isOutOfRoom } from './sqlite.ts';
import { STATE_FILE, type JournalState, type SealedSegment } from './state.ts';
import { shedOf, statsOf } from './stats.ts';
import { WitnessWriter } from './witness.ts';

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
  readonly #sealed: SealedSegment[];
  readonly #reserve: Reserve;
  readonly #witness: WitnessWriter;
  readonly #boots = new Map<string, ClockReading>();
  #open: Open | undefined;
  /** Milliseconds of the monotonic clock. */
  #openSince = performance.now();
  #nextNumber: number;
  #headSeq: number;
  #filtered: Record<string, number>;
  #sealedBytes: number;
  #quarantineBytes: number;

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
    this.#sealed = opened.sealed;
    this.#open = opened.open;
    this.#nextNumber = opened.nextNumber;
    this.#headSeq = opened.headSeq;
    this.#filtered = JSON.parse(opened.filtered) as Record<string, number>;
    this.#sealedBytes = opened.sealed.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const boot of this.#state.read().boots) this.#boots.set(boot.bootId, boot);
    this.#witness = new WitnessWriter(directory);
    this.#noteHead();
    if (this.#open === undefined) this.#reserve.use(() => this.#writer(nowMs));
    this.#unlinkApplied();
    this.#quarantineBytes = quarantineBytes(directory);
    for (const report of opened.reports) events.damaged(report);
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
    this.#noteHead();
  }

  /** Notes the reading that times of its boot are to be corrected by. */
  setBoot(reading: ClockReading): void {
    this.#boots.set(reading.bootId, reading);
    this.#state.save({ boots: [reading] });
  }

  /** The keys of the messages that were settled last, about `max` of them, oldest first. */
  messageKeys(max: number, nowMs: number): Float64Array {
    const keys: number[] = [];
    const names: (SegmentName & { firstSeq: number })[] = [...this.#sealed];
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
    this.#reserve.use(() => this.#unlinkApplied(found));
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
    const index = this.#sealed.findIndex(
      (each) => each.epoch === epoch && each.firstSeq <= seq && each.lastSeq >= seq,
    );
    const row = this.#sealed[index];
    if (row === undefined) return;
    const repaired = this.#reserve.use(() =>
      repairKnown(this.#options, row, {
        image: readSegmentImage(this.#options.directory, row),
        what: 'it was found damaged when it was to be sent',
        nowMs,
        report: (report) => this.#events.damaged(report),
      }),
    );
    this.#replace(index, repaired);
    this.#quarantineBytes = quarantineBytes(this.#options.directory);
  }

  stats(): Omit<JournalStats, 'commits'> {
    return statsOf({
      options: this.#options,
      epochs: this.#epochs,
      sealed: this.#sealed,
      open:
        this.#open === undefined
          ? undefined
          : { header: this.#open.writer.header, facts: this.#open.facts.facts(0) },
      headSeq: this.#headSeq,
      filtered: this.#filtered,
      bytes: this.#used(),
      isReserveSetAside: this.#reserve.isSetAside,
    });
  }

  [Symbol.dispose](): void {
    this.#open?.writer[Symbol.dispose]();
    this.#state.save({ epochs: this.#epochs.all.map(({ record }) => record) });
    this.#state[Symbol.dispose]();
    const { epoch } = this.#epochs.current;
    this.#witness.close({ epoch, headSeq: this.#headSeq, bootId: this.#options.clock.bootId });
  }

  #noteHead(): void {
    this.#witness.write({
      epoch: this.#epochs.current.epoch,
      headSeq: this.#headSeq,
      bootId: this.#options.clock.bootId,
      isClosed: false,
    });
  }

  /** The open segment; a new one where there is none, or the last is full. */
  #writer(nowMs: number): Open {
    const { directory, segmentBytesMax, segmentAgeMaxMs } = this.#options;
    if (this.#open !== undefined) {
      const { header } = this.#open.writer;
      const isOld =
        performance.now() - this.#openSince >= segmentAgeMaxMs && this.#headSeq >= header.firstSeq;
      if (!isOld && segmentBytes(directory, header) < segmentBytesMax) return this.#open;
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
      ruleVersion: this.#options.ruleVersion,
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
    this.#state.save({ segments: [sealed], epochs: [this.#epochs.current.record] });
    this.#sealed.push(sealed);
    this.#sealedBytes += sealed.bytes;
    this.#unlinkApplied();
    return true;
  }

  /** Does `write` when there is room for so many bytes; makes room as long as it can be made. */
  #withRoom(bytes: number, write: () => void, nowMs: number): void {
    const need = bytes * BLOCK_OVERHEAD * 2 + COMMIT_OVERHEAD_BYTES;
    while (this.#used() + need > this.#options.bytesMax) {
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

  #full(): TallyError {
    return new TallyError(
      'retry',
      'journal-full',
      `the journal holds ${this.#used()} bytes of at most ${this.#options.bytesMax}, and nothing in it may be shed`,
    );
  }

  /** Everything below the directory; the reserve whether it is there or not. */
  #used(): number {
    const { directory } = this.#options;
    const open = this.#open === undefined ? 0 : segmentBytes(directory, this.#open.writer.header);
    const state = join(directory, STATE_FILE);
    return (
      this.#sealedBytes +
      open +
      fileBytes(state) +
      fileBytes(`${state}-wal`) +
      this.#quarantineBytes +
      this.#reserve.bytes +
      WITNESS_BYTES
    );
  }

  /** Frees something, what is worth least first; false where nothing may go. */
  #makeRoom(nowMs: number): boolean {
    if (thinQuarantine(this.#options.directory)) {
      this.#quarantineBytes = quarantineBytes(this.#options.directory);
      return true;
    }
    if (this.#dropStored(nowMs)) return true;
    for (let level = 1; level <= levelMax(this.#options.shedding); level++) {
      if (this.#shedTo(level, nowMs)) return true;
    }
    // What could go may be in the open segment.
    const facts = this.#open?.facts.facts(0);
    const hasMore =
      facts !== undefined &&
      SHED_LEVELS.slice(0, levelMax(this.#options.shedding)).some(
        (_, i) => gainOf(facts, i + 1, this.#options.shedding) > this.#options.segmentBytesMax / 4,
      );
    return hasMore && this.#seal();
  }

  /** Gives up the oldest segment that is all in JetStream. */
  #dropStored(nowMs: number): boolean {
    const index = this.#sealed.findIndex(
      (each) =>
        each.facts.shedLevel < ALL_GONE &&
        each.lastSeq >= each.firstSeq &&
        this.#epochs.find(each.epoch)?.isStored(each.firstSeq, each.lastSeq) === true,
    );
    return this.#rewrite(index, {
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
    const { shedding } = this.#options;
    const index = this.#sealed.findIndex(({ facts }) => gainOf(facts, level, shedding) > 0);
    // A device may send again what came last: the newest segment remembers it.
    const keepKeys = index === this.#sealed.length - 1;
    return this.#rewrite(index, {
      level,
      reason: SHED_LEVELS[level - 1]?.reason ?? 'custody',
      nowMs,
      blocks: (blocks) => thin(blocks, level, { ...shedding, keepKeys }),
    });
  }

  /** Writes what is left of a segment beside it, in the room of the reserve, and puts it in its place. */
  #rewrite(
    index: number,
    how: {
      readonly level: number;
      readonly reason: string;
      readonly nowMs: number;
      readonly blocks: (blocks: Iterable<Block>, row: SealedSegment) => Iterable<Block>;
    },
  ): boolean {
    const row = this.#sealed[index];
    if (row === undefined) return false;
    const { directory } = this.#options;
    this.#reserve.release();
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
      this.salvage(row.epoch, row.firstSeq, how.nowMs);
      return true;
    }
    if (how.level === ALL_GONE) {
      // What was shed before stays shed, though its tombstones are now under another name.
      this.#epochs.find(row.epoch)?.addShed(row.facts.shed);
    }
    this.#replace(index, fresh);
    this.#events.shed({
      segment: row.number,
      reason: how.reason,
      bytesFreed: row.bytes - fresh.bytes,
    });
    this.#reserve.refill();
    return true;
  }

  #replace(index: number, fresh: SealedSegment): void {
    const [old] = this.#sealed.splice(index, 1, fresh);
    this.#sealedBytes += fresh.bytes - (old?.bytes ?? 0);
    this.#state.save({ segments: [fresh], epochs: this.#epochs.all.map(({ record }) => record) });
  }

  /** Unlinks what is applied. The newest sealed one stays: a restart knows from it which messages devices may send again. */
  #unlinkApplied(changed?: Epoch): void {
    const gone = this.#sealed.slice(0, -1).filter(({ epoch, firstSeq, lastSeq }) => {
      return (
        lastSeq < firstSeq || this.#epochs.find(epoch)?.applied.covers(firstSeq, lastSeq) === true
      );
    });
    for (const { epoch, facts } of gone) this.#epochs.find(epoch)?.addShed(shedOf(facts.shed));
    const epochs = new Set([...gone.map(({ epoch }) => this.#epochs.find(epoch)), changed]);
    const records = [...epochs].flatMap((epoch) => (epoch === undefined ? [] : [epoch.record]));
    if (records.length === 0) return;
    this.#state.save({
      epochs: records,
      segments: gone.map((each) => ({ ...each, isGone: true })),
    });
    for (const each of gone) {
      removeSegment(this.#options.directory, each);
      this.#sealedBytes -= each.bytes;
      this.#sealed.splice(this.#sealed.indexOf(each), 1);
    }
    if (gone.length > 0) this.#state.save({ forget: gone.map(({ number }) => number) });
  }

  /** An epoch that ended, of which everything is applied. */
  #forget({ epoch }: Epoch): void {
    const newest = this.#sealed.at(-1);
    if (newest?.epoch === epoch) return;
    this.#epochs.forget(epoch);
    this.#state.forgetEpoch(epoch);
  }
}

function isDamaged(error: unknown): boolean {
  return error instanceof TallyError && error.code === 'journal-damaged';
}

const WITNESS_BYTES = 4096;

function bytesOf(keys: Float64Array): Uint8Array {
  return new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength);
}
