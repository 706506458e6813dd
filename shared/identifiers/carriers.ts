/**
 * Carriers' own numbers. Many have the same length, and a check digit fits one number in ten by chance: so the answer is a
 * ranking of who it may belong to, and none where only the length speaks for a carrier.
 *
 * The forms and check digits are those that `jkeen/tracking_number_data` (1.3.2) describes and has public numbers for.
 */
import {
  hasGs1CheckDigit,
  isDigits,
  isPrintableAscii,
  mod3736CheckCharacter,
} from './check-digits.ts';
import { parseS10 } from './s10.ts';

export type Carrier =
  | 'ups'
  | 'fedex'
  | 'usps'
  | 'dhl_express'
  | 'dhl_ecommerce'
  | 'dpd'
  | 's10'
  | 'amazon'
  | 'ontrac'
  | 'canada_post'
  | 'yodel';

export type Candidate = {
  readonly carrier: Carrier;
  /** The parcel's number, upper case and without blanks or what a label has around it: a postcode, a service. */
  readonly number: string;
  /** `none`: the form has no check digit. */
  readonly check: 'valid' | 'invalid' | 'none';
  /** Whether letters or digits at fixed places say whose it is; else it is the length and the check digit. */
  readonly isMarked: boolean;
  /** Of an S10 number: where it was posted, and as what. */
  readonly country?: string;
  readonly service?: string;
};

/** The longest is 42 characters; twice that with blanks between. */
const CHARACTERS_MAX = 90;

/**
 * Who `text` may belong to, the likeliest first: those whose check digit is right before those who have none, marked ones
 * before others. One with a wrong check digit is told only when it is marked, last.
 */
export function carrierCandidates(text: string): readonly Candidate[] {
  if (text.length > CHARACTERS_MAX) return [];
  const number = text.includes(' ') ? text.replaceAll(' ', '') : text;
  const candidates = isDigits(number) ? ofDigits(number) : ofLetters(number.toUpperCase());
  if (candidates.length === 0 || !isPrintableAscii(number)) return NOBODY;
  const told = candidates.filter(isTold);
  return told.length < 2 ? told : told.sort((a, b) => rank(a) - rank(b));
}

const NOBODY: readonly Candidate[] = [];

function isTold({ check, isMarked }: Candidate): boolean {
  return check !== 'invalid' || isMarked;
}

function rank({ check, isMarked }: Candidate): number {
  const byCheck = check === 'valid' ? 0 : check === 'none' ? 2 : 4;
  return byCheck + (isMarked ? 0 : 1);
}

/** Upper case, with a letter or a character that is none in it. */
function ofLetters(number: string): readonly Candidate[] {
  switch (number.charCodeAt(0)) {
    case CODE.percent:
      return ofDpd(number.slice(1));
    case CODE.one:
      if (number.length === 18 && number.charAt(1) === 'Z' && isAlphanumeric(number)) {
        return [marked('ups', number, hasUpsCheckDigit(number, 2))];
      }
      break;
    case CODE.G:
      if (number.length >= 16 && number.length <= 24 && isMarkedBy('GM', number)) {
        return [marked('dhl_ecommerce', number, undefined)];
      }
      break;
    case CODE.J: {
      const found = ofJ(number);
      if (found !== undefined) return [found];
      break;
    }
    default:
  }
  switch (number.length) {
    case 11:
      return ofUpsWaybill(number);
    case 13:
      return ofS10(number);
    case 15:
      return ofFifteen(number);
    case 28:
      return ofDpd(number);
    default:
      return NOBODY;
  }
}

const CODE = { percent: 0x25, one: 0x31, C: 0x43, D: 0x44, G: 0x47, J: 0x4a, T: 0x54 } as const;

function isMarkedBy(letters: string, number: string): boolean {
  return number.startsWith(letters) && isDigits(number, letters.length);
}

function ofFifteen(number: string): readonly Candidate[] {
  const first = number.charCodeAt(0);
  if ((first === CODE.C || first === CODE.D) && isDigits(number, 1)) {
    return [marked('ontrac', number, hasUpsCheckDigit(number, 0))];
  }
  const isAmazon = first === CODE.T && /^TB[ACM]/u.test(number) && isDigits(number, 3);
  return isAmazon ? [marked('amazon', number, undefined)] : ofDpd(number);
}

function marked(carrier: Carrier, number: string, isValid: boolean | undefined): Candidate {
  return { carrier, number, check: checkOf(isValid), isMarked: true };
}

function unmarked(carrier: Carrier, number: string, isValid: boolean | undefined): Candidate {
  return { carrier, number, check: checkOf(isValid), isMarked: false };
}

function checkOf(isValid: boolean | undefined): Candidate['check'] {
  if (isValid === undefined) return 'none';
  return isValid ? 'valid' : 'invalid';
}

/** Yodel's `JD` or `JJD` and 16 digits; the piece numbers of DHL Express, `J`, two or three letters, 10 or 11 digits. */
function ofJ(number: string): Candidate | undefined {
  const letters = /^J[A-Z]{1,3}(?=\d)/u.exec(number)?.[0] ?? '';
  const digits = number.length - letters.length;
  if (letters === '' || !isDigits(number, letters.length)) return undefined;
  if (digits === 16 && (letters === 'JD' || letters === 'JJD')) {
    return marked('yodel', number, undefined);
  }
  const isPiece = letters.length > 2 && (digits === 10 || digits === 11);
  return isPiece ? marked('dhl_express', number, undefined) : undefined;
}

