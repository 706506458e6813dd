/** The rule `redelivery`: a message that a device sends again although it is on disk already. */
import type { Event } from '#shared/event.ts';

import type { Copy } from './filter.ts';

/**
 * Whether a message is a copy of one that was committed: its acknowledgement was lost with a connection or a
 * crash, and the device, rightly, sends it again.
 *
 * The key alone does not tell: a simple device may use one packet identifier for all it sends, and scan the same
 * label twice. So the device must say that it sends again, or, because widespread clients forget to, each event
 * must carry the device's own, believable time: what happened at the same time to the same thing on the same device happened
 * once.
 */
export function isRedelivery(
  { redelivered, messageKey }: Copy,
  events: readonly Event[],
  isKnown: (messageKey: number) => boolean,
): boolean {
  if (messageKey === undefined || !isKnown(messageKey)) return false;
  return redelivered === true || events.every(({ timeQuality }) => timeQuality === 'device');
}
