/**
 * UPU S10: the numbers of international post, two letters for the service, eight digits and a check digit, two letters for
 * the country (UPU standard S10-12).
 */
import { isDigits, isPrintableAscii } from './check-digits.ts';
import { isCountry } from './countries.ts';

export type S10 = {
  /** Upper case, without blanks. */
  readonly normalized: string;
  readonly serviceIndicator: string;
  /** What the first letter of it means, where it has one meaning everywhere. */
  readonly service?: string;
  readonly serial: string;
  readonly checkDigit: string;
  readonly expectedCheckDigit: string;
  readonly country: string;
  readonly valid: boolean;
  readonly error?: 'check-digit' | 'country';
};

const SERVICES: Readonly<Record<string, string>> = {
  C: 'parcel',
  E: 'EMS',
  H: 'e-commerce parcel',
  L: 'express letter',
  R: 'registered',
  U: 'untracked',
  V: 'insured',
};

const CHARACTERS = 13;
/** With a blank after every character and as many around. */
const CHARACTERS_MAX = 40;

/** The number in `text`, in any case and with any blanks; undefined when it has not the form of one. */
export function parseS10(text: string): S10 | undefined {
  if (text.length > CHARACTERS_MAX) return undefined;
  const normalized = (text.includes(' ') ? text.replaceAll(' ', '') : text).toUpperCase();
  if (!isS10Shaped(normalized) || !isPrintableAscii(text)) return undefined;
  const serviceIndicator = normalized.slice(0, 2);
  const serial = normalized.slice(2, 10);
  const checkDigit = normalized.charAt(10);
  const country = normalized.slice(11);
  const expectedCheckDigit = s10CheckDigit(serial);
  const service = SERVICES[serviceIndicator.charAt(0)];
  const error = isCountry(country)
    ? checkDigit === expectedCheckDigit
      ? undefined
      : 'check-digit'
    : 'country';
  return {
    normalized,
    serviceIndicator,
    ...(service !== undefined && { service }),
    serial,
    checkDigit,
    expectedCheckDigit,
    country,
    valid: error === undefined,
    ...(error !== undefined && { error }),
  };
}

/** Whether `text` is two capitals, nine digits, two capitals. */
function isS10Shaped(text: string): boolean {
  return (
    text.length === CHARACTERS &&
    isCapital(text, 0) &&
    isCapital(text, 1) &&
    isDigits(text, 2, 11) &&
    isCapital(text, 11) &&
    isCapital(text, 12)
  );
}

function isCapital(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 65 && code <= 90;
}

const WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7];

/** 11 less the weighted sum modulo 11, where 10 is written 0 and 11 is written 5. */
function s10CheckDigit(serial: string): string {
  let sum = 0;
  for (const [i, weight] of WEIGHTS.entries()) sum += weight * (serial.charCodeAt(i) - 48);
  const check = 11 - (sum % 11);
  return String(check === 10 ? 0 : check === 11 ? 5 : check);
}
