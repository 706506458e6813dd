/**
 * The Things Stack v3, its MQTT server (https://www.thethingsindustries.com/docs/integrations/data-formats/):
 * `v3/{application}@{tenant}/devices/{deviceId}/{up|join|location/solved|service/data|down/…}`.
 *
 * - up: as `lorawan.ts` says; `normalized_payload` gives the readings where `decoded_payload` gives none. When it
 *   happened is what the network server says, then the application server, then a gateway, whose clock may run ahead.
 * - join: the device is online. location/solved: a position that the network worked out. service/data and down/…: what
 *   happened to the device, by its `type`. down/push and down/replace are commands to it: they carry nothing.
 *
 * Left out on purpose: of `rx_metadata` all but the gateway that heard the uplink loudest and their number, `settings`,
 * `network_ids`, `correlation_ids`. Where the device was registered to be (`locations.user`) is kept as
 * `registeredPosition`; it is not a position that anybody measured.
 */
import type { Decoded, Format, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import type { JsonObject } from '../payload/fields.ts';
import { hexOf, observeSolvedLocation, observeUplink, type GatewayReception } from './lorawan.ts';
import { Observation } from '../payload/observation.ts';
import { readingsOf } from './sensor-names.ts';
import { numberOf, objectOf, objectsOf, textOf } from '../payload/values.ts';

export const theThingsStack: Format = (input) => {
  const type = topicTypeOf(input.message.topic);
  // Commands to a device, which a gateway that subscribes to everything hears too.
  if (type === 'down/push' || type === 'down/replace') return [];
  return elementsDecoded(input, deviceOf(input, {}), (object) => decodeMessage(input, object));
};

/** What comes after `devices/{deviceId}/`. */
function topicTypeOf(topic: string): string {
  const levels = topic.split('/');
  const devices = levels.lastIndexOf('devices');
  return devices < 0 ? '' : levels.slice(devices + 2).join('/');
}

type Observe = (observation: Observation, body: JsonObject, type: string) => void;

/** By the field that holds it: a message has one of them. */
const OBSERVE: ReadonlyMap<string, Observe> = new Map<string, Observe>([
  ['uplink_message', observeUp],
  ['join_accept', observeJoin],
  ['location_solved', observeLocation],
  ['service_data', observeServiceData],
  ['uplink_normalized', observeUp],
  ...['ack', 'nack', 'queued', 'sent', 'failed', 'queue_invalidated'].map(
    (type): [string, Observe] => [`downlink_${type}`, observeDown],
  ),
]);

function decodeMessage(input: FormatInput, object: JsonObject): Decoded {
  const field = Object.keys(object).find((name) => OBSERVE.has(name));
  const observe = field === undefined ? undefined : OBSERVE.get(field);
  if (field === undefined || observe === undefined)
    return 'payload: expected an uplink, a join, a location, service data or what became of a downlink';
  const body = objectOf(object[field]);
  const ids = objectOf(object['end_device_ids']);
  const time = timeOf(object, body);
  const observation = new Observation(input.message, deviceOf(input, ids))
    .at(time)
    .keep('eventTimeRaw', time)
    .keep('devEui', ids['dev_eui'])
    .keep('devAddr', ids['dev_addr'])
    .keep('applicationId', objectOf(ids['application_ids'])['application_id'])
    .keep('sessionKeyId', body['session_key_id']);
  if (observe === observeUp) observation.keep('simulated', object['simulated'] ?? false);
  observe(observation, body, field);
  return observation
    .keepOthers(ids, LEFT_OF_IDS)
    .keepOthers(body, LEFT_OF_BODY)
    .keepOthers(object, new Set([...LEFT_OF_MESSAGE, field]))
    .finish();
}

function deviceOf({ message, names }: FormatInput, ids: JsonObject): string {
  const levels = message.topic.split('/');
  const devices = levels.lastIndexOf('devices');
  const topicLevel = devices < 0 ? undefined : levels[devices + 1];
  return textOf(ids['device_id']) ?? names['deviceId'] ?? topicLevel ?? message.clientId;
}

/** What a server writes where it has no time. */
const UNSET = /^0001-01-01T00:00:00/u;

function timeOf(object: JsonObject, body: JsonObject): unknown {
  const gatewayTimes = objectsOf(body['rx_metadata']).map(({ time }) => time);
  const times = [body['received_at'], object['received_at'], ...gatewayTimes];
  return times.find((time) => typeof time === 'string' && time !== '' && !UNSET.test(time));
}

const LEFT_OF_IDS = new Set(['device_id', 'application_ids', 'dev_eui', 'dev_addr']);
const LEFT_OF_MESSAGE = ['end_device_ids', 'correlation_ids', 'received_at', 'simulated'];
const LEFT_OF_BODY = new Set([
  'session_key_id',
  'received_at',
  'correlation_ids',
  'f_cnt',
  'f_port',
  'confirmed',
  'frm_payload',
  'decoded_payload',
  'normalized_payload',
  'rx_metadata',
  'settings',
  'network_ids',
  'locations',
  'location',
  'data',
  'downlink',
]);

function observeUp(observation: Observation, body: JsonObject): void {
  const normalized = normalizedOf(body['normalized_payload']);
  observation.keep('normalized', body['normalized_payload']);
  observeUplink(observation, {
    payload: body['frm_payload'],
    decoded: body['decoded_payload'],
    readings: normalized,
    receptions: objectsOf(body['rx_metadata']).map(receptionOf),
    fCnt: body['f_cnt'],
    fPort: body['f_port'],
    confirmed: body['confirmed'],
  });
  const place = objectOf(objectOf(body['locations'])['user']);
  observation
    .keep('registeredPosition.lat', place['latitude'])
    .keep('registeredPosition.lon', place['longitude'])
    .keep('registeredPosition.altitudeM', place['altitude']);
}

/** One set of measurements, or a list of them. Their units are fixed, but for the battery, which is in volts. */
function normalizedOf(payload: unknown): ReturnType<typeof readingsOf> {
  const sets = Array.isArray(payload) ? objectsOf(payload) : [objectOf(payload)];
  return sets.flatMap((set) => {
    const { battery, ...others } = set;
    const value = numberOf(battery, 0, 1000);
    const readings = readingsOf(others);
    return value === undefined
      ? readings
      : [...readings, { name: 'batteryVoltage', value, unit: 'VLT' }];
  });
}

/** Through the packet broker, `gateway_ids` names the broker; the gateway is the one that forwarded. */
function receptionOf(reception: JsonObject): GatewayReception {
  const broker = objectOf(reception['packet_broker']);
  const ids = objectOf(reception['gateway_ids']);
  const gatewayId =
    textOf(objectOf(broker['forwarder_gateway_id'])['value']) ??
    textOf(broker['forwarder_gateway_id']) ??
    textOf(broker['forwarder_gateway_eui']) ??
    textOf(ids['gateway_id']) ??
    textOf(ids['eui']);
  return {
    gatewayId: gatewayId ?? '',
    rssiDbm: numberOf(reception['rssi'], -1000, 1000),
    snrDb: numberOf(reception['snr'], -1000, 1000),
  };
}

function observeJoin(observation: Observation): void {
  observation.keep('type', 'join').status({ online: true });
}

function observeLocation(observation: Observation, body: JsonObject): void {
  observeSolvedLocation(observation, objectOf(body['location']));
}

function observeServiceData(observation: Observation, body: JsonObject): void {
  observation.keep('type', 'service').keep('data', body['data']).status();
}

/** `downlink_failed` has the downlink within. */
function observeDown(observation: Observation, body: JsonObject, type: string): void {
  const downlink = 'downlink' in body ? objectOf(body['downlink']) : body;
  const payload = hexOf(downlink['frm_payload']);
  if (payload === undefined) observation.fail('frm_payload', 'base64');
  observation
    .keep('type', type.replace('_', '-'))
    .keep('fCnt', downlink['f_cnt'] ?? 0)
    .keep('fPort', downlink['f_port'] ?? 0)
    .keep('confirmed', downlink['confirmed'] ?? false)
    .keep('payloadHex', payload)
    .status();
}
