/** Opens a journal after a power cut, as the next boot would, and holds it against what had been promised. */
import { isDeepStrictEqual } from 'node:util';

import { describe } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';
import { RangeSet } from '#shared/ranges.ts';

import { fakeGatewayClock, TEST_READING } from '../../../clock/testing/fake-gateway-clock.ts';
import type { EpochJournal, Journal } from '../../journal.ts';
import { openJournal } from '../../threaded-journal.ts';
import { append, optionsOf, partsOf, readStretch, scanOf } from '../test-journal.ts';
import { GROUP_EVENTS_MAX, paddingOf } from '../writer-plan.ts';
import type { Promises } from './promises.ts';

/** What was found. */
export type Verdict = {
  /** Acknowledged, not applied, and not there. */
  readonly missing: readonly number[];
  /** What else is not as promised. */
  readonly problems: readonly string[];
  /** What the journal found damaged, and repaired. */
  readonly repaired: readonly string[];
  /** Whether a new epoch had to begin. */
  readonly isNewEpoch: boolean;
};

/** A machine that lost power has booted again. */
const NEXT_BOOT = { ...TEST_READING, bootId: 'b007b007b008' };
/** The writer's rule removes one event for each fifth that it keeps. */
const KEPT_A_REMOVED = 5;

export async function judge(
  directory: string,
  { promised, segmentBytesMax }: { promised: Promises; segmentBytesMax: number },
): Promise<Verdict> {
  const parts = { ...partsOf(), clock: fakeGatewayClock(NEXT_BOOT) };
  const options = optionsOf(directory, { segmentBytesMax, clock: NEXT_BOOT });
  try {
    await using journal = await openJournal(options, parts);
    const judging = new Judging(directory, promised);
    judging.all(journal);
    await judging.goesOn(journal);
    const { missing, problems } = judging;
    const isNewEpoch = journal.pastEpochs.length > 0;
    return { missing, problems, repaired: parts.told.damaged.map(({ what }) => what), isNewEpoch };
  } catch (error) {
    const problems = [`it does not open: ${describe(error)}`];
    return { missing: [], problems, repaired: [], isNewEpoch: false };
  }
}

class Judging {
  readonly problems: string[] = [];
  missing: number[] = [];
  readonly #directory: string;
  readonly #promised: Promises;

  constructor(directory: string, promised: Promises) {
    this.#directory = directory;
    this.#promised = promised;
  }

  all(journal: Journal): void {
    const epochs: readonly EpochJournal[] = [...journal.pastEpochs, journal];
    const [writers = journal, ...others] = epochs;
    this.#written(writers);
    for (const other of others) {
      const { received } = other.accounts();
      if (received !== 0) this.problems.push(`${received} events in an epoch that just began`);
    }
  }

  /** The next event gets the next number and can be read. */
  async goesOn(journal: Journal): Promise<void> {
    const seq = journal.accounts().headSeq + 1;
    const event = scanOf(seq);
    const error = await append(journal, [event]);
    if (error !== undefined) {
      this.problems.push(`it takes no more: ${describe(error)}`);
      return;
    }
    const { headSeq } = journal.accounts();
    if (headSeq !== seq) this.problems.push(`the event after ${seq - 1} is ${headSeq}`);
    const { events } = readStretch(this.#directory, journal.epoch, seq, seq);
    if (!isSame(events[0], event, NEXT_BOOT)) this.problems.push(`${seq} is not what was appended`);
  }

  /** The epoch that the writer wrote. */
  #written(epoch: EpochJournal): void {
    const { settled, applied } = this.#promised;
    const { headSeq, received, filtered } = epoch.accounts();
    const taken = RangeSet.of(epoch.appliedAtOpen);
    if (taken.max > applied)
      this.problems.push(`it takes ${taken.max} for applied; up to ${applied} was told`);
    const there = new RangeSet();
    for (const [first, last] of headSeq === 0 ? [] : taken.gaps(1, headSeq))
      this.#stretch(epoch.epoch, { first, last, there });
    if (settled > applied) {
      this.missing = there
        .gaps(applied + 1, settled)
        .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
    }
    const removed = Object.values(filtered).reduce((sum, each) => sum + each, 0);
    if (received !== headSeq + removed)
      this.problems.push(`received ${received} is not ${headSeq} and ${removed} removed`);
    const [least, most] = this.#removedWithin(headSeq);
    if (removed < least || removed > most)
      this.problems.push(`${removed} are removed beside ${headSeq}`);
  }

  /**
   * How many may be removed. Where part of a group was salvaged that no sync covered, its counts are those of the whole
   * group; nothing of it was acknowledged.
   */
  #removedWithin(headSeq: number): readonly [least: number, most: number] {
    const { settled } = this.#promised;
    const exact = Math.floor(headSeq / KEPT_A_REMOVED);
    const most = Math.floor((settled + GROUP_EVENTS_MAX) / KEPT_A_REMOVED);
    return headSeq > settled ? [exact, Math.max(exact, most)] : [exact, exact];
  }

  /** Every number of a stretch is there as it was appended, or given up by name. */
  #stretch(epoch: string, range: { first: number; last: number; there: RangeSet }): void {
    const { first, last, there } = range;
    const stretch = readStretch(this.#directory, epoch, first, last);
    if (stretch.lastSeq !== last)
      this.problems.push(`from ${first} on it reads up to ${stretch.lastSeq}, not ${last}`);
    const shed = RangeSet.of(stretch.shed.map(({ first, last }) => [first, last]));
    const numbers = shed
      .gaps(first, stretch.lastSeq)
      .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
    if (numbers.length !== stretch.events.length)
      this.problems.push(`${stretch.events.length} events for ${numbers.length} numbers`);
    for (const [i, seq] of numbers.entries()) {
      if (isSame(stretch.events[i], scanOf(seq, paddingOf(seq)), TEST_READING)) there.add(seq, seq);
      else this.problems.push(`${seq} is not what was appended`);
    }
  }
}

/** The journal stamps what it gives out with the clock of the boot that took it. */
function isSame(
  found: Event | undefined,
  event: Event,
  { bootId, offsetMs, trust }: typeof TEST_READING,
): boolean {
  const clock = { bootId, monotonicMs: event.receiveTimeMs - offsetMs, trust };
  return isDeepStrictEqual(found, { ...event, clock });
}
