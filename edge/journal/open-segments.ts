/**
 * Opens a directory of segments: holds every file against what is known of it, repairs what is damaged, and leaves a
 * journal without holes (G8).
 *
 * What is known comes from four places, and no two of them are lost by one flipped bit: the files' own blocks, each with
 * its checksum; the names of the files; the state, which has the checksum of every sealed file; and the witness.
 */
import { readdirSync } from 'node:fs';

import { lastSeqOf, type Block } from './block.ts';
import { Epoch, Epochs } from './epochs.ts';
import {
  countFacts,
  damageOf,
  disjoint,
  filteredOf,
  firstSeqOf,
  headOf,
  isBareStart,
  isWholeTail,
  NO_COUNTS,
  planOf,
  repairKnown,
  startOf,
  tryOpen,
} from './examine.ts';
import type { JournalOptions } from './journal.ts';
import { quarantinePath, setAside, writeReport, type DamageReport } from './quarantine.ts';
import { refuseOthers } from './refuse-others.ts';
import { removeUnfinished, repairSegment, sealedOf, type RepairPlan } from './repair.ts';
import type { FactsCounter } from './segment-facts.ts';
import {
  fileBytes,
  fileCrc,
  listSegments,
  removeSegment,
  removeLog,
  segmentPath,
  type SegmentName,
} from './segment-file.ts';
import { holesIn, readSegmentImage, type SegmentImage } from './segment-image.ts';
import type { SegmentWriter } from './segment.ts';
import { ifRoom } from './sqlite.ts';
import { JournalState, type SealedSegment } from './state.ts';
import { readWitness, type Witness } from './witness.ts';

export type OpenedSegments = {
  readonly state: JournalState;
  readonly epochs: Epochs;
  /** Sealed and not gone, oldest first, of all epochs. */
  readonly sealed: SealedSegment[];
  /** The one to go on with; absent where the next is to be made. */
  readonly open: { readonly writer: SegmentWriter; readonly facts: FactsCounter } | undefined;
  readonly nextNumber: number;
  readonly headSeq: number;
  readonly filtered: string;
  readonly reports: readonly DamageReport[];
};

/** Sealed files are held against their checksums for this long; those left over are when they are read. */
const CHECK_MS_MAX = 2000;

export function openSegments(
  options: JournalOptions,
  parts: {
    readonly nowMs: number;
    readonly monotonic: () => number;
    readonly newEpoch: () => string;
  },
): OpenedSegments {
  return new Opening(options, parts).open();
}

type Parts = Parameters<typeof openSegments>[1];

/** The end of the current epoch, as it was found. */
type Tail = {
  readonly epoch: string;
  readonly image: SegmentImage | undefined;
  readonly blocks: readonly Block[];
  readonly firstSeq: number;
  /** The last number that is there. */
  readonly found: number;
  /** The last number that was given away, as far as anybody knows. */
  readonly headSeq: number;
  readonly filtered: string;
  /** Whether `headSeq` is the last number for certain. */
  readonly isProven: boolean;
  /** A file that has no header yet, and nothing else. */
  readonly isBare: boolean;
};

class Opening {
  readonly #options: JournalOptions;
  readonly #parts: Parts;
  readonly #reports: DamageReport[] = [];
  readonly #sealed: SealedSegment[] = [];
  readonly #witness: Witness | undefined;
  /** Whether the witness is the last word, or may be behind. */
  readonly #isWitnessExact: boolean;

