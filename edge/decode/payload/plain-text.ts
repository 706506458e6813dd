/** Payloads that are a word or a number, as simple devices publish one value a topic. */
import { isUtf8 } from 'node:buffer';

import { isStorable } from './fields.ts';
import { numberOf } from './values.ts';

const BYTES_MAX = 1024;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

/** Whether it can only be JSON: an object or an array. */
export function looksLikeJson(payload: Uint8Array): boolean {
  const first = payload.find((byte) => byte > 0x20);
  return first === OPENING_BRACE || first === OPENING_BRACKET;
}

/** The text without blanks around it; what is wrong, as `fault`, when it is none. */
export function plainText(payload: Uint8Array): { text: string } | { fault: string } {
  if (payload.length > BYTES_MAX) return { fault: `payload: expected at most ${BYTES_MAX} bytes` };
  if (!isUtf8(payload)) return { fault: 'payload: expected UTF-8' };
  const text = Buffer.from(payload).toString('utf8').trim();
  return isStorable(text) ? { text } : { fault: 'payload: expected text without U+0000' };
}

/** A number where the text is a plain decimal, a truth where it is one, else the text. */
export function valueOfText(text: string): number | string | boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return numberOf(text, -Number.MAX_VALUE, Number.MAX_VALUE) ?? text;
}
