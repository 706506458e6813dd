/** EPC URIs, pure identities and those of tags (GS1 EPC Tag Data Standard 1.13, sections 6 and 12). */
import {
  GID_BITS,
  PREFIX_BITS,
  PREFIX_DIGITS,
  schemeOfName,
  schemesOfType,
  type EpcFields,
  type EpcScheme,
} from './epc-schemes.ts';
import { isDigits } from './check-digits.ts';
import { isSet82 } from './gs1-values.ts';

const ID = 'urn:epc:id:';
const TAG = 'urn:epc:tag:';
const NO_SCHEME = 'no EPC scheme has that name';
/** No EPC URI is longer. */
const URI_CHARACTERS_MAX = 200;

/** `urn:epc:id:sgtin:0614141.812345.6789`. */
export function epcUriOf(fields: EpcFields): string {
  return `${ID}${fields.scheme.type}:${fieldsText(fields)}`;
}

/** `urn:epc:tag:sgtin-96:3.0614141.812345.6789`. */
export function tagUriOf(fields: EpcFields): string {
  const { scheme, filter } = fields;
  return `${TAG}${scheme.name}:${scheme.type === 'gid' ? '' : `${filter}.`}${fieldsText(fields)}`;
}

function fieldsText({ scheme, prefix, reference, serial }: EpcFields): string {
  const start = `${prefix}.${scheme.isReferenceText ? epcEscaped(reference) : reference}`;
  switch (scheme.serial.kind) {
    case 'number':
      return `${start}.${serial}`;
    case 'text':
      return `${start}.${epcEscaped(serial)}`;
    default:
      return start;
  }
}

