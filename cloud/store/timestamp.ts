/**
 * `timestamptz` as text and as milliseconds since 1970-01-01T00:00:00Z. PostgreSQL counts microseconds, so a
 * whole number of milliseconds comes back exactly.
 */
import { AssertionError } from '#shared/assert.ts';

/** What both PostgreSQL's `timestamptz` and JavaScript's `Date` can hold: the years 4713 BC to 275760. */
const STORED_MS_MIN = Date.UTC(-4712, 0, 1);
const STORED_MS_MAX = 8.64e15;

/** `YYYY-MM-DD hh:mm:ss[.ffffff]+00[ BC]`, as PostgreSQL writes it in ISO style with the time zone UTC. */
const TEXT = /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?\+00( BC)?$/u;

/**
 * The time as the store keeps it: the nearest that a calendar holds. A device may claim any number of
 * milliseconds; none of them may stop the others.
 */
export function storedTimeMs(timeMs: number): number {
  return Math.min(Math.max(timeMs, STORED_MS_MIN), STORED_MS_MAX);
}

/** The parameter for a `timestamptz`. */
export function formatTimestamp(timeMs: number): string {
  const iso = new Date(storedTimeMs(timeMs)).toISOString();
  const monthOn = iso.indexOf('-', 1);
  const year = Number(iso.slice(0, monthOn));
  const text = String(year > 0 ? year : 1 - year).padStart(4, '0') + iso.slice(monthOn);
  return year > 0 ? text : `${text} BC`;
}

/** The time that PostgreSQL wrote, rounded down to the millisecond. */
export function parseTimestamp(text: string): number {
  const match = TEXT.exec(text);
  if (match === null) throw new AssertionError(`not a timestamp in UTC: ${text}`);
  const [, year, month, day, hour, minute, second, fraction = '', bc] = match;
  const date = new Date(0);
  date.setUTCFullYear(
    bc === undefined ? Number(year) : 1 - Number(year),
    Number(month) - 1,
    Number(day),
  );
  date.setUTCHours(
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  );
  return date.getTime();
}
