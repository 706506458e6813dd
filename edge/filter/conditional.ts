/** The rules `drop` and `classify`: what a condition in CEL says of an event. */
import type { EventClass } from '#shared/event-class.ts';
import { describe } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';

import type { Condition } from './condition.ts';
import type { Action } from './rule.ts';

/** Told when a condition cannot be evaluated for an event, with how often that was since it was told last. */
export type OnFault = (rule: string, reason: string, count: number) => void;

/** The rule `drop`: removes what the condition holds for. */
export class Drop implements Action {
  readonly #condition: GuardedCondition;

  constructor(condition: GuardedCondition) {
    this.#condition = condition;
  }

  judge(event: Event, nowMs: number): Event | undefined {
    return this.#condition.holds(event, nowMs) ? undefined : event;
  }
}

/** The rule `classify`: says how much what the condition holds for is worth when there is no room. */
export class Classify implements Action {
  readonly #condition: GuardedCondition;
  readonly #as: EventClass;

  constructor(condition: GuardedCondition, as: EventClass) {
    this.#condition = condition;
    this.#as = as;
  }

  judge(event: Event): Event {
    return event;
  }

  classOf(event: Event, nowMs: number): EventClass | undefined {
    return this.#condition.holds(event, nowMs) ? this.#as : undefined;
  }
}

/** Who is told of faults, and how often at most. */
export type Told = { readonly onFault: OnFault; readonly everyMs: number };

/** A condition that cannot be evaluated does not hold, so that its rule leaves the event as it is (G2). */
export class GuardedCondition {
  readonly #rule: string;
  readonly #condition: Condition;
  readonly #told: Told;
  #untold = 0;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(rule: string, condition: Condition, told: Told) {
    this.#rule = rule;
    this.#condition = condition;
    this.#told = told;
  }

  holds(event: Event, nowMs: number): boolean {
    try {
      return this.#condition(event);
    } catch (error) {
      this.#untold++;
      if (nowMs - this.#toldAtMs < this.#told.everyMs) return false;
      this.#toldAtMs = nowMs;
      const count = this.#untold;
      this.#untold = 0;
      this.#told.onFault(this.#rule, reasonOf(error), count);
      return false;
    }
  }
}

/** The library draws a picture below its first line. */
function reasonOf(error: unknown): string {
  return describe(error).split('\n', 1)[0] ?? '';
}
