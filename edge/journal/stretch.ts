/** Blocks into a stretch of events as they go out: what of them is wanted, with corrected times. */
import { deviceTimeQuality, type Event } from '#shared/event.ts';
import type { ShedReason } from '#shared/shed.ts';

import { correctionMs, type ClockReading } from '../clock/clock.ts';
import { entriesOf, type Block } from './block.ts';
import type { Stretch } from './journal.ts';
import { readRecord } from './record.ts';

/** How much to take. */
export type ReadLimits = {
  readonly lastSeq: number;
  readonly eventsMax: number;
  /** Of records; one event is read however long it is. */
  readonly bytesMax: number;
};

/** Shed ranges of one stretch: what a batch may carry. */
const SHED_RANGES_MAX = 4000;

export class StretchTaker {
  readonly #limits: ReadLimits;
  readonly #boots: ReadonlyMap<string, ClockReading>;
  readonly #firstSeq: number;
  readonly #events: Event[] = [];
  readonly #shed: { first: number; last: number; reason: ShedReason }[] = [];
  #bytesLeft: number;
  #isCut = false;
  nextSeq: number;

  constructor(firstSeq: number, limits: ReadLimits, boots: readonly ClockReading[]) {
    this.#firstSeq = firstSeq;
    this.nextSeq = firstSeq;
    this.#limits = limits;
    this.#bytesLeft = limits.bytesMax;
    this.#boots = new Map(boots.map((reading) => [reading.bootId, reading]));
  }

  get isFull(): boolean {
    return (
      this.#isCut ||
      this.nextSeq > this.#limits.lastSeq ||
      this.#events.length >= this.#limits.eventsMax
    );
  }

  /** Whether no number was taken yet. */
  get isEmpty(): boolean {
    return this.nextSeq === this.#firstSeq;
  }

  stretch(): Stretch {
    return {
      firstSeq: this.#firstSeq,
      lastSeq: this.nextSeq - 1,
      events: this.#events,
      shed: this.#shed,
    };
  }

  /** Takes what is wanted of a block; whether more is. */
  take(block: Block): boolean {
    if (block.firstSeq > this.nextSeq) this.miss(block.firstSeq - 1);
    const correction = correctionMs(block.clock, this.#boots.get(block.clock.bootId));
    for (const entry of entriesOf(block)) {
      if (this.isFull) return false;
      if (entry.type === 'shed') {
        if (entry.last >= this.nextSeq) this.#noteShed(entry.last, entry.reason);
        continue;
      }
      if (entry.seq < this.nextSeq) continue;
      this.#bytesLeft -= entry.record.length;
      if (this.#bytesLeft < 0 && this.#events.length > 0) {
        this.#isCut = true;
        return false;
      }
      this.#events.push(
        stamped(
          readRecord(entry.record),
          block.clock,
          this.#best(block.clock, correction),
          correction,
        ),
      );
      this.nextSeq = entry.seq + 1;
    }
    return !this.isFull;
  }

  /** Nothing is known of what comes up to `last`. */
  miss(last: number): void {
    this.#noteShed(last, 'damaged');
  }

  #best(reading: ClockReading, correction: number): ClockReading {
    return correction === 0 ? reading : (this.#boots.get(reading.bootId) ?? reading);
  }

  #noteShed(last: number, reason: ShedReason): void {
    const end = Math.min(last, this.#limits.lastSeq);
    if (end < this.nextSeq) return;
    const before = this.#shed.at(-1);
    if (before !== undefined && before.last === this.nextSeq - 1 && before.reason === reason)
      before.last = end;
    else this.#shed.push({ first: this.nextSeq, last: end, reason });
    this.nextSeq = end + 1;
    this.#isCut ||= this.#shed.length >= SHED_RANGES_MAX;
  }
}

/** The event with what is known of the clock, corrected where the clock of its boot was wrong (G10). */
function stamped(
  event: Event,
  reading: ClockReading,
  best: ClockReading,
  correction: number,
): Event {
  const { bootId, offsetMs } = reading;
  const clock = { bootId, monotonicMs: event.receiveTimeMs - offsetMs, trust: best.trust };
  if (correction === 0) return { ...event, clock };
  const receiveTimeMs = event.receiveTimeMs + correction;
  const corrected = { ...event, receiveTimeMs, clock: { ...clock, correctionMs: correction } };
  if (event.timeQuality === 'receive') return { ...corrected, eventTimeMs: receiveTimeMs };
  // What a wrong clock took for a device's wrong clock is judged again.
  return { ...corrected, timeQuality: deviceTimeQuality(event.eventTimeMs, receiveTimeMs) };
}
