/**
 * Tasmota (https://tasmota.github.io/docs/MQTT/): `tele/{topic}/{SENSOR|STATE|LWT|…}` and `stat/{topic}/…`, in this order
 * or with the topic first. What is under `cmnd` is said to a device, and discovery is for home automation: nothing.
 *
 * - SENSOR, and the answers STATUS8 and STATUS10: readings, named `{sensor}.{field}`; of several channels the number is the
 *   last part of the name. `null` is a sensor that did not answer. The units of temperature, pressure and speed are what
 *   `TempUnit`, `PressureUnit` and `SpeedUnit` say.
 * - STATE and STATUS11: a status, with the switches and the supply voltage as readings. LWT: online or not.
 * - Others are a status of their `type`, or the switches that they tell of; a word or number is a reading named by the last
 *   level.
 *
 * `Time` is the wall clock of the depot without an offset, unless `SetOption52` or `Time` was set: see `local-time.ts`.
 */
import type { Reading } from '#shared/event.ts';

import type { Decoded, Format, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import { localMoment } from '../payload/local-time.ts';
import { Observation } from '../payload/observation.ts';
import { looksLikeJson, plainText, valueOfText } from '../payload/plain-text.ts';
import { parseTime } from '../payload/time.ts';
import { unitCodeOf } from '../payload/units.ts';
import { scalarOf } from '../payload/values.ts';

const PREFIXES = new Set(['tele', 'stat', 'cmnd']);

export const tasmota: Format = (input) => {
  const levels = input.message.topic.split('/');
  const prefixAt = levels.findIndex((level) => PREFIXES.has(level));
  const isDiscovery = levels[0] === 'tasmota' && levels[1] === 'discovery';
  if (levels[prefixAt] === 'cmnd' || isDiscovery) return [];
  const type = levels.at(-1) ?? '';
  const named = levels.filter((_level, i) => i !== prefixAt && i < levels.length - 1).join('/');
  const device = input.names['deviceId'] ?? (named === '' ? input.message.clientId : named);
  if (!looksLikeJson(input.message.payload)) return decodeText(input, device, type);
  return elementsDecoded(input, device, (object) => decodeObject(input, device, { type, object }));
};

function decodeText({ message }: FormatInput, device: string, type: string): Decoded {
  const payload = plainText(message.payload);
  if ('fault' in payload) return payload.fault;
  const { text } = payload;
  // An empty retained message takes back what was there.
  if (text === '') return [];
  const observation = new Observation(message, device);
  if (type === 'LWT') {
    if (text !== 'Online' && text !== 'Offline') return 'payload: expected Online or Offline';
    return observation.status({ online: text === 'Online' }).finish();
  }
  return observation.readings([{ name: type, value: valueOfText(text) }]).finish();
}

type Typed = { readonly type: string; readonly object: JsonObject };

function decodeObject(input: FormatInput, device: string, { type, object }: Typed): Decoded {
  const sensors = type === 'SENSOR' ? object : object['StatusSNS'];
  const state = type === 'STATE' ? object : object['StatusSTS'];
  const body = isObject(sensors) ? sensors : isObject(state) ? state : object;
  const observation = new Observation(input.message, device);
  observeTime(observation, body, input);
  if (body === sensors) observeSensors(observation, body);
  else if (body === state) observeState(observation, body);
  else observeAnswer(observation, body, type);
  return observation.finish();
}

function observeTime(observation: Observation, body: JsonObject, input: FormatInput): void {
  const said = body['Epoch'] ?? body['Time'];
  if (said === undefined || said === null) return;
  if (parseTime(said) !== undefined) {
    observation.at(said, 'Time');
    return;
  }
  const moment = localMoment(said, input.timeZone, input.message.receiveTimeMs);
  if (moment === undefined) {
    observation.fail('Time', 'a time');
    return;
  }
  observation.atMoment(moment);
  if (!moment.certain) observation.keep('eventTimeRaw', said);
}

const LEFT_OF_ANY = new Set(['Time', 'Epoch']);
const LEFT_OF_SENSORS = new Set(['Time', 'Epoch', 'TempUnit', 'PressureUnit', 'SpeedUnit']);

function observeSensors(observation: Observation, body: JsonObject): void {
  const collector: Collector = { body, observation, readings: [] };
  for (const name in body) {
    if (!LEFT_OF_SENSORS.has(name)) collect(collector, name, body[name]);
  }
  if (collector.readings.length > 0) observation.readings(collector.readings);
  else observation.status();
}

type Collector = {
  readonly body: JsonObject;
  readonly observation: Observation;
  readonly readings: Reading[];
};

const READINGS_MAX = 1024;

/** Numbers are readings, at the top words too (`Switch1`); words within a sensor say what it is (`DS18B20.Id`). */
function collect(collector: Collector, path: string, value: unknown): void {
  if (collector.readings.length > READINGS_MAX || collector.observation.isFaulty) return;
  if (isObject(value)) {
    for (const name in value) collect(collector, `${path}.${name}`, value[name]);
  } else if (Array.isArray(value)) {
    value.forEach((item, i) => {
      collect(collector, `${path}.${i + 1}`, item);
    });
  } else {
    const scalar = scalarOf(value);
    if (scalar === undefined) return;
    if (typeof scalar === 'string' && path.includes('.')) collector.observation.keep(path, scalar);
    else collector.readings.push(readingOf(path, scalar, collector.body));
  }
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ['Humidity', 'P1'],
  ['Battery', 'P1'],
  ['Illuminance', 'LUX'],
  ['Distance', 'CMT'],
  ['CarbonDioxide', '59'],
  ['eCO2', '59'],
  ['TVOC', '61'],
  ['PM1', 'GQ'],
  ['PM10', 'GQ'],
  ['Power', 'WTT'],
  ['ApparentPower', 'D46'],
  ['ReactivePower', 'D44'],
  ['Frequency', 'HTZ'],
  ['Voltage', 'VLT'],
  ['Current', 'AMP'],
  ['Total', 'KWH'],
  ['Yesterday', 'KWH'],
  ['Today', 'KWH'],
  ['Vcc', 'VLT'],
]);
const UNIT_FIELDS: ReadonlyMap<string, string> = new Map([
  ['Temperature', 'TempUnit'],
  ['DewPoint', 'TempUnit'],
  ['Pressure', 'PressureUnit'],
  ['SeaPressure', 'PressureUnit'],
  ['Speed', 'SpeedUnit'],
]);

