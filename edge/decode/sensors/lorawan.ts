/** What the LoRaWAN network servers have in common: an uplink, as what its device measured. */
import type { Reading } from '#shared/event.ts';

import { bytesOfBase64 } from '../payload/base64.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import type { Observation } from '../payload/observation.ts';
import { readingsOf } from './sensor-names.ts';
import { parseTime } from '../payload/time.ts';
import { numberOf, wholeOf } from '../payload/values.ts';

/** A gateway that heard an uplink. */
export type GatewayReception = {
  readonly gatewayId: string;
  readonly rssiDbm?: number | undefined;
  readonly snrDb?: number | undefined;
};

export type Uplink = {
  /** Base64. */
  readonly payload: unknown;
  /** What the codec of the device made of it. */
  readonly decoded: unknown;
  /** What there is where nothing that was decoded is a reading. */
  readonly readings?: readonly Reading[];
  readonly receptions: readonly GatewayReception[];
  /** Absent is 0, and false: proto3's JSON leaves defaults out. */
  readonly fCnt: unknown;
  readonly fPort: unknown;
  readonly confirmed: unknown;
};

/**
 * Keeps an uplink: positions and readings from decoded fields only, the payload as `payloadHex`, what was decoded as
 * `decoded`. Where no field is a reading, the payload is the one reading; where there is none either, the uplink only
 * says that the device is there.
 */
export function observeUplink(observation: Observation, uplink: Uplink): void {
  const payload = hexOf(uplink.payload);
  if (payload === undefined) observation.fail('payload', 'base64');
  const decoded = isObject(uplink.decoded) ? uplink.decoded : {};
  observation
    .keep('fCnt', uplink.fCnt ?? 0)
    .keep('fPort', uplink.fPort ?? 0)
    .keep('confirmed', uplink.confirmed ?? false)
    .keep('payloadHex', payload)
    .keep('sensorTime', sensorTimeOf(decoded));
  if (uplink.decoded !== undefined) observation.keep('decoded', uplink.decoded);
  keepReceptions(observation, uplink.receptions);

  const hasPosition = observePosition(observation, decoded);
  const own = readingsOf(decoded);
  const readings = own.length > 0 ? own : (uplink.readings ?? []);
  if (readings.length > 0) {
    observation.readings(readings);
  } else if (!hasPosition) {
    const isEmpty = payload === undefined || payload === '';
    if (isEmpty) observation.status();
    else observation.readings([{ name: 'payload', value: payload }]);
  }
}

/** Of the gateways that heard it, how many there were and the one that heard it loudest. */
function keepReceptions(observation: Observation, receptions: readonly GatewayReception[]): void {
  const best = receptions.reduce<GatewayReception | undefined>(
    (found, each) => (found === undefined || isLouder(each, found) ? each : found),
    undefined,
  );
  if (best === undefined) return;
  observation
    .keep('bestGateway.gatewayId', best.gatewayId)
    .keep('bestGateway.rssiDbm', best.rssiDbm)
    .keep('bestGateway.snrDb', best.snrDb)
    .keep('gatewayCount', new Set(receptions.map(({ gatewayId }) => gatewayId)).size);
}

function isLouder(one: GatewayReception, other: GatewayReception): boolean {
  const [a, b] = [one.rssiDbm ?? -Infinity, other.rssiDbm ?? -Infinity];
  return a === b ? (one.snrDb ?? -Infinity) > (other.snrDb ?? -Infinity) : a > b;
}

/** Upper case; empty when there is none. */
export function hexOf(base64: unknown): string | undefined {
  if (base64 === undefined || base64 === null || base64 === '') return '';
  return bytesOfBase64(base64)?.toString('hex').toUpperCase();
}

/** When the sensor itself says that it measured, as Dragino's loggers do. */
function sensorTimeOf(decoded: JsonObject): string | undefined {
  const seconds = wholeOf(decoded['Systimestamp'], 1, 0xffff_ffff);
  const time = seconds === undefined ? undefined : parseTime(seconds);
  return time === undefined ? undefined : new Date(time.timeMs).toISOString();
}

/**
 * The position in decoded fields: at the top, or in an object one level below (`gps_1` of Cayenne LPP, `location`,
 * `position`). Not one that the network server has on record, nor a gateway's.
 */
function observePosition(observation: Observation, decoded: JsonObject): boolean {
  const place = [decoded, ...Object.values(decoded).filter(isObject)].find(isPlace);
  if (place === undefined) return false;
  const lat = latitudeOf(place);
  const lon = longitudeOf(place);
  if (lat === undefined || lon === undefined) return false;
  const satellites = place['satellites'] ?? place['sats'] ?? place['sat'] ?? place['Sats'];
  observation.position({
    lat,
    lon,
    altitudeM: numberOf(place['altitude'] ?? place['alt'] ?? place['Altitude'], -1000, 100_000),
    satellites: wholeOf(satellites, 0, 255),
    hdop: numberOf(place['hdop'] ?? place['HDOP'], 0, 1000),
    accuracyM: numberOf(place['accuracy'], 0, 1_000_000),
  });
  return lat !== 0 || lon !== 0;
}

function isPlace(object: JsonObject): boolean {
  return latitudeOf(object) !== undefined && longitudeOf(object) !== undefined;
}

function latitudeOf(object: JsonObject): number | undefined {
  return numberOf(object['latitude'] ?? object['Latitude'] ?? object['lat'], -90, 90);
}

function longitudeOf(object: JsonObject): number | undefined {
  const said = object['longitude'] ?? object['Longitude'] ?? object['lon'] ?? object['lng'];
  return numberOf(said, -180, 180);
}

const LEFT_OF_LOCATION = new Set([
  'location.latitude',
  'location.longitude',
  'location.altitude',
  'location.accuracy',
]);

/** A position that the network worked out, or read from the device. Of 0, proto3's JSON leaves the field out. */
export function observeSolvedLocation(observation: Observation, location: JsonObject): void {
  const lat = numberOf(location['latitude'] ?? 0, -90, 90);
  const lon = numberOf(location['longitude'] ?? 0, -180, 180);
  if (lat === undefined || lon === undefined || (lat === 0 && lon === 0)) {
    observation.fail('location', 'a latitude and a longitude');
    return;
  }
  observation
    .position({
      lat,
      lon,
      altitudeM: numberOf(location['altitude'], -1000, 100_000),
      accuracyM: numberOf(location['accuracy'], 0, 1_000_000),
    })
    .keepOthers({ location }, LEFT_OF_LOCATION);
}
