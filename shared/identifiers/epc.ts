/**
 * EPCs as tags carry them, hexadecimal, and what they stand for (GS1 EPC Tag Data Standard 1.13, sections 6, 7 and 14).
 *
 * A tag holds whatever somebody wrote: a header byte alone says little. So the reserved bits, the padding, the number of
 * digits and the characters are all looked at, and what is not exactly an EPC of a scheme is `unknown`, with the reason.
 * The `+` schemes of TDS 2.x are unknown, as are tags that were never programmed.
 */
import { digitalLinkOf } from './digital-link.ts';
import { areZero, bitsAt, decimalAt, wordsOf } from './epc-bits.ts';
import {
  GID_BITS,
  PREFIX_BITS,
  PREFIX_DIGITS,
  schemeOfHeader,
  type EpcFields,
  type EpcScheme,
} from './epc-schemes.ts';
import { keyOfEpc } from './epc-keys.ts';
import { epcUriOf, tagUriOf } from './epc-uri.ts';
import { bracketed, elementsOfKey, type Key } from './gs1-keys.ts';
import { isSet82 } from './gs1-values.ts';

/** A tag's identity, told in every way that somebody may ask for it. */
export type Epc = {
  /** Upper case. */
  readonly hex: string;
  /** `sgtin-96`, …, or `unknown`. */
  readonly scheme: string;
  /** Why it is unknown. */
  readonly reason?: string;
  readonly filter?: number;
  readonly partition?: number;
  readonly tagUri?: string;
  readonly pureIdentityUri: string | null;
  readonly gtin14?: string;
  readonly serial?: string;
  readonly sscc?: string;
  readonly gln?: string;
  readonly extension?: string;
  readonly grai?: string;
  readonly giai?: string;
  readonly gdti?: string;
  readonly gsrn?: string;
  readonly gsrnp?: string;
  readonly elementString?: string;
  readonly digitalLink?: string;
};

/** The longest EPC that is known, `sgtin-198`, in words of 16 bits. */
const HEX_DIGITS_MAX = 52;

/** The fields of an EPC; a sentence that says why `hex` is none. */
export function parseEpc(hex: string): EpcFields | string {
  if (hex.length > HEX_DIGITS_MAX) return `more than ${HEX_DIGITS_MAX * 4} bits`;
  const words = wordsOf(hex);
  if (words === undefined || hex.length < 2) return 'not hexadecimal';
  const header = bitsAt(words, 0, 8);
  const scheme = schemeOfHeader(header);
  if (scheme === undefined) return `${headerName(header)} is no EPC scheme`;
  const fields = isLengthOf(scheme, hex.length * 4)
    ? parseFields(scheme, words, hex.length * 4)
    : `there are ${hex.length * 4} bits`;
  if (typeof fields !== 'string') return fields;
  return `${headerName(header)} looks like ${scheme.name} but ${fields}`;
}

