/**
 * Reads the fields of one JSON object, each with the type and the bounds it must have. The first field that
 * is otherwise is remembered as the fault; reading goes on, so that a decoder asks for all it knows and then
 * looks for a fault once. `null` counts as absent.
 *
 * Written for speed: this runs once for every event.
 */
import { isUtf8 } from 'node:buffer';

import { isLongNumber } from './json.ts';

export type JsonObject = { readonly [name: string]: unknown };

/** Longer ones do not come from a sensor. */
const DECIMAL_CHARACTERS_MAX = 32;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/u;
const BASE64_CHARACTERS_MAX = 5464;
const DECIMAL = /^-?\d+(?:\.\d+)?$/u;

export class Fields {
  readonly #object: JsonObject;
  readonly #suspect: boolean;
  #fault: string | undefined;
  #attributes: Record<string, string> | undefined;
  #attributeCount = 0;

  /** `suspect`: strings may hold U+0000 or half a surrogate pair, and must be looked at. */
  constructor(object: JsonObject, suspect: boolean) {
    this.#object = object;
    this.#suspect = suspect;
  }

  /** `<field>: <what was expected>` of the first field that is not as it must be. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Remembers a fault; the first one stays. */
  fail(name: string, expected: string): undefined {
    this.#fault ??= `${name}: expected ${expected}`;
    return undefined;
  }

  /** The field as it is; `undefined` when absent. */
  any(name: string): unknown {
    return this.#object[name] ?? undefined;
  }

  has(name: string): boolean {
    return this.any(name) !== undefined;
  }

  /** A number, or a string that is a plain decimal. */
  number(name: string, min: number, max: number): number | undefined {
    const value = this.#object[name];
    if (value === undefined || value === null) return undefined;
    const number = typeof value === 'number' ? value : decimalOf(value);
    // Adding 0 turns -0 into 0.
    if (number >= min && number <= max) return number + 0;
    return this.fail(name, `a number from ${min} to ${max}`);
  }

  whole(name: string, min: number, max: number): number | undefined {
    const number = this.number(name, min, max);
    if (number === undefined || Number.isInteger(number)) return number;
    return this.fail(name, `a whole number from ${min} to ${max}`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.#object[name];
    if (value === undefined || value === null || typeof value === 'boolean')
      return value ?? undefined;
    return this.fail(name, 'true or false');
  }

  /** Any text of at most `charactersMax` UTF-16 units, the empty one too. */
  text(name: string, charactersMax: number): string | undefined {
    const value = this.#object[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string' || value.length > charactersMax) {
      return this.fail(name, `text of at most ${charactersMax} characters`);
    }
    if (this.#suspect && !isStorable(value)) return this.fail(name, STORABLE_TEXT);
    return value;
  }

  /** Text as the base64 of its UTF-8, for scans with control characters that a bridge would lose. */
  base64(name: string): string | undefined {
    const value = this.#object[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string' || value.length > BASE64_CHARACTERS_MAX || !BASE64.test(value)) {
      return this.fail(name, 'base64 of at most 4096 characters');
    }
    const bytes = Buffer.from(value, 'base64');
    const text = bytes.toString('utf8');
    if (!isUtf8(bytes) || text.includes('\0')) return this.fail(name, 'base64 of UTF-8');
    return text;
  }

  /** A number, text or a truth, as it is. */
  value(name: string, charactersMax: number): number | string | boolean | undefined {
    const value = this.#object[name];
    if (typeof value === 'string') return this.text(name, charactersMax);
    if (typeof value === 'boolean') return value;
    const number = typeof value === 'number' ? value : decimalOf(value);
    if (Number.isFinite(number)) return number + 0;
    return this.fail(name, 'a number, text, true or false');
  }

  /** The objects of an array field. */
  items(name: string, countMax: number): Fields[] {
    const value = this.#object[name];
    if (!Array.isArray(value) || value.length === 0 || value.length > countMax) {
      this.fail(name, `an array of 1 to ${countMax} objects`);
      return [];
    }
    const items = value.filter(isObject);
    if (items.length < value.length) this.fail(name, `an array of 1 to ${countMax} objects`);
    return items.map((item) => new Fields(item, this.#suspect));
  }

  /** Takes over the fault and the attributes of an object that is part of this one. */
  adopt(place: string, part: Fields): void {
    if (part.#fault !== undefined) this.#fault ??= `${place}.${part.#fault}`;
    for (const name in part.#attributes) {
      this.#keep(`${place}.${name}`, part.#attributes[name] ?? '');
    }
  }

  /** Keeps the fields that are not in `known` as attributes. */
  keepOthers(known: ReadonlySet<string>): void {
    for (const name in this.#object) {
      if (!known.has(name)) this.#keep(name, this.#object[name]);
      // The rest of a million would only cost time.
      if (this.#attributeCount > ATTRIBUTES_MAX) break;
    }
  }

  /** What was kept, as text; `undefined` when nothing was. */
  get attributes(): Record<string, string> | undefined {
    return this.#attributes;
  }

  #keep(name: string, value: unknown): void {
    // What JSON.stringify writes is always storable: it escapes what is not.
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (++this.#attributeCount > ATTRIBUTES_MAX) {
      this.fail('payload', `at most ${ATTRIBUTES_MAX} further fields`);
    } else if (name.length > ATTRIBUTE_NAME_CHARACTERS_MAX) {
      this.fail('payload', `names of at most ${ATTRIBUTE_NAME_CHARACTERS_MAX} characters`);
    } else if (this.#suspect && !isStorable(name)) {
      this.fail('payload', `names of ${STORABLE_TEXT}`);
    } else if (text.length > ATTRIBUTE_CHARACTERS_MAX) {
      this.fail(name, `at most ${ATTRIBUTE_CHARACTERS_MAX} characters`);
    } else if (this.#suspect && !isStorable(text)) {
      this.fail(name, STORABLE_TEXT);
    } else {
      this.#attributes ??= {};
      setOwn(this.#attributes, name, text);
    }
  }
}

/** Whether a value of parsed JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isLongNumber(value)
  );
}

export const ATTRIBUTES_MAX = 64;
export const ATTRIBUTE_NAME_CHARACTERS_MAX = 128;
export const ATTRIBUTE_CHARACTERS_MAX = 8192;

const STORABLE_TEXT = 'text without U+0000 and without half a surrogate pair';

/** Whether UTF-8 and PostgreSQL's `text` carry it unchanged. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** NaN when it is none. */
export function decimalOf(value: unknown): number {
  if (isLongNumber(value)) return Number(value.rawJSON);
  if (typeof value !== 'string' || value.length > DECIMAL_CHARACTERS_MAX) return Number.NaN;
  return DECIMAL.test(value) ? Number(value) : Number.NaN;
}

/** As an own property, also when the name is `__proto__`. */
export function setOwn(target: Record<string, string>, name: string, value: string): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } else {
    target[name] = value;
  }
}
