/**
 * Values of vendors' payloads, read as they mean them: numbers may be strings, and what is out of bounds is a sentinel
 * for "not known". Where a field must be right, use `Fields`.
 */
import { decimalOf, isObject, type JsonObject } from './fields.ts';
import { isLongNumber } from './json.ts';

/** A number, or text that is a plain decimal, within the bounds; never -0. */
export function numberOf(value: unknown, min: number, max: number): number | undefined {
  const number = typeof value === 'number' ? value : decimalOf(value);
  return number >= min && number <= max ? number + 0 : undefined;
}

/** As `numberOf`, and whole. */
export function wholeOf(value: unknown, min: number, max: number): number | undefined {
  const number = numberOf(value, min, max);
  return number !== undefined && Number.isInteger(number) ? number : undefined;
}

/** Text that is not empty; a number as it was written. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number') return String(value);
  return isLongNumber(value) ? value.rawJSON : undefined;
}

/** True and false, 1 and 0, and those as text. */
export function truthOf(value: unknown): boolean | undefined {
  if (value === true || value === 1 || value === 'true' || value === '1') return true;
  if (value === false || value === 0 || value === 'false' || value === '0') return false;
  return undefined;
}

/** Text that is not empty, a number or a truth, as a reading may have it; a number that no double holds as text. */
export function scalarOf(value: unknown): number | string | boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value + 0;
  return textOf(value);
}

/** The object in a field; one without fields where there is none. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects in an array field. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
