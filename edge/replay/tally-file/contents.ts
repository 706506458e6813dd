/** Counts the frames of a file, epoch by epoch, and sees that they are in order; holds little, however many. */
import type { Range } from '#shared/ranges.ts';

import type { FrameMeta } from './frame.ts';
import { EPOCHS_MAX, RANGES_LISTED_MAX } from './limits.ts';
import type { ManifestEpoch, TallyPosition } from './tally-file.ts';

/** What the frames of an epoch come to. */
export type EpochContents = Pick<
  ManifestEpoch,
  'epoch' | 'events' | 'firstSeq' | 'lastSeq' | 'ranges' | 'rangeCount'
>;

type Open = {
  events: number;
  firstSeq: number;
  lastSeq: number;
  readonly ranges: [number, number][];
  rangeCount: number;
};

export class Contents {
  readonly #epochs = new Map<string, Open>();
  #epoch = '';
  #frames = 0;
  #events = 0;
  #rangesListed = 0;

  get frames(): number {
    return this.#frames;
  }

  get events(): number {
    return this.#events;
  }

  /** Behind the last frame; undefined before the first. */
  get position(): TallyPosition | undefined {
    const open = this.#epochs.get(this.#epoch);
    return open === undefined ? undefined : { epoch: this.#epoch, seq: open.lastSeq };
  }

  /** Takes the frame, or answers why it cannot come here. */
  add(frame: Omit<FrameMeta, 'number'>): string | undefined {
    const known = this.#epochs.get(frame.epoch);
    if (known !== undefined && frame.epoch !== this.#epoch) {
      return `epoch ${frame.epoch} has ended before`;
    }
    if (known !== undefined && frame.firstSeq <= known.lastSeq) {
      return `${frame.firstSeq} comes after ${known.lastSeq}`;
    }
    if (known === undefined && this.#epochs.size === EPOCHS_MAX) {
      return `it is of more than ${EPOCHS_MAX} epochs`;
    }
    const open = known ?? { events: 0, firstSeq: 0, lastSeq: 0, ranges: [], rangeCount: 0 };
    this.#epochs.set(frame.epoch, open);
    this.#epoch = frame.epoch;
    this.#frames++;
    this.#events += frame.events;
    open.events += frame.events;
    if (frame.lastSeq >= frame.firstSeq) this.#cover(open, frame.firstSeq, frame.lastSeq);
    return undefined;
  }

  epochs(): EpochContents[] {
    return Array.from(this.#epochs, ([epoch, open]) => ({
      epoch,
      ...open,
      ranges: open.ranges.map(([first, last]): Range => [first, last]),
    }));
  }

  #cover(open: Open, first: number, last: number): void {
    if (open.firstSeq === 0) open.firstSeq = first;
    const isNext = open.rangeCount > 0 && first === open.lastSeq + 1;
    open.lastSeq = last;
    if (!isNext) open.rangeCount++;
    // Behind the limit, ranges are counted only.
    if (isNext && open.ranges.length === open.rangeCount) {
      const range = open.ranges.at(-1);
      if (range !== undefined) range[1] = last;
    } else if (!isNext && this.#rangesListed < RANGES_LISTED_MAX) {
      this.#rangesListed++;
      open.ranges.push([first, last]);
    }
  }
}
