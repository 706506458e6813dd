/** A column of whole numbers: the rules "constant", "default" and "nothing else" of `batch.proto`. */
import { VarintReader, VarintWriter } from '#shared/varint.ts';

import { malformed } from './malformed.ts';

export class UintColumnEncoder {
  readonly #rows = new VarintWriter();
  #first = 0;
  #firstBytes = 0;
  #count = 0;
  #constant = true;

  push(value: number): void {
    this.#rows.uint(value);
    if (this.#count++ === 0) {
      this.#first = value;
      this.#firstBytes = this.#rows.length;
    } else if (value !== this.#first) {
      this.#constant = false;
    }
  }

  /** The column's bytes; empty when every row is 0. */
  finish(): Uint8Array {
    const rows = this.#rows.finish();
    if (!this.#constant) return rows;
    return this.#count === 0 || this.#first === 0
      ? rows.subarray(0, 0)
      : rows.subarray(0, this.#firstBytes);
  }
}

/** The `count` values of a column. */
export function decodeUints(bytes: Uint8Array, count: number, column: string): number[] {
  if (bytes.length === 0) return new Array<number>(count).fill(0);
  const reader = new VarintReader(bytes);
  const values: number[] = [];
  while (!reader.done) {
    const value = reader.uint();
    if (value < 0) throw malformed(column, 'expected whole varints below 2^53');
    if (values.length === count) throw malformed(column, `expected ${count} rows, found more`);
    values.push(value);
  }
  const [only] = values;
  if (values.length === 1 && count > 1 && only !== undefined)
    return new Array<number>(count).fill(only);
  if (values.length !== count)
    throw malformed(column, `expected ${count} rows, found ${values.length}`);
  return values;
}
