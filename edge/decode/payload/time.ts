/**
 * Times as devices write them.
 *
 * - ISO 8601 with an offset, as RFC 3339 has it: `2026-11-23T08:00:22.289Z`, `…+01:00`, `…+0100`; digits
 *   beyond the millisecond are cut off, not rounded.
 * - Seconds since 1970, with or without a fraction, when below 1e11 (the year 5138); milliseconds since 1970
 *   when below 1e14. A string of digits counts as the number.
 *
 * Anything else is no time, and neither is one outside the years 1 to 9999.
 */

export type DeviceTime = {
  /** Milliseconds since 1970-01-01T00:00:00Z, a whole number. */
  readonly timeMs: number;
  /** Minutes east of UTC, where they were written. */
  readonly utcOffsetMin: number | undefined;
};

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const EPOCH_SECONDS_BELOW = 1e11;
const EPOCH_MILLISECONDS_BELOW = 1e14;

/** 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z. */
const TIME_MS_MIN = -62_135_596_800_000;
const TIME_MS_MAX = 253_402_300_799_999;

/** The time that a field says; `undefined` when it says none. */
export function parseTime(value: unknown): DeviceTime | undefined {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return undefined;
  return value.charCodeAt(4) === HYPHEN ? fromIso(value) : fromDigits(value);
}

function fromDigits(text: string): DeviceTime | undefined {
  return /^-?\d{1,15}(?:\.\d{1,15})?$/u.test(text) ? fromEpoch(Number(text)) : undefined;
}

function fromEpoch(value: number): DeviceTime | undefined {
  const size = Math.abs(value);
  if (!(size < EPOCH_MILLISECONDS_BELOW)) return undefined;
  const timeMs = size < EPOCH_SECONDS_BELOW ? millisecondsOf(value) : Math.trunc(value);
  return bounded(timeMs, undefined);
}

/** Cuts the digits as they were written: 1795420799.123 times 1000 is not always above 1795420799123. */
function millisecondsOf(seconds: number): number {
  if (Number.isInteger(seconds)) return seconds * SECOND_MS;
  const text = String(seconds);
  const point = text.indexOf('.');
  // Written with an exponent, it is less than a microsecond.
  if (text.includes('e')) return 0;
  return Number(text.slice(0, point) + text.slice(point + 1, point + 4).padEnd(3, '0'));
}

function bounded(timeMs: number, utcOffsetMin: number | undefined): DeviceTime | undefined {
  // Adding 0 turns -0 into 0.
  return timeMs >= TIME_MS_MIN && timeMs <= TIME_MS_MAX
    ? { timeMs: timeMs + 0, utcOffsetMin }
    : undefined;
}

const PLUS = 0x2b;
const COMMA = 0x2c;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const COLON = 0x3a;
/** `T` and `t`, `Z` and `z` differ in this bit only; RFC 3339 allows both. */
const CASE_BIT = 0x20;
const SMALL_T = 0x74;
const SMALL_Z = 0x7a;

const NOT_A_NUMBER = -1000;

/** `YYYY-MM-DDThh:mm:ss`, what follows begins here. */
const SECONDS_END = 19;

function fromIso(text: string): DeviceTime | undefined {
  // The shortest has a `Z` after the seconds; from here on no index below is past the end.
  if (text.length <= SECONDS_END) return undefined;
  const dayMs = dateOf(text);
  const secondsMs = timeOfDay(text);
  const fractionEnd = endOfFraction(text);
  const utcOffsetMin = offsetOf(text, fractionEnd);
  if (dayMs === undefined || secondsMs === undefined || utcOffsetMin === undefined)
    return undefined;
  const timeMs = dayMs + secondsMs - utcOffsetMin * MINUTE_MS;
  // A leap second ends the day in UTC. It is taken for the second after it, as POSIX clocks do.
  if (two(text, 17) === 60 && timeMs % DAY_MS !== 0) return undefined;
  return bounded(timeMs + fractionMs(text, fractionEnd), utcOffsetMin);
}

function dateOf(text: string): number | undefined {
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const wellFormed =
    year >= 0 &&
    text.charCodeAt(7) === HYPHEN &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    (day <= 28 || day <= daysIn(year, month)) &&
    (text.charCodeAt(10) | CASE_BIT) === SMALL_T;
  return wellFormed ? daysFrom1970(year, month, day) * DAY_MS : undefined;
}

function timeOfDay(text: string): number | undefined {
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  const wellFormed =
    hour >= 0 &&
    hour <= 23 &&
    text.charCodeAt(13) === COLON &&
    minute >= 0 &&
    minute <= 59 &&
    text.charCodeAt(16) === COLON &&
    second >= 0 &&
    second <= 60;
  return wellFormed ? hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS : undefined;
}

/** Where the fraction ends; where the seconds end when there is none. ISO 8601 allows a comma. */
function endOfFraction(text: string): number {
  const mark = text.charCodeAt(SECONDS_END);
  if (mark !== POINT && mark !== COMMA) return SECONDS_END;
  let end = SECONDS_END + 1;
  while (digit(text, end) >= 0) end++;
  // A point without digits: no offset begins with it, so it is refused as one.
  return end === SECONDS_END + 1 ? SECONDS_END : end;
}

function fractionMs(text: string, end: number): number {
  let value = 0;
  for (let i = SECONDS_END + 1, unit = 100; i < end && unit >= 1; i++, unit /= 10) {
    value += digit(text, i) * unit;
  }
  return value;
}

/** `Z`, `+01:00`, `+0100` at `at`, and nothing after it: minutes east of UTC. */
function offsetOf(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at);
  if ((sign | CASE_BIT) === SMALL_Z) return text.length === at + 1 ? 0 : undefined;
  if (sign !== PLUS && sign !== HYPHEN) return undefined;
  const colon = text.charCodeAt(at + 3) === COLON ? 1 : 0;
  if (text.length !== at + 5 + colon) return undefined;
  const hours = two(text, at + 1);
  const minutes = two(text, at + 3 + colon);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  const offset = hours * 60 + minutes;
  return sign === PLUS || offset === 0 ? offset : -offset;
}

function two(text: string, at: number): number {
  const tens = digit(text, at);
  const ones = digit(text, at + 1);
  return tens < 0 || ones < 0 ? NOT_A_NUMBER : tens * 10 + ones;
}

/** The digit at `at`; -1 when there is none. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - DIGIT_0;
  return value >= 0 && value <= 9 ? value : -1;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days of the proleptic Gregorian calendar. Years begin in March here, so that the leap day comes last. */
function daysFrom1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 9 : month - 3;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leapDays + Math.floor((m * 153 + 2) / 5) + day - 1 - DAYS_TO_1970;
}

/** From 0000-03-01. */
const DAYS_TO_1970 = 719_468;
