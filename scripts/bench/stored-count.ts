import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

import { HEADER, INGEST_STREAM } from '#shared/names.ts';

/** Resolves when the stream holds batches of `count` events together; reads headers only. */
export async function countStored(url: string, count: number, timeoutMs: number): Promise<void> {
  const connection = await connect({ servers: url });
  try {
    const consumer = await jetstream(connection).consumers.get(INGEST_STREAM, {
      headers_only: true,
    });
    const messages = await consumer.consume();
    const timer = setTimeout(() => void messages.close(), timeoutMs);
    let stored = 0;
    for await (const message of messages) {
      stored += Number(message.headers?.get(HEADER.count) ?? 0);
      if (stored >= count) break;
    }
    clearTimeout(timer);
    if (stored < count)
      throw new Error(`${stored} of ${count} events were stored after ${timeoutMs} ms`);
  } finally {
    await connection.close();
  }
}
