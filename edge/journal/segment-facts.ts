/** What is in a sealed segment, counted once when it is sealed: for status, and to know what shedding would free. */
import type { EventClass } from '#shared/event-class.ts';
import type { ShedReason } from '#shared/shed.ts';

import { entriesOf, type Block } from './block.ts';
import { peekRecord } from './record.ts';

/** Sequence numbers without their events. */
export type ShedRange = {
  readonly first: number;
  readonly last: number;
  readonly reason: ShedReason;
};

/** Thinning makes a range for each event that stays: they are counted, and some are named. */
export const SHED_RANGES_SHOWN = 20;

export type ClassCounts = { readonly events: number; readonly bytes: number };

export type SegmentFacts = {
  /** Events that are there. */
  readonly classes: Readonly<Record<EventClass, ClassCounts>>;
  /** Events that are not, by reason. */
  readonly shed: Readonly<Partial<Record<ShedReason, number>>>;
  /** Which they are: the first of them. */
  readonly shedRanges: readonly ShedRange[];
  /** Receive times, as the clock said: the least and the greatest; 0 where there is no event. */
  readonly oldestMs: number;
  readonly newestMs: number;
  /** How far it was thinned (`shedding.ts`); 0 is not at all. */
  readonly shedLevel: number;
};

/** Counts while blocks go by. */
export class FactsCounter {
  readonly #events: Record<EventClass, number> = { telemetry: 0, status: 0, raw: 0, custody: 0 };
  readonly #bytes: Record<EventClass, number> = { telemetry: 0, status: 0, raw: 0, custody: 0 };
  readonly #shed: Partial<Record<ShedReason, number>> = {};
  readonly #shedRanges: ShedRange[] = [];
  #oldestMs = Number.POSITIVE_INFINITY;
  #newestMs = 0;

  add(block: Block): void {
    for (const entry of entriesOf(block)) {
      if (entry.type === 'shed') {
        this.#addShed(entry);
        continue;
      }
      const { eventClass: name, receiveTimeMs } = peekRecord(entry.record);
      this.#events[name]++;
      this.#bytes[name] += entry.record.length;
      if (receiveTimeMs < this.#oldestMs) this.#oldestMs = receiveTimeMs;
      if (receiveTimeMs > this.#newestMs) this.#newestMs = receiveTimeMs;
    }
  }

  #addShed({ first, last, reason }: ShedRange): void {
    this.#shed[reason] = (this.#shed[reason] ?? 0) + last - first + 1;
    const before = this.#shedRanges.at(-1);
    if (before?.reason === reason && before.last === first - 1)
      this.#shedRanges.splice(-1, 1, { ...before, last });
    else if (this.#shedRanges.length < SHED_RANGES_SHOWN)
      this.#shedRanges.push({ first, last, reason });
  }

  facts(shedLevel: number): SegmentFacts {
    const of = (name: EventClass): ClassCounts => ({
      events: this.#events[name],
      bytes: this.#bytes[name],
    });
    return {
      classes: {
        telemetry: of('telemetry'),
        status: of('status'),
        raw: of('raw'),
        custody: of('custody'),
      },
      shed: { ...this.#shed },
      shedRanges: [...this.#shedRanges],
      oldestMs: Number.isFinite(this.#oldestMs) ? this.#oldestMs : 0,
      newestMs: this.#newestMs,
      shedLevel,
    };
  }
}