function headerName(header: number): string {
  return `header byte 0x${header.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Memory is read in words of 16 bits, or in bytes or digits by a reader that knows better. */
function isLengthOf(scheme: EpcScheme, bits: number): boolean {
  return bits >= scheme.bits && bits <= Math.ceil(scheme.bits / 16) * 16;
}

function parseFields(
  scheme: EpcScheme,
  words: readonly number[],
  bits: number,
): EpcFields | string {
  if (scheme.type === 'gid') return parseGid(scheme, words);
  const filter = bitsAt(words, 8, 3);
  const partition = bitsAt(words, 11, 3);
  const prefixBits = PREFIX_BITS[partition];
  const prefixDigits = PREFIX_DIGITS[partition];
  const referenceBits = scheme.referenceBits[partition];
  const referenceDigits = scheme.referenceDigits[partition];
  if (
    prefixBits === undefined ||
    prefixDigits === undefined ||
    referenceBits === undefined ||
    referenceDigits === undefined
  ) {
    return `the partition is ${partition}`;
  }
  const referenceAt = 14 + prefixBits;
  const serialAt = referenceAt + referenceBits;

  const prefix = decimalAt(words, 14, prefixBits);
  if (prefix.length > prefixDigits)
    return `the company prefix has more than ${prefixDigits} digits`;
  const reference = scheme.isReferenceText
    ? textAt(words, referenceAt, serialAt)
    : digitsAt(words, { start: referenceAt, count: referenceBits, digits: referenceDigits });
  if (reference === undefined) return 'the reference is not of characters that end in zeros';
  if (reference.length > referenceDigits)
    return `the reference has more than ${referenceDigits} digits`;
  const serial = serialOf(scheme, words, serialAt);
  if (serial === undefined) return serialFault(scheme);
  if (!areZero(words, scheme.bits, bits)) return 'the bits behind it are not zero';
  return {
    scheme,
    filter,
    partition,
    prefix: prefix.padStart(prefixDigits, '0'),
    reference: scheme.type === 'giai' ? reference : reference.padStart(referenceDigits, '0'),
    serial,
  };
}

function serialFault({ serial }: EpcScheme): string {
  return serial.kind === 'reserved'
    ? `the ${serial.bits} reserved bits are not zero`
    : 'the serial is not of characters that end in zeros';
}

function serialOf(
  { serial }: EpcScheme,
  words: readonly number[],
  start: number,
): string | undefined {
  switch (serial.kind) {
    case 'number':
      return decimalAt(words, start, serial.bits);
    case 'text':
      return textAt(words, start, start + serial.bits);
    case 'reserved':
      return areZero(words, start, start + serial.bits) ? '' : undefined;
    default:
      return '';
  }
}

/** A reference of no digits has bits all the same, which are zero. */
function digitsAt(
  words: readonly number[],
  { start, count, digits }: { start: number; count: number; digits: number },
): string {
  const text = decimalAt(words, start, count);
  return digits === 0 && text === '0' ? '' : text;
}

/** Characters of 7 bits, of which zeros are the end; undefined when they are none that GS1 has, or something follows. */
function textAt(words: readonly number[], start: number, end: number): string | undefined {
  let text = '';
  let at = start;
  for (; at + 7 <= end; at += 7) {
    const code = bitsAt(words, at, 7);
    if (code === 0) break;
    text += String.fromCharCode(code);
  }
  return isSet82(text) && areZero(words, at, end) ? text : undefined;
}

function parseGid(scheme: EpcScheme, words: readonly number[]): EpcFields {
  const [manager, objectClass, serial] = GID_BITS;
  return {
    scheme,
    filter: 0,
    partition: 0,
    prefix: decimalAt(words, 8, manager),
    reference: decimalAt(words, 8 + manager, objectClass),
    serial: decimalAt(words, 8 + manager + objectClass, serial),
  };
}

/** Everything about an EPC. Blanks between the digits are no part of it. */
export function describeEpc(text: string): Epc {
  const hex = text.replaceAll(' ', '').toUpperCase();
  const fields = parseEpc(hex);
  if (typeof fields === 'string') {
    return { hex, scheme: 'unknown', reason: fields, pureIdentityUri: null };
  }
  const { scheme, filter, partition } = fields;
  const key = keyOfEpc(fields);
  return {
    hex,
    scheme: scheme.name,
    ...(scheme.type !== 'gid' && { filter, partition }),
    tagUri: tagUriOf(fields),
    pureIdentityUri: epcUriOf(fields),
    ...(fields.serial !== '' && { serial: fields.serial }),
    ...(key !== undefined && {
      ...namedKey(key),
      elementString: bracketed(elementsOfKey(key)),
      digitalLink: digitalLinkOf(key),
    }),
  };
}

function namedKey({ type, value, serial }: Key): Partial<Epc> {
  if (type === 'sgtin') return { gtin14: value };
  if (type === 'gln') return { gln: value, ...(serial !== undefined && { extension: serial }) };
  return { [type]: value };
}
