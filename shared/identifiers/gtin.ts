/** GTINs of 8, 12, 13 and 14 digits, which bar codes of their own carry without an application identifier. */
import { gs1CheckDigit } from '../parcel-id.ts';
import { hasGs1CheckDigit, isDigits } from './check-digits.ts';

/** The 14 digits of a GTIN; undefined when `text` is none or its check digit is wrong. */
export function gtin14Of(text: string): string | undefined {
  return isGtinShaped(text) && hasGs1CheckDigit(text) ? text.padStart(14, '0') : undefined;
}

/** Whether `text` has as many digits as a GTIN. */
export function isGtinShaped(text: string): boolean {
  const { length } = text;
  return (length === 8 || (length >= 12 && length <= 14)) && isDigits(text);
}

/**
 * The GTIN of a UPC-E bar code, whose eight digits leave out zeros: the last but one says which (GS1 General
 * Specifications, section 5.2.2.4). Undefined when `text` is none.
 */
export function gtin14OfUpcE(text: string): string | undefined {
  if (text.length !== 8 || !isDigits(text) || text > '2') return undefined;
  const [system, a, b, c, d, e, last, check] = text;
  const item = `${system}${upcEItem({ start: `${a}${b}`, c, d, e, last })}`;
  return gs1CheckDigit(item) === Number(check) ? `${item}${check}`.padStart(14, '0') : undefined;
}

type UpcEDigits = {
  readonly start: string;
  readonly c: string | undefined;
  readonly d: string | undefined;
  readonly e: string | undefined;
  readonly last: string | undefined;
};

function upcEItem({ start, c, d, e, last }: UpcEDigits): string {
  switch (last) {
    case '0':
    case '1':
    case '2':
      return `${start}${last}0000${c}${d}${e}`;
    case '3':
      return `${start}${c}00000${d}${e}`;
    case '4':
      return `${start}${c}${d}00000${e}`;
    default:
      return `${start}${c}${d}${e}0000${last}`;
  }
}
