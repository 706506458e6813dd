/** The objects of one message: devices and bridges send one, an array, or several with nothing in between (`}{`). */
import { elementsOf, valuesOf } from './json-scan.ts';
import { parseJson, type Json } from './json.ts';

export const ELEMENTS_MAX = 1000;

export type JsonElements = {
  readonly values: readonly unknown[];
  /** Whether strings may hold U+0000 or half a surrogate pair. */
  readonly suspect: boolean;
  /** The bytes of one of the values, a copy. */
  readonly bytesOf: (index: number) => Uint8Array;
};

/** The values of a payload, in order; what is wrong with it, as a string, when there are none to be had. */
export function jsonElements(payload: Uint8Array): JsonElements | string {
  const json = parseJson(payload);
  if (typeof json !== 'string') return elementsOfJson(payload, json);
  const parts = valuesOf(payload);
  if (parts.length < 2 || parts.length > ELEMENTS_MAX) return json;
  const values: unknown[] = [];
  let suspect = false;
  for (const part of parts) {
    const each = parseJson(part);
    if (typeof each === 'string') return each;
    values.push(each.value);
    suspect ||= each.suspect;
  }
  return { values, suspect, bytesOf: (index) => new Uint8Array(parts[index] ?? payload) };
}

function elementsOfJson(payload: Uint8Array, { value, suspect }: Json): JsonElements | string {
  if (!Array.isArray(value)) {
    return { values: [value], suspect, bytesOf: () => new Uint8Array(payload) };
  }
  if (value.length > ELEMENTS_MAX) return `payload: expected at most ${ELEMENTS_MAX} objects`;
  let elements: readonly Uint8Array[] | undefined;
  const bytesOf = (index: number): Uint8Array => {
    elements ??= elementsOf(payload);
    return elements[index] ?? new Uint8Array(payload);
  };
  return { values: value, suspect, bytesOf };
}
