/**
 * Filter: decides which events are worth keeping.
 *
 * Promises
 * - Pure: the verdict depends on the event and on what the filter has seen; no clock, no disk.
 * - G4 accounts: an event that is removed is counted against the rule that removed it, in the journal's commit,
 *   before the device is acknowledged.
 * - A `raw` event is never removed: nobody understood it, so no rule can judge it (G2).
 */
import type { Event } from '#shared/event.ts';

/** The name of the rule that removes the event; `undefined` to keep it. */
export type Filter = (event: Event) => string | undefined;

/** What tells a copy of a message: what the device says, and the message's key (`ingest.ts`). */
export type Copy = { readonly redelivered?: boolean; readonly messageKey?: number };

/** Whether a message is a copy of one that was committed. All its events are then removed as `redelivery` (G3). */
export type IsCopy = (message: Copy, events: readonly Event[]) => boolean;

/** The rule under which the events of copies are counted. */
export const REDELIVERY = 'redelivery';
