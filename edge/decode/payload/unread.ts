/** Fields that a format knows and that are not as it knows them: kept as attributes, so that nothing is lost. */
import type { JsonObject } from './fields.ts';
import type { Observation } from './observation.ts';
import { textOf } from './values.ts';

/** Keeps those of an object's fields of which nothing could be made: `fields` are what was made of each. */
export function keepUnread(
  observation: Observation,
  object: JsonObject,
  fields: Readonly<Record<string, unknown>>,
): void {
  for (const name in fields) {
    if (fields[name] === undefined) observation.keep(name, object[name]);
  }
}

/** Keeps those of the named fields that are neither text nor empty. */
export function keepUnlessText(
  observation: Observation,
  object: JsonObject,
  names: readonly string[],
): void {
  for (const name of names) {
    const value = object[name];
    if (value !== '' && textOf(value) === undefined) observation.keep(name, value);
  }
}
