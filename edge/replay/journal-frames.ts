/** A journal's stretches as the batches that its gateway would have sent. */
import { seqsOf } from '#proto/batch/batch.ts';

import type { Stretch } from '../journal/journal.ts';
import type { OutboundBatch } from '../uplink/uplink.ts';
import type { TallyFrame } from './tally-file/tally-file.ts';

/** A stretch with the epoch that it is of. */
export type EpochStretch = Stretch & { readonly epoch: string };

export type FrameOptions = {
  /** As much of a stretch as a batch holds. */
  readonly fitted: (stretch: Stretch) => Stretch;
  readonly encode: (stretch: Stretch, epoch: string) => OutboundBatch;
  /** Whether what the journal says was lost to damage goes along. */
  readonly declareLost: boolean;
};

export function* journalFrames(
  stretches: Iterable<EpochStretch>,
  { fitted, encode, declareLost }: FrameOptions,
): Generator<TallyFrame> {
  for (const { epoch, ...whole } of stretches) {
    for (const part of declareLost ? [whole] : withoutDamaged(whole)) {
      for (let rest = part; rest.lastSeq >= rest.firstSeq;) {
        const stretch = fitted(rest);
        const { firstSeq, lastSeq, bytes } = encode(stretch, epoch);
        yield { epoch, firstSeq, lastSeq, events: stretch.events.length, bytes };
        rest = behind(rest, stretch);
      }
    }
  }
}

function behind(rest: Stretch, taken: Stretch): Stretch {
  return {
    firstSeq: taken.lastSeq + 1,
    lastSeq: rest.lastSeq,
    events: rest.events.slice(taken.events.length),
    shed: rest.shed.filter(({ first }) => first > taken.lastSeq),
  };
}

/** The parts of a stretch between what was lost: another copy may have that. */
function* withoutDamaged(stretch: Stretch): Generator<Stretch> {
  const lost = stretch.shed.filter(({ reason }) => reason === 'damaged');
  if (lost.length === 0) {
    yield stretch;
    return;
  }
  const seqs = seqsOf(stretch);
  let firstSeq = stretch.firstSeq;
  for (const { first, last } of [
    ...lost,
    { first: stretch.lastSeq + 1, last: stretch.lastSeq + 1 },
  ]) {
    const part = {
      firstSeq,
      lastSeq: first - 1,
      events: stretch.events.filter((_, i) => isWithin(seqs[i], firstSeq, first - 1)),
      shed: stretch.shed.filter((each) => each.first >= firstSeq && each.last < first),
    };
    if (part.lastSeq >= part.firstSeq) yield part;
    firstSeq = last + 1;
  }
}

function isWithin(seq: number | undefined, first: number, last: number): boolean {
  return seq !== undefined && seq >= first && seq <= last;
}
