/**
 * Teltonika trackers with the JSON codec over MQTT: `{imei}/data` has records, as an AWS IoT shadow
 * (`{"state":{"reported":{…}}}`) or bare, alone or in an array; `{imei}/commands` has orders to the tracker, `{"CMD"}`,
 * and what it answers, `{"RSP"}`. https://wiki.teltonika-gps.com/view/AWS_IoT_Core_Configuration
 *
 * An order is not an observation and gives no event. What a shadow has beside `state.reported` is kept as attributes.
 */
import type { Decoded, Format, FormatInput } from '../decode.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import { Observation } from '../payload/observation.ts';
import { TakenFields } from '../payload/taken-fields.ts';
import { addRecord, takeElements, trackerOf } from './teltonika-record.ts';
import { numberOf } from '../payload/values.ts';

export const teltonika: Format = (input) => {
  const device = trackerOf(input);
  return elementsDecoded(input, device, (object) => decodeObject(input, device, object));
};

const RECORD_EXPECTED = 'payload: expected a record of a tracker, or an answer';

function decodeObject(input: FormatInput, device: string, object: JsonObject): Decoded {
  if ('RSP' in object) return answer(input, device, object);
  const names = Object.keys(object);
  if (names.length === 1 && names[0] === 'CMD') return [];
  const shadow = new TakenFields(object);
  const state = shadow.within('state');
  const reported = state.peek('reported');
  if (!Array.isArray(reported)) {
    const bare = isObject(reported) ? reported : object;
    return decodeRecord(input, device, { record: bare, shadow: bare === object ? {} : object });
  }
  const results = reported.map((record: unknown) =>
    isObject(record) ? decodeRecord(input, device, { record, shadow: object }) : RECORD_EXPECTED,
  );
  const fault = results.find((result) => typeof result === 'string');
  return fault ?? results.flatMap((result) => (typeof result === 'string' ? [] : result));
}

/** What at least one field of a record is called. */
const RECORD_NAME = /^(?:ts|latlng|\d{1,5})$/u;
const SHADOW_KNOWN = new Set(['state.reported']);

function decodeRecord(
  { message }: FormatInput,
  device: string,
  { record, shadow }: { readonly record: JsonObject; readonly shadow: JsonObject },
): Decoded {
  const fields = new TakenFields(record);
  const [ts, place] = [fields.any('ts'), placeIn(fields)];
  const observation = new Observation(message, device).at(ts, 'ts');
  addRecord(observation, { fields, io: takeElements(fields), ...place });
  if (!Object.keys(record).some((name) => RECORD_NAME.test(name))) return RECORD_EXPECTED;
  fields.keepLeft(observation);
  return observation.keepOthers(shadow, SHADOW_KNOWN).orStatus().finish();
}

const LATLNG = /^\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*$/u;

/** `latlng` is left where it is no place on Earth. */
function placeIn(fields: TakenFields): { readonly lat: number; readonly lon: number } | undefined {
  const said = fields.peek('latlng');
  const match = typeof said === 'string' ? LATLNG.exec(said) : null;
  const [lat, lon] = [numberOf(match?.[1], -90, 90), numberOf(match?.[2], -180, 180)];
  if (lat === undefined || lon === undefined) return undefined;
  fields.dropAll(['latlng']);
  return { lat, lon };
}

function answer({ message }: FormatInput, device: string, object: JsonObject): Decoded {
  return new Observation(message, device)
    .keep('type', 'commandReply')
    .keepOthers(object, new Set())
    .status()
    .finish();
}
