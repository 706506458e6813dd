/**
 * What was scanned, identified: one thing has one identity however it was read, by bar code, link or tag.
 *
 * Identity
 * - An SSCC is its 18 digits. Any other key of GS1 is its element string with parentheses; why: `gs1-keys.ts`.
 * - A number of S10 or of a carrier is upper case without blanks, and without what a label has around it.
 * - A tag that carries no EPC is its hexadecimal digits, upper case.
 * - Anything else is the text, trimmed, without the AIM identifier: that says how it was read, and another scanner does not
 *   say it.
 *
 * Nothing is guessed. A text that nothing declares to be of GS1 is so only when it is an SSCC, a GTIN-13 or a whole element
 * string with check digits that are right. A wrong check digit never makes another identity: the text stays its own, but for
 * an SSCC that is declared one and stands alone, which keeps its 18 digits. For all that `parcelIdOf` (`parcel-id.ts`)
 * recognises, the answer here is the same; with one exception, a GS1 symbol of 18 digits that is the element string of a
 * returnable or individual asset (AI 8003, 8004), which is the asset.
 *
 * Nothing is thrown; the work is linear in the text. This runs for every scan: the first character and the length decide
 * most of it.
 */
import { carrierCandidates, type Carrier } from './carriers.ts';
import { hasGs1CheckDigit, isDigits } from './check-digits.ts';
import { isWebAddress, parseDigitalLink } from './digital-link.ts';
import type { EpcFields, EpcSchemeName, EpcType } from './epc-schemes.ts';
import { epcUriOf, isEpcUri, parseEpcUri } from './epc-uri.ts';
import { keyOfEpc } from './epc-keys.ts';
import { parseEpc } from './epc.ts';
import { parseElementString, type ElementString } from './gs1-elements.ts';
import { meaningsOf } from './gs1-label.ts';
import {
  elementsOfKey,
  keysOf,
  mainKeyOf,
  parcelIdOfKey,
  type Key,
  type KeyType,
} from './gs1-keys.ts';
import { gtin14Of, gtin14OfUpcE, isGtinShaped } from './gtin.ts';
import {
  AIM_CHARACTERS,
  aimSymbologyOf,
  contentOfSymbology,
  isUpcE,
  type SymbologyContent,
} from './symbologies.ts';

export type Scheme = KeyType | Carrier | EpcType | EpcSchemeName | 'unknown';

export type Identity = {
  readonly scheme: Scheme;
  /** Not empty when what was read has a visible character. */
  readonly parcelId: string;
  /** `none`: the scheme has no check digit. */
  readonly check: 'valid' | 'invalid' | 'none';
  /** The pure identity, where the length of the company prefix is known: from a tag or a URI. */
  readonly epcUri?: string;
  /** What else it says, by names with the standard in front: `gs1.useBy`, `s10.country`, `epc.reason`. */
  readonly attributes?: Readonly<Record<string, string>>;
};

export type IdentifyOptions = {
  /** As the device names it, where the text has no AIM identifier. */
  readonly symbology?: string | undefined;
  /** What the scanner sends for FNC1, beside GS; absent: what scanners are known to send. */
  readonly fnc1?: string | undefined;
};

const GS = '\u001D';
const GS_CODE = 0x1d;

/** Identifies what a label reads. */
export function identify(data: string, options: IdentifyOptions = {}): Identity {
  const trimmed = data.trim();
  const aim = aimSymbologyOf(trimmed);
  const text = withoutEnd(aim === undefined ? trimmed : trimmed.slice(AIM_CHARACTERS).trimStart());
  // An AIM identifier or a separator alone is a text like any other.
  if (text === '') return unknown(trimmed);
  const content = contentOf(aim?.carries, options.symbology);

  const sscc = ssccOf(text, content === 'elements');
  if (sscc !== undefined) return sscc;
  switch (content) {
    case 'elements':
      if (isWebAddress(text)) return ofElements(text, parseDigitalLink(text));
      return ofElements(text, parseElementString(text, options.fnc1));
    case 'gtin':
      return isGtinShaped(text)
        ? ofGtin(text, isUpcE(aim === undefined ? (options.symbology ?? '') : trimmed))
        : ofUndeclared(text, options);
    case 'epc':
      return identifyEpc(text);
    default:
      return ofUndeclared(text, options);
  }
}

