/**
 * Zebra RFD40 and RFD90 sleds (`dataEVT`): all tags and bar codes of a round in one object, under other names than the
 * fixed readers have. https://techdocs.zebra.com/dcs/rfid/
 *
 * Topic: `{tenantId}/DATA/clients/data1event/{serial}`. An entry that is wrong becomes `raw` alone, as JSON.
 */
import type { Event } from '#shared/event.ts';

import type { Message } from '../../ingest/ingest.ts';
import type { Decoded } from '../decode.ts';
import { deviceIdOf } from '../payload/device-id.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import { labelIdOf } from '../payload/identity.ts';
import { Observation } from '../payload/observation.ts';
import { rawEvent } from '../raw.ts';
import { symbologyOf } from '../payload/symbologies.ts';
import { parcelIdOfTag, tagIdOf } from '../payload/tag.ts';
import { keepUnlessText, keepUnread } from '../payload/unread.ts';
import { numberOf, textOf, wholeOf } from '../payload/values.ts';

export type SledEvent = {
  readonly message: Message;
  readonly device: string;
  readonly event: JsonObject;
  readonly data: JsonObject;
};

export function isSled(data: JsonObject): boolean {
  return Array.isArray(data['tagData']) || Array.isArray(data['barcodeData']);
}

const EVENT = new Set(['type', 'timestamp', 'data']);
const DATA = new Set(['tagData', 'barcodeData']);

export function sledDecoded(sled: SledEvent): Decoded {
  const serial = deviceNameOfSled(sled);
  const events: Event[] = [];
  const take = (name: string, entry: unknown, index: number, decode: DecodeEntry): void => {
    const decoded = isObject(entry)
      ? decode(observationOf(sled, serial), entry)
      : 'entry: expected an object';
    if (typeof decoded !== 'string') events.push(...decoded);
    else {
      const payload = Buffer.from(JSON.stringify({ ...sled.event, data: { [name]: [entry] } }));
      const reason = `data.${name}[${index}].${decoded}`;
      events.push(
        rawEvent({ message: sled.message, deviceId: deviceIdOf(serial), reason, payload }),
      );
    }
  };
  for (const [i, entry] of listOf(sled.data['tagData']).entries()) take('tagData', entry, i, tag);
  for (const [i, entry] of listOf(sled.data['barcodeData']).entries()) {
    take('barcodeData', entry, i, barcode);
  }
  return events;
}

type DecodeEntry = (observation: Observation, entry: JsonObject) => Decoded;

/** The serial number is the last level of the topic that the vendor fixes. */
function deviceNameOfSled({ message, device }: SledEvent): string {
  const serial = /\/DATA\/clients\/data1event\/([^/]+)$/u.exec(message.topic)?.[1];
  return device === message.clientId ? (serial ?? device) : device;
}

function observationOf({ message, event, data }: SledEvent, serial: string): Observation {
  return new Observation(message, serial)
    .at(event['timestamp'], 'timestamp')
    .keep('mode', event['type'])
    .keepOthers(event, EVENT)
    .keepOthers(data, DATA);
}

const TAG = new Set([
  'EPC',
  'EPCid',
  'peakRssi',
  'seenCount',
  'eventNum',
  'antenna',
  'PC',
  'CRC',
  'TID',
  'phase',
  'channel',
]);

const tag: DecodeEntry = (observation, entry) => {
  const epc = tagIdOf(entry['EPC']);
  const epcId = tagIdOf(entry['EPCid']);
  const id = epc ?? epcId;
  if (id === undefined) return 'EPC: expected the id of a tag';
  const antenna = wholeOf(entry['antenna'], 0, 65_535);
  const peakRssi = numberOf(entry['peakRssi'], -200, 100);
  const seenCount = wholeOf(entry['seenCount'], 0, Number.MAX_SAFE_INTEGER);
  const eventNum = wholeOf(entry['eventNum'], 0, Number.MAX_SAFE_INTEGER);
  keepUnread(observation, entry, { antenna, peakRssi, seenCount, eventNum });
  keepUnlessText(observation, entry, ['EPC']);
  return observation
    .keep('EPCid', epcId === id ? undefined : entry['EPCid'])
    .keep('channelMHz', entry['channel'])
    .keep('phaseDeg', entry['phase'])
    .keep('pcHex', entry['PC'])
    .keep('crcHex', entry['CRC'])
    .keep('tidHex', entry['TID'])
    .keepOthers(entry, TAG)
    .scan({
      data: id,
      parcelId: parcelIdOfTag(id),
      deviceSeq: eventNum,
      antenna,
      rssiDbm: peakRssi,
      readCount: seenCount,
    })
    .finish();
};

const BARCODE = new Set(['decodedBarcode', 'symbology', 'eventNum']);

const barcode: DecodeEntry = (observation, entry) => {
  const data = textOf(entry['decodedBarcode']);
  if (data === undefined) return 'decodedBarcode: expected text';
  const { symbology, labelType } = symbologyOf(entry['symbology']);
  const eventNum = wholeOf(entry['eventNum'], 0, Number.MAX_SAFE_INTEGER);
  keepUnread(observation, entry, { eventNum });
  keepUnlessText(observation, entry, ['symbology']);
  return observation
    .keep('labelType', labelType)
    .keepOthers(entry, BARCODE)
    .scan({
      data,
      parcelId: labelIdOf(data, labelType ?? symbology),
      symbology,
      deviceSeq: eventNum,
    })
    .finish();
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
