/** What a label or a tag identifies: the one place where decoders ask. */
import { parcelIdOf } from '#shared/parcel-id.ts';

const GS = '\u001D';
/** AIM ids of the symbols that hold GS1 element strings (GS1 General Specifications, 5.1.3). */
const GS1_SYMBOLS: ReadonlySet<string> = new Set([']C1', ']d2', ']Q3', ']e0', ']J1']);
const NO_SUBSTITUTES: readonly string[] = [];

/** The id of what a bar code reads; `fnc1` are the texts that the scanner writes in the place of FNC1 (GS). */
export function labelIdOf(
  data: string,
  symbology?: string,
  fnc1: readonly string[] = NO_SUBSTITUTES,
): string {
  const text = fnc1.reduce((rest, substitute) => rest.replaceAll(substitute, GS), data);
  if (symbology === undefined || !GS1_SYMBOLS.has(symbology)) return parcelIdOf(text);
  const declared = symbology + text.trim();
  const id = parcelIdOf(declared);
  return id === declared ? parcelIdOf(text) : id;
}

/** The id of a tag whose EPC is `hex`, upper case. */
export function epcIdOf(hex: string): string {
  return hex;
}
