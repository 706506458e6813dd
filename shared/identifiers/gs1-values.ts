/** The values of GS1 application identifiers: whether one keeps its format, and what it says in plain text. */
import { hasGs1CheckDigit, isDigits } from './check-digits.ts';
import type { ApplicationIdentifier, Part, PartKind } from './gs1-identifiers.ts';

export type ValueFault = 'ai-value' | 'check-digit';

/** What is wrong with `value`; undefined when it is what the format asks for. */
export function faultOf({ parts }: ApplicationIdentifier, value: string): ValueFault | undefined {
  let at = 0;
  let fault: ValueFault | undefined;
  for (const part of parts) {
    if (at === value.length && part.isOptional) break;
    const end = Math.min(value.length, at + part.charactersMax);
    if (end - at < part.charactersMin || !isPart(part, value, at, end)) return 'ai-value';
    if (part.hasCheckDigit && !hasGs1CheckDigit(value, at, end)) fault = 'check-digit';
    at = end;
  }
  return at === value.length ? fault : 'ai-value';
}

const CHECKS: Readonly<Record<PartKind, (text: string, start: number, end: number) => boolean>> = {
  N: isDigits,
  X: (text, start, end) => isOf(SET_82, text, start, end),
  Y: (text, start, end) => isOf(SET_39, text, start, end),
  A: (text, start, end) => isOf(CAPITALS, text, start, end),
  Z: (text, start) => text[start] === '0',
  B: (text, start) => text[start] === '0' || text[start] === '1',
  D: (text, start) => isDate(text, start, 0),
  E: (text, start) => isDate(text, start, 1),
  T: (text, start, end) =>
    isDigits(text, start, end) &&
    text.slice(start, start + 2) < '24' &&
    text.slice(start + 2, end) < '60',
  P: (text, start, end) =>
    isOf(SET_82, text, start, end) && percentDecoded(text.slice(start, end)) !== undefined,
  G: (text, start, end) =>
    isDigits(text, start, end) &&
    text.slice(start, start + 10) <= LATITUDE_MAX &&
    text.slice(start + 10, end) <= LONGITUDE_MAX,
};

function isPart(part: Part, text: string, start: number, end: number): boolean {
  return CHECKS[part.kind](text, start, end);
}

/** Of AI 4309: (180 and 360) × 10⁷. */
const LATITUDE_MAX = '1800000000';
const LONGITUDE_MAX = '3600000000';

/** GS1 General Specifications, section 7.11: the sets of 82 and of 39 characters that element strings are made of. */
const SET_82 = membersOf(
  '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz',
);
const SET_39 = membersOf('#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const CAPITALS = membersOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ');

function membersOf(characters: string): Uint8Array {
  const members = new Uint8Array(128);
  for (const character of characters) members[character.charCodeAt(0)] = 1;
  return members;
}

function isOf(members: Uint8Array, text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (members[text.charCodeAt(i)] !== 1) return false;
  return true;
}

/** Whether `text` is one or more characters of the GS1 set 82. */
export function isSet82(text: string): boolean {
  return text !== '' && isOf(SET_82, text, 0, text.length);
}

function isDate(text: string, start: number, dayMin: number): boolean {
  if (!isDigits(text, start, start + 6)) return false;
  const [year, month, day] = dateAt(text, start);
  return month >= 1 && month <= 12 && day >= dayMin && day <= daysIn(year, month);
}

/** Years of two digits are those around now: 1976 to 2075 (GS1 General Specifications, section 7.12, for a date in 2025). */
const YEAR_OF_LAST_CENTURY_MIN = 76;

function dateAt(text: string, start: number): readonly [year: number, month: number, day: number] {
  const year = Number(text.slice(start, start + 2));
  return [
    year + (year >= YEAR_OF_LAST_CENTURY_MIN ? 1900 : 2000),
    Number(text.slice(start + 2, start + 4)),
    Number(text.slice(start + 4, start + 6)),
  ];
}

/** Between 1976 and 2075 every fourth year is a leap year. */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isoDate(text: string, start: number): string {
  const [year, month, day] = dateAt(text, start);
  return [year, month, day === 0 ? daysIn(year, month) : day]
    .map((number) => String(number).padStart(2, '0'))
    .join('-');
}

/** What a value that keeps its format says: a date as ISO 8601, a number with its decimal point, text as it was meant. */
export function meaningOf({ parts, decimals }: ApplicationIdentifier, value: string): string {
  if (decimals !== undefined && parts.length === 1) return decimal(value, decimals);
  switch (parts[0]?.kind) {
    case 'D':
    case 'E': {
      const time = value.slice(6);
      if (parts[1]?.kind !== 'T') return time === '' ? isoDate(value, 0) : value;
      return `${isoDate(value, 0)}T${time.slice(0, 2)}:${time.slice(2)}`;
    }
    case 'P':
      return percentDecoded(value) ?? value;
    case 'G':
      return position(value);
    default:
      return value;
  }
}

function decimal(digits: string, decimals: number): string {
  const padded = digits.padStart(decimals + 1, '0');
  const split = padded.length - decimals;
  const whole = BigInt(padded.slice(0, split)).toString();
  return decimals === 0 ? whole : `${whole}.${padded.slice(split)}`;
}

/** Of AI 4309: degrees, as `latitude,longitude`. */
function position(value: string): string {
  const lat = Number(value.slice(0, 10)) / 1e7 - 90;
  const east = Number(value.slice(10)) / 1e7;
  const lon = east > 180 ? east - 360 : east;
  return [lat, lon].map((degrees) => degrees.toFixed(7).replace(/\.?0+$/u, '')).join(',');
}

/** Text of the AIs 4300 to 4320: `%` and two hexadecimal digits for a byte of UTF-8, `+` for a blank. */
function percentDecoded(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    // A `%` that begins no byte, or bytes that are no UTF-8.
    return undefined;
  }
}
