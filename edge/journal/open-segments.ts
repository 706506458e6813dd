/**
 * Opens a directory of segments: holds every file against what is known of it, repairs what is damaged, and leaves a
 * journal without holes (G8).
 *
 * What is known comes from four places, and no two of them are lost by one flipped bit: the files' own blocks, each with
 * its checksum; the names of the files; the state, which has the checksum of every sealed file; and the witness.
 */
import { readdirSync } from 'node:fs';

import type { Block } from './block.ts';
import { Epoch, Epochs } from './epochs.ts';
import {
  countFacts,
  damageOf,
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
import { JournalState, STATE_FILE, type SealedSegment } from './state.ts';
import { examineTail, filteredAtEnd, trustedBlocks, type Tail, type Vouch } from './tail.ts';
import { isExact, readWitness, witnessPath, type Witness } from './witness.ts';

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
const PERHAPS_LOST = 'what was acknowledged last may be lost, and nothing tells how much';

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

class Opening {
  readonly #options: JournalOptions;
  readonly #parts: Parts;
  readonly #reports: DamageReport[] = [];
  readonly #sealed: SealedSegment[] = [];
  readonly #witness: Witness | undefined;
  /** Begun here: it has no numbers yet. */
  #fresh: string | undefined;

  constructor(options: JournalOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
    this.#witness = readWitness(options.directory);
  }

  open(): OpenedSegments {
    const { directory } = this.#options;
    const names = listSegments(directory);
    refuseOthers(directory, names, this.#options.gateway);
    removeUnfinished(directory, readdirSync(directory));
    // It is on disk before the first segment is.
    if (this.#witness === undefined && names.length > 0) {
      const what = `it is missing or damaged; ${PERHAPS_LOST}`;
      this.#note({ file: 'head', setAside: setAside(directory, witnessPath(directory)), what });
    }
    const { state, damagedCopy } = JournalState.open(directory, (file) =>
      quarantinePath(directory, file),
    );
    try {
      if (damagedCopy !== undefined) {
        const what = 'it was damaged, and is made again from the segments and what the cloud says';
        this.#note({ file: STATE_FILE, setAside: damagedCopy, what });
      }
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
    this.#forgetEmpty(state, epochs);
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
    const { nowMs } = this.#parts;
    const epochs = [...known];
    for (const { epoch } of names) {
      if (!epochs.some((each) => each.epoch === epoch)) epochs.push(Epoch.begin(epoch, nowMs));
    }
    if (epochs.length === 0)
      epochs.push(
        this.#witness === undefined ? this.#begin() : Epoch.begin(this.#witness.epoch, nowMs),
      );
    // By age: the state has the order, segments their numbers.
    const age = ({ epoch }: Epoch): number =>
      names.findLast((name) => name.epoch === epoch)?.number ?? 0;
    if (known.length === 0) epochs.sort((a, b) => age(a) - age(b));
    // A salvaged journal, or one that ended: its last number is not for certain the last that was given away.
    if (epochs.at(-1)?.ended !== undefined) epochs.push(this.#begin());
    return new Epochs(epochs);
  }

  readonly #vouch: Vouch = (epoch) => {
    const witness = this.#witness;
    if (witness?.epoch !== epoch) return undefined;
    return { headSeq: witness.headSeq, isExact: isExact(witness, this.#options.clock.bootId) };
  };

  #begin(): Epoch {
    this.#fresh = this.#parts.newEpoch();
    return Epoch.begin(this.#fresh, this.#parts.nowMs);
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
    const blocks = trustedBlocks(image, this.#vouch);
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
    { isEndKnown = true, ...range }: { firstSeq: number; lastSeq: number; isEndKnown?: boolean },
  ): SealedSegment {
    const { directory, segmentBytesMax } = this.#options;
    const { name } = image;
    const isCut = !isEndKnown && image.walEnd === 'damaged';
    const isWhole =
      !isCut &&
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
      what: `${damageOf(image)}${isCut ? `; ${PERHAPS_LOST}` : ''}`,
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
    const { epoch } = epochs.current;
    const tail = examineTail(this.#options.directory, name, {
      epoch,
      isFresh: epoch === this.#fresh,
      before: this.#sealed.findLast((each) => each.epoch === epoch),
      vouch: this.#vouch,
    });
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
    if (tail.isProven) return { ...next, headSeq, filtered };
    // Numbers may have been given away that nobody knows of: they must not be given away again.
    epochs.begin(this.#begin(), { headSeq, filtered });
    return { ...next, headSeq: 0, filtered: NO_COUNTS };
  }

  /** The writer of a tail that is whole, and whose end is certain. */
  #tryGoOn({ image, blocks, firstSeq, headSeq, isProven }: Tail): SegmentWriter | undefined {
    if (!isProven || image === undefined) return undefined;
    if (!isWholeTail(image, blocks, { firstSeq, headSeq })) return undefined;
    const { directory, segmentBytesMax } = this.#options;
    return tryOpen(directory, image.name, { segmentBytesMax, headSeq });
  }

  #closeTail(tail: Tail, image: SegmentImage): void {
    const { blocks, firstSeq, headSeq, isBare, isProven } = tail;
    if (isBare) this.#removeBare(image);
    else {
      const range = { firstSeq, lastSeq: headSeq, isEndKnown: isProven };
      this.#sealed.push(this.#seal(image, blocks, range));
    }
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

  /** What stands in front of an epoch's oldest segment was applied: only then is a segment unlinked. */
  #assumePrefixApplied(epochs: Epochs, tail: Pick<OpenedSegments, 'open'>): void {
    for (const epoch of epochs.all) {
      const oldest = this.#sealed.find((each) => each.epoch === epoch.epoch)?.firstSeq;
      const isCurrent = epoch === epochs.current;
      const first = oldest ?? (isCurrent ? tail.open?.writer.header.firstSeq : undefined);
      if (first !== undefined && first > 1) epoch.apply([[1, first - 1]]);
      if (epoch.ended === undefined && !isCurrent) {
        const last = this.#sealed.findLast((each) => each.epoch === epoch.epoch);
        epoch.ended = {
          headSeq: last?.lastSeq ?? 0,
          filtered: filteredAtEnd(this.#options.directory, last),
        };
      }
    }
  }

  /** An epoch that ended before it had an event. */
  #forgetEmpty(state: JournalState, epochs: Epochs): void {
    const empty = epochs.all.filter(
      ({ epoch, ended }) =>
        ended?.headSeq === 0 && !this.#sealed.some((each) => each.epoch === epoch),
    );
    for (const { epoch } of empty) {
      epochs.forget(epoch);
      ifRoom(() => state.forgetEpoch(epoch));
    }
  }

  /** Of a file that has no events. */
  #note(about: Pick<DamageReport, 'file' | 'setAside' | 'what'>): void {
    const report: DamageReport = { ...about, epoch: undefined, recovered: 0, lost: [] };
    writeReport(this.#options.directory, report, this.#parts.nowMs);
    this.#reports.push(report);
  }
}
