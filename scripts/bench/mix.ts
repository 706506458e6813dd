/** The reference mix: the messages of a depot's few minutes, as canonical events. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import type { Event } from '#shared/event.ts';

import { decodeGeneric } from '../../edge/decode/generic/generic.ts';

export const REFERENCE_MIX = fileURLToPath(new URL('./mix/depot-20k.jsonl.gz', import.meta.url));

type MixMessage = { readonly t: number; readonly topic: string; readonly payload: unknown };

const GZIP_MAGIC = 0x1f;

async function readMix(file: string): Promise<MixMessage[]> {
  const bytes = await readFile(file);
  const text = (bytes[0] === GZIP_MAGIC ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as MixMessage);
}

/** A gateway whose clock was in step for the whole of the mix. */
const BOOT_ID = '3f2a9c81d04e';
const BOOT_MS = Date.UTC(2026, 10, 20, 4, 11, 7, 138);

/** The events that the gateway makes of the mix. */
export async function readMixEvents(file: string): Promise<Event[]> {
  return (await readMix(file)).flatMap(({ t, topic, payload }) => {
    const clock = { bootId: BOOT_ID, monotonicMs: t - BOOT_MS, trust: 'synced' } as const;
    return decodeGeneric({
      topic,
      payload: Buffer.from(JSON.stringify(payload)),
      clientId: 'mix',
      receiveTimeMs: t,
    }).map((event) => ({ ...event, clock }));
  });
}
