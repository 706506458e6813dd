/** Names that devices have in the field, as ids: see `names.ts`. */
import { hash } from 'node:crypto';

const LENGTH_MAX = 64;
const HASH_LENGTH = 8;
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u;

/**
 * The id of a device that its vendor, its owner or its MAC names `name`: lower case, everything but letters of ASCII,
 * digits and `-` a `-`. What is too long ends in a part of its hash. Empty when there is nothing left.
 *
 * `jane/phone` and `jane-phone` are one device: where a site has both, the raw name tells them apart.
 */
export function deviceIdOf(name: string): string {
  // Most names are ids already, and this runs once for every event.
  if (name.length <= LENGTH_MAX && ID.test(name)) return name;
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replaceAll(/^-|-$/gu, '');
  if (id.length <= LENGTH_MAX) return id;
  const rest = hash('sha256', name).slice(0, HASH_LENGTH);
  return `${id.slice(0, LENGTH_MAX - HASH_LENGTH - 1)}-${rest}`;
}
