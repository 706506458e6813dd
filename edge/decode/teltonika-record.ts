/**
 * One record of a Teltonika tracker, made into events: the same whether it came as JSON or as bytes.
 *
 * Without satellites there is no fix. The tracker then says 0/0, or the place of its last fix with no speed and no
 * heading: that place is a position that it distrusts (`valid` is false).
 * https://wiki.teltonika-gps.com/view/Teltonika_Data_Sending_Protocols
 */
import type { FormatInput } from './decode.ts';
import { isLongNumber } from './json.ts';
import type { Observation } from './observation.ts';
import type { TakenFields } from './taken-fields.ts';
import { trackerNameOf, placeOf, type Place } from './telematics.ts';
import { HDOP, ioReadings, PDOP } from './teltonika-io.ts';
import { numberOf } from './values.ts';

/** The IMEI, where a level of the topic is one; else the level before `data` or `commands`. */
export function trackerOf(input: FormatInput): string {
  const { topic } = input.message;
  const level =
    /(?:^|\/)(\d{15})(?:\/|$)/u.exec(topic) ?? /^([^/]+)\/(?:data|commands)$/u.exec(topic);
  return trackerNameOf(input, level?.[1]);
}

/**
 * What the record measured, at the time that the observation has. `fields` are those of the JSON codec without the place: `pr`, `evt`, `alt`, `ang`, `sat`, `sp`, and the elements
 * under their ids.
 */
export function addRecord(
  observation: Observation,
  record: { readonly fields: TakenFields; readonly lat?: number; readonly lon?: number },
): Observation {
  const { fields } = record;
  const io = elementsOf(fields);
  observation.keep('priority', fields.any('pr')).keep('eventIoId', fields.any('evt'));
  const place = placeOf(record.lat, record.lon);
  if (place !== undefined) addPosition(observation, place, { fields, io });
  // Zero is what it says of all of them when there is no fix.
  else fields.drop(['alt', 'ang', 'sat', 'sp'], [0]);
  if (Object.keys(io).length > 0) observation.keep('ioElements', JSON.stringify(io));
  return observation.readings(ioReadings(io));
}

type Elements = { readonly [id: string]: unknown };

/** The elements by id. One that a double does not hold is text, with all its digits. */
function elementsOf(fields: TakenFields): Elements {
  const io: Record<string, unknown> = {};
  for (const [name, value] of fields.left()) {
    if (!/^\d{1,5}$/u.test(name)) continue;
    io[name] = isLongNumber(value) ? value.rawJSON : value;
  }
  fields.dropAll(Object.keys(io));
  return io;
}

function addPosition(
  observation: Observation,
  place: Place,
  { fields, io }: { readonly fields: TakenFields; readonly io: Elements },
): void {
  const satellites = fields.whole('sat', 0, 255);
  const isFix = satellites !== 0;
  if (!isFix) fields.drop(['ang', 'sp'], [0]);
  observation.position({
    ...place,
    altitudeM: fields.number('alt', -32_768, 100_000),
    speedKmh: fields.number('sp', 0, 5000),
    headingDeg: fields.number('ang', 0, 360),
    satellites,
    hdop: tenths(io[HDOP]),
    ...(isFix ? {} : { valid: false }),
  });
  observation.keep('position.pdop', tenths(io[PDOP]));
}

/** 0 is no dilution that a fix has: it was not measured. */
function tenths(value: unknown): number | undefined {
  const number = numberOf(value, 1, 10_000);
  return number === undefined ? undefined : number / 10;
}
