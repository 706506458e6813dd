/** The extras of an Android intent, as apps write them in JSON. */
import { bytesOfBase64 } from '../payload/base64.ts';
import type { JsonObject } from '../payload/fields.ts';

const PREFIXES = [
  'com.symbol.datawedge.',
  'com.motorolasolutions.emdk.datawedge.',
  'com.datalogic.decode.intentwedge.',
] as const;

/** With the names that the vendors' guides explain; a name that is there already keeps its prefix. */
export function withoutPrefix(extras: JsonObject): JsonObject {
  const entries = Object.entries(extras).map(([name, value]): [string, unknown] => {
    const prefix = PREFIXES.find((each) => name.startsWith(each));
    const short = prefix === undefined ? name : name.slice(prefix.length);
    return Object.hasOwn(extras, short) ? [name, value] : [short, value];
  });
  return Object.fromEntries(entries);
}

/** The bytes of an extra: base64, an array of bytes (signed as in Java, or not), or an array of such arrays. */
export function bytesOfExtra(value: unknown): Buffer | undefined {
  if (!Array.isArray(value)) return bytesOfBase64(value);
  const parts: readonly unknown[] = value.every(Array.isArray) ? value.flat() : value;
  if (parts.length === 0 || !parts.every(isByte)) return undefined;
  return Buffer.from(parts.map((byte) => byte & 0xff));
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= -128 && value <= 255;
}
