import type { RawEvent } from '#shared/event.ts';

import type { Message } from '../ingest/ingest.ts';

/** What came in, whole, for the message or the part of it that was not understood. */
export type Misunderstood = {
  readonly message: Message;
  /** `<field>: <what was expected>` */
  readonly reason: string;
  /** Empty when the topic names none. */
  readonly deviceId: string;
  /** Default: the message's. */
  readonly payload?: Uint8Array;
};

/** Keeps a message that nobody understood, so that nothing acknowledged is lost (G2). */
export function rawEvent({
  message,
  reason,
  deviceId,
  payload = message.payload,
}: Misunderstood): RawEvent {
  return {
    kind: 'raw',
    deviceId,
    eventTimeMs: message.receiveTimeMs,
    timeQuality: 'receive',
    receiveTimeMs: message.receiveTimeMs,
    reason,
    topic: message.topic,
    // A copy: the message's bytes belong to the one who read them from the network.
    payload: new Uint8Array(payload),
  };
}