  constructor(options: JournalOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
    this.#witness = readWitness(options.directory);
    this.#isWitnessExact =
      this.#witness !== undefined &&
      (this.#witness.isClosed || this.#witness.bootId === options.clock.bootId);
  }

  open(): OpenedSegments {
    const { directory } = this.#options;
    const names = listSegments(directory);
    refuseOthers(directory, names, this.#options.gateway);
    removeUnfinished(directory, readdirSync(directory));
    const { state, damagedCopy } = JournalState.open(directory, (file) =>
      quarantinePath(directory, file),
    );
    try {
      if (damagedCopy !== undefined) this.#noteState(damagedCopy);
      return this.#openWith(state, names);
    } catch (error) {
      state[Symbol.dispose]();
      throw error;
    }
  }

  #openWith(state: JournalState, names: readonly SegmentName[]): OpenedSegments {
    const known = state.read();
    const epochs = this.#epochsOf(
      known.epochs.map((record) => new Epoch(record)),
      names,
    );
    const current = epochs.current.epoch;
    const rows = new Map(known.segments.map((row) => [row.number, row]));
    const gone = known.segments.filter(({ isGone }) => isGone);
    for (const row of gone) removeSegment(this.#options.directory, row);
    const files = names.filter(({ number }) => rows.get(number)?.isGone !== true);
    const newest = files.at(-1);
    // The last file of the current epoch is the open one, unless it was sealed already.
    const openName =
      newest !== undefined && newest.epoch === current && !rows.has(newest.number)
        ? newest
        : undefined;
    this.#checkSealed(
      files.filter((name) => name !== openName),
      rows,
      { epochs, openName },
    );
    this.#replaceMissing(known.segments, files, epochs);
    this.#sealed.sort((a, b) => a.number - b.number);
    const lastNumber = Math.max(0, ...names.map(({ number }) => number), ...rows.keys());
    const tail = this.#openTail(openName, epochs, lastNumber);
    this.#assumePrefixApplied(epochs, tail);
    // Without it the next opening comes to the same.
    ifRoom(() =>
      state.save({
        epochs: epochs.all.map(({ record }) => record),
        segments: this.#sealed,
        forget: gone.map(({ number }) => number),
      }),
    );
    return { state, epochs, sealed: this.#sealed, reports: this.#reports, ...tail };
  }

  /** The epochs that the state knows and those that only segments tell of; at least one. */
  #epochsOf(known: Epoch[], names: readonly SegmentName[]): Epochs {
    const { nowMs, newEpoch } = this.#parts;
    const epochs = [...known];
    for (const { epoch } of names) {
      if (!epochs.some((each) => each.epoch === epoch)) epochs.push(Epoch.begin(epoch, nowMs));
    }
    if (epochs.length === 0) epochs.push(Epoch.begin(this.#witness?.epoch ?? newEpoch(), nowMs));
    // By age: the state has the order, segments their numbers.
    const age = ({ epoch }: Epoch): number =>
      names.findLast((name) => name.epoch === epoch)?.number ?? 0;
    if (known.length === 0) epochs.sort((a, b) => age(a) - age(b));
    // A salvaged journal, or one that ended: its last number is not for certain the last that was given away.
    if (epochs.at(-1)?.ended !== undefined) epochs.push(Epoch.begin(newEpoch(), nowMs));
    return new Epochs(epochs);
  }

  /** Holds every sealed file against its checksum, and seals what a crash left unsealed. */
  #checkSealed(
    files: readonly SegmentName[],
    rows: ReadonlyMap<number, SealedSegment>,
    about: { readonly epochs: Epochs; readonly openName: SegmentName | undefined },
  ): void {
    const { directory } = this.#options;
    const until = this.#parts.monotonic() + CHECK_MS_MAX;
    for (const [i, name] of files.entries()) {
      const row = rows.get(name.number);
      if (row !== undefined) {
        const path = segmentPath(directory, name);
        const hasLog = fileBytes(`${path}-wal`) > 0;
        const hasChanged =
          fileBytes(path) !== row.bytes ||
          ((hasLog || this.#parts.monotonic() < until) && fileCrc(path) !== row.fileCrc);
        // A power cut may bring a log back that was emptied before its segment was sealed.
        if (hasLog && !hasChanged) removeLog(path);
        this.#sealed.push(hasChanged ? this.#repairSealed(row) : row);
        continue;
      }
      const next = files[i + 1] ?? about.openName;
      const sealed = this.#sealUnknown(
        name,
        next?.epoch === name.epoch ? next : undefined,
        about.epochs,
      );
      if (sealed !== undefined) this.#sealed.push(sealed);
    }
  }

  #repairSealed(row: SealedSegment): SealedSegment {
    return repairKnown(this.#options, row, {
      image: readSegmentImage(this.#options.directory, row),
      what: 'its bytes are not those it was sealed with',
      nowMs: this.#parts.nowMs,
      report: (report) => this.#reports.push(report),
    });
  }

  /** A segment that the state does not know: it goes on to where the next one of its epoch begins. */
  #sealUnknown(
    name: SegmentName,
    next: SegmentName | undefined,
    epochs: Epochs,
  ): SealedSegment | undefined {
    const { directory } = this.#options;
    const image = readSegmentImage(directory, name);
    const blocks = this.#trusted(image);
    const before = this.#sealed.findLast(({ epoch }) => epoch === name.epoch)?.lastSeq ?? 0;
    const firstSeq = startOf(image.header, blocks, before);
    const following =
      next === undefined ? undefined : firstSeqOf(readSegmentImage(directory, next));
    const ended = epochs.find(name.epoch)?.ended?.headSeq ?? 0;
    const lastSeq =
      following === undefined ? Math.max(ended, headOf(blocks, firstSeq)) : following - 1;
    if (lastSeq === firstSeq - 1 && isBareStart(image)) {
      // A power cut brought it back, or never let it go.
      this.#removeBare(image);
      return undefined;
    }
    return this.#seal(image, blocks, { firstSeq, lastSeq });
  }

