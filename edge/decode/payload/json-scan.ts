/**
 * One pass over the bytes of a JSON text before it is parsed: is it safe to parse, and which of the slower
 * checks does it need? Allocates nothing. Says nothing about whether the text is JSON.
 */

/** Brackets nest deeper than `depthMax`. */
export const TOO_DEEP = 1;
/** There is a byte above 0x7F: the text may be ill-formed UTF-8. */
export const NON_ASCII = 2;
/** There is a `\u` escape: the only way in which a string gets U+0000 or half a surrogate pair. */
export const UNICODE_ESCAPE = 4;
/** There is a number that a double may not hold: 16 digits or more before the point, or an exponent. */
export const LONG_NUMBER = 8;

const LONG_NUMBER_DIGITS = 16;
/** Far enough below zero that no fraction counts up to `LONG_NUMBER_DIGITS`. */
const IN_FRACTION = -0x40000000;

const QUOTE = 0x22;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LEFT_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const SMALL_E = 0x65;
const SMALL_U = 0x75;
const LEFT_BRACE = 0x7b;
const RIGHT_BRACE = 0x7d;
/** `[` and `{`, `]` and `}`, `E` and `e` differ in this bit only. */
const CASE_BIT = 0x20;

/** What is in the text: any of the flags above. */
export function scanJson(bytes: Uint8Array, depthMax: number): number {
  let flags = 0;
  let depth = 0;
  let digits = 0;
  let bits = 0;
  const end = bytes.length;
  for (let i = 0; i < end; i++) {
    let byte = bytes[i] ?? 0;
    bits |= byte;
    if (byte >= DIGIT_0 && byte <= DIGIT_9) {
      if (++digits === LONG_NUMBER_DIGITS) flags |= LONG_NUMBER;
      continue;
    }
    if (byte === QUOTE) {
      // To the end of the string, where most bytes are.
      while (++i < end && (byte = bytes[i] ?? 0) !== QUOTE) {
        bits |= byte;
        if (byte === BACKSLASH && bytes[++i] === SMALL_U) flags |= UNICODE_ESCAPE;
      }
    } else {
      const folded = byte | CASE_BIT;
      if (folded === LEFT_BRACE && ++depth > depthMax) return flags | TOO_DEEP;
      if (folded === RIGHT_BRACE) depth--;
      else if (folded === SMALL_E && digits !== 0) flags |= LONG_NUMBER;
    }
    digits = byte === POINT ? IN_FRACTION : 0;
  }
  return bits > 0x7f ? flags | NON_ASCII : flags;
}

/** The bytes of each element of a text that is a JSON array, as they are. The text is known to be JSON. */
export function elementsOf(bytes: Uint8Array): Uint8Array[] {
  const elements: Uint8Array[] = [];
  const open = bytes.indexOf(LEFT_BRACKET);
  let start = open + 1;
  let depth = 0;
  let inString = false;
  for (let i = open; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (inString) {
      if (byte === QUOTE) inString = false;
      else if (byte === BACKSLASH) i++;
      continue;
    }
    const folded = byte | CASE_BIT;
    if (byte === QUOTE) inString = true;
    else if (folded === LEFT_BRACE) depth++;
    else if (folded === RIGHT_BRACE) depth--;
    if ((byte === COMMA && depth === 1) || (depth === 0 && i > open)) {
      elements.push(trimmed(bytes, start, i));
      start = i + 1;
    }
    if (depth === 0) break;
  }
  return elements;
}

/**
 * The parts of a text that holds several objects or arrays one after the other, as views; one part when it does not.
 * Those after `countMax` are one more part.
 */
export function valuesOf(bytes: Uint8Array, countMax: number): Uint8Array[] {
  const values: Uint8Array[] = [];
  let start = 0;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length && values.length < countMax; i++) {
    const byte = bytes[i] ?? 0;
    if (inString) {
      if (byte === QUOTE) inString = false;
      else if (byte === BACKSLASH) i++;
      continue;
    }
    const folded = byte | CASE_BIT;
    if (byte === QUOTE) inString = true;
    else if (folded === LEFT_BRACE) depth++;
    else if (folded === RIGHT_BRACE && --depth === 0) {
      values.push(bytes.subarray(start, i + 1));
      start = i + 1;
    }
  }
  const rest = bytes.subarray(start);
  if (rest.some((byte) => byte > SPACE)) values.push(rest);
  return values;
}

const COMMA = 0x2c;
const SPACE = 0x20;

/** Without the white space of JSON at either end, all of which is SPACE or below. */
function trimmed(bytes: Uint8Array, start: number, end: number): Uint8Array {
  let from = start;
  let to = end;
  while (from < to && (bytes[from] ?? 0) <= SPACE) from++;
  while (to > from && (bytes[to - 1] ?? 0) <= SPACE) to--;
  return bytes.slice(from, to);
}
