import type { Event } from '#shared/event.ts';

import type { Decode } from './decode/decode.ts';
import { REDELIVERY, type Filter, type IsCopy } from './filter/filter.ts';
import type { Accept } from './ingest/ingest.ts';
import type { Journal, Outcome } from './journal/journal.ts';

export type Stages = {
  readonly decode: Decode;
  readonly isCopy: IsCopy;
  readonly filter: Filter;
  readonly journal: Pick<Journal, 'append' | 'afterCommitOf'>;
};

/** A message through the stages: one append, so one commit, whatever it holds (G1). */
export function pipeline({ decode, isCopy, filter, journal }: Stages): Accept {
  return (message, settled) => {
    const events = decode(message);
    const { messageKey } = message;
    if (messageKey === undefined) {
      journal.append(judge(events, filter), settled);
    } else if (isCopy(message, events)) {
      // Its first copy may still be on its way to the disk: a copy is acknowledged when that one is there.
      const removed = events.map(() => REDELIVERY);
      journal.afterCommitOf(messageKey, (error) => {
        if (error === undefined) journal.append({ kept: [], removed }, settled);
        else settled(error);
      });
    } else {
      journal.append({ ...judge(events, filter), messageKey }, settled);
    }
  };
}

function judge(events: readonly Event[], filter: Filter): Outcome {
  const kept: Event[] = [];
  const removed: string[] = [];
  for (const event of events) {
    const rule = filter(event);
    if (rule === undefined) kept.push(event);
    else removed.push(rule);
  }
  return { kept, removed };
}
