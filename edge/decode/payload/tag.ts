/** What readers of RFID tags have in common: ids in hexadecimal. */
import { epcIdOf, labelIdOf } from './identity.ts';

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

/** What a tag of that id is on; where a reader's own software rewrote it, it may be anything that a label says. */
export function parcelIdOfTag(id: string): string {
  return hexOf(id) === undefined ? labelIdOf(id) : epcIdOf(id);
}
