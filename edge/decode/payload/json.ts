/** JSON from a device: bounded, checked before it is parsed, and with every digit of its numbers. */
import { isUtf8 } from 'node:buffer';

import { LONG_NUMBER, NON_ASCII, scanJson, TOO_DEEP, UNICODE_ESCAPE } from './json-scan.ts';

export const JSON_BYTES_MAX = 256 * 1024;
const JSON_DEPTH_MAX = 32;

export type Json = {
  /** What `JSON.parse` gives, but a number that a double cannot hold is a `LongNumber`. */
  readonly value: unknown;
  /** Whether its strings may hold U+0000 or half a surrogate pair. */
  readonly suspect: boolean;
};

/** A number as it was written; `JSON.stringify` writes it so again. */
export type LongNumber = { readonly rawJSON: string };

/** Part of ECMAScript since 2025 ("JSON.parse source text access"), in V8, not yet in the types. */
type JsonWithSource = {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): LongNumber;
  isRawJSON(value: unknown): value is LongNumber;
};

const json: JSON & JsonWithSource = JSON as JSON & JsonWithSource;

/** The value of a JSON text; what is wrong with it, as a string, when there is none. Never throws. */
export function parseJson(bytes: Uint8Array): Json | string {
  if (bytes.length === 0) return 'payload: expected JSON, found nothing';
  if (bytes.length > JSON_BYTES_MAX) return `payload: expected at most ${JSON_BYTES_MAX} bytes`;
  const flags = scanJson(bytes, JSON_DEPTH_MAX);
  if ((flags & TOO_DEEP) !== 0)
    return `payload: expected at most ${JSON_DEPTH_MAX} levels of nesting`;
  if ((flags & NON_ASCII) !== 0 && !isUtf8(bytes)) return 'payload: expected UTF-8';
  // Latin-1 is the cheaper way to read ASCII.
  const text = asBuffer(bytes).toString((flags & NON_ASCII) === 0 ? 'latin1' : 'utf8');
  try {
    const value: unknown =
      (flags & LONG_NUMBER) === 0 ? JSON.parse(text) : json.parse(text, keepDigits);
    return { value, suspect: (flags & UNICODE_ESCAPE) !== 0 };
  } catch {
    return 'payload: expected JSON';
  }
}

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? json.rawJSON(source) : value;
}

export function isLongNumber(value: unknown): value is LongNumber {
  return json.isRawJSON(value);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
