/**
 * Parcel identifiers, normalised once: the same parcel has one id however its label was read.
 *
 * An SSCC is its 18 digits, with or without `(00)`, `]C1` (or another AIM id of a GS1 symbol) and the
 * application identifier `00` in front (GS1 General Specifications, section 3.2). Anything else is what was
 * scanned, trimmed.
 */

/** Declared an SSCC by its AI or by a GS1 symbol's AIM id: a wrong check digit does not make it something else. */
const DECLARED_SSCC = /^(?:\](?:C1|d2|Q3|e0|J1))?(?:\(00\)|00)?(\d{18})$/u;
/** The bare element string: twenty digits that begin with the AI; other carriers have twenty digits too. */
const BARE_SSCC = /^00(\d{18})$/u;
const GS = '\u001D';

/** The id of the parcel whose label reads `data`. Not empty when `data` has a visible character. */
export function parcelIdOf(data: string): string {
  const trimmed = data.trim();
  const text = trimmed.endsWith(GS) ? trimmed.slice(0, -1) : trimmed;
  const bare = BARE_SSCC.exec(text)?.[1];
  if (bare !== undefined) return hasGs1CheckDigit(bare) ? bare : trimmed;
  return DECLARED_SSCC.exec(text)?.[1] ?? trimmed;
}

/**
 * Whether the last digit is the GS1 check digit of the ones before it: modulo 10, weights 3 and 1 from the
 * right (GS1 General Specifications, section 7.9).
 */
function hasGs1CheckDigit(digits: string): boolean {
  return gs1CheckDigit(digits.slice(0, -1)) === digits.charCodeAt(digits.length - 1) - 48;
}

/** The GS1 check digit for `digits`, a string of decimal digits without it. */
export function gs1CheckDigit(digits: string): number {
  let sum = 0;
  for (let i = digits.length - 1, weight = 3; i >= 0; i--, weight = 4 - weight) {
    sum += (digits.charCodeAt(i) - 48) * weight;
  }
  return (10 - (sum % 10)) % 10;
}
