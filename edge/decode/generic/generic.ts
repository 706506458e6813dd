/**
 * The generic profile: JSON objects, the kind and the device in the topic.
 *
 * | topic | payload |
 * |---|---|
 * | `scan/{deviceId}` | `{"time", "data" or "dataBase64", "symbology"? or "aimId"?, "readPoint"?, "operator"?, "action"?, "seq"?, "antenna"?, "rssiDbm"?, "readCount"?}` |
 * | `position/{deviceId}` | `{"time", "lat", "lon", "speedKmh"?, "headingDeg"?, "altitudeM"?, "accuracyM"?, "satellites"?, "hdop"?, "valid"?}` |
 * | `reading/{deviceId}` | `{"time", "readings": [{"name", "value", "unit"?}]}` |
 * | `status/{deviceId}` | `{"time", "online"?, "batteryPct"?}` |
 *
 * `time` is what `time.ts` reads; absent, it is the receive time. Other fields become attributes. A payload
 * that is an array of objects is an event each; an element that is wrong becomes `raw` alone.
 */
import type { Event, RawEvent } from '#shared/event.ts';
import { ID_PATTERN } from '#shared/names.ts';

import type { Message } from '../../ingest/ingest.ts';
import type { Format } from '../decode.ts';
import { Fields, isObject } from '../payload/fields.ts';
import { PROFILES, type Profile, type Source } from './generic-kinds.ts';
import { elementsOf } from '../payload/json-scan.ts';
import { parseJson } from '../payload/json.ts';
import { rawEvent } from '../raw.ts';

const EVENTS_MAX = 1000;

/** The events of a message under one of the topics above. */
export function decodeGeneric(message: Message): readonly Event[] {
  const { topic } = message;
  const slash = topic.indexOf('/');
  const profile = PROFILES.get(topic.slice(0, slash));
  if (profile === undefined) return [raw(message, '', TOPIC_EXPECTED)];
  const deviceId = topic.slice(slash + 1);
  if (!ID_PATTERN.test(deviceId)) return [raw(message, '', DEVICE_EXPECTED)];

  const json = parseJson(message.payload);
  if (typeof json === 'string') return [raw(message, deviceId, json)];
  const { value, suspect } = json;
  const source = { deviceId, receiveTimeMs: message.receiveTimeMs };
  if (!Array.isArray(value)) {
    const event = decodeOne(value, suspect, profile, source);
    return [typeof event === 'string' ? raw(message, deviceId, event) : event];
  }
  if (value.length === 0 || value.length > EVENTS_MAX) {
    return [raw(message, deviceId, `payload: expected an array of 1 to ${EVENTS_MAX} objects`)];
  }
  const events = value.map((element) => decodeOne(element, suspect, profile, source));
  return keepFaulty(events, message, deviceId);
}

/** The profile as a format: kind and device in the topic. */
export const generic: Format = ({ message }) => decodeGeneric(message);

const TOPIC_EXPECTED = 'topic: expected scan, position, reading or status, a slash and a device id';
const DEVICE_EXPECTED = 'topic: expected a device id of 1 to 64 of a-z, 0-9 and -';

/** The event, or what is wrong. */
function decodeOne(
  value: unknown,
  suspect: boolean,
  profile: Profile,
  source: Source,
): Event | string {
  if (!isObject(value)) return 'payload: expected an object';
  const fields = new Fields(value, suspect);
  const event = profile(fields, source);
  return event ?? fields.fault ?? 'payload: expected an object';
}

function keepFaulty(
  events: readonly (Event | string)[],
  message: Message,
  deviceId: string,
): Event[] {
  let elements: readonly Uint8Array[] | undefined;
  return events.map((event, i) => {
    if (typeof event !== 'string') return event;
    elements ??= elementsOf(message.payload);
    return rawEvent({ message, deviceId, reason: event, payload: elements[i] ?? message.payload });
  });
}

function raw(message: Message, deviceId: string, reason: string): RawEvent {
  return rawEvent({ message, deviceId, reason });
}
