import type { Event } from '#shared/event.ts';

import { decodeGeneric } from '../generic/generic.ts';

/** When every message of these tests was received. */
export const RECEIVED_MS = Date.UTC(2026, 10, 23, 8);
/** The events of a payload: bytes, text, or a value as JSON. */
export function decode(topic: string, payload: unknown): readonly Event[] {
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  return decodeGeneric({ topic, payload: bytes, clientId: 'c', receiveTimeMs: RECEIVED_MS });
}

/** The raw event that keeps `payload`. */
export const raw = (
  topic: string,
  deviceId: string,
  reason: string,
  payload: string | Uint8Array,
): Event => ({
  kind: 'raw',
  deviceId,
  eventTimeMs: RECEIVED_MS,
  timeQuality: 'receive',
  receiveTimeMs: RECEIVED_MS,
  reason,
  topic,
  payload: new Uint8Array(Buffer.from(payload)),
});
