/**
 * Filter: decides which events are worth keeping, and what a scan says.
 *
 * Promises
 * - Pure: the verdict depends on the events and on what the filter has seen; no clock, no disk. Time comes in as the
 *   gateway's monotonic clock, so that a wall clock that is set moves no window (G10).
 * - G4 accounts: an event that is removed is counted against the rule that removed it, in the journal's commit,
 *   before the device is acknowledged. What a rule makes of the events that it removed is an event of its own.
 * - A `raw` event is never removed: nobody understood it, so no rule can judge it (G2).
 * - G7 bounded: a rule remembers so many devices or things and no more; of what it forgot, it keeps the next.
 */
import type { Event } from '#shared/event.ts';
import type { EventClass } from '#shared/event-class.ts';

/** What became of some events, as the journal wants it. */
export type Judgement = {
  readonly kept: readonly Event[];
  /** Of each kept event its class, where a rule gave it one; absent where none did. */
  readonly classes?: readonly (EventClass | undefined)[];
  /** The name of the rule, once for each event removed. */
  readonly removed: readonly string[];
};

/** The rules of a config at work. */
export type Filter = {
  /** Judges the events of one message, in their order. */
  judge(events: readonly Event[], monotonicMs: number): Judgement;
  /** What the passing of time brings: things that are gone, windows that are over. `undefined`: nothing. */
  tick(monotonicMs: number): Judgement | undefined;
  /**
   * Takes note of an event that the journal holds from before a restart, oldest first; it happened at `monotonicMs`
   * of this boot's clock, which is below 0 where the machine was restarted since.
   */
  remember(event: Event, monotonicMs: number): void;
  /**
   * Events that were kept did not reach the disk, and nobody was told that they did: who sent one sends it again, and it
   * is kept again, where a rule would take it for a repetition (G2). One that a rule made comes with the next tick.
   */
  forget(events: readonly Event[]): void;
  /** What the rules still hold back, as if their windows were over now: for a stop in good order. */
  flush(monotonicMs: number): Judgement | undefined;
};

/** What the rules tell of themselves. None of it throws. */
export type FilterEvents = {
  /** A condition could not be answered, `count` times since it was told last: the events were kept. */
  ruleFaulted(rule: string, reason: string, count: number): void;
};

/** What tells a copy of a message: what the device says, and the message's key (`ingest.ts`). */
export type Copy = { readonly redelivered?: boolean; readonly messageKey?: number };

/** Whether a message is a copy of one that was committed. All its events are then removed as `redelivery` (G3). */
export type IsCopy = (message: Copy, events: readonly Event[]) => boolean;

/** The rule under which the events of copies are counted. */
export const REDELIVERY = 'redelivery';
