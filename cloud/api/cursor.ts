/** Cursors: where a page ended, opaque to clients. */
import { z } from 'zod';

import { orderTimeMs } from '#shared/event.ts';
import { ID_PATTERN } from '#shared/names.ts';

import type { Place, StoredEvent } from './api.ts';

const TIME_MS_MAX = 8.64e15;

const placeSchema = z.tuple([
  z.int().min(-TIME_MS_MAX).max(TIME_MS_MAX),
  z.string().regex(ID_PATTERN),
  z.string().regex(ID_PATTERN),
  z.int().positive(),
]);

const nameSchema = z.tuple([z.string().regex(ID_PATTERN)]);

/** Where the event stands. */
export function encodePlace({ gateway, epoch, seq, event }: StoredEvent): string {
  return encode([orderTimeMs(event), gateway, epoch, seq]);
}

/** Undefined for what `encodePlace` did not make. */
export function decodePlace(cursor: string): Place | undefined {
  const place = placeSchema.safeParse(decode(cursor));
  if (!place.success) return undefined;
  const [orderTimeMs, gateway, epoch, seq] = place.data;
  return { orderTimeMs, gateway, epoch, seq };
}

export function encodeName(name: string): string {
  return encode([name]);
}

/** Undefined for what `encodeName` did not make. */
export function decodeName(cursor: string): string | undefined {
  return nameSchema.safeParse(decode(cursor)).data?.[0];
}

function encode(value: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined; // Not JSON.
  }
}
