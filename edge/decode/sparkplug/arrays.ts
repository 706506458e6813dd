/**
 * The arrays of Sparkplug B 3.0 (section 6.4.16): packed little endian in the field for bytes, truths as bits after their
 * number, texts each with a NUL behind.
 */
import { isUtf8 } from 'node:buffer';

import type { DatatypeName } from './datatypes.ts';

type ReadItem = (view: DataView, at: number) => number | bigint | string | null;

type Packed = { readonly bytes: number; readonly read: ReadItem };

const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

const PACKED: Partial<Record<DatatypeName, Packed>> = {
  Int8Array: { bytes: 1, read: (view, at) => view.getInt8(at) },
  Int16Array: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  Int32Array: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  Int64Array: { bytes: 8, read: (view, at) => view.getBigInt64(at, true) },
  UInt8Array: { bytes: 1, read: (view, at) => view.getUint8(at) },
  UInt16Array: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  UInt32Array: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  UInt64Array: { bytes: 8, read: (view, at) => view.getBigUint64(at, true) },
  FloatArray: { bytes: 4, read: (view, at) => finite(view.getFloat32(at, true)) },
  DoubleArray: { bytes: 8, read: (view, at) => finite(view.getFloat64(at, true)) },
  DateTimeArray: { bytes: 8, read: (view, at) => view.getBigUint64(at, true) },
};

/** The items as JSON, with every digit; `undefined` when it is no array, or the bytes are none. */
export function arrayText(bytes: Uint8Array, name: DatatypeName): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (name === 'BooleanArray') return booleansText(view);
  if (name === 'StringArray') return stringsText(bytes);
  const packed = PACKED[name];
  if (packed === undefined || bytes.length % packed.bytes !== 0) return undefined;
  const items = Array.from({ length: bytes.length / packed.bytes }, (_, i) =>
    packed.read(view, i * packed.bytes),
  );
  return `[${items.map((item) => (typeof item === 'string' ? `"${item}"` : String(item))).join(',')}]`;
}

const COUNT_BYTES = 4;

function booleansText(view: DataView): string | undefined {
  if (view.byteLength < COUNT_BYTES) return undefined;
  const count = view.getUint32(0, true);
  if (COUNT_BYTES + Math.ceil(count / 8) !== view.byteLength) return undefined;
  const items = Array.from(
    { length: count },
    (_, i) => ((view.getUint8(COUNT_BYTES + (i >> 3)) >> (7 - (i & 7))) & 1) === 1,
  );
  return JSON.stringify(items);
}

function stringsText(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  if (text === '') return '[]';
  // Each ends in a NUL, the last one too.
  return text.endsWith('\0') ? JSON.stringify(text.slice(0, -1).split('\0')) : undefined;
}
