/** What readers of RFID tags have in common: ids in hexadecimal. */

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
