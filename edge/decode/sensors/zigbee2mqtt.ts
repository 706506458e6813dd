/**
 * Zigbee2MQTT (https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html): `zigbee2mqtt/{friendly_name}` with a
 * flat JSON object, `…/availability` with whether the device is there. Friendly names may have slashes in them.
 *
 * Every field that is a number, a word or a truth is a reading. `voltage` is millivolts of the battery where there is one,
 * and becomes `batteryVoltage` in volts; of devices on the mains it is volts. `last_seen` is when the device was heard, as
 * the site has set it: not at all, ISO 8601 in UTC or with an offset, or milliseconds. States are published retained: one
 * that comes after a reconnect is old, and without `last_seen` nobody knows how old.
 *
 * `zigbee2mqtt/bridge/…`, and what is said to devices (`…/set`, `…/get`), is nothing. With `output: attribute` one value
 * comes a topic. Left out on purpose: `elapsed`, the milliseconds since the device was last heard.
 */
import type { Reading } from '#shared/event.ts';

import type { Decoded, Format, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import { Observation } from '../payload/observation.ts';
import { looksLikeJson, plainText, valueOfText } from '../payload/plain-text.ts';
import { numberOf, scalarOf } from '../payload/values.ts';

export const zigbee2mqtt: Format = (input) => {
  const levels = levelsOf(input);
  const last = levels.at(-1);
  if (levels[0] === 'bridge' || isCommand(levels) || input.message.payload.length === 0) return [];
  if (last === 'availability') return decodeAvailability(input, levels.slice(0, -1).join('/'));
  const name = levels.join('/');
  const device = name === '' ? input.message.clientId : name;
  if (!looksLikeJson(input.message.payload)) return decodeAttribute(input, levels);
  return elementsDecoded(input, device, (object) => decodeState(input, device, object));
};

/**
 * The levels after the base topic: from the one on that the route names, as a name in it is only the first level of a
 * friendly name with slashes.
 */
function levelsOf({ message, names }: FormatInput): string[] {
  const levels = message.topic.split('/');
  const named = names['friendlyName'] ?? names['deviceId'];
  const at = named === undefined ? -1 : levels.indexOf(named, 1);
  return levels.slice(at < 0 ? 1 : at);
}

function isCommand(levels: readonly string[]): boolean {
  const isWord = (level: string | undefined): boolean => level === 'set' || level === 'get';
  return (
    levels.length > 1 && (isWord(levels.at(-1)) || (levels.length > 2 && isWord(levels.at(-2))))
  );
}

function decodeAvailability(input: FormatInput, device: string): Decoded {
  const { message } = input;
  const observe = (state: unknown): Decoded => {
    if (state !== 'online' && state !== 'offline') return 'state: expected online or offline';
    return new Observation(message, device).status({ online: state === 'online' }).finish();
  };
  if (looksLikeJson(message.payload))
    return elementsDecoded(input, device, (object) => observe(object['state']));
  const payload = plainText(message.payload);
  return 'fault' in payload ? payload.fault : observe(payload.text);
}

function decodeAttribute({ message }: FormatInput, levels: readonly string[]): Decoded {
  const payload = plainText(message.payload);
  if ('fault' in payload) return payload.fault;
  if (payload.text === '' || payload.text === 'null') return [];
  const device = levels.slice(0, -1).join('/');
  if (device === '') return 'payload: expected an object';
  const value = valueOfText(payload.text);
  const reading = readingOf(levels.at(-1) ?? '', value, {});
  return new Observation(message, device).readings([reading]).finish();
}

const LEFT_OUT = new Set(['last_seen', 'elapsed']);

function decodeState({ message }: FormatInput, device: string, object: JsonObject): Decoded {
  const observation = new Observation(message, device).at(object['last_seen'], 'last_seen');
  const readings: Reading[] = [];
  for (const name in object) {
    if (readings.length > READINGS_MAX || observation.isFaulty) break;
    if (LEFT_OUT.has(name)) continue;
    const value = object[name];
    const scalar = scalarOf(value);
    if (scalar !== undefined) readings.push(readingOf(name, scalar, object));
    else if (isObject(value)) observation.keepOthers({ [name]: value }, LEFT_OUT);
    else if (value !== '') observation.keep(name, value);
  }
  if (readings.length > 0) observation.readings(readings);
  else observation.status();
  return observation.finish();
}

const READINGS_MAX = 1024;

const UNITS: ReadonlyMap<string, string> = new Map([
  ['battery', 'P1'],
  ['temperature', 'CEL'],
  ['device_temperature', 'CEL'],
  ['local_temperature', 'CEL'],
  ['soil_temperature', 'CEL'],
  ['external_temperature', 'CEL'],
  ['humidity', 'P1'],
  ['soil_moisture', 'P1'],
  ['pressure', 'A97'],
  ['illuminance', 'LUX'],
  ['illuminance_lux', 'LUX'],
  ['co2', '59'],
  ['pm25', 'GQ'],
  ['pm10', 'GQ'],
  ['power', 'WTT'],
  ['current', 'AMP'],
  ['energy', 'KWH'],
  ['ac_frequency', 'HTZ'],
]);

/** Below it are volts of the mains, above it millivolts of a battery. */
const MILLIVOLTS_FROM = 1000;

function readingOf(name: string, value: Reading['value'], object: JsonObject): Reading {
  const number = numberOf(value, -Number.MAX_VALUE, Number.MAX_VALUE);
  if (number === undefined) return { name, value };
  if (name === 'voltage') {
    return 'battery' in object || number >= MILLIVOLTS_FROM
      ? { name: 'batteryVoltage', value: number / 1000, unit: 'VLT' }
      : { name, value: number, unit: 'VLT' };
  }
  // Where both are there, the one without the unit is what the sensor counted.
  const isCount = name === 'illuminance' && 'illuminance_lux' in object;
  const unit = isCount ? undefined : UNITS.get(name);
  return unit === undefined ? { name, value } : { name, value: number, unit };
}
