/**
 * How a text splits into pattern and number (`TextColumn` in `batch.proto`).
 *
 * ```
 *   ring-1134             prefix "ring-", a number                      1134
 *   dock-02               prefix "dock-", exactly 2 digits              2
 *   (00)047129788924872741  prefix "(00)0471297889", 7 digits, GS1 check  2487274
 *   LX767256355AT         prefix "LX", 8 digits, S10 check, suffix "AT"  76725635
 * ```
 */
import { gs1CheckDigit } from '#shared/parcel-id.ts';

const CHECK_NONE = 0;
const CHECK_GS1 = 1;
export const CHECK_S10 = 2;

/** The most digits of a number; the rest of a longer run belongs to the prefix. */
export const WIDTH_DIGITS_MAX = 15;

/** Digits before the check digit that vary within one company prefix. */
const GS1_SERIAL_DIGITS = 7;
/** Below this a valid check digit is chance: device numbers, dock doors. */
const GS1_RUN_MIN = 12;
const S10_WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7] as const;

export type Pattern = {
  readonly prefix: string;
  readonly suffix: string;
  /** As on the wire: 0 no number, 1 without leading zeros, w + 1 exactly w digits. */
  readonly width: number;
  readonly check: number;
};

export type Split = Pattern & { readonly number: number };

/** Every text has exactly one split, and `join` gives the text back. */
export function split(text: string): Split {
  let end = text.length;
  while (end > 0 && !isDigit(text.charCodeAt(end - 1))) end--;
  if (end === 0) return { prefix: text, suffix: '', width: 0, check: CHECK_NONE, number: 0 };
  let start = end - 1;
  while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
  const digits = text.slice(start, end);
  const suffix = end === text.length ? '' : text.slice(end);
  if (digits.length === 9 && s10CheckDigit(digits) === digits.charCodeAt(8) - 48) {
    return {
      prefix: text.slice(0, start),
      suffix,
      width: 9,
      check: CHECK_S10,
      number: Number(digits.slice(0, 8)),
    };
  }
  if (
    digits.length >= GS1_RUN_MIN &&
    gs1CheckDigit(digits.slice(0, -1)) === digits.charCodeAt(digits.length - 1) - 48
  ) {
    const from = end - 1 - GS1_SERIAL_DIGITS;
    const number = Number(text.slice(from, end - 1));
    return {
      prefix: text.slice(0, from),
      suffix,
      width: GS1_SERIAL_DIGITS + 1,
      check: CHECK_GS1,
      number,
    };
  }
  const from = Math.max(start, end - WIDTH_DIGITS_MAX);
  const plain = text.charCodeAt(from) !== 48 || end - from === 1;
  return {
    prefix: text.slice(0, from),
    suffix,
    width: plain && from === start ? 1 : end - from + 1,
    check: CHECK_NONE,
    number: Number(text.slice(from, end)),
  };
}

/** The text of a pattern and its number; `undefined` when the number does not fit the pattern. */
export function join(pattern: Pattern, number: number): string | undefined {
  const { prefix, suffix, width, check } = pattern;
  if (width === 0) return prefix + suffix;
  const decimal = String(number);
  if (width === 1) return prefix + decimal + suffix;
  if (decimal.length > width - 1) return undefined;
  const digits = decimal.padStart(width - 1, '0');
  if (check === CHECK_NONE) return prefix + digits + suffix;
  if (check === CHECK_S10) return prefix + digits + s10CheckDigit(digits) + suffix;
  return prefix + digits + gs1CheckDigit(trailingDigits(prefix) + digits) + suffix;
}

function trailingDigits(text: string): string {
  let start = text.length;
  while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
  return text.slice(start);
}

/** UPU S10, section 6: weights 8 6 4 2 3 5 9 7, eleven minus the sum modulo eleven, 10 is 0 and 11 is 5. */
function s10CheckDigit(digits: string): number {
  let sum = 0;
  for (const [i, weight] of S10_WEIGHTS.entries()) sum += (digits.charCodeAt(i) - 48) * weight;
  const check = 11 - (sum % 11);
  if (check === 10) return 0;
  return check === 11 ? 5 : check;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
