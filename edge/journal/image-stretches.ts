/** The events of a journal's image as stretches, in order: what a batch is made of. */
import type { ClockReading } from '../clock/clock.ts';
import { lastSeqOf } from './block.ts';
import { segmentsOf, type JournalImage, type SegmentFindings } from './journal-image.ts';
import type { Stretch } from './journal.ts';
import { StretchTaker, type ReadLimits } from './stretch.ts';

export type EpochStretch = Stretch & { readonly epoch: string };

export type StretchOptions = Omit<ReadLimits, 'lastSeq'> & {
  /** Begin after this event. */
  readonly after?: { readonly epoch: string; readonly seq: number } | undefined;
  /** Tell what is lost as lost; otherwise a stretch ends where something is, and the next begins behind it. */
  readonly declareLost: boolean;
  /** Called for each segment as it is read. */
  readonly onSegment?: ((found: SegmentFindings) => void) | undefined;
};

/** A stretch is of one segment: what is not whole in one has no bearing on the next. */
export function* stretchesOf(
  image: JournalImage,
  options: StretchOptions,
): Generator<EpochStretch> {
  const { after } = options;
  // Oldest first. What is behind the event is wanted even where its own epoch is applied and gone meanwhile.
  const epochs = [...new Set(image.segments.map(({ epoch }) => epoch))];
  const begin = after === undefined ? 0 : epochs.indexOf(after.epoch);
  for (const found of segmentsOf(image)) {
    options.onSegment?.(found);
    const { epoch } = found.name;
    if (epochs.indexOf(epoch) < begin) continue;
    const afterSeq = after?.epoch === epoch ? after.seq : 0;
    for (const stretch of ofSegment(found, afterSeq, image.boots, options))
      yield { ...stretch, epoch };
  }
}

function* ofSegment(
  { blocks, lost, lastSeq }: SegmentFindings,
  after: number,
  boots: readonly ClockReading[],
  { eventsMax, bytesMax, declareLost }: StretchOptions,
): Generator<Stretch> {
  const gaps = [...lost];
  const begin = Math.max(after, 0) + 1;
  let taker: StretchTaker | undefined;
  const limits = { eventsMax, bytesMax, lastSeq };
  for (const block of blocks) {
    if (block.count === 0 || lastSeqOf(block) < begin) continue;
    for (let gap = gaps[0]; gap !== undefined && gap[0] < block.firstSeq; gap = gaps[0]) {
      gaps.shift();
      if (gap[1] < begin) continue;
      if (declareLost) {
        taker ??= new StretchTaker(Math.max(begin, gap[0]), limits, boots);
        taker.miss(gap[1]);
      } else {
        if (taker !== undefined && !taker.isEmpty) yield taker.stretch();
        taker = undefined;
      }
    }
    taker ??= new StretchTaker(Math.max(begin, block.firstSeq), limits, boots);
    taker.take(block);
    while (taker.isFull && taker.nextSeq <= lastSeqOf(block)) {
      yield taker.stretch();
      taker = new StretchTaker(taker.nextSeq, limits, boots);
      taker.take(block);
    }
  }
  if (declareLost) {
    for (const [first, last] of gaps) {
      if (last < begin) continue;
      taker ??= new StretchTaker(Math.max(begin, first), limits, boots);
      taker.miss(last);
    }
  }
  if (taker !== undefined && !taker.isEmpty) yield taker.stretch();
}
