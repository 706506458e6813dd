/** A stretch of the journal as a batch on the wire. */
import { countThatFit, seqsOf, type Batch } from '#proto/batch/batch.ts';
import { encodeBatch } from '#proto/batch/encode.ts';
import { must } from '#shared/assert.ts';

import type { Stretch } from '../journal/journal.ts';
import type { OutboundBatch } from './uplink.ts';

/** What a batch says beside its events. The watermark is that of a heartbeat; one with events has its own. */
export type BatchFrame = Pick<
  Batch,
  'site' | 'gateway' | 'epoch' | 'lane' | 'accounts' | 'watermark'
>;

/** As much of a stretch as a batch holds. */
export function fitted(stretch: Stretch): Stretch {
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

export function encodeStretch(stretch: Stretch, frame: BatchFrame): OutboundBatch {
  const { firstSeq, lastSeq, events } = stretch;
  const watermark = lastSeq < firstSeq ? frame.watermark : watermarkOf(stretch);
  const bytes = encodeBatch({ ...stretch, ...frame, watermark });
  const firstTimeMs = events[0]?.receiveTimeMs;
  const batch = { firstSeq, lastSeq, lane: frame.lane, bytes };
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
