/** Bytes and CPU of the wire format, by batch size. */
import { isDeepStrictEqual } from 'node:util';

import type { Batch } from '#proto/batch/batch.ts';
import { decodeBatch } from '#proto/batch/decode.ts';
import { encodeBatch } from '#proto/batch/encode.ts';
import type { Event } from '#shared/event.ts';

import { median, round } from './figures.ts';
import { readMixEvents } from './mix.ts';

export type WireFigures = {
  readonly bytesPerEvent: Readonly<Record<string, number>>;
  /** At 1000 events a batch. */
  readonly encodeUsPerEvent: number;
  readonly decodeUsPerEvent: number;
};

const SIZES = [20, 100, 500, 1000, 2000] as const;
const TIMED_SIZE = 1000;
const TIMED_ROUNDS = 15;
const US_PER_MS = 1000;

export async function benchWire(mix: string): Promise<WireFigures> {
  const events = await readMixEvents(mix);
  const bytesPerEvent: Record<string, number> = {};
  console.log(`${events.length} events\n\nevents a batch   bytes an event`);
  for (const size of SIZES) {
    const batches = cut(events, size);
    const encoded = batches.map(encodeBatch);
    if (!encoded.every((bytes, i) => isDeepStrictEqual(decodeBatch(bytes), batches[i]))) {
      throw new Error(`a batch of ${size} did not come back as it went in`);
    }
    const bytes = encoded.reduce((sum, each) => sum + each.length, 0);
    const perEvent = bytes / batches.reduce((sum, batch) => sum + batch.events.length, 0);
    bytesPerEvent[size] = round(perEvent);
    console.log(`${String(size).padStart(14)} ${perEvent.toFixed(2).padStart(16)}`);
  }
  return { bytesPerEvent, ...time(cut(events, TIMED_SIZE)) };
}

/** The median round, microseconds an event. */
function time(
  batches: readonly Batch[],
): Pick<WireFigures, 'encodeUsPerEvent' | 'decodeUsPerEvent'> {
  const count = batches.reduce((sum, batch) => sum + batch.events.length, 0);
  const encodes: number[] = [];
  const decodes: number[] = [];
  for (let round = 0; round < TIMED_ROUNDS; round++) {
    const start = performance.now();
    const encoded = batches.map(encodeBatch);
    const middle = performance.now();
    encoded.forEach(decodeBatch);
    encodes.push(middle - start);
    decodes.push(performance.now() - middle);
  }
  const perEvent = (rounds: number[]): number => round((median(rounds) * US_PER_MS) / count);
  return { encodeUsPerEvent: perEvent(encodes), decodeUsPerEvent: perEvent(decodes) };
}

/** Full batches only, as the format is judged by size. */
export function cut(events: readonly Event[], size: number): Batch[] {
  return Array.from({ length: Math.floor(events.length / size) }, (_, i) => {
    const part = events.slice(i * size, (i + 1) * size);
    const lastSeq = (i + 1) * size;
    return {
      site: 'berlin-01',
      gateway: 'gw-berlin-01',
      epoch: 'vjlwm7gy36npejqa',
      firstSeq: i * size + 1,
      lastSeq,
      lane: 'fresh',
      accounts: { received: lastSeq, filtered: {}, headSeq: lastSeq, stored: i * size },
      watermark: { seq: lastSeq + 1, timeMs: part.at(-1)?.receiveTimeMs ?? 0 },
      shed: [],
      events: part,
    };
  });
}