/** Separators at the end say nothing. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === GS_CODE) end--;
  return end === text.length ? text : text.slice(0, end).trimEnd();
}

function contentOf(
  aim: SymbologyContent | undefined,
  symbology: string | undefined,
): SymbologyContent {
  return aim ?? (symbology === undefined ? 'any' : contentOfSymbology(symbology));
}

/** An SSCC that stands alone; undefined when `text` is none. */
function ssccOf(text: string, isDeclared: boolean): Identity | undefined {
  const end = text.length;
  const start = end - 18;
  const isBracketed = start === 4 && text.startsWith('(00)');
  const isSscc = start === 0 || (start === 2 && text.startsWith('00')) || isBracketed;
  if (!isSscc || !isDigits(text, start, end)) return undefined;
  const isValid = hasGs1CheckDigit(text, start, end);
  if (!isValid && !isDeclared && !isBracketed) return undefined;
  const parcelId = text.slice(start, end);
  if (start === 0 && isDeclared) {
    const asset = assetOf(parcelId);
    if (asset !== undefined) return asset;
  }
  return { scheme: 'sscc', parcelId, check: isValid ? 'valid' : 'invalid' };
}

function assetOf(text: string): Identity | undefined {
  if (!text.startsWith('8003') && !text.startsWith('8004')) return undefined;
  const parsed = parseElementString(text);
  return parsed.error === undefined ? ofElements(text, parsed) : undefined;
}

function ofGtin(text: string, mayBeUpcE: boolean): Identity {
  const gtin = (mayBeUpcE ? gtin14OfUpcE(text) : undefined) ?? gtin14Of(text);
  if (gtin !== undefined) return { scheme: 'gtin', parcelId: `(01)${gtin}`, check: 'valid' };
  return {
    scheme: 'gtin',
    parcelId: text,
    check: 'invalid',
    attributes: { 'gs1.error': 'check-digit' },
  };
}

/** Nothing but the text itself says what it is. */
function ofUndeclared(text: string, { fnc1 }: IdentifyOptions): Identity {
  const first = text.charCodeAt(0);
  if (first === 0x28 || first === GS_CODE) return ofElements(text, parseElementString(text, fnc1));
  if (isWebAddress(text)) return ofElements(text, parseDigitalLink(text));
  if (isEpcUri(text)) return ofEpcUri(text);
  if (isWholeElementString(text)) {
    const parsed = parseElementString(text, fnc1);
    if (parsed.error === undefined) return ofElements(text, parsed);
  }
  return ofNumber(text);
}

/** A number of a product or of a carrier. */
function ofNumber(text: string): Identity {
  const gtin = text.length === 13 ? gtin14Of(text) : undefined;
  if (gtin !== undefined) return { scheme: 'gtin', parcelId: `(01)${gtin}`, check: 'valid' };
  return ofCarrier(text);
}

/** Whether `text` begins as a logistic unit, a trade item or a returnable asset does, up to a check digit that is right. */
function isWholeElementString(text: string): boolean {
  const start =
    text.startsWith('00') || text.startsWith('01') ? 2 : text.startsWith('80030') ? 5 : 0;
  const end = start + (start === 5 ? 13 : text.startsWith('00') ? 18 : 14);
  return start > 0 && isDigits(text, start, end) && hasGs1CheckDigit(text, start, end);
}

/** By the numbers of carriers; the text as it is when it is nobody's. */
function ofCarrier(text: string): Identity {
  const [best] = carrierCandidates(text);
  if (best === undefined || (best.check === 'none' && !best.isMarked)) return unknown(text);
  const { carrier: scheme, number, check, service, country } = best;
  if (check === 'invalid') return { scheme, parcelId: text, check };
  if (country === undefined) return { scheme, parcelId: number, check };
  const attributes: Record<string, string> = { 's10.country': country };
  if (service !== undefined) attributes['s10.service'] = service;
  return { scheme, parcelId: number, check, attributes };
}

