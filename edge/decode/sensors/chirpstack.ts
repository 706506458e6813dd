/**
 * ChirpStack v4, its MQTT integration in JSON (https://www.chirpstack.io/docs/chirpstack/integrations/events.html):
 * `application/{applicationId}/device/{devEui}/event/{up|join|status|location|ack|txack|log|integration}`.
 *
 * - up: readings and a position from what the device's codec decoded; the payload is kept as `payloadHex`, the decoded
 *   object as `decoded`. Fields that are absent have their default: proto3's JSON leaves 0 and false out.
 * - join: the device is online. status: its battery. location: a position that the network worked out.
 * - ack, txack, log and integration: what happened to the device, each by its `type`.
 *
 * Left out on purpose: of `rxInfo` all but the gateway that heard the uplink loudest and their number, `txInfo`, and of
 * `deviceInfo` the tenant, the name of the application and the id of the profile, which the server has on record.
 */
import type { Decoded, Format, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import type { JsonObject } from '../payload/fields.ts';
import { observeSolvedLocation, observeUplink, type GatewayReception } from './lorawan.ts';
import { Observation } from '../payload/observation.ts';
import { numberOf, objectOf, objectsOf, textOf } from '../payload/values.ts';

export const chirpstack: Format = (input) =>
  elementsDecoded(input, deviceOf(input, {}), (object) => decodeEvent(input, object));

type Observe = (observation: Observation, event: JsonObject) => void;

const OBSERVE: ReadonlyMap<string, Observe> = new Map<string, Observe>([
  ['up', observeUp],
  ['join', (observation) => observation.keep('type', 'join').status({ online: true })],
  ['status', observeStatus],
  ['location', observeLocation],
  ['ack', observeAck],
  ['txack', (observation) => observation.keep('type', 'txack').status()],
  ['log', observeLog],
  ['integration', observeIntegration],
]);

function decodeEvent(input: FormatInput, event: JsonObject): Decoded {
  const type = typeOf(input, event);
  const observe = OBSERVE.get(type);
  if (observe === undefined) return `topic: expected an event of ${[...OBSERVE.keys()].join(', ')}`;
  const info = objectOf(event['deviceInfo']);
  const time = timeOf(event);
  const observation = new Observation(input.message, deviceOf(input, info))
    .at(time)
    .keep('eventTimeRaw', time)
    .keep('deviceName', info['deviceName'])
    .keep('applicationId', info['applicationId']);
  observe(observation, event);
  return observation.keepOthers(info, LEFT_OF_INFO).keepOthers(event, LEFT_OF_EVENT).finish();
}

/** From `device/{devEui}/event/{type}`; a bridge may have put it under another topic, then from what is in it. */
function typeOf({ message, names }: FormatInput, event: JsonObject): string {
  const levels = message.topic.split('/');
  const named = names['event'] ?? levels[levels.lastIndexOf('event') + 1] ?? '';
  if (OBSERVE.has(named)) return named;
  if ('batteryLevel' in event || 'margin' in event) return 'status';
  if ('location' in event) return 'location';
  if ('integrationName' in event) return 'integration';
  if ('rxInfo' in event) return 'up';
  return named;
}

function deviceOf({ message, names }: FormatInput, info: JsonObject): string {
  const levels = message.topic.split('/');
  const level = levels.indexOf('device');
  const devEui =
    textOf(info['devEui']) ??
    names['deviceId'] ??
    names['devEui'] ??
    (level < 0 ? undefined : levels[level + 1]);
  return devEui?.toUpperCase() ?? message.clientId;
}

/** When the server received it; where it does not say so, when a gateway did. */
function timeOf(event: JsonObject): unknown {
  return event['time'] ?? receptionTimeOf(objectsOf(event['rxInfo']));
}

function receptionTimeOf(receptions: readonly JsonObject[]): unknown {
  const found = receptions.find(({ nsTime, gwTime }) => (nsTime ?? gwTime) !== undefined);
  return found?.['nsTime'] ?? found?.['gwTime'];
}

const LEFT_OF_INFO = new Set([
  'tenantId',
  'tenantName',
  'applicationId',
  'applicationName',
  'deviceProfileId',
  'deviceName',
  'devEui',
]);

const LEFT_OF_EVENT = new Set([
  'time',
  'deviceInfo',
  'rxInfo',
  'txInfo',
  'fCnt',
  'fPort',
  'confirmed',
  'data',
  'object',
  'margin',
  'batteryLevel',
  'location',
  'acknowledged',
  'level',
  'code',
]);

function observeUp(observation: Observation, event: JsonObject): void {
  observeUplink(observation, {
    payload: event['data'],
    decoded: event['object'],
    receptions: objectsOf(event['rxInfo']).map(receptionOf),
    fCnt: event['fCnt'],
    fPort: event['fPort'],
    confirmed: event['confirmed'],
  });
}

function receptionOf(reception: JsonObject): GatewayReception {
  return {
    gatewayId: textOf(reception['gatewayId']) ?? '',
    rssiDbm: numberOf(reception['rssi'], -1000, 1000),
    snrDb: numberOf(reception['snr'], -1000, 1000),
  };
}

/** Of a device on mains the battery says nothing; of one that cannot tell neither. */
function observeStatus(observation: Observation, event: JsonObject): void {
  const hasBattery =
    event['batteryLevelUnavailable'] !== true && event['externalPowerSource'] !== true;
  observation
    .keep('marginDb', event['margin'] ?? 0)
    .status({ batteryPct: hasBattery ? numberOf(event['batteryLevel'] ?? 0, 0, 100) : undefined });
}

function observeLocation(observation: Observation, event: JsonObject): void {
  observeSolvedLocation(observation, objectOf(event['location']));
}

function observeAck(observation: Observation, event: JsonObject): void {
  observation
    .keep('type', 'ack')
    .keep('acknowledged', event['acknowledged'] ?? false)
    .status();
}

/** INFO and UNKNOWN are what the enums begin with, and so left out. */
function observeLog(observation: Observation, event: JsonObject): void {
  observation
    .keep('type', 'log')
    .keep('level', event['level'] ?? 'INFO')
    .keep('code', event['code'] ?? 'UNKNOWN')
    .status();
}

function observeIntegration(observation: Observation, event: JsonObject): void {
  observation.keep('type', 'integration').keep('decoded', event['object']).status();
}
