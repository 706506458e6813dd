/** Frames of a journal as a test wants them: real batches, the same for the same arguments. */
import type { Batch } from '#proto/batch/batch.ts';
import { encodeBatch } from '#proto/batch/encode.ts';

import type { ManifestFacts, TallyFrame, TallyHeader, TallyPosition } from '../tally-file.ts';

export const HEADER: Omit<TallyHeader, 'recipient'> = {
  site: 'depot-7',
  gateway: 'gw-1',
  journal: 'e1 e2',
  madeAtMs: Date.UTC(2026, 4, 1),
  tool: '1.2.3',
};

export const FACTS: ManifestFacts = {
  epochs: [
    {
      epoch: 'e1',
      accounts: { received: 60, filtered: { sampling: 10 }, headSeq: 50, stored: 20 },
      shed: [{ reason: 'disk', ranges: 1, events: 3 }],
      lost: [{ reason: 'checksum', ranges: 2, events: 9 }],
    },
  ],
  unreadable: [{ what: 'segment 0007', why: 'checksum of the commit at 4096' }],
};

export function batchOf(
  epoch: string,
  firstSeq: number,
  events: number,
  own: Partial<Batch> = {},
): Batch {
  return {
    site: HEADER.site,
    gateway: HEADER.gateway,
    epoch,
    firstSeq,
    lastSeq: firstSeq + events - 1,
    lane: 'backlog',
    accounts: { received: 60, filtered: {}, headSeq: 50, stored: 20 },
    watermark: { seq: 1, timeMs: 1 },
    shed: [],
    events: Array.from({ length: events }, (_, i) => ({
      kind: 'scan',
      eventTimeMs: 1_780_000_000_000 + i,
      receiveTimeMs: 1_780_000_000_000 + i,
      timeQuality: 'device',
      deviceId: 'ring-1',
      data: `parcel-${epoch}-${firstSeq + i}`,
      parcelId: `parcel-${epoch}-${firstSeq + i}`,
    })),
    ...own,
  };
}

export function frameOf(batch: Batch): TallyFrame {
  const { epoch, firstSeq, lastSeq, events } = batch;
  return {
    epoch,
    firstSeq,
    lastSeq,
    events: events.length,
    bytes: new Uint8Array(encodeBatch(batch)),
  };
}

/** Two epochs, a gap in the first: `count` frames of three events each. */
export function framesOf(count: number): TallyFrame[] {
  return Array.from({ length: count }, (_, i) => {
    const isFirst = i < count / 2;
    const place = isFirst ? i : i - Math.ceil(count / 2);
    return frameOf(batchOf(isFirst ? 'e1' : 'e2', 1 + place * 3 + (isFirst && i > 1 ? 5 : 0), 3));
  });
}

/** Frames that are not batches, of any length: what is inside is not the file's business. */
export function bulkFrame(number: number, length: number): TallyFrame {
  const bytes = new Uint8Array(length).fill(number);
  return { epoch: 'e1', firstSeq: number + 1, lastSeq: number + 1, events: 1, bytes };
}

/** The `source` of frames that are in memory. */
export function sourceOf(
  frames: readonly TallyFrame[],
): (resumeAfter: TallyPosition | undefined) => AsyncGenerator<TallyFrame> {
  return async function* source(resumeAfter) {
    for (const frame of frames.slice(indexAfter(frames, resumeAfter))) {
      yield await Promise.resolve(frame);
    }
  };
}

/** The first frame that follows; heartbeats at that place are among those that do. */
function indexAfter(frames: readonly TallyFrame[], after: TallyPosition | undefined): number {
  if (after === undefined) return 0;
  const last = frames.findLastIndex(
    ({ epoch, firstSeq, lastSeq }) =>
      epoch === after.epoch && firstSeq <= lastSeq && lastSeq <= after.seq,
  );
  return last === -1 ? frames.findIndex(({ epoch }) => epoch === after.epoch) : last + 1;
}
