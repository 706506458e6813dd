/** Formats whose payload is JSON objects: one, an array of them, or several with nothing in between. */
import type { Event } from '#shared/event.ts';

import type { Decoded, FormatInput } from './decode.ts';
import { isObject, type JsonObject } from './fields.ts';
import { ELEMENTS_MAX, jsonElements } from './json-elements.ts';
import { rawEvent } from './raw.ts';

/** The events of each object, in order. One that is wrong is kept `raw` alone, unless it is the whole message. */
export function decodeObjects(
  { message }: FormatInput,
  decode: (object: JsonObject) => Decoded,
): Decoded {
  const elements = jsonElements(message.payload);
  if (typeof elements === 'string') return elements;
  const { values, bytesOf } = elements;
  if (values.length === 1) return decodeOne(values[0], decode);
  const events = values.flatMap((value, i): readonly Event[] => {
    const decoded = decodeOne(value, decode);
    if (typeof decoded !== 'string') return decoded;
    return [rawEvent({ message, reason: decoded, deviceId: '', payload: bytesOf(i) })];
  });
  return events.length > ELEMENTS_MAX ? `payload: expected at most ${ELEMENTS_MAX} events` : events;
}

function decodeOne(value: unknown, decode: (object: JsonObject) => Decoded): Decoded {
  return isObject(value) ? decode(value) : 'payload: expected an object';
}

/** The object in a field; one without fields where there is none. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects in an array field. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
