/**
 * Replay: what a field tech does with a journal, without the gateway: look into it, check it, make a clean one of it, carry
 * it away in one file, and bring its events home.
 *
 * ```
 *   journal directory ─┬─► inspect, verify          a running gateway's, a copy, a card that cannot be written to
 *                      ├─► salvage ─► clean journal
 *                      └─► export ──► FILE.tally ─► send ─► TALLY_INGEST ─► the cloud's word: applied
 *                      └───────────────────────────► send
 * ```
 *
 * Promises
 * - The source is only read: nothing below its directory is written, made or locked. Logs that were not brought into
 *   their files are read too.
 * - G8 salvage: what is whole is shown, exported and sent, whatever happened to the rest; what is not is named.
 * - G3 once: events go under the identity that the gateway gave them. To send them again, beside the running gateway, from
 *   two copies at once, changes nothing.
 * - G2 no-loss: what cannot be read is never told to the cloud as lost, unless the tech says that there is no other copy
 *   (`--declare-lost`): the gateway itself may still have it.
 * - Resumable: whatever is interrupted is run again with the same words: export and send go on, salvage begins anew.
 * - Exit codes: 0 done and all is well; 1 it could not be done, the message says why and what to do next; 2 the command line
 *   makes no sense; 3 it was done, and something is damaged, missing, refused or not applied yet.
 */
import type { Event, EventKind } from '#shared/event.ts';

/** Which events are wanted. Times are event times, milliseconds since 1970. */
export type Selection = {
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly devices: ReadonlySet<string>;
  readonly kinds: ReadonlySet<EventKind>;
  readonly parcels: ReadonlySet<string>;
};

/** One event with its place. */
export type PlacedEvent = { readonly epoch: string; readonly seq: number; readonly event: Event };

/** Done, and something is not as it should be. */
export const EXIT_FINDINGS = 3;

/** Whether an event is wanted; an empty set asks for nothing special. */
export function isSelected(event: Event, selection: Selection): boolean {
  const { sinceMs, untilMs, devices, kinds, parcels } = selection;
  if (sinceMs !== undefined && event.eventTimeMs < sinceMs) return false;
  if (untilMs !== undefined && event.eventTimeMs >= untilMs) return false;
  if (devices.size > 0 && !devices.has(event.deviceId)) return false;
  if (kinds.size > 0 && !kinds.has(event.kind)) return false;
  return parcels.size === 0 || (event.kind === 'scan' && parcels.has(event.parcelId));
}
