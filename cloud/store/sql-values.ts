/** How the values of a row come out of both drivers, which both hand over text: see `store.ts`. */
import { assert } from '#shared/assert.ts';

import { parseTimestamp } from './timestamp.ts';

const BYTEA_PREFIX = '\\x';

/** By the type's object id, which is the same on every server. What is not here is text as PostgreSQL writes it. */
export const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === 't', // bool
  17: (text) => new Uint8Array(Buffer.from(text.slice(BYTEA_PREFIX.length), 'hex')), // bytea
  20: parseInt8,
  21: Number, // int2
  23: Number, // int4
  114: JSON.parse, // json
  700: Number, // float4
  701: Number, // float8
  1184: parseTimestamp,
  3802: JSON.parse, // jsonb
};

function parseInt8(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `beyond 2^53: ${text}`);
  return value;
}
