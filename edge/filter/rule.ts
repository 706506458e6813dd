/** What the rules of all sorts have in common. */
import type { EventClass } from '#shared/event-class.ts';
import type { Event } from '#shared/event.ts';

/** Takes an event that a rule made: it goes through the later rules. */
export type Emit = (event: Event) => void;

/** What a rule does. No time is before the one of an earlier call, but for those of `remember`. */
export type Action = {
  /** The event as it goes on, which is the same object where nothing is changed; `undefined`: removed. */
  judge(event: Event, nowMs: number, emit: Emit): Event | undefined;
  /** The class that the rule gives an event; `undefined`: it has no opinion. */
  classOf?(event: Event, nowMs: number): EventClass | undefined;
  tick?(nowMs: number, emit: Emit): void;
  flush?(nowMs: number, emit: Emit): void;
  /** Takes note of an event that was kept, at `atMs` of this boot's clock. */
  remember?(event: Event, atMs: number): void;
  /** An event that the rule let through is not on disk: the next like it is kept. */
  forget?(event: Event): void;
};

/** An action with the name that its removals are counted under, and the events that it is for; never a `raw` one. */
export type Rule = {
  readonly name: string;
  matches(event: Event): boolean;
  readonly action: Action;
};
