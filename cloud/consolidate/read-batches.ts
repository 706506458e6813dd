/** Delivered messages into batches: what cannot be one is set aside with the reason. */
import type { Batch } from '#proto/batch/batch.ts';
import { decodeBatch } from '#proto/batch/decode.ts';
import { TallyError } from '#shared/errors.ts';
import { ID_PATTERN, ingestSubject } from '#shared/names.ts';

import type { IngestMessage } from '../streams/streams.ts';
import type { ReceivedBatch } from './consolidate.ts';

export type Poisoned = { readonly message: IngestMessage; readonly reason: string };

export function readBatches(messages: readonly IngestMessage[]): {
  batches: ReceivedBatch[];
  poisoned: Poisoned[];
} {
  const batches: ReceivedBatch[] = [];
  const poisoned: Poisoned[] = [];
  for (const message of messages) {
    const batch = readBatch(message);
    if (typeof batch === 'string') poisoned.push({ message, reason: batch });
    else batches.push({ batch, streamSeq: message.streamSeq });
  }
  return { batches, poisoned };
}

/** The batch of a message, or why it is none. */
function readBatch({ subject, data }: IngestMessage): Batch | string {
  try {
    const batch = decodeBatch(data);
    if (subject === ingestSubject(batch.site, batch.gateway)) return batch;
    return `subject: expected ${ingestSubject(batch.site, batch.gateway)}, the batch's own gateway`;
  } catch (error) {
    if (error instanceof TallyError && error.kind === 'input') return error.message;
    throw error;
  }
}

/** The gateway that a subject names, for the dead letter: the batch itself cannot be asked. Anybody may have written it. */
export function gatewayOf(subject: string): string {
  const name = subject.split('.').at(-1) ?? '';
  return ID_PATTERN.test(name) ? name : 'unknown';
}
