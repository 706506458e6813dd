/**
 * Ruuvi Gateway (https://docs.ruuvi.com/gw-data-formats): `ruuvi/{gatewayMac}/{sensorMac}` with one Bluetooth
 * advertisement as it was heard, `ruuvi/{gatewayMac}/gw_status` with whether the gateway is there.
 *
 * The device is the sensor: by the MAC of the topic, else by the one in the advertisement. `ts` is when the gateway heard
 * it; firmware that does not know the time sends `cnt` in its place, and `ts` may be text or a number. An advertisement
 * that is not Ruuvi's, or of a format that is not known, is a status of type `beacon` with its bytes.
 *
 * Left out on purpose: `aoa` and `coords` where they are empty, and `gwts` where it is `ts`.
 */
import type { Decoded, Format, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import type { JsonObject } from '../payload/fields.ts';
import { Observation } from '../payload/observation.ts';
import { parseRuuviAdvert, type RuuviAdvert } from './ruuvi-advert.ts';
import { numberOf, textOf } from '../payload/values.ts';

const STATUS_LEVEL = 'gw_status';

export const ruuvi: Format = (input) => {
  const levels = input.message.topic.split('/');
  const isStatus = levels.at(-1) === STATUS_LEVEL;
  const named = input.names['sensorMac'] ?? input.names['deviceId'] ?? levels.at(-1) ?? '';
  return elementsDecoded(input, named, (object) =>
    isStatus ? decodeStatus(input, levels, object) : decodeAdvert(input, levels, object),
  );
};

function decodeStatus(
  { message, names }: FormatInput,
  levels: readonly string[],
  object: JsonObject,
): Decoded {
  const state = object['state'];
  if (state !== 'online' && state !== 'offline') return 'state: expected online or offline';
  const device = textOf(object['gw_mac']) ?? names['gatewayMac'] ?? levels.at(-2);
  return new Observation(message, device ?? message.clientId)
    .keepOthers(object, new Set(['state', 'gw_mac']))
    .status({ online: state === 'online' })
    .finish();
}

const MAC = /^(?:[\dA-Fa-f]{2}[:-]){5}[\dA-Fa-f]{2}$/u;
const HEX = /^(?:[\dA-Fa-f]{2})*$/u;
const KNOWN = new Set(['gw_mac', 'rssi', 'aoa', 'gwts', 'ts', 'data', 'coords']);

function decodeAdvert(
  { message, names }: FormatInput,
  levels: readonly string[],
  object: JsonObject,
): Decoded {
  const { data } = object;
  if (typeof data !== 'string' || !HEX.test(data)) return 'data: expected an advertisement in hex';
  const advert = parseRuuviAdvert(Buffer.from(data, 'hex'));
  const last = levels.at(-1) ?? '';
  const device =
    names['sensorMac'] ?? names['deviceId'] ?? (MAC.test(last) ? last : undefined) ?? advert?.mac;
  const observation = new Observation(message, device?.toUpperCase() ?? message.clientId)
    .at(object['ts'] === '' ? undefined : object['ts'], 'ts')
    .keep('gatewayId', object['gw_mac'] ?? names['gatewayMac'])
    .keep('rssiDbm', numberOf(object['rssi'], -1000, 1000));
  keepTransport(observation, object);
  if (advert === undefined) {
    observation.keep('type', 'beacon').keep('payloadHex', data.toUpperCase()).status();
  } else {
    observeAdvert(observation, advert);
  }
  return observation.keepOthers(object, KNOWN).finish();
}

function keepTransport(observation: Observation, { aoa, coords, gwts, ts }: JsonObject): void {
  if (Array.isArray(aoa) && aoa.length > 0) observation.keep('aoa', aoa);
  if (coords !== '') observation.keep('coords', coords);
  if (gwts !== ts) observation.keep('gwts', gwts);
}

function observeAdvert(observation: Observation, advert: RuuviAdvert): void {
  observation
    .keep('dataFormat', advert.dataFormat)
    .keep('movementCounter', advert.movementCounter)
    .keep('measurementSequence', advert.measurementSequence)
    .keep('txPowerDbm', advert.txPowerDbm);
  if (advert.calibrating === true) observation.keep('calibrating', true);
  if (advert.readings.length > 0) observation.readings(advert.readings);
  else observation.status();
}