  /** Seals a segment as it is where it is whole; what is not is repaired. */
  #seal(
    image: SegmentImage,
    blocks: readonly Block[],
    range: { firstSeq: number; lastSeq: number },
  ): SealedSegment {
    const { directory, segmentBytesMax } = this.#options;
    const { name } = image;
    const isWhole =
      image.header?.firstSeq === range.firstSeq &&
      blocks.length === image.blocks.length &&
      holesIn(blocks, range.firstSeq, range.lastSeq).length === 0 &&
      range.lastSeq === headOf(blocks, range.firstSeq);
    if (isWhole) {
      const writer = tryOpen(directory, name, { segmentBytesMax, headSeq: range.lastSeq });
      if (writer?.seal() === true)
        return sealedOf(directory, writer.header, {
          lastSeq: range.lastSeq,
          facts: countFacts(blocks).facts(0),
        });
      writer?.[Symbol.dispose]();
    }
    const { sealed, report } = repairSegment(directory, this.#planOf(image, blocks, range), {
      what: damageOf(image),
      nowMs: this.#parts.nowMs,
    });
    this.#reports.push(report);
    return sealed;
  }

  #planOf(
    image: SegmentImage,
    blocks: readonly Block[],
    range: { firstSeq: number; lastSeq: number },
  ): RepairPlan {
    return planOf(this.#options, { ...image, name: image.name }, { ...range, blocks });
  }

  /** A file that the state knows and nobody finds: what was not applied of it is lost. */
  #replaceMissing(
    rows: readonly SealedSegment[],
    files: readonly SegmentName[],
    epochs: Epochs,
  ): void {
    const there = new Set(files.map(({ number }) => number));
    for (const row of rows) {
      if (row.isGone || there.has(row.number)) continue;
      const isApplied = epochs
        .find(row.epoch)
        ?.applied.covers(row.firstSeq, Math.max(row.firstSeq, row.lastSeq));
      if (isApplied === true || row.lastSeq < row.firstSeq) continue;
      this.#sealed.push(
        repairKnown(this.#options, row, {
          image: readSegmentImage(this.#options.directory, row),
          what: 'the file is missing',
          nowMs: this.#parts.nowMs,
          report: (report) => this.#reports.push(report),
        }),
      );
    }
  }

  /** The open segment, or what it leaves: whether numbers may go on after it is decided here (G3). */
  #openTail(
    name: SegmentName | undefined,
    epochs: Epochs,
    lastNumber: number,
  ): Pick<OpenedSegments, 'open' | 'nextNumber' | 'headSeq' | 'filtered'> {
    const tail = this.#examineTail(name, epochs.current.epoch);
    const { headSeq, filtered } = tail;
    const writer = this.#tryGoOn(tail);
    if (writer !== undefined) {
      const open = { writer, facts: countFacts(tail.blocks) };
      return { open, nextNumber: lastNumber + 1, headSeq, filtered };
    }
    const isFileMissing = tail.image === undefined && tail.found < headSeq;
    if (tail.image !== undefined) this.#closeTail(tail, tail.image);
    else if (isFileMissing) this.#sealed.push(this.#lostTail(tail, lastNumber + 1));
    const next = { open: undefined, nextNumber: lastNumber + (isFileMissing ? 2 : 1) };
    if (this.#mayNumbersGoOn(tail)) return { ...next, headSeq, filtered };
    // Numbers may have been given away that nobody knows of: they must not be given away again.
    epochs.begin(Epoch.begin(this.#parts.newEpoch(), this.#parts.nowMs), { headSeq, filtered });
    return { ...next, headSeq: 0, filtered: NO_COUNTS };
  }

  #examineTail(name: SegmentName | undefined, epoch: string): Tail {
    const witnessed = this.#witnessOf(epoch)?.headSeq ?? 0;
    const before = this.#sealed.findLast((each) => each.epoch === epoch);
    const sealedHead = before?.lastSeq ?? 0;
    const image = name === undefined ? undefined : readSegmentImage(this.#options.directory, name);
    const blocks = image === undefined ? [] : this.#trusted(image);
    const header = image?.header;
    const firstSeq = startOf(header, blocks, sealedHead);
    const found = image === undefined ? sealedHead : headOf(blocks, firstSeq);
    const headSeq = Math.max(found, witnessed);
    const isBare = image !== undefined && headSeq === firstSeq - 1 && isBareStart(image);
    return {
      epoch,
      image,
      blocks,
      firstSeq,
      found,
      headSeq,
      filtered: filteredOf(blocks) ?? header?.filtered ?? this.#filteredBefore(before),
      isProven: this.#isWitnessExact && witnessed === headSeq,
      isBare,
    };
  }

  #witnessOf(epoch: string): Witness | undefined {
    return this.#witness?.epoch === epoch ? this.#witness : undefined;
  }

  /** The writer of a tail that is whole, and whose end is certain. */
  #tryGoOn({ image, blocks, firstSeq, headSeq, isProven }: Tail): SegmentWriter | undefined {
    if (image === undefined || !isWholeTail(image, blocks, { firstSeq, headSeq })) return undefined;
    if (image.walEnd !== 'whole' && !isProven) return undefined;
    const { directory, segmentBytesMax } = this.#options;
    return tryOpen(directory, image.name, { segmentBytesMax, headSeq });
  }

  #closeTail({ blocks, firstSeq, headSeq, isBare }: Tail, image: SegmentImage): void {
    if (isBare) this.#removeBare(image);
    else this.#sealed.push(this.#seal(image, blocks, { firstSeq, lastSeq: headSeq }));
  }

  #mayNumbersGoOn({ image, found, headSeq, isProven, isBare }: Tail): boolean {
    if (isProven) return true;
    return image === undefined ? found === headSeq : isBare && image.walEnd === 'whole';
  }

  /** A crash before the header's commit leaves nothing in a segment. Damage can look the same: its log is then kept. */
  #removeBare(image: SegmentImage): void {
    const { directory } = this.#options;
    const path = segmentPath(directory, image.name);
    if (image.walEnd !== 'whole') setAside(directory, `${path}-wal`);
    removeSegment(directory, image.name);
  }

  #lostTail({ epoch, found, headSeq, filtered }: Tail, number: number): SealedSegment {
    const { directory, ruleVersion, site, gateway } = this.#options;
    const header = { epoch, number, site, gateway, firstSeq: found + 1, filtered, ruleVersion };
    const image = { ...readSegmentImage(directory, header), header };
    const { sealed, report } = repairSegment(
      directory,
      this.#planOf(image, [], { firstSeq: found + 1, lastSeq: headSeq }),
      { what: 'the file is missing', nowMs: this.#parts.nowMs },
    );
    this.#reports.push(report);
    return sealed;
  }

  /**
   * The blocks that count: those of certain commits, and of the others those that the witness vouches for. Where it may
   * be behind, all of them: numbers are then not given away again.
   */
  #trusted(image: SegmentImage): readonly Block[] {
    const witness = this.#witnessOf(image.name.epoch);
    const upTo =
      this.#isWitnessExact && witness !== undefined ? witness.headSeq : Number.MAX_SAFE_INTEGER;
    const isTorn = image.walEnd !== 'whole';
    const vouched = isTorn ? image.uncertain.filter((block) => lastSeqOf(block) <= upTo) : [];
    return disjoint([...image.blocks, ...vouched]);
  }

  #filteredBefore(before: SealedSegment | undefined): string {
    if (before === undefined) return NO_COUNTS;
    const image = readSegmentImage(this.#options.directory, before);
    return filteredOf(image.blocks) ?? image.header?.filtered ?? NO_COUNTS;
  }

  /** What stands in front of an epoch's oldest segment was applied: only then is a segment unlinked. */
  #assumePrefixApplied(epochs: Epochs, tail: Pick<OpenedSegments, 'open'>): void {
    for (const epoch of epochs.all) {
      const oldest = this.#sealed.find((each) => each.epoch === epoch.epoch)?.firstSeq;
      const isCurrent = epoch === epochs.current;
      const first = oldest ?? (isCurrent ? tail.open?.writer.header.firstSeq : undefined);
      if (first !== undefined && first > 1) epoch.apply([[1, first - 1]]);
      if (epoch.ended === undefined && !isCurrent) {
        const last = this.#sealed.findLast((each) => each.epoch === epoch.epoch);
        epoch.ended = { headSeq: last?.lastSeq ?? 0, filtered: this.#filteredBefore(last) };
      }
    }
  }

  #noteState(copy: string): void {
    const report: DamageReport = {
      file: 'state.db',
      setAside: copy,
      what: 'it was damaged, and is made again from the segments and what the cloud says',
      epoch: undefined,
      recovered: 0,
      lost: [],
    };
    writeReport(this.#options.directory, report, this.#parts.nowMs);
    this.#reports.push(report);
  }
}
