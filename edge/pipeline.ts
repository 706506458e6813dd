import type { Clock } from '#shared/clock.ts';

import { NOTHING, type Decode } from './decode/decode.ts';
import { REDELIVERY, type Filter, type IsCopy, type Judgement } from './filter/filter.ts';
import type { Accept } from './ingest/ingest.ts';
import type { Journal, Settled } from './journal/journal.ts';

export type Stages = {
  readonly decode: Decode;
  readonly isCopy: IsCopy;
  readonly filter: Filter;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly journal: Pick<Journal, 'append' | 'afterCommitOf'>;
};

/** A message through the stages: one append, so one commit, whatever it holds (G1). */
export function pipeline({ decode, isCopy, filter, clock, journal }: Stages): Accept {
  /** What could not be stored comes again, and is then no repetition. */
  const orForgotten =
    ({ kept }: Judgement, settled: Settled): Settled =>
    (error) => {
      if (error !== undefined) filter.forget(kept);
      settled(error);
    };
  return (message, settled) => {
    const events = decode(message);
    const { messageKey } = message;
    if (events.length === 0) {
      journal.append({ kept: [], removed: [NOTHING] }, settled);
    } else if (messageKey === undefined) {
      const judged = filter.judge(events, clock.monotonic());
      journal.append(judged, orForgotten(judged, settled));
    } else if (isCopy(message, events)) {
      // Its first copy may still be on its way to the disk: a copy is acknowledged when that one is there.
      const removed = events.map(() => REDELIVERY);
      journal.afterCommitOf(messageKey, (error) => {
        if (error === undefined) journal.append({ kept: [], removed }, settled);
        else settled(error);
      });
    } else {
      const judged = filter.judge(events, clock.monotonic());
      journal.append({ ...judged, messageKey }, orForgotten(judged, settled));
    }
  };
}
