/** What the formats of trackers and phones share: who it was, where it was, when something else was. */
import type { Reading } from '#shared/event.ts';

import type { FormatInput } from '../decode.ts';
import { deviceNameOf } from '../payload/device-name.ts';
import { isLongNumber } from '../payload/json.ts';
import type { TakenFields } from '../payload/taken-fields.ts';
import { parseTime } from '../payload/time.ts';
import { numberOf } from '../payload/values.ts';

/** What a tracker is called: as the route's template names it, else as `fromTopic`, else as its client. */
export function trackerNameOf(input: FormatInput, fromTopic?: string): string {
  const { imei, ident, deviceId, device } = input.names;
  const named = [imei, ident, deviceId, device, fromTopic];
  return deviceNameOf(
    input,
    named.find((name) => name !== undefined && name !== ''),
  );
}

export type Place = { readonly lat: number; readonly lon: number };

/** A place on Earth; none for what is out of bounds, nor for 0/0, which trackers say when they know none. */
export function placeOf(latitude: unknown, longitude: unknown): Place | undefined {
  const [lat, lon] = [numberOf(latitude, -90, 90), numberOf(longitude, -180, 180)];
  if (lat === undefined || lon === undefined || (lat === 0 && lon === 0)) return undefined;
  return { lat, lon };
}

/** A time that is not the event's, as ISO 8601 in UTC with milliseconds; what is no time stays as it is. */
export function isoOf(said: unknown): unknown {
  const time = parseTime(said);
  return time === undefined ? said : new Date(time.timeMs).toISOString();
}

/** Without the noise that arithmetic adds to a decimal number: 0.1 * 3 is 0.3. */
export function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : Number((value * factor).toPrecision(12));
}

/**
 * What is left of numbers and truths, as readings under its own names; texts and lists stay. A number that a double does
 * not hold is text with all its digits.
 */
export function otherReadings(
  fields: TakenFields,
  named: (reading: Reading) => Reading = (reading) => reading,
): Reading[] {
  const readings: Reading[] = [];
  for (const [name, value] of fields.left()) {
    if (typeof value === 'number' || typeof value === 'boolean') readings.push({ name, value });
    else if (isLongNumber(value)) readings.push({ name, value: value.rawJSON });
  }
  fields.dropAll(readings.map(({ name }) => name));
  return readings.map(named);
}
