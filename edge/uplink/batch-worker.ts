/** The thread that encodes: reads the journal, writes batches, one at a time. */
import { parentPort, workerData } from 'node:worker_threads';

import { must } from '#shared/assert.ts';
import { describe, TallyError } from '#shared/errors.ts';

import { JournalReader } from '../journal/journal-reader.ts';
import type { Stretch } from '../journal/journal.ts';
import type { EncoderOptions, FromEncoder, ToEncoder } from './batch-messages.ts';
import { encodeStretch, fitted } from './encode-stretch.ts';
import type { BatchRequest, OutboundBatch } from './uplink.ts';

const port = must(parentPort, 'the parent of the encoding thread');
const options = workerData as EncoderOptions;
/** A journal that is idle holds no file open: one that is unlinked would keep its room. */
const IDLE_MS = 1000;
const readers = new Map<string, JournalReader>();
let idle: NodeJS.Timeout | undefined;

function readerOf(epoch: string): JournalReader {
  const known = readers.get(epoch) ?? new JournalReader(options.directory, epoch);
  readers.set(epoch, known);
  clearTimeout(idle);
  idle = setTimeout(() => {
    for (const reader of readers.values()) reader.close();
    readers.clear();
  }, IDLE_MS);
  return known;
}

function read({ epoch, firstSeq, lastSeq, boots }: BatchRequest): Stretch {
  if (lastSeq < firstSeq) return { firstSeq, lastSeq, events: [], shed: [] };
  const { eventsMax, bytesMax } = options;
  return fitted(readerOf(epoch).read(firstSeq, { lastSeq, eventsMax, bytesMax }, boots));
}

function make(request: BatchRequest): OutboundBatch {
  const { site, gateway } = options;
  const { epoch, lane, accounts, watermark } = request;
  return encodeStretch(read(request), { site, gateway, epoch, lane, accounts, watermark });
}

port.on('message', ({ id, request }: ToEncoder) => {
  try {
    const answer: FromEncoder = { id, batch: make(request) };
    port.postMessage(answer);
  } catch (error) {
    const code = error instanceof TallyError ? error.code : 'journal-unusable';
    const answer: FromEncoder = { id, error: describe(error), code };
    port.postMessage(answer);
  }
});
