/** A clean journal out of whatever is whole in another, which is only read (G8). */
import { tmpdir } from 'node:os';

import { RangeSet, type Range } from '#shared/ranges.ts';

import { eventCount } from './block.ts';
import { filteredOf } from './examine.ts';
import {
  readJournalImage,
  segmentsOf,
  epochFindings,
  type JournalProblem,
  type SegmentFindings,
} from './journal-image.ts';
import { filled, replaceSegment } from './repair.ts';
import { JournalState, type EpochRecord, type SealedSegment } from './state.ts';
import { WitnessWriter } from './witness.ts';

export type SalvageReport = {
  readonly from: string;
  readonly gateway: string | undefined;
  readonly epochs: readonly {
    readonly epoch: string;
    /** Events that are in the clean journal. */
    readonly events: number;
    readonly lost: readonly Range[];
  }[];
  readonly problems: readonly JournalProblem[];
};

/** Of a journal that no gateway knows a boot of. */
const NO_CLOCK = { bootId: '000000000000', offsetMs: 0, trust: 'holdover' } as const;

export function salvageJournal(
  directory: string,
  out: string,
  options: { readonly nowMs: number; readonly onSegment: (done: number, events: number) => void },
): SalvageReport {
  const image = readJournalImage(directory);
  const { state } = JournalState.open(out, () => tmpdir());
  using _state = state;
  const sealed: SealedSegment[] = [];
  const last = new Map<string, SegmentFindings>();
  const counts = new Map<string, { events: number; lost: RangeSet }>();
  const problems: JournalProblem[] = [...image.problems];
  for (const found of segmentsOf(image)) {
    const count = counts.get(found.name.epoch) ?? { events: 0, lost: new RangeSet() };
    counts.set(found.name.epoch, count);
    sealed.push(cleanSegment(out, found, image, options.nowMs));
    for (const [first, end] of found.lost) count.lost.add(first, end);
    count.events += found.blocks.reduce((sum, block) => sum + eventCount(block), 0);
    problems.push(...found.problems);
    last.set(found.name.epoch, { ...found, blocks: found.blocks.slice(-1) });
    options.onSegment(sealed.length, count.events);
  }
  const epochs = [...last].map(([epoch, segment]): EpochRecord => {
    const { applied, stored, headSeq, filtered } = epochFindings(image, epoch, segment);
    return {
      epoch,
      createdMs: options.nowMs,
      ended: { headSeq, filtered },
      applied: [...applied],
      stored: [...stored],
      shed: {},
    };
  });
  state.save({ epochs, segments: sealed, boots: image.boots });
  const current = epochs.at(-1);
  if (current !== undefined) {
    const { epoch, ended } = current;
    const head = { epoch, headSeq: ended?.headSeq ?? 0, bootId: NO_CLOCK.bootId };
    new WitnessWriter(out, head).close(head);
  }
  return {
    from: directory,
    gateway: image.gateway,
    epochs: [...counts].map(([epoch, { events, lost }]) => ({ epoch, events, lost: [...lost] })),
    problems,
  };
}

function cleanSegment(
  out: string,
  { name, firstSeq, lastSeq, blocks, lost }: SegmentFindings,
  image: { readonly site: string | undefined; readonly gateway: string | undefined },
  nowMs: number,
): SealedSegment {
  // A gap between two segments is told by the one behind it.
  const begin = Math.min(firstSeq, lost[0]?.[0] ?? firstSeq);
  const filtered = blocks[0]?.filtered ?? filteredOf(blocks) ?? '{}';
  const header = {
    ...name,
    site: image.site ?? 'unknown',
    gateway: image.gateway ?? 'unknown',
    firstSeq: begin,
    filtered,
    ruleVersion: 'salvaged',
  };
  const plan = {
    header,
    lastSeq,
    blocks,
    fallback: { filtered, clock: NO_CLOCK },
    reason: 'damaged' as const,
  };
  return replaceSegment(out, { header, blocks: filled(plan), nowMs, shedLevel: 0 });
}
