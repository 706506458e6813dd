/** `NumberColumn` of `batch.proto`: decimals as scaled integers, anything else as it is, bit for bit. */
import { unzigzag, zigzag } from '#shared/varint.ts';

import type { tallyport } from '../gen/tallyport.js';
import { malformed } from './malformed.ts';
import { decodeUints, UintColumnEncoder } from './uint-column.ts';

type Wire = tallyport.v1.INumberColumn;

const ABSENT = 0;
const EXACT = 1;
const SCALED = 2;

const SCALE_MAX = 12;
/** Scaled values stay below this, so that their differences have exact zigzag codes. */
const SCALED_MAX = 2 ** 50;

const POWERS = Array.from({ length: SCALE_MAX + 1 }, (_, scale) => 10 ** scale);

export class NumberColumnEncoder {
  readonly #values: (number | undefined)[] = [];
  readonly #devices: number[] = [];
  readonly #groups: number[] = [];
  readonly #predicted: boolean;
  #scale = 0;

  constructor(options: { readonly predicted: boolean }) {
    this.#predicted = options.predicted;
  }

  /** `group` is where a device without a row before looks for one: its place, in readings. */
  push(value: number | undefined, device = 0, group = 0): void {
    this.#values.push(value);
    if (this.#predicted) {
      this.#devices.push(device);
      this.#groups.push(group);
    }
    if (value !== undefined) this.#scale = Math.max(this.#scale, scaleOf(value, this.#scale));
  }

  finish(): Wire | undefined {
    const row = new UintColumnEncoder();
    const exact: number[] = [];
    const prediction = new Prediction();
    for (const [i, value] of this.#values.entries()) {
      const scaled = value === undefined ? undefined : scaledAt(value, this.#scale);
      if (value === undefined) row.push(ABSENT);
      else if (scaled === undefined) {
        row.push(EXACT);
        exact.push(value);
      } else if (this.#predicted) {
        row.push(
          SCALED +
            zigzag(scaled - prediction.next(this.#devices[i] ?? 0, this.#groups[i] ?? 0, scaled)),
        );
      } else {
        row.push(SCALED + zigzag(scaled));
      }
    }
    const rows = row.finish();
    return rows.length === 0
      ? undefined
      : { scale: this.#scale, row: rows, exact: doublesToBytes(exact) };
  }
}

export type NumberColumnShape = {
  readonly count: number;
  readonly column: string;
  /** Per row its device; an absolute column when absent. */
  readonly devices?: readonly number[];
  readonly groups?: readonly number[];
};

export function decodeNumbers(
  wire: Wire | null | undefined,
  shape: NumberColumnShape,
): (number | undefined)[] {
  const { count, column, devices, groups } = shape;
  const scale = wire?.scale ?? 0;
  const power = POWERS[scale];
  if (power === undefined) throw malformed(`${column}.scale`, `expected at most ${SCALE_MAX}`);
  const rows = decodeUints(wire?.row ?? new Uint8Array(), count, column);
  const exact = bytesToDoubles(wire?.exact ?? new Uint8Array(), column);
  const prediction = new Prediction();
  let nextExact = 0;
  const values = rows.map((row, i) => {
    if (row === ABSENT) return undefined;
    if (row === EXACT) {
      const value = exact[nextExact++];
      if (value === undefined || !Number.isFinite(value))
        throw malformed(`${column}.exact`, 'expected a finite number a row');
      return value;
    }
    const delta = unzigzag(row - SCALED);
    const device = devices?.[i];
    const scaled = device === undefined ? delta : prediction.add(device, groups?.[i] ?? 0, delta);
    if (Math.abs(scaled) > SCALED_MAX) throw malformed(column, 'expected scaled values below 2^50');
    return scaled / power;
  });
  if (nextExact !== exact.length)
    throw malformed(`${column}.exact`, `expected ${nextExact} numbers`);
  return values;
}

/** The last scaled value of the same device, else of the group, else 0. */
class Prediction {
  readonly #devices = new Map<number, number>();
  readonly #groups = new Map<number, number>();

  next(device: number, group: number, scaled: number): number {
    const predicted = this.#devices.get(device) ?? this.#groups.get(group) ?? 0;
    this.#devices.set(device, scaled);
    this.#groups.set(group, scaled);
    return predicted;
  }

  add(device: number, group: number, delta: number): number {
    const scaled = (this.#devices.get(device) ?? this.#groups.get(group) ?? 0) + delta;
    this.#devices.set(device, scaled);
    this.#groups.set(group, scaled);
    return scaled;
  }
}

/** The fewest decimals, not below `from`, that give `value` back; `from` when none do. */
function scaleOf(value: number, from: number): number {
  for (let scale = from; scale <= SCALE_MAX; scale++) {
    if (scaledAt(value, scale) !== undefined) return scale;
  }
  return from;
}

/** `value` as a whole number of 10^-scale, when that gives exactly `value` back. */
function scaledAt(value: number, scale: number): number | undefined {
  const power = POWERS[scale] ?? 1;
  const scaled = Math.round(value * power);
  if (!(Math.abs(scaled) <= SCALED_MAX)) return undefined;
  return Object.is(scaled / power, value) ? scaled : undefined;
}

function doublesToBytes(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setFloat64(i * 8, value, true);
  return bytes;
}

function bytesToDoubles(bytes: Uint8Array, column: string): number[] {
  if (bytes.length % 8 !== 0) throw malformed(`${column}.exact`, 'expected 8 bytes a number');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(i * 8, true));
}
