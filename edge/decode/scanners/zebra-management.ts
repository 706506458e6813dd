/**
 * Management events of Zebra's IoT Connector: `{"component", "eventNum", "timestamp", "type", "data"}`, and responses to
 * commands. https://zebradevs.github.io/rfid-ziotc-docs/
 *
 * - `gpi`, `gpo`: a reading `gpi.<pin>` or `gpo.<pin>`, true when the level is high.
 * - `heartbeat`: a status; its numbers are readings, its texts attributes, its maps (antennas, ports) attributes as JSON.
 * - `error`, `warning`, `firmwareUpdateProgress`, `userapp` and those still to come: a status, all fields attributes.
 */
import type { Message } from '../../ingest/ingest.ts';
import type { Decoded } from '../decode.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import { Observation } from '../payload/observation.ts';
import { numberOf, textOf, wholeOf } from '../payload/values.ts';

const TYPES: ReadonlySet<unknown> = new Set([
  'heartbeat',
  'gpi',
  'gpo',
  'error',
  'warning',
  'firmwareUpdateProgress',
  'userapp',
]);

export function isManagement(event: JsonObject): boolean {
  return 'component' in event || TYPES.has(event['type']) || isResponse(event);
}

function isResponse(event: JsonObject): boolean {
  return typeof event['command'] === 'string' && 'response' in event;
}

const OWN = new Set(['type', 'timestamp', 'data', 'eventNum', 'component']);

export function managementDecoded(message: Message, device: string, event: JsonObject): Decoded {
  const { type, data, component, eventNum } = event;
  const observation = new Observation(message, device)
    .at(event['timestamp'], 'timestamp')
    .keep('sequence', eventNum)
    .keep('component', component === 'RG' ? undefined : component)
    .keepOthers(event, OWN);
  if ((type === 'gpi' || type === 'gpo') && isObject(data)) return port(observation, type, data);
  observation.keep('statusType', type ?? (isResponse(event) ? 'response' : undefined));
  if (type === 'heartbeat' && isObject(data)) return heartbeat(observation, data);
  if (isObject(data)) observation.keepOthers(data, NOTHING_KNOWN);
  else observation.keep('data', data);
  return observation.status().finish();
}

const NOTHING_KNOWN: ReadonlySet<string> = new Set();
const PORT = new Set(['pin', 'state']);

function port(observation: Observation, type: 'gpi' | 'gpo', data: JsonObject): Decoded {
  const pin = wholeOf(data['pin'], 0, 255);
  const state = textOf(data['state']);
  if (pin === undefined) return 'data.pin: expected a whole number from 0 to 255';
  if (state === undefined) return 'data.state: expected HIGH or LOW';
  const value = state === 'HIGH' ? true : state === 'LOW' ? false : state;
  return observation
    .keep('type', 'gpio')
    .keep('direction', type === 'gpi' ? 'input' : 'output')
    .keep('pin', pin)
    .keep('state', state)
    .keepOthers(data, PORT)
    .readings([{ name: `${type}.${pin}`, value }])
    .finish();
}

type NumberReading = { readonly name: string; readonly value: number; readonly unit?: string };

function heartbeat(observation: Observation, data: JsonObject): Decoded {
  const readings: NumberReading[] = [];
  for (const [section, fields] of Object.entries(data)) {
    if (!isObject(fields)) {
      observation.keep(section, fields);
      continue;
    }
    for (const [name, value] of Object.entries(fields)) {
      const path = `${section}.${name}`;
      if (!keepKnown(observation, path, value))
        readings.push(...numbersOf(observation, path, value));
    }
  }
  return observation.status().readings(readings).finish();
}

/** What has a name of its own. */
function keepKnown(observation: Observation, path: string, value: unknown): boolean {
  if (path === 'radio_control.radioActivity') observation.keep('radioActivity', value);
  else if (path === 'radio_control.numTagReads') observation.keep('tagReadsTotal', value);
  else if (path === 'radio_control.antennas' && isObject(value)) {
    observation.keep('antennasConnected', connected(value)).keep(path, value);
  } else return false;
  return true;
}

/** Which antennas are; the ports are numbers. */
function connected(antennas: JsonObject): number[] {
  return Object.entries(antennas)
    .filter(([, state]) => state === 'connected')
    .map(([port]) => Number(port))
    .filter(Number.isFinite);
}

/** A number, or an object of numbers, as readings; anything else is kept as an attribute. */
function numbersOf(observation: Observation, path: string, value: unknown): NumberReading[] {
  const name = path === TEMPERATURE ? 'temperature' : path;
  if (typeof value === 'number') return [numberAt(name, value)];
  if (!isObject(value)) {
    if (value !== '') observation.keep(name, value);
    return [];
  }
  const entries = Object.entries(value);
  if (path === NTP) observation.keep('ntpOffset', value['offset']);
  const numbers = entries.map(([key, each]) => ({
    key,
    number:
      path === TEMPERATURE
        ? numberOf(each, -300, 1000)
        : typeof each === 'number'
          ? each
          : undefined,
  }));
  if (numbers.some(({ number }) => number === undefined)) {
    observation.keep(name, value);
    return [];
  }
  return numbers
    .filter(({ key }) => path !== NTP || key !== 'offset')
    .map(({ key, number }) => numberAt(`${name}.${key}`, number ?? 0));
}

const TEMPERATURE = 'system.temperature';
const NTP = 'system.ntp';

function numberAt(name: string, value: number): NumberReading {
  return name.startsWith('temperature') ? { name, value, unit: 'CEL' } : { name, value };
}