function ofUpsWaybill(number: string): readonly Candidate[] {
  if (!'AHJKTV'.includes(number.charAt(0)) || !isDigits(number, 1)) return NOBODY;
  return [unmarked('ups', number, hasUpsCheckDigit(number, 1))];
}

function ofS10(number: string): readonly Candidate[] {
  const s10 = parseS10(number);
  if (s10 === undefined) return NOBODY;
  const { country, service } = s10;
  const found = { ...marked('s10', number, s10.valid), country };
  return [service === undefined ? found : { ...found, service }];
}

/** A parcel's 14 digits with their check character, or the 27 of the whole label, which have them in their middle. */
function ofDpd(number: string): readonly Candidate[] {
  const { length } = number;
  if ((length !== 15 && length !== 28) || !isDigits(number, 0, length - 1)) return NOBODY;
  const isValid = mod3736CheckCharacter(number.slice(0, -1)) === number.at(-1);
  const parcel = number.slice(7, 21);
  const own = length === 15 ? number : `${parcel}${mod3736CheckCharacter(parcel)}`;
  return [unmarked('dpd', own, isValid)];
}

function ofDigits(number: string): readonly Candidate[] {
  switch (number.length) {
    case 10:
    case 11: {
      const isValid = Number(number.slice(0, -1)) % 7 === Number(number.at(-1));
      return [unmarked('dhl_express', number, isValid)];
    }
    case 12:
      return [unmarked('fedex', number, hasFedExCheckDigit(number, 0, 12))];
    case 14:
      return [unmarked('dhl_ecommerce', number, undefined)];
    case 15:
      return [unmarked('fedex', number, hasGs1CheckDigit(number)), ...ofDpd(number)];
    case 16:
      return [unmarked('canada_post', number, hasGs1CheckDigit(number))];
    case 20:
      return [unmarked('usps', number, hasUsps20CheckDigit(number))];
    case 22:
      if (!number.startsWith('96')) return ofUsps(number);
      // The last 15 digits are what the shipper and the web site call it.
      return [marked('fedex', number.slice(7), hasGs1CheckDigit(number, 7))];
    case 28:
      return ofDpd(number);
    case 32:
      if (!number.startsWith('3')) return ofUsps(number);
      return [unmarked('fedex', number.slice(16, 28), hasFedExCheckDigit(number, 16, 28))];
    case 34:
      return [ofFedEx34(number), ...ofUsps(number)];
    default:
      return ofUsps(number);
  }
}

/** The last 14 digits; a number of 12 digits has zeros in front of it. */
function ofFedEx34(number: string): Candidate {
  const own = number.startsWith('00', 20) ? number.slice(22) : number.slice(20);
  return unmarked('fedex', own, hasFedExCheckDigit(number, 20, 34));
}

/** How many digits the numbers of USPS's Intelligent Mail package bar code have. */
const IMPB_DIGITS: ReadonlySet<number> = new Set([22, 26, 30]);

/**
 * `91` to `95` and what is behind, with `420` and the destination's ZIP code of five or nine digits in front or without. The
 * number alone is the parcel's.
 */
function ofUsps(number: string): readonly Candidate[] {
  const starts = number.startsWith('420') ? [8, 12] : [0];
  return starts
    .filter((start) => isImpb(number, start))
    .map((start) => marked('usps', number.slice(start), hasGs1CheckDigit(number, start)));
}

function isImpb(number: string, start: number): boolean {
  const application = number.slice(start, start + 2);
  const digits = number.length - start;
  if (application < '91' || application > '95') return false;
  return digits === 22 || (application !== '91' && IMPB_DIGITS.has(digits));
}

/** Without the `91` that a longer form has in front, the check digit may be of the number with or without it. */
function hasUsps20CheckDigit(number: string): boolean {
  return hasGs1CheckDigit(number) || hasGs1CheckDigit(`91${number}`);
}

/** Modulo 11 and then 10, weights 1, 3, 7 from the right. */
function hasFedExCheckDigit(number: string, start: number, end: number): boolean {
  let sum = 0;
  for (let i = end - 2; i >= start; i--) {
    sum += (number.charCodeAt(i) - 48) * (FEDEX_WEIGHTS[(end - 2 - i) % 3] ?? 0);
  }
  return (sum % 11) % 10 === number.charCodeAt(end - 1) - 48;
}

const FEDEX_WEIGHTS = [1, 3, 7];

/** Modulo 10, every second character twice; a letter counts by its place, `C` as 4, `D` as 5 and so on. */
function hasUpsCheckDigit(number: string, start: number): boolean {
  const last = number.length - 1;
  let sum = 0;
  for (let i = start; i < last; i++) {
    const code = number.charCodeAt(i);
    const value = code < 65 ? code - 48 : (code - 3) % 10;
    sum += (i - start) % 2 === 1 ? value * 2 : value;
  }
  return (10 - (sum % 10)) % 10 === number.charCodeAt(last) - 48;
}

function isAlphanumeric(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!((code >= 48 && code <= 57) || (code >= 65 && code <= 90))) return false;
  }
  return true;
}
