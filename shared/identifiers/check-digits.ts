/** Digits, and the check characters that more than one kind of identifier uses. All are linear and take any text. */

/** Whether `text` from `start` up to `end` is decimal digits and nothing else; not when that is nothing. */
export function isDigits(text: string, start = 0, end = text.length): boolean {
  if (start >= end || end > text.length) return false;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** Whether `text` is printable ASCII: capitals of other letters may be those of ASCII. */
export function isPrintableAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

/**
 * Whether the last digit is the GS1 check digit of the ones before it: modulo 10, weights 3 and 1 from the right (GS1
 * General Specifications, section 7.9). `text` from `start` up to `end` is digits. USPS, FedEx Ground and Canada Post
 * compute the same.
 */
export function hasGs1CheckDigit(text: string, start = 0, end = text.length): boolean {
  let sum = 0;
  for (let i = end - 1, weight = 1; i >= start; i--, weight = 4 - weight) {
    sum += (text.charCodeAt(i) - 48) * weight;
  }
  return sum % 10 === 0;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The check character of upper-case letters and digits: ISO/IEC 7064, MOD 37,36. Undefined for any other character. */
export function mod3736CheckCharacter(text: string): string | undefined {
  let product = 36;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value === -1) return undefined;
    const sum = (product + value) % 36;
    product = ((sum === 0 ? 36 : sum) * 2) % 37;
  }
  return ALPHABET[(37 - product) % 36];
}
