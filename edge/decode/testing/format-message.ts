/** What a format makes of one message. */
import type { Event } from '#shared/event.ts';

import type { Decoded, Format } from '../decode.ts';
import { RECEIVE_TIME_MS } from './sample-facts.ts';
import { inputOf } from './sensor-messages.ts';

/** When every message of these tests was received. */
export const RECEIVED_MS = RECEIVE_TIME_MS;

export type Said = {
  readonly topic: string;
  readonly names?: Record<string, string>;
  readonly retained?: boolean;
};

/** Of a payload: bytes, text, or a value as JSON. */
export function decodedAs(format: Format, { topic, ...more }: Said, payload: unknown): Decoded {
  return format(inputOf(topic, payload, more));
}

/** The events; a reason is a failure. */
export function eventsAs(format: Format, said: Said, payload: unknown): readonly Event[] {
  const decoded = decodedAs(format, said, payload);
  if (typeof decoded === 'string') throw new Error(decoded);
  return decoded;
}
