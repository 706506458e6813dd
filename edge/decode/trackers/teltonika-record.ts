/**
 * One record of a Teltonika tracker, made into events: the same whether it came as JSON or as bytes.
 *
 * Without satellites there is no fix. The tracker then says 0/0, or the place of its last fix with no speed and no
 * heading: that place is a position that it distrusts (`valid` is false).
 * https://wiki.teltonika-gps.com/view/Teltonika_Data_Sending_Protocols
 */
import type { FormatInput } from '../decode.ts';
import { isLongNumber } from '../payload/json.ts';
import type { Observation } from '../payload/observation.ts';
import type { TakenFields } from '../payload/taken-fields.ts';
import { trackerNameOf, placeOf, type Place } from './telematics.ts';
import { HDOP, ioReadings, PDOP, type IoElements } from './teltonika-io.ts';
import { numberOf } from '../payload/values.ts';

/** The IMEI, where a level of the topic is one; else the level before `data` or `commands`. */
export function trackerOf(input: FormatInput): string {
  const { topic } = input.message;
  const level =
    /(?:^|\/)(\d{15})(?:\/|$)/u.exec(topic) ?? /^([^/]+)\/(?:data|commands)$/u.exec(topic);
  return trackerNameOf(input, level?.[1]);
}

/** What a record measured. `fields` are those of the JSON codec: `pr`, `evt`, `alt`, `ang`, `sat` and `sp`. */
export type MeasuredRecord = {
  readonly fields: TakenFields;
  readonly io: IoElements;
  readonly lat?: number;
  readonly lon?: number;
};

/** Adds it to an observation that has the time of the record. */
export function addRecord(observation: Observation, record: MeasuredRecord): void {
  const { fields, io } = record;
  observation.keep('priority', fields.any('pr')).keep('eventIoId', fields.any('evt'));
  const place = placeOf(record.lat, record.lon);
  if (place !== undefined) addPosition(observation, place, record);
  // Zero is what it says of all of them when there is no fix.
  else fields.drop(['alt', 'ang', 'sat', 'sp'], [0]);
  if (io.size > 0) observation.keep('ioElements', textOf(io));
  observation.readings(ioReadings(io));
}

/** As a JSON object. What a double does not hold is text, with all its digits. */
function textOf(io: IoElements): string {
  let text = '';
  for (const [id, value] of io) {
    const kept = isLongNumber(value) ? `"${value.rawJSON}"` : JSON.stringify(value);
    text += `${text === '' ? '' : ','}"${id}":${kept}`;
  }
  return `{${text}}`;
}

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

/** Takes the elements out of a record of the JSON codec: their names are their ids. */
export function takeElements(fields: TakenFields): IoElements {
  const io = new Map<number, unknown>();
  const names: string[] = [];
  for (const name of Object.keys(fields.object)) {
    const first = name.charCodeAt(0);
    if (!(first >= DIGIT_0 && first <= DIGIT_9) || !/^(?:0|[1-9]\d{0,4})$/u.test(name)) continue;
    names.push(name);
    const value = fields.peek(name);
    if (value !== undefined) io.set(Number(name), value);
  }
  fields.dropAll(names);
  return io;
}

function addPosition(observation: Observation, place: Place, { fields, io }: MeasuredRecord): void {
  const satellites = fields.whole('sat', 0, 255);
  const isFix = satellites !== 0;
  if (!isFix) fields.drop(['ang', 'sp'], [0]);
  observation.position({
    ...place,
    altitudeM: fields.number('alt', -32_768, 100_000),
    speedKmh: fields.number('sp', 0, 5000),
    headingDeg: fields.number('ang', 0, 360),
    satellites,
    hdop: tenths(io.get(HDOP)),
    ...(isFix ? {} : { valid: false }),
  });
  observation.keep('position.pdop', tenths(io.get(PDOP)));
}

/** 0 is no dilution that a fix has: it was not measured. */
function tenths(value: unknown): number | undefined {
  const number = numberOf(value, 1, 10_000);
  return number === undefined ? undefined : number / 10;
}
