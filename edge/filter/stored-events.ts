import type { Event } from '#shared/event.ts';

import type { Stretch } from '../journal/journal.ts';
import type { StoredEvent } from './replay-rules.ts';

/** The events of a journal that the gateway took at that time or later, in their order. */
export function* storedEvents(
  stretches: Iterable<Pick<Stretch, 'events'>>,
  sinceMs: number,
): Generator<StoredEvent> {
  const timeline = new Timeline();
  for (const { events } of stretches) {
    for (const event of events) {
      const monotonicMs = timeline.monotonicMs(event);
      if (event.receiveTimeMs >= sinceMs) yield { event, monotonicMs };
    }
  }
}

/**
 * One monotonic clock for all boots of the machine: within a boot it is the boot's own (G10), and from one boot to the next as
 * much passes as between the receive times, if anything.
 */
export class Timeline {
  #bootId: string | undefined;
  #offsetMs = 0;
  #lastMs = 0;
  #lastReceiveMs: number | undefined;

  /** When the event was taken; called for each event in the order of the journal. */
  monotonicMs({ clock, receiveTimeMs }: Event): number {
    const readingMs = clock?.monotonicMs ?? receiveTimeMs;
    if (this.#lastReceiveMs === undefined || clock?.bootId !== this.#bootId) {
      const passedMs = Math.max(0, receiveTimeMs - (this.#lastReceiveMs ?? receiveTimeMs));
      this.#offsetMs = this.#lastMs + passedMs - readingMs;
      this.#bootId = clock?.bootId;
    }
    this.#lastMs = Math.max(this.#lastMs, readingMs + this.#offsetMs);
    this.#lastReceiveMs = receiveTimeMs;
    return this.#lastMs;
  }
}
