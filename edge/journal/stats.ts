/** How the journal stands, added up from what is kept of each segment. */
import { EVENT_CLASSES, type EventClass } from '#shared/event-class.ts';
import type { RangeSet } from '#shared/ranges.ts';

import { sumShed, type Epoch, type Epochs } from './epochs.ts';
import type { EpochStats, JournalOptions, JournalStats } from './journal.ts';
import { SHED_RANGES_SHOWN, type ClassCounts, type SegmentFacts } from './segment-facts.ts';
import type { SegmentHeader } from './segment-header.ts';
import type { SealedSegment, ShedCounts } from './state.ts';

export type StatsSource = {
  readonly options: Pick<JournalOptions, 'bytesMax'>;
  readonly epochs: Epochs;
  readonly sealed: readonly SealedSegment[];
  readonly open: { readonly header: SegmentHeader; readonly facts: SegmentFacts } | undefined;
  readonly headSeq: number;
  readonly filtered: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly isReserveSetAside: boolean;
};

type Stretch = Pick<SealedSegment, 'epoch' | 'firstSeq' | 'lastSeq' | 'facts'>;

export function statsOf(source: StatsSource): Omit<JournalStats, 'commits'> {
  const { epochs, sealed, open, headSeq, bytes, options, isReserveSetAside } = source;
  const stretches: Stretch[] = [...sealed];
  if (open !== undefined) {
    const { epoch, firstSeq } = open.header;
    stretches.push({ epoch, firstSeq, lastSeq: headSeq, facts: open.facts });
  }
  const shares = stretches.map((stretch) => ({
    facts: stretch.facts,
    share: pendingShare(epochs.find(stretch.epoch), stretch),
  }));
  const classOf = (name: EventClass): ClassCounts =>
    shares.reduce<ClassCounts>(
      (sum, { facts, share }) => ({
        events: sum.events + Math.round(facts.classes[name].events * share),
        bytes: sum.bytes + Math.round(facts.classes[name].bytes * share),
      }),
      { events: 0, bytes: 0 },
    );
  const oldest = stretches.flatMap((stretch) => {
    const oldestMs = oldestPendingOf(epochs.find(stretch.epoch), stretch);
    return oldestMs === undefined ? [] : [oldestMs];
  });
  return {
    epochs: epochs.all.map((epoch) => epochStats(epoch, source)),
    classes: Object.fromEntries(EVENT_CLASSES.map((name) => [name, classOf(name)])) as Record<
      EventClass,
      ClassCounts
    >,
    oldestPendingMs: oldest.length === 0 ? undefined : Math.min(...oldest),
    bytes,
    bytesMax: options.bytesMax,
    segments: stretches.length,
    isReserveSetAside,
  };
}

/** What is in JetStream is not shed. */
export function shedOf(shed: ShedCounts): ShedCounts {
  return sumShed([
    Object.fromEntries(Object.entries(shed).filter(([reason]) => reason !== 'stored')),
  ]);
}

function epochStats(epoch: Epoch, { epochs, sealed, ...source }: StatsSource): EpochStats {
  const isCurrent = epoch === epochs.current;
  const headSeq = epoch.ended?.headSeq ?? source.headSeq;
  const filtered =
    epoch.ended === undefined
      ? source.filtered
      : (JSON.parse(epoch.ended.filtered) as Record<string, number>);
  const removed = Object.values(filtered).reduce((sum, count) => sum + count, 0);
  const own = sealed.filter((segment) => segment.epoch === epoch.epoch);
  const shed = sumShed([epoch.shed, ...own.map(({ facts }) => shedOf(facts.shed))]);
  const shedRanges = own
    .flatMap(({ facts }) => facts.shedRanges)
    .filter(({ reason }) => reason !== 'stored')
    .slice(0, SHED_RANGES_SHOWN);
  const applied = epoch.applied.size;
  return {
    epoch: epoch.epoch,
    isCurrent,
    headSeq,
    received: headSeq + removed,
    filtered,
    applied,
    stored: epoch.stored.size,
    shed,
    shedRanges,
    pending: headSeq - sizeWithin(epoch.applied, headSeq),
  };
}

function sizeWithin(set: RangeSet, last: number): number {
  return last === 0
    ? 0
    : last - set.gaps(1, last).reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/**
 * About when the first event of a stretch that is not applied was received: as if they had come evenly. The open segment
 * of a gateway that keeps up is a day old, and what is pending of it is not.
 */
function oldestPendingOf(
  epoch: Epoch | undefined,
  { firstSeq, lastSeq, facts: { oldestMs, newestMs } }: Stretch,
): number | undefined {
  if (epoch === undefined || lastSeq < firstSeq || oldestMs === 0) return undefined;
  const [first] = epoch.applied.gaps(firstSeq, lastSeq);
  if (first === undefined) return undefined;
  const passed = (first[0] - firstSeq) / (lastSeq - firstSeq + 1);
  return Math.round(oldestMs + (newestMs - oldestMs) * passed);
}

/** How much of a stretch is not applied, 0 to 1. */
function pendingShare(epoch: Epoch | undefined, { firstSeq, lastSeq }: Stretch): number {
  if (epoch === undefined || lastSeq < firstSeq) return 0;
  const pending = epoch.applied
    .gaps(firstSeq, lastSeq)
    .reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return pending / (lastSeq - firstSeq + 1);
}
