/** `StringColumn` of `batch.proto`: text from a small vocabulary. */
import type { tallyport } from '../gen/tallyport.js';
import { malformed } from './malformed.ts';
import type { TextBudget } from './text-budget.ts';
import { decodeTexts, TextColumnEncoder } from './text-column.ts';
import { decodeUints, UintColumnEncoder } from './uint-column.ts';

type Wire = tallyport.v1.IStringColumn;

const BEFORE = 0;
const ABSENT = 1;
const NEXT = 2;
const KNOWN = 3;

export class StringColumnEncoder {
  readonly #index = new Map<string, number>();
  readonly #values = new TextColumnEncoder();
  readonly #row = new UintColumnEncoder();
  /** Per device, the value of its last row: an index, or -1 for absent. */
  readonly #last: number[] = [];

  push(value: string | undefined, device = 0): void {
    let row = BEFORE;
    const before = this.#last[device] ?? -1;
    if (value === undefined) {
      if (before !== -1) row = ABSENT;
      this.#last[device] = -1;
    } else {
      const known = this.#index.get(value);
      const index = known ?? this.#name(value);
      if (known === undefined) row = NEXT;
      else if (before !== index) row = KNOWN + index;
      this.#last[device] = index;
    }
    this.#row.push(row);
  }

  /** A row of a column whose 0 is a derived value, not the row before. */
  pushDerivable(value: string, derived: string): void {
    const known = value === derived ? -1 : (this.#index.get(value) ?? -1);
    if (value === derived) this.#row.push(BEFORE);
    else if (known !== -1) this.#row.push(KNOWN + known);
    else {
      this.#name(value);
      this.#row.push(NEXT);
    }
  }

  /** The number of `value` in the vocabulary, which has it. */
  indexOf(value: string): number {
    return this.#index.get(value) ?? -1;
  }

  finish(): Wire | undefined {
    const row = this.#row.finish();
    const values = this.#values.finish();
    if (values === undefined && row.length === 0) return undefined;
    return values === undefined ? { row } : { values, row };
  }

  #name(value: string): number {
    const index = this.#index.size;
    this.#index.set(value, index);
    this.#values.push(value);
    return index;
  }
}

export type StringColumnShape = {
  readonly count: number;
  readonly column: string;
  readonly budget: TextBudget;
  /** Per row, its device; one device when absent. */
  readonly devices?: readonly number[];
  /** Per row, what 0 stands for, where that is not the row before. */
  readonly derived?: (row: number) => string;
};

/** The values of a column's rows, and their numbers in its vocabulary (-1 where absent or derived). */
export function decodeStrings(
  wire: Wire | null | undefined,
  shape: StringColumnShape,
): { values: (string | undefined)[]; indices: number[] } {
  const { count, column, budget, devices, derived } = shape;
  const rows = decodeUints(wire?.row ?? new Uint8Array(), count, column);
  const named = rows.reduce((sum, row) => sum + (row === NEXT ? 1 : 0), 0);
  const vocabulary = decodeTexts(wire?.values, named, `${column}.values`, budget);
  const last: number[] = [];
  let next = 0;
  const indices = rows.map((row, i) => {
    const device = devices?.[i] ?? 0;
    let index = -1;
    if (row === BEFORE) index = derived === undefined ? (last[device] ?? -1) : -1;
    else if (row === NEXT) index = next++;
    else if (row >= KNOWN) {
      index = row - KNOWN;
      if (index >= next) throw malformed(column, `expected one of the ${next} values named so far`);
    }
    last[device] = index;
    return index;
  });
  const values = indices.map((index, i) => {
    if (index === -1) return derived !== undefined && rows[i] === BEFORE ? derived(i) : undefined;
    const value = vocabulary[index];
    budget.take(value?.length ?? 0, column);
    return value;
  });
  return { values, indices };
}