/** By the keys among the elements of a text that is of GS1, or looks so. */
function ofElements(text: string, parsed: ElementString): Identity {
  const { elements, error } = parsed;
  if (error !== undefined) return ofBrokenElements(text, parsed);
  const key = mainKeyOf(keysOf(elements));
  if (key !== undefined) return ofKey(key, attributesOf(parsed, key));
  // Carriers print their own numbers in symbols of GS1, behind the AIs 91 to 99 and a postcode.
  const carrier = ofCarrier(text.replaceAll(GS, ''));
  return carrier.check === 'valid' ? carrier : unknown(text, attributesOf(parsed));
}

/**
 * An SSCC in front of the fault is complete by its length. Any other key may have lost a serial to the fault, and without it
 * would be the identity of many things.
 */
function ofBrokenElements(text: string, parsed: ElementString): Identity {
  const { elements, error } = parsed;
  if (elements.length === 0) return ofNumber(text);
  const isAboutLast = error !== 'ai-unknown';
  const good = keysOf(isAboutLast ? elements.slice(0, -1) : elements);
  const sscc = good.find(({ type }) => type === 'sscc');
  if (sscc !== undefined && error !== 'ai-repeated') return ofKey(sscc, attributesOf(parsed, sscc));
  const broken = mainKeyOf(keysOf(elements))?.type;
  if (broken === undefined) {
    const carrier = ofCarrier(text.replaceAll(GS, ''));
    if (carrier.check === 'valid') return carrier;
  }
  return {
    scheme: broken ?? 'unknown',
    parcelId: text,
    check: 'invalid',
    attributes: attributesOf(parsed) ?? {},
  };
}

/** Keys that have no check digit. */
const UNCHECKED: ReadonlySet<KeyType> = new Set(['giai', 'ginc', 'cpid', 'gmn']);

function ofKey(key: Key, attributes: Readonly<Record<string, string>> | undefined): Identity {
  const identity = {
    scheme: key.type,
    parcelId: parcelIdOfKey(key),
    check: UNCHECKED.has(key.type) ? ('none' as const) : ('valid' as const),
  };
  return attributes === undefined ? identity : { ...identity, attributes };
}

/** What the elements say beside the key; undefined when they say nothing. */
function attributesOf(
  { elements, error }: ElementString,
  key?: Key,
): Readonly<Record<string, string>> | undefined {
  const own = key === undefined ? [] : elementsOfKey(key).map(({ ai }) => ai);
  if (error === undefined && elements.length === own.length) return undefined;
  const hasFault = error !== undefined && error !== 'ai-unknown';
  const good = hasFault ? elements.slice(0, -1) : elements;
  const others = good.filter(({ ai }) => !own.includes(ai));
  const attributes = meaningsOf(others, 'gs1.');
  if (error !== undefined) attributes['gs1.error'] = error;
  return attributes;
}

function ofEpcUri(uri: string): Identity {
  const fields = parseEpcUri(uri);
  if (typeof fields === 'string') return unknown(uri, { 'epc.reason': fields });
  const { name, type } = fields.scheme;
  return ofEpcFields(fields, uri.charAt(8).toLowerCase() === 't' ? name : type);
}

function ofEpcFields(fields: EpcFields, scheme: Scheme): Identity {
  const epcUri = epcUriOf(fields);
  const key = keyOfEpc(fields);
  // A GID is no key of GS1 and has no element string: its URI is its one form.
  const parcelId = key === undefined ? epcUri : parcelIdOfKey(key);
  return { scheme, parcelId, check: 'valid', epcUri };
}

/** Identifies what a tag carries: its EPC, hexadecimal. What is not hexadecimal is a text of nobody's. */
export function identifyEpc(hex: string): Identity {
  const digits = hex.includes(' ') ? hex.replaceAll(' ', '') : hex;
  const fields = parseEpc(digits);
  if (typeof fields !== 'string') return ofEpcFields(fields, fields.scheme.name);
  const text = /^[0-9A-Fa-f]+$/u.test(digits) ? digits.toUpperCase() : hex.trim();
  return unknown(text, { 'epc.reason': fields });
}

function unknown(text: string, attributes?: Readonly<Record<string, string>>): Identity {
  const identity = { scheme: 'unknown', parcelId: text, check: 'none' } as const;
  return attributes === undefined ? identity : { ...identity, attributes };
}
