/**
 * A whole journal as its bytes say: a running gateway's, a copied directory, a dead gateway's card. Nothing below its
 * directory is written, made or locked. Segments are read one after the other; nothing else is kept of them than what they
 * hold, so a journal of any size can be read.
 *
 * A running gateway writes, seals, rewrites and unlinks while we read. So what is amiss is looked at again until nothing
 * has moved meanwhile: only then is it the disk's doing.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TallyError } from '#shared/errors.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';

import type { ClockReading } from '../clock/clock.ts';
import { lastSeqOf, type Block } from './block.ts';
import { disjoint, filteredOf, headOf } from './examine.ts';
import { assertFinished } from './refuse-others.ts';
import { JOURNAL_FORMAT } from './schema.ts';
import { listSegments, segmentPath, type SegmentName } from './segment-file.ts';
import { holesIn, isOtherFormat, readSegmentImage, type SegmentImage } from './segment-image.ts';
import { readStateCopy, STATE_FILE, type SealedSegment, type StateContents } from './state.ts';
import { readWitness, type Witness } from './witness.ts';

/** Something that is not as it should be, for a person to read. */
export type JournalProblem = { readonly file: string; readonly what: string };

/** One segment as it was found. */
export type SegmentFindings = {
  readonly name: SegmentName;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly blocks: readonly Block[];
  /** Numbers that it should have and has not. */
  readonly lost: readonly Range[];
  readonly problems: readonly JournalProblem[];
};

/** One epoch in numbers. */
export type EpochFindings = {
  readonly epoch: string;
  readonly headSeq: number;
  /** JSON: events removed by rule. */
  readonly filtered: string;
  readonly applied: RangeSet;
  readonly stored: RangeSet;
};

export type JournalImage = {
  readonly directory: string;
  readonly site: string | undefined;
  readonly gateway: string | undefined;
  readonly segments: readonly SegmentName[];
  readonly boots: readonly ClockReading[];
  readonly state: StateContents | undefined;
  readonly witness: Witness | undefined;
  /** Of the directory as a whole; each segment has its own. */
  readonly problems: readonly JournalProblem[];
};

const STATE_TRIES = 3;
/** Under full load one look in a dozen meets a commit at the wrong moment. */
const LOOKS_MAX = 20;

/** Looks at a directory. Throws a `TallyError` when it is no journal, or another version's. */
export function readJournalImage(directory: string): JournalImage {
  // Before the rest: what it says is then in what is read after it.
  const witness = readWitness(directory);
  const segments = listIn(directory);
  const problems: JournalProblem[] = [];
  let identity: SegmentImage['header'];
  for (const name of segments.toReversed()) {
    const image = readSegmentImage(directory, name);
    if (isOtherFormat(image)) throw otherVersion(directory, image);
    identity = image.header;
    if (identity !== undefined) break;
  }
  const { state, missing } = settledState(directory, segments);
  if (state === undefined)
    problems.push({ file: STATE_FILE, what: 'it cannot be read: what was applied is not known' });
  for (const row of missing) {
    problems.push({
      file: segmentPath('.', row),
      what: `it is missing, with the events ${row.firstSeq} to ${row.lastSeq}`,
    });
  }
  return {
    directory,
    site: identity?.site,
    gateway: identity?.gateway,
    segments,
    boots: state?.boots ?? [],
    state,
    witness,
    problems,
  };
}

/** The segments with what is in each, oldest first. */
export function* segmentsOf(image: JournalImage): Generator<SegmentFindings> {
  const rows = new Map(image.state?.segments.map((row) => [row.number, row]));
  const ends = new Map<string, number>();
  for (const name of image.segments) {
    const found = settledFindings(image, name, {
      row: rows.get(name.number),
      after: ends.get(name.epoch),
    });
    if (found === undefined) {
      ends.delete(name.epoch);
      continue;
    }
    ends.set(name.epoch, found.lastSeq);
    yield found;
  }
}

/** What is in a segment; `undefined` where the gateway has unlinked it, because it is applied. */
function settledFindings(
  image: JournalImage,
  name: SegmentName,
  known: { readonly row: SealedSegment | undefined; readonly after: number | undefined },
): SegmentFindings | undefined {
  let { row } = known;
  for (let look = 1; ; look++) {
    const before = stampOf(image.directory, name);
    if (before === undefined || row?.isGone === true) return undefined;
    const found = findingsOf(image, name, { ...known, row });
    if (found.problems.length === 0 || look === LOOKS_MAX) return found;
    const fresh = readState(image.directory)?.segments.find(({ number }) => number === name.number);
    const hasMoved =
      stampOf(image.directory, name) !== before ||
      (fresh !== undefined && fresh.bytes !== row?.bytes);
    if (!hasMoved) return found;
    row = fresh ?? row;
  }
}

/** Changes when a segment's files do; `undefined` where there are none. */
function stampOf(directory: string, name: SegmentName): string | undefined {
  const path = segmentPath(directory, name);
  const stamps = [path, `${path}-wal`].map((file) => {
    const found = statSync(file, { throwIfNoEntry: false, bigint: true });
    return found === undefined ? '' : `${found.ino}:${found.size}:${found.mtimeNs}`;
  });
  // A crash right after the making of a segment leaves its log alone.
  return stamps.every((stamp) => stamp === '') ? undefined : stamps.join();
}

