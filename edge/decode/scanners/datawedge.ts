/**
 * Bar codes that an app on a mobile computer forwards as its scanner service gave them, under the names of the intent's
 * extras:
 *
 * | service | data | symbology |
 * |---|---|---|
 * | Zebra DataWedge | `com.symbol.datawedge.data_string` | `com.symbol.datawedge.label_type` |
 * | Honeywell | `data` | `aimId`, `codeId` |
 * | Datalogic | `com.datalogic.decode.intentwedge.barcode_string` | `com.datalogic.decode.intentwedge.barcode_type` |
 * | Newland | `SCAN_BARCODE1`, `SCAN_BARCODE2` | `SCAN_BARCODE_TYPE_NAME`, `SCAN_BARCODE_TYPE` |
 * | any bridge | `data` or `dataBase64` | `aimId`, `symbology` |
 *
 * https://techdocs.zebra.com/datawedge/latest/guide/output/intent/ and the vendors' SDK guides. The prefix of a name may
 * be missing. Beside them a bridge may say `deviceId`, `time`, `operator`, `readPoint`, `action` and `seq`.
 * - A wedge may write text in the place of FNC1. `data` keeps it; the label's id is read with FNC1 in its place.
 * - A time without an offset is the depot's; one that is none is kept as an attribute, and the scan counts from when it
 *   was received.
 * - A read that failed (Newland) is a status.
 * - Left out: bytes, names of a symbology and a second form of the data that say what is there already.
 */
import { textOfBytes } from '../payload/base64.ts';
import type { Decoded, Format, FormatInput } from '../decode.ts';
import { deviceNameOf } from '../payload/device-name.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import type { JsonObject } from '../payload/fields.ts';
import { labelIdOf } from '../payload/identity.ts';
import { localMoment } from '../payload/local-time.ts';
import { Observation } from '../payload/observation.ts';
import { symbologyOf, type Symbology } from '../payload/symbologies.ts';
import { parseTime } from '../payload/time.ts';
import { keepUnlessText } from '../payload/unread.ts';
import { textOf, wholeOf } from '../payload/values.ts';
import { bytesOfExtra, withoutPrefix } from './wedge-extras.ts';

export const datawedge: Format = (input) => {
  const device = deviceNameOf(input);
  return elementsDecoded(input, device, (element) => {
    const extras = withoutPrefix(element);
    const first = firstLabel(input, extras);
    const second = textOf(extras['SCAN_BARCODE2']);
    if (typeof first === 'string' || second === undefined) return first;
    // Newland gives the two parts of a composite symbol as two texts.
    const other = observationOf(input, extras)
      .scan({ data: second, parcelId: labelIdOf(second, undefined, input.fnc1) })
      .finish();
    return typeof other === 'string' ? other : [...first, ...other];
  });
};

/** Of each list the first that is there. */
const DATA = ['data_string', 'barcode_string', 'SCAN_BARCODE1', 'data'] as const;
const BYTES = ['decode_data', 'barcode_data', 'dataBase64', 'dataBytes'] as const;
const TIME = ['time', 'timestamp'] as const;
const SYMBOLOGY = [
  'aimId',
  'label_type',
  'symbology',
  'barcode_type',
  'codeId',
  'SCAN_BARCODE_TYPE_NAME',
  'SCAN_BARCODE_TYPE',
] as const;
const TEXTS = ['operator', 'readPoint', 'action', 'deviceId', 'SCAN_BARCODE2'] as const;

const KNOWN: ReadonlySet<string> = new Set([
  ...DATA,
  ...BYTES,
  ...TIME,
  ...SYMBOLOGY,
  ...TEXTS,
  'seq',
]);

function firstLabel(input: FormatInput, extras: JsonObject): Decoded {
  const observation = observationOf(input, extras);
  const bytes = BYTES.map((name) => bytesAt(extras, name)).find((each) => each !== undefined);
  const data =
    DATA.map((name) => textOf(extras[name])).find((text) => text !== undefined) ??
    (bytes === undefined ? undefined : textOfBytes(bytes));
  if (data === undefined) return withoutData(observation, extras);

  for (const name of DATA) if (textOf(extras[name]) !== data) keep(observation, name, extras);
  for (const name of BYTES) {
    if (!isWrittenAs(data, bytesOfExtra(extras[name]))) keep(observation, name, extras);
  }
  const { symbology, labelType } = symbologyAmong(observation, extras);
  keepUnlessText(observation, extras, TEXTS);
  const deviceSeq = wholeOf(extras['seq'], 0, Number.MAX_SAFE_INTEGER);
  if (deviceSeq === undefined) keep(observation, 'seq', extras);
  return observation
    .keep('labelType', labelType)
    .keepOthers(extras, KNOWN)
    .scan({
      data,
      // What a UPC-E is, its AIM id does not tell.
      parcelId: labelIdOf(data, labelType ?? symbology, input.fnc1),
      symbology,
      readPoint: textOf(extras['readPoint']),
      operator: textOf(extras['operator']),
      action: textOf(extras['action']),
      deviceSeq,
    })
    .finish();
}

/** With the first time that is one; another that is there is kept as it is. */
function observationOf(input: FormatInput, extras: JsonObject): Observation {
  const { message, timeZone } = input;
  const observation = new Observation(message, deviceNameOf(input, extras['deviceId']));
  let isFound = false;
  for (const name of TIME) {
    const said = extras[name];
    const local = localMoment(said, timeZone, message.receiveTimeMs);
    const isTime = local !== undefined || parseTime(said) !== undefined;
    if (isFound || !isTime) keep(observation, name, extras);
    else if (local === undefined) observation.at(said, name);
    else observation.atMoment(local).keep('eventTimeRaw', local.certain ? undefined : said);
    isFound ||= isTime;
  }
  return observation;
}

/** Only one of the names says that its text is base64. */
function bytesAt(extras: JsonObject, name: (typeof BYTES)[number]): Buffer | undefined {
  const value = extras[name];
  return name === 'dataBase64' || Array.isArray(value) ? bytesOfExtra(value) : undefined;
}

/** A field as it is, unless it is empty. */
function keep(observation: Observation, name: string, extras: JsonObject): void {
  if (extras[name] !== '') observation.keep(name, extras[name]);
}

/** A scanner may say that it read nothing. */
function withoutData(observation: Observation, extras: JsonObject): Decoded {
  if (textOf(extras['SCAN_STATE']) === undefined) return 'data: expected the text of a label';
  return observation
    .keep('statusType', 'no-read')
    .keepOthers(extras, READ_FAILED)
    .status()
    .finish();
}

const READ_FAILED: ReadonlySet<string> = new Set([...TIME, 'deviceId']);

/** Whether bytes are those of a text, in either of the encodings that a bar code may have. */
function isWrittenAs(text: string, bytes: Buffer | undefined): boolean {
  return bytes?.toString('utf8') === text || bytes?.toString('latin1') === text;
}

/** What all names together say; a name that says something else than the one that was taken is kept. */
function symbologyAmong(observation: Observation, extras: JsonObject): Symbology {
  let taken: Symbology = {};
  for (const name of SYMBOLOGY) {
    const found = symbologyOf(extras[name]);
    if (found.symbology === undefined) keep(observation, name, extras);
    else if (taken.symbology === undefined) taken = found;
    else if (found.symbology !== taken.symbology) keep(observation, name, extras);
    else taken = { ...taken, ...found };
  }
  return taken;
}
