/**
 * Whole columns as one parameter each, in PostgreSQL's binary array format: bulk inserts then cost the database
 * no parsing, which is most of what they cost otherwise.
 *
 * ```
 *   int32 dimensions = 1 │ int32 has nulls │ int32 element type │ int32 length │ int32 lower bound = 1
 *   then for each element: int32 bytes, -1 for null │ the value in its type's binary format
 * ```
 */
import { storedTimeMs } from './timestamp.ts';

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const UTF8_BYTES_PER_UNIT_MAX = 3;
const UINT32 = 0x1_0000_0000;

/** `timestamptz` counts microseconds from 2000-01-01T00:00:00Z. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const US_PER_MS = 1000;

const JSONB_VERSION = '\u0001';

const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  text: 25,
  float8: 701,
  timestamptz: 1184,
  jsonb: 3802,
};

type Column<T> = readonly (T | undefined)[];

/** Writes the value into `bytes` at `at`; returns how many bytes it took. */
type Write<T> = (bytes: Buffer, value: T, at: number) => number;

/** `text[]`; `undefined` is null. */
export function textArray(values: Column<string>): Uint8Array {
  return encode(OID.text, values, textBytesMax(values), writeText);
}

/** `jsonb[]` of values that JSON can express; `undefined` is null. */
export function jsonbArray(values: Column<object>): Uint8Array {
  const texts = values.map((value) =>
    value === undefined ? undefined : JSONB_VERSION + JSON.stringify(value),
  );
  return encode(OID.jsonb, texts, textBytesMax(texts), writeText);
}

/** `int8[]` of whole numbers between -2^53 and 2^53; `undefined` is null. */
export function int8Array(values: Column<number>): Uint8Array {
  return encode(OID.int8, values, values.length * 8, (bytes, value, at) => {
    const high = Math.floor(value / UINT32);
    return writeInt64(bytes, high, value - high * UINT32, at);
  });
}

/** `timestamptz[]` of milliseconds since 1970-01-01T00:00:00Z, each as `storedTimeMs` has it. */
export function timestamptzArray(values: Column<number>): Uint8Array {
  return encode(OID.timestamptz, values, values.length * 8, (bytes, value, at) => {
    // Microseconds may need more than 53 bits: multiply the halves.
    const timeMs = storedTimeMs(value) - POSTGRES_EPOCH_MS;
    const high = Math.floor(timeMs / UINT32);
    const low = (timeMs - high * UINT32) * US_PER_MS;
    const carry = Math.floor(low / UINT32);
    return writeInt64(bytes, high * US_PER_MS + carry, low - carry * UINT32, at);
  });
}

/** `float8[]`, bit for bit; `undefined` is null. */
export function float8Array(values: Column<number>): Uint8Array {
  return encode(OID.float8, values, values.length * 8, (bytes, value, at) => {
    bytes.writeDoubleBE(value, at);
    return 8;
  });
}

/** `bool[]`; `undefined` is null. */
export function boolArray(values: Column<boolean>): Uint8Array {
  return encode(OID.bool, values, values.length, (bytes, value, at) => {
    bytes[at] = value ? 1 : 0;
    return 1;
  });
}

/** `bytea[]`; `undefined` is null. */
export function byteaArray(values: Column<Uint8Array>): Uint8Array {
  const bytesMax = values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
  return encode(OID.bytea, values, bytesMax, (bytes, value, at) => {
    bytes.set(value, at);
    return value.length;
  });
}

function encode<T>(oid: number, values: Column<T>, bytesMax: number, write: Write<T>): Uint8Array {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + values.length * LENGTH_BYTES + bytesMax);
  let at = HEADER_BYTES;
  let hasNulls = 0;
  for (const value of values) {
    if (value === undefined) {
      hasNulls = 1;
      at = bytes.writeInt32BE(-1, at);
    } else {
      const length = write(bytes, value, at + LENGTH_BYTES);
      at = bytes.writeInt32BE(length, at) + length;
    }
  }
  [1, hasNulls, oid, values.length, 1].forEach((word, i) => bytes.writeInt32BE(word, i * 4));
  return bytes.subarray(0, at);
}

function textBytesMax(values: Column<string>): number {
  return values.reduce((sum, value) => sum + (value?.length ?? 0), 0) * UTF8_BYTES_PER_UNIT_MAX;
}

function writeText(bytes: Buffer, value: string, at: number): number {
  return bytes.write(value, at, 'utf8');
}

function writeInt64(bytes: Buffer, high: number, low: number, at: number): number {
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(low, at + 4);
  return 8;
}
