/** The thread that encodes: reads the journal, writes batches, one at a time. */
import { parentPort, workerData } from 'node:worker_threads';

import { countThatFit, seqsOf } from '#proto/batch/batch.ts';
import { encodeBatch } from '#proto/batch/encode.ts';
import { must } from '#shared/assert.ts';
import { describe, TallyError } from '#shared/errors.ts';

import { JournalReader, type Stretch } from '../journal/journal-reader.ts';
import type { EncoderOptions, FromEncoder, ToEncoder } from './batch-messages.ts';
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

/** As much of a stretch as a batch holds. */
function fitted(stretch: Stretch): Stretch {
  const count = countThatFit(stretch.events);
  if (count === stretch.events.length) return stretch;
  const lastSeq = must(seqsOf(stretch)[count], 'the first that does not fit') - 1;
  return {
    firstSeq: stretch.firstSeq,
    lastSeq,
    events: stretch.events.slice(0, count),
    shed: stretch.shed.filter(({ first }) => first <= lastSeq),
  };
}

function make(request: BatchRequest): OutboundBatch {
  const { site, gateway } = options;
  const { epoch, lane, accounts } = request;
  const stretch = read(request);
  const { firstSeq, lastSeq, events } = stretch;
  const bytes = encodeBatch({
    ...stretch,
    site,
    gateway,
    epoch,
    lane,
    accounts,
    watermark: lastSeq < firstSeq ? request.watermark : watermarkOf(stretch),
  });
  const firstTimeMs = events[0]?.receiveTimeMs;
  const batch = { firstSeq, lastSeq, lane, bytes };
  return firstTimeMs === undefined ? batch : { ...batch, firstTimeMs };
}

/**
 * What came in before the last event of the batch has a lower number: messages are numbered as they come. A clock that is
 * known to be wrong says nothing of when that was.
 */
function watermarkOf({ lastSeq, events }: Stretch): { seq: number; timeMs: number } {
  const last = events.at(-1);
  const isBelieved = last !== undefined && last.clock?.trust !== 'unset';
  return { seq: lastSeq + 1, timeMs: isBelieved ? last.receiveTimeMs : 0 };
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