/** The state, and the segments that it has and nobody finds. */
function settledState(
  directory: string,
  listed: readonly SegmentName[],
): { readonly state: StateContents | undefined; readonly missing: readonly SealedSegment[] } {
  let names = listed;
  for (let before: string | undefined; ;) {
    const state = readState(directory);
    const present = new Set([...listed, ...names].map(({ number }) => number));
    const missing = (state?.segments ?? []).filter(
      (row) => !row.isGone && !present.has(row.number) && !isApplied(state, row),
    );
    const now = missing.map(({ number }) => number).join();
    if (missing.length === 0 || now === before) return { state, missing };
    before = now;
    // Made since they were listed, or applied and unlinked: the next look says which.
    names = listSegments(directory);
  }
}

/** What is known of an epoch, beside its segments. */
export function epochFindings(
  image: JournalImage,
  epoch: string,
  last: SegmentFindings,
): EpochFindings {
  const record = image.state?.epochs.find((each) => each.epoch === epoch);
  const witnessed = image.witness?.epoch === epoch ? image.witness.headSeq : 0;
  return {
    epoch,
    headSeq: Math.max(record?.ended?.headSeq ?? 0, witnessed, last.lastSeq),
    filtered: filteredOf(last.blocks) ?? record?.ended?.filtered ?? '{}',
    applied: RangeSet.of(record?.applied ?? []),
    stored: RangeSet.of(record?.stored ?? []),
  };
}

function findingsOf(
  image: JournalImage,
  name: SegmentName,
  known: { readonly row: SealedSegment | undefined; readonly after: number | undefined },
): SegmentFindings {
  const { directory, witness } = image;
  const segment = readSegmentImage(directory, name);
  const isNewest = name.number === image.segments.at(-1)?.number;
  const witnessed = isNewest && witness?.epoch === name.epoch ? witness.headSeq : 0;
  // What stands behind the last certain commit counts where the witness says that it was acknowledged.
  const vouched = segment.uncertain.filter((block) => lastSeqOf(block) <= witnessed);
  const blocks = disjoint([...segment.blocks, ...vouched]);
  const begin = known.after === undefined ? blocks[0]?.firstSeq : known.after + 1;
  const firstSeq = known.row?.firstSeq ?? segment.header?.firstSeq ?? begin ?? 1;
  const lastSeq = Math.max(known.row?.lastSeq ?? 0, headOf(blocks, firstSeq), witnessed);
  const lost: Range[] = [...holesIn(blocks, firstSeq, lastSeq)];
  // Nothing may be missing between a segment and the next.
  if (known.after !== undefined && firstSeq > known.after + 1)
    lost.unshift([known.after + 1, firstSeq - 1]);
  return {
    name,
    bytes: segment.bytes,
    firstSeq,
    lastSeq,
    blocks,
    lost,
    problems: problemsOf(segment, known.row, lost),
  };
}

function problemsOf(
  image: SegmentImage,
  row: SealedSegment | undefined,
  lost: readonly Range[],
): JournalProblem[] {
  const file = segmentPath('.', image.name);
  const problems: JournalProblem[] = [];
  if (image.unreadable !== undefined)
    problems.push({ file, what: `it cannot be read: ${image.unreadable}` });
  if (image.header === undefined && image.bytes > 0)
    problems.push({ file, what: 'its header is damaged' });
  if (image.walEnd === 'damaged') problems.push({ file, what: 'its log is damaged' });
  if (row !== undefined && row.bytes !== image.bytes)
    problems.push({ file, what: `it has ${image.bytes} bytes and was sealed with ${row.bytes}` });
  for (const [first, last] of lost)
    problems.push({ file, what: `the events ${first} to ${last} are lost` });
  return problems;
}

function listIn(directory: string): SegmentName[] {
  try {
    const found = statSync(directory, { throwIfNoEntry: false });
    if (found === undefined) throw notAJournal(directory, 'there is nothing there');
    if (!found.isDirectory()) throw notAJournal(directory, whatInstead(directory));
    assertFinished(directory);
    const segments = listSegments(directory);
    if (segments.length > 0 || existsSync(join(directory, STATE_FILE))) return segments;
    const hint = readdirSync(directory).includes('journal')
      ? `. Did you mean ${join(directory, 'journal')}?`
      : '';
    throw notAJournal(directory, `there is no segment in it${hint}`);
  } catch (cause) {
    if (cause instanceof TallyError) throw cause;
    throw new TallyError(
      'stop',
      'journal-unusable',
      `${directory}: it cannot be read. Run this as its owner`,
      { cause },
    );
  }
}

function whatInstead(path: string): string {
  return path.endsWith('.tally')
    ? 'it is an exported file: "tally replay verify" looks into it, "tally replay send" sends it'
    : 'it is no directory';
}

function notAJournal(directory: string, why: string): TallyError {
  return new TallyError('stop', 'not-a-journal', `${directory}: not a journal: ${why}`);
}

function otherVersion(directory: string, { name, format }: SegmentImage): TallyError {
  return new TallyError(
    'stop',
    'journal-unusable',
    `${segmentPath(directory, name)}: journal format ${format}, and this version of Tallyport reads ${JOURNAL_FORMAT}. ` +
      'Use the version that wrote it',
  );
}

/** A running gateway may write to it while it is copied: then it is copied again. */
function readState(directory: string): StateContents | undefined {
  for (let attempt = 1; attempt <= STATE_TRIES; attempt++) {
    const state = withScratch((scratch) => readStateCopy(directory, scratch));
    if (state !== undefined) return state;
  }
  return undefined;
}

function isApplied(state: StateContents | undefined, row: SealedSegment): boolean {
  const epoch = state?.epochs.find((each) => each.epoch === row.epoch);
  if (row.lastSeq < row.firstSeq) return true;
  return RangeSet.of(epoch?.applied ?? []).covers(row.firstSeq, row.lastSeq);
}

function withScratch<T>(use: (directory: string) => T): T {
  const scratch = mkdtempSync(join(tmpdir(), 'tally-'));
  try {
    return use(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
