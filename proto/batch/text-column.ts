/** `TextColumn` of `batch.proto`: text as pattern and number. */
import { unzigzag, zigzag } from '#shared/varint.ts';

import type { tallyport } from '../gen/tallyport.js';
import { TEXT_MAX } from './limits.ts';
import { malformed, overLimit } from './malformed.ts';
import type { TextBudget } from './text-budget.ts';
import { CHECK_S10, join, split, WIDTH_DIGITS_MAX, type Pattern } from './text-pattern.ts';
import { decodeUints, UintColumnEncoder } from './uint-column.ts';

type Wire = tallyport.v1.ITextColumn;

export class TextColumnEncoder {
  readonly #patterns = new Map<string, number>();
  readonly #lastNumbers: number[] = [];
  readonly #prefix: string[] = [];
  readonly #suffix: string[] = [];
  readonly #width = new UintColumnEncoder();
  readonly #check = new UintColumnEncoder();
  readonly #row = new UintColumnEncoder();
  readonly #number = new UintColumnEncoder();
  #count = 0;

  push(text: string): void {
    const { prefix, suffix, width, check, number } = split(text);
    this.#count++;
    const key = `${prefix}\0${suffix}\0${width * 4 + check}`;
    let pattern = this.#patterns.get(key);
    if (pattern === undefined) {
      pattern = this.#patterns.size;
      this.#patterns.set(key, pattern);
      this.#prefix.push(prefix);
      this.#suffix.push(suffix);
      this.#width.push(width);
      this.#check.push(check);
      this.#lastNumbers.push(0);
      this.#row.push(0);
    } else {
      this.#row.push(pattern + 1);
    }
    if (width === 0) return;
    this.#number.push(zigzag(number - (this.#lastNumbers[pattern] ?? 0)));
    this.#lastNumbers[pattern] = number;
  }

  finish(): Wire | undefined {
    if (this.#count === 0) return undefined;
    return {
      prefix: this.#prefix,
      suffix: this.#suffix.every((suffix) => suffix === '') ? [] : this.#suffix,
      width: this.#width.finish(),
      check: this.#check.finish(),
      row: this.#row.finish(),
      number: this.#number.finish(),
    };
  }
}

/** The `count` texts of a column. */
export function decodeTexts(
  wire: Wire | null | undefined,
  count: number,
  column: string,
  budget: TextBudget,
): string[] {
  if (count === 0) return [];
  const patterns = decodePatterns(wire ?? {}, column);
  const rows = resolveRows(
    decodeUints(wire?.row ?? new Uint8Array(), count, column),
    patterns.length,
    column,
  );
  const numbered = rows.reduce((sum, row) => sum + (patterns[row]?.width === 0 ? 0 : 1), 0);
  const deltas = decodeUints(wire?.number ?? new Uint8Array(), numbered, `${column}.number`);
  const last = new Array<number>(patterns.length).fill(0);
  let next = 0;
  return rows.map((row) => {
    const pattern = patterns[row];
    if (pattern === undefined) throw malformed(column, 'expected a known pattern');
    const number = pattern.width === 0 ? 0 : (last[row] ?? 0) + unzigzag(deltas[next++] ?? 0);
    last[row] = number;
    const text = number >= 0 && Number.isSafeInteger(number) ? join(pattern, number) : undefined;
    if (text === undefined)
      throw malformed(`${column}.number`, 'expected a number that fits its pattern');
    budget.take(text.length, column);
    return text;
  });
}

function decodePatterns(wire: Wire, column: string): Pattern[] {
  const prefixes = wire.prefix ?? [];
  const suffixes = wire.suffix ?? [];
  if (suffixes.length !== 0 && suffixes.length !== prefixes.length) {
    throw malformed(
      `${column}.suffix`,
      `expected none or ${prefixes.length}, found ${suffixes.length}`,
    );
  }
  const widths = decodeUints(wire.width ?? new Uint8Array(), prefixes.length, `${column}.width`);
  const checks = decodeUints(wire.check ?? new Uint8Array(), prefixes.length, `${column}.check`);
  return prefixes.map((prefix, i) => {
    const pattern = {
      prefix,
      suffix: suffixes[i] ?? '',
      width: widths[i] ?? 0,
      check: checks[i] ?? 0,
    };
    if (prefix.length + pattern.suffix.length > TEXT_MAX)
      throw overLimit(column, `at most ${TEXT_MAX} characters`);
    if (pattern.width > WIDTH_DIGITS_MAX + 1)
      throw malformed(`${column}.width`, 'expected at most 15 digits');
    if (pattern.check > CHECK_S10) throw malformed(`${column}.check`, 'expected 0, 1 or 2');
    if (pattern.check !== 0 && pattern.width < 2)
      throw malformed(`${column}.check`, 'expected exact digits before it');
    if (pattern.check === CHECK_S10 && pattern.width !== 9)
      throw malformed(`${column}.check`, 'expected 8 digits before it');
    return pattern;
  });
}

/** Turns "0: the first pattern that no row before has named" into pattern numbers. */
function resolveRows(rows: number[], patterns: number, column: string): number[] {
  let next = 0;
  return rows.map((row) => {
    const pattern = row === 0 ? next++ : row - 1;
    if (pattern >= patterns) throw malformed(column, `expected one of ${patterns} patterns`);
    return pattern;
  });
}
