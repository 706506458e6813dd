/** What readers of RFID tags have in common: ids in hexadecimal, and fields that may be other than expected. */
import type { JsonObject } from './fields.ts';
import type { Observation } from './observation.ts';

const HEX = /^[\dA-Fa-f]+$/u;

/** Bytes in hexadecimal, upper case; `undefined` when it is no hexadecimal. */
export function hexOf(value: unknown): string | undefined {
  const isHex = typeof value === 'string' && value.length % 2 === 0 && HEX.test(value);
  return isHex ? value.toUpperCase() : undefined;
}

/** Upper case where it is hexadecimal; else as it is: a reader's own software may rewrite ids. */
export function tagIdOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return hexOf(value) ?? value;
}

/** Keeps a field that was there and was not understood. */
export function keepUnread(
  observation: Observation,
  object: JsonObject,
  fields: Readonly<Record<string, unknown>>,
): void {
  for (const name in fields) {
    if (fields[name] === undefined) observation.keep(name, object[name]);
  }
}
