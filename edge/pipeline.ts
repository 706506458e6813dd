import type { Clock } from '#shared/clock.ts';
import type { Event } from '#shared/event.ts';

import { NOTHING, type Decode } from './decode/decode.ts';
import { REDELIVERY, type Filter, type IsCopy } from './filter/filter.ts';
import type { Accept, Message } from './ingest/ingest.ts';
import type { Journal, Settled } from './journal/journal.ts';

export type Stages = {
  readonly decode: Decode;
  readonly isCopy: IsCopy;
  readonly filter: Pick<Filter, 'judge' | 'forget'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly journal: Pick<Journal, 'append' | 'afterCommitOf'>;
};

/** A message through the stages: one append, so one commit, whatever it holds (G1). */
export function pipeline({ decode, isCopy, filter, clock, journal }: Stages): Accept {
  return (message, settled) => {
    const decoded = decode(message);
    if (decoded instanceof Promise) void decoded.then((events) => take(message, events, settled));
    else take(message, decoded, settled);
  };

  function take(message: Message, events: readonly Event[], settled: Settled): void {
    const { messageKey } = message;
    if (messageKey !== undefined && isCopy(message, events)) {
      // Its first copy may still be on its way to the disk: a copy is acknowledged when that one is there.
      const removed = events.length === 0 ? [NOTHING] : events.map(() => REDELIVERY);
      journal.afterCommitOf(messageKey, (error) => {
        if (error === undefined) journal.append({ kept: [], removed }, settled);
        else settled(error);
      });
      return;
    }
    const judged =
      events.length === 0
        ? { kept: [], removed: [NOTHING] }
        : filter.judge(events, clock.monotonic());
    const orForgotten: Settled = (error) => {
      // What could not be stored comes again, and is then no repetition.
      if (error !== undefined) filter.forget(judged.kept);
      settled(error);
    };
    journal.append(messageKey === undefined ? judged : { ...judged, messageKey }, orForgotten);
  }
}
