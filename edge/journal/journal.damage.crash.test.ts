/** Damages journals in hundreds of ways, and asks each time whether it keeps what it promises. */
import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test, vi } from 'vitest';

import { describe } from '#shared/errors.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';
import { Seeded } from '#shared/testing/power-cut/seeded.ts';
import { memoryDir } from '#shared/testing/temp-dir.ts';

import { TEST_READING } from '../clock/testing/fake-gateway-clock.ts';
import { lastSeqOf } from './block.ts';
import { RECENT_KEYS_MAX } from './recent-keys.ts';
import { listSegments, segmentPath } from './segment-file.ts';
import { readSegmentImage } from './segment-image.ts';
import type { Segments } from './segments.ts';
import { damage, type Way } from './testing/damage.ts';
import { appendTo, judge, Ledger, openSegments } from './testing/ledger.ts';
import { MixedEvents } from './testing/mixed-events.ts';
import type { Told } from './testing/test-journal.ts';

/** Each failed once. The others are the same each time, unless `TALLY_SEED` names the first and `TALLY_CASES` says how many. */
const SEEDS_OF_FAILURES: readonly number[] = [
  18, 25, 99, 136, 140, 163, 164, 283, 330, 334, 5480, 5589, 20140, 20241, 20616, 700908, 628228151,
];
const CASES = Number(process.env['TALLY_CASES'] ?? 300);
const OPEN_MS_MAX = 10_000;
const OPTIONS = { segmentBytesMax: 128 * 1024 } as const;
const APPENDED_AFTERWARDS = 50;

/** A journal to damage copies of, and what is known of it. */
type Template = { readonly path: string; readonly ledger: Ledger };

type Damaged = { readonly file: string; readonly way: Way; readonly where: string };

afterEach(() => void vi.restoreAllMocks());

/** Sealed segments and one that is open, as a kill -9 leaves them, or closed in good order. */
function makeTemplate(path: string, seed: number, isClosed: boolean): Template {
  const [chance, ledger] = [new Seeded(seed), new Ledger()];
  const events = new MixedEvents(chance);
  const { segments } = openSegments(`${path}-live`, OPTIONS);
  const count = 300 + chance.below(400);
  while (segments.current.headSeq < count)
    appendTo(segments, ledger, events.take(chance.below(12)), {
      removed: Array.from({ length: chance.below(3) }, () => 'sampling'),
    });
  const epoch = ledger.of(segments.current.epoch);
  if (chance.chance(0.5)) {
    epoch.applied.add(1, chance.below(300) + 1);
    segments.setApplied(segments.current.epoch, [...epoch.applied]);
  }
  if (isClosed) segments[Symbol.dispose]();
  cpSync(`${path}-live`, path, { recursive: true });
  if (!isClosed) segments[Symbol.dispose]();
  return { path, ledger };
}

function pickFile(directory: string, chance: Seeded): string {
  const files = readdirSync(directory).filter((name) => statSync(join(directory, name)).size > 0);
  const newest =
    files
      .filter((name) => name.startsWith('segment'))
      .sort()
      .at(-1)
      ?.slice(0, 18) ?? '';
  // What is written last is hurt most often.
  const some = chance.chance(0.4) ? files.filter((name) => name.startsWith(newest)) : files;
  return some[chance.below(some.length)] ?? 'head';
}

/** The numbers that a damaged file may cost; those of one block where one bit was flipped. */
function costOf(template: Template, { file }: Damaged): { all: Range[]; blocks: Range[] } {
  for (const name of listSegments(template.path)) {
    if (!join(template.path, file).startsWith(segmentPath(template.path, name))) continue;
    const { blocks } = readSegmentImage(template.path, name);
    const ranges = blocks
      .filter(({ count }) => count > 0)
      .map((block): Range => [block.firstSeq, lastSeqOf(block)]);
    return { all: [...RangeSet.of(ranges)], blocks: ranges };
  }
  return { all: [], blocks: [] };
}

function problemsOf(
  lost: RangeSet,
  reported: RangeSet,
  { damaged, template }: { damaged: Damaged; template: Template },
): string[] {
  const problems: string[] = [];
  const { all, blocks } = costOf(template, damaged);
  const allowed = RangeSet.of(all);
  for (const [first, last] of lost) {
    const text = `${first} to ${last} of ${JSON.stringify(all)}`;
    if (!reported.covers(first, last)) problems.push(`${text} are lost, and no report says so`);
    if (!allowed.covers(first, last))
      problems.push(`${text} are lost, and nothing was the matter with them`);
  }
  const isOfOneBlock = blocks.some(([first, last]) =>
    [...lost].every((range) => range[0] >= first && range[1] <= last),
  );
  if (damaged.way === 'flip' && lost.size > 0 && !isOfOneBlock)
    problems.push(`one bit cost ${JSON.stringify([...lost])}`);
  return problems;
}

