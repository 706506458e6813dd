import type { Event } from '#shared/event.ts';

import type { Message } from '../../ingest/ingest.ts';
import type { Decoded, Format } from '../decode.ts';

/** When every message of these tests was received. */
export const RECEIVED_MS = Date.UTC(2026, 10, 23, 8);

export type Said = {
  readonly topic: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly retained?: boolean;
};

/** What a format makes of a payload: bytes, text, or a value as JSON. */
export function decodedAs(format: Format, said: Said, payload: unknown): Decoded {
  const { topic, names = {}, retained } = said;
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const message: Message = {
    topic,
    payload: bytes,
    clientId: 'bridge',
    receiveTimeMs: RECEIVED_MS,
  };
  const whole = retained === undefined ? message : { ...message, retained };
  return format({ message: whole, names, timeZone: 'Europe/Berlin' });
}

/** The events; a reason is a failure. */
export function eventsAs(format: Format, said: Said, payload: unknown): readonly Event[] {
  const decoded = decodedAs(format, said, payload);
  if (typeof decoded === 'string') throw new Error(decoded);
  return decoded;
}
