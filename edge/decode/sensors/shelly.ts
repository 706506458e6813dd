/**
 * Shelly.
 *
 * Gen2 and later (https://shelly-api-docs.shelly.cloud/gen2/General/Notifications): `{id}/events/rpc` with NotifyStatus
 * (what has changed), NotifyFullStatus and NotifyEvent; `{id}/status/{component}` with the status of one component;
 * `{id}/online`. The device is `src`. Readings are named `{component}.{field}`; `percent` and `V` of the battery are
 * `battery` and `batteryVoltage`. Components that measure nothing (`sys`, `wifi`, …) are attributes as JSON. An event
 * (a button, say) is a reading `{component}.event`.
 *
 * Gen1 (https://shelly-api-docs.shelly.cloud/gen1/#mqtt-support): `shellies/{id}/…` with one value a topic, a word or a
 * number; the reading is named by the levels after the id. A temperature under `sensor` is in °C or °F as the device is
 * set, and the topic does not tell: it has no unit. Energy there is in watt-minutes, which have no code.
 *
 * Requests and answers (`…/rpc`, `…/command`) are said to others: nothing. Left out on purpose: temperatures in °F beside
 * those in °C, and the energy of single minutes (`by_minute`, `minute_ts`) beside the total.
 */
import type { Event, Reading } from '#shared/event.ts';