function lostOf(given: ReturnType<typeof judge>, epoch: string): RangeSet {
  const lost = new RangeSet();
  for (const [seq, reason] of given.get(epoch) ?? []) {
    expect(reason).toBe('damaged');
    lost.add(seq, seq);
  }
  return lost;
}

function reportedOf({ damaged }: Told, epoch: string): RangeSet {
  return RangeSet.of(damaged.flatMap((report) => (report.epoch === epoch ? report.lost : [])));
}

function accountProblems(segments: Segments, template: Template, hasLost: boolean): string[] {
  const problems: string[] = [];
  for (const { epoch, received, headSeq, filtered } of segments.stats().epochs) {
    const removed = filtered['sampling'] ?? 0;
    if (received !== headSeq + removed)
      problems.push(`received ${received}, not ${headSeq} + ${removed}`);
    const known = template.ledger.epochs.get(epoch);
    if (known === undefined) continue;
    const truth = known.filtered['sampling'] ?? 0;
    if (removed > truth || (!hasLost && removed !== truth))
      problems.push(`${removed} were removed, not ${truth}`);
  }
  return problems;
}

/** One journal, damaged once: what is wrong with what became of it. */
function attack(templates: readonly Template[], directory: string, seed: number): string[] {
  const chance = new Seeded(seed);
  const template = templates[chance.below(templates.length)];
  const [epoch = ''] = template?.ledger.epochs.keys() ?? [];
  if (template === undefined) return ['no template'];
  cpSync(template.path, directory, { recursive: true });
  const file = pickFile(directory, chance);
  const damaged = { file, ...damage(join(directory, file), chance) };
  const ledger = template.ledger.copy();
  const bootId = chance.chance(0.3) ? 'b007b007b008' : TEST_READING.bootId;
  const options = { ...OPTIONS, clock: { ...TEST_READING, bootId } };
  // A card so slow that sealed segments cannot be checked when the journal is opened.
  if (chance.chance(0.25)) {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 3000));
  }
  const problems: string[] = [];
  try {
    const started = process.hrtime.bigint();
    const { segments, told } = openSegments(directory, options);
    try {
      const openMs = Number(process.hrtime.bigint() - started) / 1e6;
      if (openMs > OPEN_MS_MAX) problems.push(`it took ${openMs} ms to open`);
      segments.messageKeys(RECENT_KEYS_MAX, Date.now());
      const lost = lostOf(judge(segments, directory, ledger), epoch);
      problems.push(
        ...problemsOf(lost, reportedOf(told, epoch), { damaged, template }),
        ...accountProblems(segments, template, lost.size > 0),
      );
      appendTo(segments, ledger, new MixedEvents(chance).take(APPENDED_AFTERWARDS));
      judge(segments, directory, ledger);
    } finally {
      segments[Symbol.dispose]();
    }
    problems.push(...problemsOfSecond(directory, ledger, options));
  } catch (error) {
    problems.push(describe(error), error instanceof Error ? (error.stack ?? '') : '');
  } finally {
    vi.restoreAllMocks();
    rmSync(directory, { recursive: true, force: true });
  }
  return problems.map(
    (problem) => `seed ${seed}: ${damaged.way} ${damaged.where} of ${file} (${bootId}): ${problem}`,
  );
}

/** What was repaired is in order when it is opened again. */
function problemsOfSecond(
  directory: string,
  ledger: Ledger,
  options: Parameters<typeof openSegments>[1],
): string[] {
  const { segments, told } = openSegments(directory, options);
  try {
    judge(segments, directory, ledger);
    return told.damaged.map(({ what }) => `a second opening reports: ${what}`);
  } finally {
    segments[Symbol.dispose]();
  }
}

test('G1 durable-ack, G3 once, G4 accounts, G8 salvage: whatever file is damaged in whatever way, the journal opens; what is undamaged is all there, what is not is reported, and no number is given away twice', async () => {
  await using dir = await memoryDir('damage');
  const templates = Array.from({ length: 6 }, (_, i) =>
    makeTemplate(join(dir.path, `template-${i}`), i, i % 3 === 2),
  );
  const first = process.env['TALLY_SEED'] ?? '1000';
  const seeds = [
    ...SEEDS_OF_FAILURES,
    ...Array.from({ length: CASES }, (_, i) => Number(first) + i),
  ];
  const problems = seeds.flatMap((seed) => attack(templates, join(dir.path, 'case'), seed));
  expect(problems).toStrictEqual([]);
}, 120_000);
