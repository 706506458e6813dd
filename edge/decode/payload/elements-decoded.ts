/**
 * A message of several observations, each decoded alone: one that is wrong becomes `raw` with its own bytes and the
 * reason, and its neighbours stay (G2).
 */
import type { Event } from '#shared/event.ts';

import type { Decoded, FormatInput } from '../decode.ts';
import { deviceIdOf } from './device-id.ts';
import { isObject, type JsonObject } from './fields.ts';
import { jsonElements } from './json-elements.ts';
import { rawEvent } from '../raw.ts';

const EVENTS_MAX = 1000;

/** The events of one object of a message, or what is wrong with it. */
export type DecodeElement = (element: JsonObject) => Decoded;

/**
 * The events of all objects of a JSON message: one, an array, or several in a row. `device` names the device of the
 * ones that are wrong.
 */
export function elementsDecoded(
  { message }: FormatInput,
  device: string,
  decodeElement: DecodeElement,
): Decoded {
  const elements = jsonElements(message.payload);
  if (typeof elements === 'string') return elements;
  const events: Event[] = [];
  for (let i = 0; i < elements.values.length; i++) {
    const value = elements.values[i];
    const decoded = isObject(value) ? decodeElement(value) : notAnObject(value);
    if (typeof decoded !== 'string') {
      for (const event of decoded) events.push(event);
    } else if (elements.single) {
      return decoded;
    } else {
      const deviceId = deviceIdOf(device);
      events.push(rawEvent({ message, deviceId, reason: decoded, payload: elements.bytesOf(i) }));
    }
    if (events.length > EVENTS_MAX) return `payload: expected at most ${EVENTS_MAX} events`;
  }
  return events;
}

function notAnObject(value: unknown): string {
  return value === undefined ? 'payload: expected JSON' : 'payload: expected an object';
}
