/** A batch as JSON lines: first what it says of itself, then its events. */
import { seqsOf } from '#proto/batch/batch.ts';
import { decodeBatch } from '#proto/batch/decode.ts';
import { BATCH_BYTES_MAX } from '#proto/batch/limits.ts';
import { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';

/** The lines of the batch that `input` carries; a `TallyError` of kind `stop` when it is none. */
export async function* translate(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const batch = decode(await readAll(input));
  const { events, ...header } = batch;
  yield JSON.stringify({ ...header, count: events.length });
  for (const [i, seq] of seqsOf(batch).entries()) {
    const event = events[i];
    if (event !== undefined) yield JSON.stringify({ seq, ...readable(event) });
  }
}

function decode(bytes: Uint8Array): ReturnType<typeof decodeBatch> {
  try {
    return decodeBatch(bytes);
  } catch (cause) {
    if (!(cause instanceof TallyError)) throw cause;
    throw new TallyError('stop', cause.code, `standard input is no batch: ${cause.message}`, {
      cause,
    });
  }
}

async function readAll(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > BATCH_BYTES_MAX) break;
  }
  return Buffer.concat(chunks);
}

/** Times as people write them; bytes as base64. */
function readable(event: Event): Record<string, unknown> {
  const { eventTimeMs, receiveTimeMs, ...fields } = event;
  const times = { eventTime: isoOf(eventTimeMs), receiveTime: isoOf(receiveTimeMs) };
  if (event.kind !== 'raw') return { ...fields, ...times };
  return { ...fields, ...times, payload: Buffer.from(event.payload).toString('base64') };
}

function isoOf(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString();
}
