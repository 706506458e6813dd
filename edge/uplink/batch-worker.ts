/** The thread that encodes: reads the journal, writes batches, one at a time. */
import { parentPort, workerData } from 'node:worker_threads';

import { countThatFit } from '#proto/batch/batch.ts';
import { encodeBatch } from '#proto/batch/encode.ts';
import { must } from '#shared/assert.ts';
import { describe } from '#shared/errors.ts';

import { JournalReader } from '../journal/journal-reader.ts';
import type { EncoderOptions, FromEncoder, ToEncoder } from './batch-messages.ts';
import type { BatchRequest, OutboundBatch } from './uplink.ts';

const port = must(parentPort, 'the parent of the encoding thread');
const options = workerData as EncoderOptions;
const reader = new JournalReader(options.directory);

function make({ firstSeq, lastSeq, lane, accounts, watermark }: BatchRequest): OutboundBatch {
  const { site, gateway, epoch, eventsMax, bytesMax } = options;
  const read = lastSeq < firstSeq ? [] : reader.read(firstSeq, { lastSeq, eventsMax, bytesMax });
  const events = read.slice(0, countThatFit(read));
  const end = firstSeq + events.length - 1;
  const lastEvent = events.at(-1);
  const bytes = encodeBatch({
    site,
    gateway,
    epoch,
    firstSeq,
    lastSeq: end,
    lane,
    accounts,
    // What came in before the last event of the batch has a lower number: messages are numbered as they come.
    watermark:
      lastEvent === undefined ? watermark : { seq: end + 1, timeMs: lastEvent.receiveTimeMs },
    shed: [],
    events,
  });
  const firstTimeMs = events[0]?.receiveTimeMs;
  const batch = { firstSeq, lastSeq: end, lane, bytes };
  return firstTimeMs === undefined ? batch : { ...batch, firstTimeMs };
}

port.on('message', ({ id, request }: ToEncoder) => {
  try {
    const answer: FromEncoder = { id, batch: make(request) };
    port.postMessage(answer);
  } catch (error) {
    const answer: FromEncoder = { id, error: describe(error) };
    port.postMessage(answer);
  }
});
