/** Shelly's first generation: one value a topic. See `shelly.ts`. */
import type { Reading } from '#shared/event.ts';

import type { Message } from '../../ingest/ingest.ts';
import type { Decoded, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import type { JsonObject } from '../payload/fields.ts';
import { Observation } from '../payload/observation.ts';
import { looksLikeJson, plainText, valueOfText } from '../payload/plain-text.ts';
import { scalarOf, textOf, truthOf } from '../payload/values.ts';

/** `levels` are those of `shellies/{id}/…`. */
export function shellyGen1(input: FormatInput, levels: readonly string[]): Decoded {
  const { message, names } = input;
  const path = levels.slice(2);
  const device = names['deviceId'] ?? levels[1] ?? message.clientId;
  if (looksLikeJson(message.payload)) {
    return elementsDecoded(input, device, (object) =>
      decodeObject(input, { device, path, object }),
    );
  }
  const payload = plainText(message.payload);
  if ('fault' in payload) return payload.fault;
  if (payload.text === '') return [];
  return decodeText(input, { device, path, text: payload.text });
}

type OfDevice = { readonly device: string; readonly path: readonly string[] };

function decodeText(
  { message }: FormatInput,
  { device, path, text }: OfDevice & { text: string },
): Decoded {
  if (path.length === 0) return 'topic: expected a level after the device';
  if (path.length === 1 && path[0] === 'online') return onlineOf(message, device, text);
  const reading = readingOf(path, valueOfText(text));
  return new Observation(message, device).readings([reading]).finish();
}

/** What a device says when it comes, and its will when it has gone. */
export function onlineOf(message: Message, device: string, text: string): Decoded {
  const online = truthOf(text);
  return online === undefined
    ? 'payload: expected true or false'
    : new Observation(message, device).status({ online }).finish();
}

/** `shellies/announce`, `…/announce` and `…/info` say what the device is; others have fields that are values. */
function decodeObject(
  { message }: FormatInput,
  { device, path, object }: OfDevice & { object: JsonObject },
): Decoded {
  const type = path.at(-1) ?? 'announce';
  const isAboutDevice = type === 'announce' || type === 'info';
  const id = path.length === 0 ? textOf(object['id']) : device;
  if (id === undefined) return 'id: expected the device that is announced';
  const observation = new Observation(message, id);
  if (isAboutDevice) return observation.keep('type', type).keep(type, object).status().finish();
  const readings: Reading[] = [];
  for (const name in object) {
    if (readings.length > READINGS_MAX || observation.isFaulty) break;
    const scalar = scalarOf(object[name]);
    if (scalar === undefined) observation.keep(name, object[name]);
    else readings.push(readingOf([...path, name], scalar));
  }
  if (readings.length > 0) observation.readings(readings);
  else observation.status();
  return observation.finish();
}

const READINGS_MAX = 1024;

const UNITS: ReadonlyMap<string, string> = new Map([
  ['sensor.humidity', 'P1'],
  ['sensor.lux', 'LUX'],
  ['sensor.tilt', 'DD'],
  ['temperature', 'CEL'],
  ['temperature_f', 'FAH'],
  ['voltage', 'VLT'],
  ['relay.power', 'WTT'],
  ['roller.power', 'WTT'],
  ['emeter.power', 'WTT'],
  ['emeter.reactive_power', 'D44'],
  ['emeter.voltage', 'VLT'],
  ['emeter.current', 'AMP'],
  ['emeter.total', 'WHR'],
  ['emeter.total_returned', 'WHR'],
]);

/** Named by the levels; `sensor/battery` is the battery. */
function readingOf(path: readonly string[], value: Reading['value']): Reading {
  const name = path.join('.');
  if (typeof value !== 'number') return { name, value };
  if (name === 'sensor.battery') return { name: 'battery', value, unit: 'P1' };
  const unit = UNITS.get(name.replaceAll(/\.\d+/gu, ''));
  return unit === undefined ? { name, value } : { name, value, unit };
}
