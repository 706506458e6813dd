/** The values of one message: devices and bridges send one, an array, or several with nothing in between (`}{`). */
import { elementsOf, valuesOf } from './json-scan.ts';
import { JSON_BYTES_MAX, parseJson, type Json } from './json.ts';

const ELEMENTS_MAX = 1000;

export type JsonElements = {
  /** In order; a part between two others that is no JSON is `undefined`, which no JSON is. */
  readonly values: readonly unknown[];
  /** Whether strings may hold U+0000 or half a surrogate pair. */
  readonly suspect: boolean;
  /** Whether the message is one value that is no array: then there is nothing beside it to be saved. */
  readonly single: boolean;
  /** The bytes of one of the values, a copy. */
  readonly bytesOf: (index: number) => Uint8Array;
};

/** The values of a payload, in order; what is wrong with it, as a string, when there are none to be had. */
export function jsonElements(payload: Uint8Array): JsonElements | string {
  const json = parseJson(payload);
  if (typeof json !== 'string') return elementsOfJson(payload, json);
  if (payload.length > JSON_BYTES_MAX) return json;
  const parts = valuesOf(payload, ELEMENTS_MAX);
  return parts.length < 2 ? json : elementsOfParts(parts, json);
}

function elementsOfJson(payload: Uint8Array, { value, suspect }: Json): JsonElements | string {
  if (!Array.isArray(value)) {
    return { values: [value], suspect, single: true, bytesOf: () => new Uint8Array(payload) };
  }
  if (value.length > ELEMENTS_MAX) return TOO_MANY;
  let elements: readonly Uint8Array[] | undefined;
  const bytesOf = (index: number): Uint8Array => {
    elements ??= elementsOf(payload);
    return elements[index] ?? new Uint8Array(payload);
  };
  return { values: value, suspect, single: false, bytesOf };
}

/** Each part may be an array of its own; where none is JSON, the message is none. */
function elementsOfParts(parts: readonly Uint8Array[], fault: string): JsonElements | string {
  const values: unknown[] = [];
  const sources: (() => Uint8Array)[] = [];
  let suspect = false;
  for (const part of parts) {
    const json = parseJson(part);
    const found: JsonElements | string =
      typeof json === 'string' ? unreadable(part) : elementsOfJson(part, json);
    if (typeof found === 'string') return found;
    suspect ||= found.suspect;
    for (const [i, value] of found.values.entries()) {
      values.push(value);
      sources.push(() => found.bytesOf(i));
    }
    if (values.length > ELEMENTS_MAX) return TOO_MANY;
  }
  if (values.every((value) => value === undefined)) return fault;
  return {
    values,
    suspect,
    single: false,
    bytesOf: (index) => sources[index]?.() ?? new Uint8Array(0),
  };
}

function unreadable(part: Uint8Array): JsonElements {
  const bytesOf = (): Uint8Array => new Uint8Array(part);
  return { values: [undefined], suspect: false, single: true, bytesOf };
}

const TOO_MANY = `payload: expected at most ${ELEMENTS_MAX} objects`;