function readingOf(name: string, value: Reading['value'], body: JsonObject): Reading {
  if (typeof value !== 'number') return { name, value };
  const unit = unitOf(name, body);
  return unit === undefined ? { name, value } : { name, value, unit };
}

function unitOf(path: string, body: JsonObject): string | undefined {
  // The one name with a point in it.
  if (path.endsWith('.PM2.5')) return 'GQ';
  const field = path.replace(/\.\d{1,3}$/u, '');
  const name = field.slice(field.lastIndexOf('.') + 1);
  const said = UNIT_FIELDS.get(name);
  return said === undefined ? UNITS.get(name) : unitCodeOf(body[said]);
}

const SWITCH = /^(?:POWER\d{0,2}|Dimmer\d?|Vcc)$/u;

function observeState(observation: Observation, body: JsonObject): void {
  const { readings, others } = switchesOf(body);
  observation.status().readings(readings).keepOthers(others, LEFT_OF_ANY);
}

/** A switch that was turned says so in its answer, RESULT. */
function observeAnswer(observation: Observation, body: JsonObject, type: string): void {
  const { readings, others } = switchesOf(body);
  observation
    .keep('type', type.toLowerCase())
    .readings(readings)
    .orStatus()
    .keepOthers(others, LEFT_OF_ANY);
}

function switchesOf(body: JsonObject): { readings: Reading[]; others: JsonObject } {
  const readings: Reading[] = [];
  const others: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const scalar = SWITCH.test(name) ? scalarOf(value) : undefined;
    if (scalar === undefined) others[name] = value;
    else readings.push(readingOf(name, scalar, body));
  }
  return { readings, others };
}