/** Section 5.4: the characters of the set 82 that a URI cannot have as they are. */
export function epcEscaped(text: string): string {
  return text.replaceAll(
    /["%&/<>?]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function unescaped(text: string): string | undefined {
  if (!text.includes('%')) return /["&/<>?]/u.test(text) ? undefined : text;
  const parts = text.split('%');
  if (/["&/<>?]/u.test(text)) return undefined;
  let plain = parts[0] ?? '';
  for (const part of parts.slice(1)) {
    const code = /^[0-9A-Fa-f]{2}/u.exec(part)?.[0];
    if (code === undefined) return undefined;
    plain += String.fromCharCode(Number.parseInt(code, 16)) + part.slice(2);
  }
  return plain;
}

/** Whether `text` begins as an EPC URI does. */
export function isEpcUri(text: string): boolean {
  return /^urn:epc:(?:id|tag):/iu.test(text.slice(0, TAG.length));
}

/**
 * The fields that a URI names; a sentence that says what is wrong with it. Of a pure identity, `scheme` is the shortest that
 * has room for it, and `filter` is 0, "all others".
 */
export function parseEpcUri(uri: string): EpcFields | string {
  if (uri.length > URI_CHARACTERS_MAX) return `more than ${URI_CHARACTERS_MAX} characters`;
  const [, , kind = '', name = '', ...rest] = uri.split(':');
  const text = rest.join(':');
  if (!isEpcUri(uri)) return 'no EPC URI';
  if (kind.toLowerCase() === 'id') {
    const schemes = schemesOfType(name.toLowerCase());
    let fault = NO_SCHEME;
    for (const scheme of schemes) {
      const fields = parseText(scheme, 0, text);
      if (typeof fields !== 'string') return fields;
      fault = fields;
    }
    return fault;
  }
  const scheme = schemeOfName(name.toLowerCase());
  if (scheme === undefined) return NO_SCHEME;
  if (scheme.type === 'gid') return parseText(scheme, 0, text);
  if (!/^[0-7]\./u.test(text)) return 'the filter is not 0 to 7';
  return parseText(scheme, Number(text.charAt(0)), text.slice(2));
}

function parseText(scheme: EpcScheme, filter: number, text: string): EpcFields | string {
  const [prefix = '', second = '', ...others] = text.split('.');
  // A point may be a character of the last field.
  const hasSerial = scheme.serial.kind === 'number' || scheme.serial.kind === 'text';
  const reference = hasSerial ? second : [second, ...others].join('.');
  const serial = hasSerial ? unescaped(others.join('.')) : '';
  if (hasSerial && others.length === 0) return 'a field is missing';
  const plain = unescaped(reference);
  if (plain === undefined || serial === undefined) return 'a character is not percent-encoded';
  const partition = scheme.type === 'gid' ? 0 : PREFIX_DIGITS.indexOf(prefix.length);
  const fields = { scheme, filter, partition, prefix, reference: plain, serial };
  return faultOf(fields) ?? fields;
}

/** What a scheme has no room for. */
function faultOf({ scheme, partition, prefix, reference, serial }: EpcFields): string | undefined {
  if (scheme.type === 'gid') {
    const fits = [prefix, reference, serial].every((text, i) => isNumber(text, GID_BITS[i] ?? 0));
    return fits ? undefined : 'a field is no number that fits';
  }
  if (partition === -1 || !isDigits(prefix)) return 'the company prefix is not 6 to 12 digits';
  const bits = scheme.referenceBits[partition] ?? 0;
  const digits = scheme.referenceDigits[partition] ?? 0;
  if (scheme.type !== 'giai') {
    if (reference.length !== digits || !(digits === 0 || isDigits(reference))) {
      return `the reference is not ${digits} digits`;
    }
  } else if (
    !(scheme.isReferenceText ? isText(reference, digits * 7) : isNumber(reference, bits))
  ) {
    return 'the reference does not fit';
  }
  if (scheme.serial.kind === 'number' && !isNumber(serial, scheme.serial.bits)) {
    return 'the serial is no number that fits';
  }
  if (scheme.serial.kind === 'text' && !isText(serial, scheme.serial.bits)) {
    return 'the serial is no text that fits';
  }
  return undefined;
}

/** A number has no zeros in front: they would not come back from the tag. */
function isNumber(text: string, bits: number): boolean {
  if (text.length > 20 || !isDigits(text) || (text.length > 1 && text.startsWith('0')))
    return false;
  return BigInt(text) < 1n << BigInt(bits);
}

function isText(text: string, bits: number): boolean {
  return isSet82(text) && text.length * 7 <= bits;
}

/** The hexadecimal EPC, upper case, filled up with zeros to words of 16 bits. */
export function epcHexOf(fields: EpcFields): string {
  const { scheme, filter, partition, prefix, reference, serial } = fields;
  const bits = new BitWriter();
  bits.number(scheme.header, 8);
  if (scheme.type === 'gid') {
    for (const [i, text] of [prefix, reference, serial].entries())
      bits.number(text, GID_BITS[i] ?? 0);
    return bits.finish();
  }
  bits
    .number(filter, 3)
    .number(partition, 3)
    .number(prefix, PREFIX_BITS[partition] ?? 0);
  const referenceBits = scheme.referenceBits[partition] ?? 0;
  if (scheme.isReferenceText) bits.text(reference, referenceBits);
  else bits.number(reference === '' ? 0 : reference, referenceBits);
  if (scheme.serial.kind === 'number') bits.number(serial, scheme.serial.bits);
  if (scheme.serial.kind === 'text') bits.text(serial, scheme.serial.bits);
  if (scheme.serial.kind === 'reserved') bits.number(0, scheme.serial.bits);
  return bits.finish();
}

class BitWriter {
  #value = 0n;
  #count = 0;

  number(value: number | string, bits: number): this {
    this.#value = (this.#value << BigInt(bits)) | BigInt(value);
    this.#count += bits;
    return this;
  }

  text(text: string, bits: number): this {
    for (const character of text) this.number(character.charCodeAt(0), 7);
    return this.number(0, bits - text.length * 7);
  }

  finish(): string {
    const padding = -this.#count & 15;
    const count = this.#count + padding;
    return (this.#value << BigInt(padding))
      .toString(16)
      .toUpperCase()
      .padStart(count / 4, '0');
  }
}