import type { Decoded, Format, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import { Observation } from '../payload/observation.ts';
import { looksLikeJson, plainText } from '../payload/plain-text.ts';
import { shellyGen1, onlineOf } from './shelly-gen1.ts';
import { numberOf, objectOf, objectsOf, scalarOf, textOf } from '../payload/values.ts';

export const shelly: Format = (input) => {
  const levels = input.message.topic.split('/');
  const last = levels.at(-1) ?? '';
  if (last === 'command' || (last === 'rpc' && levels.at(-2) !== 'events')) return [];
  if (levels[0] === 'shellies') return shellyGen1(input, levels);
  if (!looksLikeJson(input.message.payload)) return decodeText(input, levels);
  const device = deviceOf(input, levels);
  return elementsDecoded(input, device, (object) => decodeGen2(input, levels, object));
};

/** Of plain text there is only `{prefix}/online`; the prefix may have slashes in it. */
function decodeText({ message, names }: FormatInput, levels: readonly string[]): Decoded {
  const payload = plainText(message.payload);
  if ('fault' in payload) return payload.fault;
  // An empty retained message takes back what was there.
  if (payload.text === '') return [];
  if (levels.at(-1) !== 'online') return 'topic: expected online, events/rpc or status/{component}';
  const prefix = levels.slice(0, -1).join('/');
  const device = names['deviceId'] ?? (prefix === '' ? message.clientId : prefix);
  return onlineOf(message, device, payload.text);
}

function decodeGen2(input: FormatInput, levels: readonly string[], object: JsonObject): Decoded {
  const device = textOf(object['src']) ?? deviceOf(input, levels);
  const params = objectOf(object['params']);
  switch (object['method']) {
    case 'NotifyStatus':
    case 'NotifyFullStatus':
      return statusOf(input, device, params);
    case 'NotifyEvent':
      return eventsOf(input, device, params);
    case undefined: {
      const component = levels.at(-2) === 'status' ? levels.at(-1) : undefined;
      if (component !== undefined) return statusOf(input, device, { [component]: object });
      // The answer to a request of somebody.
      return 'result' in object || 'error' in object ? [] : METHOD_EXPECTED;
    }
    default:
      return METHOD_EXPECTED;
  }
}

const METHOD_EXPECTED = 'method: expected NotifyStatus, NotifyFullStatus or NotifyEvent';

/** The prefix of the topic, which may have slashes in it. */
function deviceOf({ message, names }: FormatInput, levels: readonly string[]): string {
  const prefix = levels.slice(0, -2).join('/');
  return names['deviceId'] ?? (prefix === '' ? message.clientId : prefix);
}

/** What a device is and how it is connected, not what it measures. */
const HOUSEKEEPING =
  /^(?:sys|wifi|eth|cloud|mqtt|ble|ws|ui|ht_ui|plugs_ui|knx|matter|modbus|dali|bthome|script|schedule|webhook)(?::|$)/u;

function statusOf({ message }: FormatInput, device: string, params: JsonObject): Decoded {
  const observation = new Observation(message, device).at(params['ts'], 'ts');
  const readings: Reading[] = [];
  for (const [component, value] of Object.entries(params)) {
    if (component === 'ts') continue;
    if (observation.isFaulty) break;
    if (HOUSEKEEPING.test(component) || !isObject(value)) observation.keep(component, value);
    else collect(value, component, readings, observation);
  }
  if (readings.length > 0) observation.readings(readings);
  else observation.status();
  return observation.finish();
}

const LEFT_OUT = new Set(['id', 'by_minute', 'minute_ts']);
const READINGS_MAX = 1024;

function collect(
  object: JsonObject,
  path: string,
  ...[readings, observation]: [Reading[], Observation]
): void {
  for (const name in object) {
    if (readings.length > READINGS_MAX || observation.isFaulty) return;
    if (LEFT_OUT.has(name) || (name === 'tF' && 'tC' in object)) continue;
    const value = object[name];
    const scalar = scalarOf(value);
    if (isObject(value)) collect(value, `${path}.${name}`, readings, observation);
    else if (scalar === undefined) observation.keep(`${path}.${name}`, value);
    else readings.push(readingOf(path, name, scalar));
  }
}

/** Of one phase the name begins with its letter: `a_voltage`. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['tC', 'CEL'],
  ['tF', 'FAH'],
  ['rh', 'P1'],
  ['percent', 'P1'],
  ['lux', 'LUX'],
  ['apower', 'WTT'],
  ['act_power', 'WTT'],
  ['total_act_power', 'WTT'],
  ['aprt_power', 'D46'],
  ['total_aprt_power', 'D46'],
  ['voltage', 'VLT'],
  ['current', 'AMP'],
  ['total_current', 'AMP'],
  ['freq', 'HTZ'],
  ['total_act_energy', 'WHR'],
  ['total_act_ret_energy', 'WHR'],
  ['total', 'WHR'],
]);

const BATTERY = /^devicepower:\d+\.battery$/u;

function readingOf(path: string, name: string, value: Reading['value']): Reading {
  const number = numberOf(value, -Number.MAX_VALUE, Number.MAX_VALUE);
  if (number !== undefined && BATTERY.test(path)) {
    if (name === 'percent') return { name: 'battery', value: number, unit: 'P1' };
    if (name === 'V') return { name: 'batteryVoltage', value: number, unit: 'VLT' };
  }
  const isEnergy = path.endsWith('energy');
  const unit = name === 'total' && !isEnergy ? undefined : UNITS.get(name.replace(/^[abcn]_/u, ''));
  const full = `${path}.${name}`;
  return typeof value !== 'number' || unit === undefined
    ? { name: full, value }
    : { name: full, value, unit };
}

const LEFT_OF_EVENT = new Set(['component', 'id', 'event', 'ts']);

/** Each has a time of its own. */
function eventsOf({ message }: FormatInput, device: string, params: JsonObject): Decoded {
  const events: Event[] = [];
  for (const each of objectsOf(params['events'])) {
    const component = textOf(each['component']) ?? '';
    const decoded = new Observation(message, device)
      .at(each['ts'] ?? params['ts'], 'ts')
      .readings([{ name: `${component}.event`, value: textOf(each['event']) }])
      .keepOthers(each, LEFT_OF_EVENT)
      .finish();
    if (typeof decoded === 'string') return decoded;
    if (decoded.length === 0) return 'event: expected text';
    events.push(...decoded);
    if (events.length > EVENTS_MAX) return `events: expected at most ${EVENTS_MAX}`;
  }
  return events.length === 0 ? 'events: expected an array of objects' : events;
}

const EVENTS_MAX = 1000;
