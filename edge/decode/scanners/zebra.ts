/**
 * Zebra IoT Connector: fixed readers (FX7500, FX9600, ATR7000, FXR60, FXR90), sleds (RFD40, RFD90), BLE, management events.
 * https://zebradevs.github.io/rfid-ziotc-docs/
 *
 * `{"type": mode, "timestamp", "data": {"format": "epc", "idHex", "eventNum", …}}`, alone, in an array, or one after the
 * other (`}{`, the framing of its sockets). Which fields there are is the site's choice (`tagMetaData`).
 * - The EPC is the scan's data, in upper case; what a user application made of `idHex` is taken as it is.
 * - Left out: `format` where it is `epc`, `component` where it is `RG`, empty text, `null`.
 * - The reader is what `hostName` or `MAC` says, else the topic.
 */
import type { Decoded, Format, FormatInput } from '../decode.ts';
import { deviceNameOf } from '../payload/device-name.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import { Observation } from '../payload/observation.ts';
import { parcelIdOfTag, tagIdOf } from '../payload/tag.ts';
import { keepUnlessText, keepUnread } from '../payload/unread.ts';
import { numberOf, textOf, wholeOf } from '../payload/values.ts';
import { isManagement, managementDecoded } from './zebra-management.ts';
import { isSled, sledDecoded } from './zebra-sled.ts';

export const zebra: Format = (input) => {
  const device = deviceNameOf(input);
  return elementsDecoded(input, device, (element) => {
    // Some bridges keep the name of the event around it.
    const event = isObject(element['dataEVT']) ? element['dataEVT'] : element;
    const { type, data } = event;
    if (isObject(data)) {
      if (type === 'BLE_DATA') return beaconDecoded(input, event, data);
      if (isSled(data)) return sledDecoded({ message: input.message, device, event, data });
      if ('idHex' in data) return tagDecoded(input, event, data);
    }
    if (isManagement(event)) return managementDecoded(input.message, device, event);
    return 'data.idHex: expected the id of a tag';
  });
};

const OWN = new Set(['type', 'timestamp', 'data', 'eventNum']);
const TAG = new Set([
  'format',
  'idHex',
  'eventNum',
  'antenna',
  'peakRssi',
  'reads',
  'channel',
  'phase',
  'PC',
  'CRC',
  'XPC',
  'TID',
  'USER',
  'hostName',
  'hostname',
  'HOSTNAME',
  'MAC',
  'userDefined',
]);

function tagDecoded(input: FormatInput, event: JsonObject, data: JsonObject): Decoded {
  const hostName = data['hostName'] ?? data['hostname'] ?? data['HOSTNAME'];
  const mac = data['MAC'];
  const observation = new Observation(input.message, deviceNameOf(input, textOf(hostName) ?? mac));
  observation.at(event['timestamp'], 'timestamp');
  if (textOf(hostName) !== undefined) observation.keep('MAC', mac);
  else keepUnlessText(observation, data, ['hostName', 'hostname', 'HOSTNAME', 'MAC']);
  keepUnlessText(observation, data, ['idHex']);
  const idHex = tagIdOf(data['idHex']);
  // A tag without an EPC may still be known by the number that its maker gave it.
  const id = idHex ?? tagIdOf(data['TID']);
  if (id === undefined) return 'data.idHex: expected the id of a tag';
  if (idHex === undefined) observation.keep('identifiedBy', 'tid');

  const eventNum = data['eventNum'] ?? event['eventNum'];
  const antenna = wholeOf(data['antenna'], 0, 65_535);
  const peakRssi = numberOf(data['peakRssi'], -200, 100);
  const reads = wholeOf(data['reads'], 0, Number.MAX_SAFE_INTEGER);
  const deviceSeq = wholeOf(eventNum, 0, Number.MAX_SAFE_INTEGER);
  keepUnread(observation, data, { antenna, peakRssi, reads });
  if (deviceSeq === undefined) observation.keep('eventNum', eventNum);
  else if (data['eventNum'] !== undefined && 'eventNum' in event) {
    observation.keep('outerEventNum', event['eventNum']);
  }
  observation
    .keep('mode', event['type'])
    .keep('format', data['format'] === 'epc' ? undefined : data['format'])
    .keep('channelMHz', data['channel'])
    .keep('phaseDeg', data['phase'])
    .keep('pcHex', data['PC'])
    .keep('crcHex', data['CRC'])
    .keep('xpcHex', data['XPC'])
    .keep('tidHex', data['TID'])
    .keep('userHex', data['USER'])
    .keep('userDefined', data['userDefined'] === '' ? undefined : data['userDefined'])
    .keepOthers(data, TAG)
    .keepOthers(event, OWN);
  return observation
    .scan({
      data: id,
      parcelId: parcelIdOfTag(id),
      deviceSeq,
      antenna,
      rssiDbm: peakRssi,
      readCount: reads,
    })
    .finish();
}

const BEACON = new Set(['Address', 'RSSI']);

/** A Bluetooth beacon: what is seen is its address. */
function beaconDecoded(input: FormatInput, event: JsonObject, data: JsonObject): Decoded {
  const address = textOf(data['Address']);
  if (address === undefined) return 'data.Address: expected the address of a beacon';
  const rssiDbm = numberOf(data['RSSI'], -200, 100);
  const deviceSeq = wholeOf(event['eventNum'], 0, Number.MAX_SAFE_INTEGER);
  const observation = new Observation(input.message, deviceNameOf(input))
    .at(event['timestamp'], 'timestamp')
    .keep('type', 'beacon')
    .keepOthers(data, BEACON)
    .keepOthers(event, OWN);
  if (rssiDbm === undefined) observation.keep('RSSI', data['RSSI']);
  if (deviceSeq === undefined) observation.keep('eventNum', event['eventNum']);
  return observation.scan({ data: address, parcelId: address, deviceSeq, rssiDbm }).finish();
}
