/**
 * What a Traccar server forwards: `{"position", "device"}` for each position, `{"event", "position"?, "device",
 * "geofence"?}` for each event; one topic for all devices, which `device.uniqueId` tells apart.
 * https://www.traccar.org/forward/, `org.traccar.forward.PositionData` and `EventData`
 *
 * - Speed is in knots, hours in milliseconds, distances in metres. An accuracy of 0 says that it is not known.
 * - `outdated` is a copy of the last position, made when a device said something else: it is no position, and the
 *   time is the device's, not that of the old fix.
 * - Circles of geofences have their latitude first.
 * - Left out: the keys of the server's database, and of the device what the database says of its record.
 */
import type { Reading } from '#shared/event.ts';

import type { Decoded, Format, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import { Observation } from '../payload/observation.ts';
import { TakenFields } from '../payload/taken-fields.ts';
import { trackerNameOf, isoOf, otherReadings, placeOf, scaled } from './telematics.ts';
import { parseTime } from '../payload/time.ts';
import { eventReadings, keepGeofence } from './traccar-events.ts';

export const traccar: Format = (input) =>
  elementsDecoded(input, trackerNameOf(input), (object) => {
    if (isObject(object['event'])) return decodeEvent(input, object);
    if (isObject(object['position'])) return decodePosition(input, object);
    return 'payload: expected a position or an event of Traccar';
  });

const DATABASE_KEYS = ['id', 'positionId', 'groupId', 'calendarId'];
const DATABASE_RECORD = ['lastUpdate', 'disabled', 'expirationTime'];

function decodePosition(input: FormatInput, object: JsonObject): Decoded {
  const message = new TakenFields(object);
  const position = message.within('position');
  const observation = begin(input, message, [position]).at(...timeOf(position));
  observation.readings(keepPosition(observation, position));
  message.keepLeft(observation);
  return observation.orStatus().finish();
}

function decodeEvent(input: FormatInput, object: JsonObject): Decoded {
  const message = new TakenFields(object);
  const event = message.within('event').dropAll([...DATABASE_KEYS, 'maintenanceId']);
  const position = message.within('position');
  const [said, field] = timeOf(position);
  const isOneTime = parseTime(said)?.timeMs === parseTime(event.peek('eventTime'))?.timeMs;
  const observation = begin(input, message, [event, position]).at(
    event.any('eventTime'),
    'eventTime',
  );
  const online = ONLINE.get(event.peek('type'));
  if (online !== undefined) observation.status(online);
  const region = keepGeofence(observation, event, message.within('geofence'));
  observation.keep('eventType', event.peek('type')).readings(eventReadings(event, region));
  // Of another time, it is an observation of its own.
  const place = isOneTime ? observation : begin(input, new TakenFields(object)).at(said, field);
  place.readings(keepPosition(place, position));
  event.dropAll(['type']).keepLeft(observation, 'event.');
  message.keepLeft(observation);
  const first = observation.orStatus().finish();
  if (isObject(object['position'])) place.orStatus();
  const second = isOneTime ? [] : place.finish();
  if (typeof first === 'string') return first;
  return typeof second === 'string' ? second : [...first, ...second];
}

const ONLINE: ReadonlyMap<unknown, { readonly online?: boolean }> = new Map([
  ['deviceOnline', { online: true }],
  ['deviceOffline', { online: false }],
  ['deviceUnknown', {}],
]);

/** `parts` have the server's number of the device, which is kept where it has no other name. */
function begin(
  input: FormatInput,
  message: TakenFields,
  parts: readonly TakenFields[] = [],
): Observation {
  const device = message.within('device');
  const uniqueId = device.text('uniqueId');
  const observation = new Observation(input.message, uniqueId ?? trackerNameOf(input));
  if (uniqueId !== undefined) parts.forEach((part) => part.dropAll(['deviceId']));
  // Of two observations of one message, the first tells of the device.
  if (parts.length === 0) return observation;
  observation.keep('deviceName', device.text('name'));
  device.dropAll([...DATABASE_KEYS, ...DATABASE_RECORD]).keepLeft(observation, 'device.');
  return observation;
}

/** The time of an observation, and the field that said it. */
function timeOf(position: TakenFields): [said: unknown, field: string] {
  const field = isOutdated(position) ? 'deviceTime' : 'fixTime';
  return [position.peek(field) ?? position.peek('deviceTime'), `position.${field}`];
}

function isOutdated(position: TakenFields): boolean {
  return position.peek('outdated') === true;
}

/** Keeps what was forwarded of a position, and gives what was measured beside it. */
function keepPosition(observation: Observation, position: TakenFields): Reading[] {
  const [said] = timeOf(position);
  for (const name of ['fixTime', 'deviceTime']) {
    if (position.peek(name) === said) position.dropAll([name]);
    else observation.keep(name, isoOf(position.any(name)));
  }
  observation.keep('serverTime', isoOf(position.any('serverTime')));
  position.dropAll(DATABASE_KEYS).drop(['outdated'], [false]).drop(['accuracy'], [0]);
  const attributes = position.within('attributes');
  addPlace(observation, position, attributes);
  const readings = attributeReadings(attributes);
  attributes.keepLeft(observation, 'attributes.');
  position.keepLeft(observation);
  return readings;
}

const KMH_PER_KNOT = 1.852;

function addPlace(observation: Observation, position: TakenFields, attributes: TakenFields): void {
  const place = placeOf(position.peek('latitude'), position.peek('longitude'));
  if (place === undefined || isOutdated(position)) {
    position.drop(['latitude', 'longitude', 'altitude', 'speed', 'course'], [0]);
    return;
  }
  position.dropAll(['latitude', 'longitude']);
  observation.position({
    ...place,
    valid: position.truth('valid'),
    altitudeM: position.number('altitude', -100_000, 1_000_000),
    speedKmh: scaled(position.number('speed', 0, 5000), KMH_PER_KNOT),
    headingDeg: position.number('course', 0, 360),
    accuracyM: position.number('accuracy', 0, 1e8),
    satellites: attributes.whole('sat', 0, 255),
    hdop: attributes.number('hdop', 0, 1000),
  });
  observation.keep('position.pdop', attributes.number('pdop', 0, 1000));
}

const SECONDS_PER_MILLISECOND = 0.001;
const MAX = 1e15;

/** `org.traccar.model.Position` names them, with their units. */
function attributeReadings(attributes: TakenFields): Reading[] {
  const known = [
    { name: 'ignition', value: attributes.truth('ignition') },
    { name: 'movement', value: attributes.truth('motion') },
    { name: 'odometer', value: attributes.number('odometer', 0, MAX), unit: 'MTR' },
    { name: 'tripOdometer', value: attributes.number('tripOdometer', 0, MAX), unit: 'MTR' },
    { name: 'totalDistance', value: attributes.number('totalDistance', 0, MAX), unit: 'MTR' },
    { name: 'distance', value: attributes.number('distance', 0, MAX), unit: 'MTR' },
    {
      name: 'engineHours',
      value: scaled(attributes.number('hours', 0, MAX), SECONDS_PER_MILLISECOND),
      unit: 'SEC',
    },
    { name: 'externalVoltage', value: attributes.number('power', 0, 100_000), unit: 'VLT' },
    { name: 'batteryVoltage', value: attributes.number('battery', 0, 100_000), unit: 'VLT' },
    { name: 'battery', value: attributes.number('batteryLevel', 0, 100), unit: 'P1' },
    { name: 'fuelLevel', value: attributes.number('fuelLevel', 0, 100), unit: 'P1' },
    { name: 'deviceTemp', value: attributes.number('deviceTemp', -300, 1000), unit: 'CEL' },
    { name: 'coolantTemp', value: attributes.number('coolantTemp', -300, 1000), unit: 'CEL' },
  ];
  const there = known.flatMap(({ value, ...reading }): Reading[] =>
    value === undefined ? [] : [{ ...reading, value }],
  );
  return [...there, ...otherReadings(attributes)];
}
