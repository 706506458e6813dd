import type { EventClass } from '#shared/event-class.ts';
import type { Event } from '#shared/event.ts';

import type { Judgement } from './filter.ts';

/** A judgement as it grows. */
export class Output {
  readonly #kept: Event[];
  readonly #classes: (EventClass | undefined)[];
  readonly #removed: string[] = [];
  #hasClasses = false;

  /** Begins with what goes on as it came. */
  constructor(unchanged: Event[]) {
    this.#kept = unchanged;
    this.#classes = unchanged.map(() => undefined);
  }

  keep(event: Event, eventClass: EventClass | undefined): void {
    this.#kept.push(event);
    this.#classes.push(eventClass);
    this.#hasClasses ||= eventClass !== undefined;
  }

  remove(rule: string): void {
    this.#removed.push(rule);
  }

  judgement(): Judgement {
    const judged = { kept: this.#kept, removed: this.#removed };
    return this.#hasClasses ? { ...judged, classes: this.#classes } : judged;
  }
}
