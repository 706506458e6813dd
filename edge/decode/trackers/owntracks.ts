/**
 * OwnTracks: what its phones, and Queclink trackers through `qtripp`, publish on `owntracks/{user}/{device}` and the
 * topics below it. https://owntracks.org/booklet/tech/json/
 *
 * - The event's time is `tst`, that of the fix, and never `created_at`: a phone publishes late, and retained.
 * - -1 says "not known" (Recorder, Android). What is left out may be 0 and may be unknown: it is not made up.
 * - `lwt.tst` is when the phone connected, not when it was lost: the event's time is the receive time.
 * - A region entered or left is a reading `geofence.<regionId>`, `enter` or `leave`.
 * - Understood, and nothing to keep: `card`, `cmd`, `configuration`, `dump`, `request`, `steps`, and a retained message
 *   that is taken back, which is empty.
 */
import type { Decoded, Format, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import { Observation } from '../payload/observation.ts';
import { TakenFields } from '../payload/taken-fields.ts';
import { trackerNameOf, isoOf, placeOf, scaled } from './telematics.ts';
import { parseTime } from '../payload/time.ts';
import { textOf } from '../payload/values.ts';

export const owntracks: Format = (input) => {
  if (input.message.payload.length === 0) return [];
  const device = deviceOf(input, undefined);
  return elementsDecoded(input, device, (object) => {
    const type = object['_type'];
    const decode = typeof type === 'string' ? TYPES.get(type) : undefined;
    if (decode === undefined) return TYPE_EXPECTED;
    return decode(input, object);
  });
};

const TYPE_EXPECTED = '_type: expected one of OwnTracks, such as location or transition';
const ENCRYPTED = 'payload: expected plain JSON, found it encrypted with a key that is not here';
const EVENT_EXPECTED = 'event: expected enter or leave';

type Decoder = (input: FormatInput, object: JsonObject) => Decoded;

const nothing: Decoder = () => [];

/** What the Recorder, qtripp and Android write for a number that they do not know. */
const UNKNOWN = [-1];
/** The letters of `conn`; https://owntracks.org/booklet/tech/json/#_typelocation has no others. */
const CONNECTIVITY: ReadonlyMap<unknown, string> = new Map([
  ['w', 'wifi'],
  ['m', 'mobile'],
  ['o', 'offline'],
]);
const PASCAL_PER_KILOPASCAL = 1000;
const METRES_PER_KILOMETRE = 1000;

function location(input: FormatInput, object: JsonObject): Decoded {
  const fields = new TakenFields(object).drop(['cog', 'batt', 'vel', 'vac', 'acc'], UNKNOWN);
  const observation = begin(input, fields).at(fields.any('tst'), 'tst');
  const trigger = fields.text('t');
  const conn = fields.text('conn');
  keepCommon(observation, fields)
    .keep('trigger', trigger)
    .keep('connectivity', CONNECTIVITY.get(conn) ?? conn);
  position(observation, fields);
  observation.readings([
    { name: 'battery', value: fields.number('batt', 0, 100), unit: 'P1' },
    { name: 'ignition', value: fields.truth('ign') ?? switchOf(trigger, 'i', 'I') },
    { name: 'externalPower', value: switchOf(trigger, 'E', 'e') },
    { name: 'odometer', value: scaledOf(fields, 'odometer', METRES_PER_KILOMETRE), unit: 'MTR' },
    { name: 'engineHours', value: fields.number('hmc', 0, 1e12), unit: 'SEC' },
    { name: 'batteryVoltage', value: fields.number('ubatt', 0, 1000), unit: 'VLT' },
    { name: 'externalVoltage', value: fields.number('uext', 0, 1000), unit: 'VLT' },
    { name: 'pressure', value: scaledOf(fields, 'p', PASCAL_PER_KILOPASCAL), unit: 'PAL' },
  ]);
  fields.keepLeft(observation);
  return observation.orStatus().finish();
}

/** Queclink's letters come in pairs: which of the two it was, if either. */
function switchOf(trigger: string | undefined, on: string, off: string): boolean | undefined {
  if (trigger === on) return true;
  return trigger === off ? false : undefined;
}

function scaledOf(fields: TakenFields, name: string, factor: number): number | undefined {
  return scaled(fields.number(name, 0, 1e12), factor);
}

/** Without a place, what would go with it stays among the attributes. */
function position(observation: Observation, fields: TakenFields): void {
  const [lat, lon] = [fields.number('lat', -90, 90), fields.number('lon', -180, 180)];
  const place = placeOf(lat, lon);
  if (place === undefined) {
    if (lat !== 0 || lon !== 0) observation.keep('lat', lat).keep('lon', lon);
    return;
  }
  observation.position({
    ...place,
    altitudeM: fields.number('alt', -100_000, 1_000_000),
    speedKmh: fields.number('vel', 0, 5000),
    headingDeg: fields.number('cog', 0, 360),
    accuracyM: fields.number('acc', 0, 1e8),
  });
}

function transition(input: FormatInput, object: JsonObject): Decoded {
  const fields = new TakenFields(object).drop(['acc'], UNKNOWN);
  const event = fields.text('event');
  if (event !== 'enter' && event !== 'leave') return EVENT_EXPECTED;
  const observation = begin(input, fields).at(fields.any('tst'), 'tst');
  const region = keepRegion(keepCommon(observation, fields), fields);
  observation
    .keep('type', 'geofence')
    .keep('transition', event)
    .keep('trigger', fields.text('t'))
    // Before the position, so that what is told of the region stays with it.
    .readings([{ name: `geofence.${region}`, value: event }]);
  position(observation, fields);
  fields.keepLeft(observation);
  return observation.finish();
}

/** Its id, as well as the phone names it: older apps know a region only by when it was made, or by its name. */
function keepRegion(observation: Observation, fields: TakenFields): string {
  const [id, name, created] = [fields.text('rid'), fields.text('desc'), fields.any('wtst')];
  observation.keep('regionId', id).keep('regionName', name).keep('regionCreated', isoOf(created));
  return id ?? (typeof created === 'number' ? String(created) : undefined) ?? name ?? 'unnamed';
}

function waypoint(input: FormatInput, object: JsonObject): Decoded {
  const fields = new TakenFields(object);
  const observation = begin(input, fields).at(fields.any('tst'), 'tst');
  keepRegion(keepCommon(observation, fields), fields);
  observation
    .keep('type', 'waypoint')
    .keep('center.lat', fields.number('lat', -90, 90))
    .keep('center.lon', fields.number('lon', -180, 180))
    .keep('radiusM', fields.number('rad', 0, 1e8));
  fields.keepLeft(observation);
  return observation.status().finish();
}

/** One that is wrong makes the whole list `raw`: there are no bytes of it alone. */
function waypoints(input: FormatInput, object: JsonObject): Decoded {
  const list = object['waypoints'];
  if (!Array.isArray(list) || !list.every(isObject)) return 'waypoints: expected objects';
  if (list.length > WAYPOINTS_MAX) return `waypoints: expected at most ${WAYPOINTS_MAX}`;
  const creator = object['_creator'];
  const results = list.map((each) => waypoint(input, { creator, ...each, _type: 'waypoint' }));
  const fault = results.find((result) => typeof result === 'string');
  return fault ?? results.flatMap((result) => (typeof result === 'string' ? [] : result));
}

const WAYPOINTS_MAX = 500;

function lwt(input: FormatInput, object: JsonObject): Decoded {
  const fields = new TakenFields(object);
  const observation = keepCommon(begin(input, fields), fields);
  observation.keep('connectedTime', isoOf(fields.any('tst')));
  fields.keepLeft(observation);
  return observation.status({ online: false }).finish();
}

function beacon(input: FormatInput, object: JsonObject): Decoded {
  const fields = new TakenFields(object);
  const name = ['uuid', 'major', 'minor'].map((part) => textOf(fields.peek(part)) ?? '').join('.');
  const observation = begin(input, fields).at(fields.any('tst'), 'tst');
  keepCommon(observation, fields)
    .keep('type', 'beacon')
    .readings([{ name: `beacon.${name}`, value: fields.number('rssi', -200, 100) }]);
  fields.keepLeft(observation);
  return observation.orStatus().finish();
}

function status(input: FormatInput, object: JsonObject): Decoded {
  const fields = new TakenFields(object);
  const observation = begin(input, fields);
  if (parseTime(fields.peek('tst')) !== undefined) observation.at(fields.any('tst'), 'tst');
  fields.keepLeft(keepCommon(observation, fields));
  return observation.status().finish();
}

const TYPES: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['location', location],
  ['transition', transition],
  ['waypoint', waypoint],
  ['waypoints', waypoints],
  ['lwt', lwt],
  ['beacon', beacon],
  ['status', status],
  ['encrypted', () => ENCRYPTED],
  ['card', nothing],
  ['cmd', nothing],
  ['configuration', nothing],
  ['dump', nothing],
  ['request', nothing],
  ['steps', nothing],
]);

function begin(input: FormatInput, fields: TakenFields): Observation {
  fields.dropAll(['_type']);
  const device = deviceOf(input, fields.peek('topic'));
  if (fields.peek('topic') === input.message.topic) fields.dropAll(['topic']);
  return new Observation(input.message, device);
}

function keepCommon(observation: Observation, fields: TakenFields): Observation {
  return observation
    .keep('trackerId', fields.text('tid'))
    .keep('publishedTime', isoOf(fields.any('created_at')));
}

/** `user/device`: of the template, else of the topic, else of the topic that the payload names. */
function deviceOf(input: FormatInput, said: unknown): string {
  const { user, device } = input.names;
  if (user !== undefined && device !== undefined) return `${user}/${device}`;
  return trackerNameOf(input, ownLevels(input.message.topic) ?? ownLevels(said));
}

/** The two levels after `owntracks`. */
function ownLevels(topic: unknown): string | undefined {
  if (typeof topic !== 'string') return undefined;
  return /^\/?owntracks\/([^/]+\/[^/]+)(?:\/|$)/u.exec(topic)?.[1];
}
