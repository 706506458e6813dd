/**
 * flespi: messages of trackers of any make, as flat JSON objects with dotted names, `name#n` for the n-th of several.
 * https://flespi.com/kb/messages-basic-information-units
 *
 * | topic | payload |
 * |---|---|
 * | `flespi/message/gw/channels/{channel}/{ident}`, `flespi/message/gw/devices/{id}` | a message, or an array of them |
 * | `flespi/state/gw/devices/{id}/telemetry/{name}` | one value, retained: its time is not told |
 *
 * Numbers and truths that have no name of ours are readings under flespi's, texts and lists are attributes.
 * Kilometres become metres and hours seconds in what has a name of ours; flespi's units are those of its names.
 */
import type { Reading } from '#shared/event.ts';

import type { Decoded, Format, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import type { JsonObject } from '../payload/fields.ts';
import { parseJson } from '../payload/json.ts';
import { Observation } from '../payload/observation.ts';
import { TakenFields } from '../payload/taken-fields.ts';
import { trackerNameOf, isoOf, otherReadings, placeOf, scaled } from './telematics.ts';

export const flespi: Format = (input) => {
  const { topic, payload } = input.message;
  const device = trackerNameOf(input, MESSAGE_TOPIC.exec(topic)?.[1]);
  const [, id = '', name = ''] = STATE_TOPIC.exec(topic) ?? [];
  if (name === '') {
    return elementsDecoded(input, device, (object) => decodeMessage(input, device, object));
  }
  // A value that is taken back.
  if (payload.length === 0) return [];
  const json = parseJson(payload);
  if (typeof json === 'string') return json;
  return decodeMessage(input, trackerNameOf(input, id), { [name]: json.value });
};

const MESSAGE_TOPIC = /^flespi\/message\/gw\/(?:channels\/[^/]+|devices)\/([^/]+)$/u;
const STATE_TOPIC = /^flespi\/state\/gw\/devices\/([^/]+)\/telemetry\/([^/]+)$/u;

/** Of the transport and of the account: numbers that measure nothing. */
const NUMBERS_OF_ACCOUNT = [
  'channel.id',
  'device.id',
  'device.type.id',
  'protocol.id',
  'record.seqnum',
];

function decodeMessage(input: FormatInput, device: string, object: JsonObject): Decoded {
  if (Object.keys(object).length === 0) return [];
  const fields = new TakenFields(object);
  const observation = new Observation(input.message, fields.text('ident') ?? device);
  observation
    .at(fields.any('timestamp'), 'timestamp')
    .keep('serverTime', isoOf(fields.any('server.timestamp')))
    .keep('deviceName', fields.text('device.name'));
  for (const name of NUMBERS_OF_ACCOUNT) observation.keep(name, fields.any(name));
  addPosition(observation, fields);
  observation.readings([...namedReadings(fields), ...otherReadings(fields, toReading)]);
  fields.keepLeft(observation);
  return observation.orStatus().finish();
}

const PLACE = ['position.latitude', 'position.longitude'] as const;
/** 0 where there is no place. */
const BESIDE_PLACE = [
  'position.altitude',
  'position.direction',
  'position.speed',
  'position.satellites',
];

function addPosition(observation: Observation, fields: TakenFields): void {
  const [lat, lon] = PLACE.map((name) => fields.peek(name));
  const place = placeOf(lat, lon);
  if (place === undefined) {
    if (lat === 0 && lon === 0) fields.drop([...PLACE, ...BESIDE_PLACE], [0]);
    return;
  }
  fields.dropAll(PLACE);
  observation.position({
    ...place,
    altitudeM: fields.number('position.altitude', -100_000, 1_000_000),
    speedKmh: fields.number('position.speed', 0, 5000),
    headingDeg: fields.number('position.direction', 0, 360),
    satellites: fields.whole('position.satellites', 0, 255),
    hdop: fields.number('position.hdop', 0, 1000),
    accuracyM: fields.number('position.accuracy', 0, 1e8),
    valid: fields.truth('position.valid'),
  });
  observation.keep('position.pdop', fields.number('position.pdop', 0, 1000));
}

const METRES_PER_KILOMETRE = 1000;
const SECONDS_PER_HOUR = 3600;
const MAX = 1e12;

function namedReadings(fields: TakenFields): Reading[] {
  const named = [
    { name: 'ignition', value: fields.truth('engine.ignition.status') },
    { name: 'movement', value: fields.truth('movement.status') },
    {
      name: 'odometer',
      value: scaled(fields.number('vehicle.mileage', 0, MAX), METRES_PER_KILOMETRE),
      unit: 'MTR',
    },
    {
      name: 'engineHours',
      value: scaled(fields.number('engine.motorhours', 0, MAX), SECONDS_PER_HOUR),
      unit: 'SEC',
    },
    { name: 'battery', value: fields.number('battery.level', 0, 100), unit: 'P1' },
    { name: 'fuelLevel', value: fields.number('fuel.level', 0, 100), unit: 'P1' },
    { name: 'batteryVoltage', value: fields.number('battery.voltage', 0, MAX), unit: 'VLT' },
    { name: 'batteryCurrent', value: fields.number('battery.current', -MAX, MAX), unit: 'AMP' },
    {
      name: 'externalVoltage',
      value: fields.number('external.powersource.voltage', 0, MAX),
      unit: 'VLT',
    },
  ];
  return named.flatMap(({ value, ...reading }) =>
    value === undefined ? [] : [{ ...reading, value }],
  );
}

/** What names end in, before the number of one of several. */
const UNITS: readonly (readonly [end: RegExp, unit: string])[] = [
  [/(?:^|\.)temperature(?:#\d+)?$/u, 'CEL'],
  [/(?:^|\.)voltage(?:#\d+)?$/u, 'VLT'],
  [/(?:^|\.)humidity(?:#\d+)?$/u, 'P1'],
  [/(?:^|\.)mileage(?:#\d+)?$/u, 'KMT'],
];
const REFRIGERATOR = /^refrigerator\.sensor\.temperature#(\d{1,3})$/u;

/** A reading under the name that flespi has for it. */
function toReading(reading: Reading): Reading {
  const index = REFRIGERATOR.exec(reading.name)?.[1];
  const name = index === undefined ? reading.name : `refrigeratorTemperature${index}`;
  if (typeof reading.value !== 'number') return { ...reading, name };
  const unit = UNITS.find(([end]) => end.test(reading.name))?.[1];
  return unit === undefined ? { ...reading, name } : { ...reading, name, unit };
}
