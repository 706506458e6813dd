import type { Event } from '#shared/event.ts';

import type { Decode } from './decode/decode.ts';
import { REDELIVERY, type Filter, type IsCopy } from './filter/filter.ts';
import type { Accept } from './ingest/ingest.ts';
import type { Journal, Outcome } from './journal/journal.ts';

export type Stages = {
  readonly decode: Decode;
  readonly isCopy: IsCopy;
  readonly filter: Filter;
  readonly journal: Pick<Journal, 'append'>;
};

/** A message through the stages: one append, so one commit, whatever it holds (G1). */
export function pipeline({ decode, isCopy, filter, journal }: Stages): Accept {
  return (message, settled) => {
    const events = decode(message);
    const outcome = isCopy(message, events)
      ? { kept: [], removed: events.map(() => REDELIVERY) }
      : judge(events, filter);
    const { messageKey } = message;
    journal.append(messageKey === undefined ? outcome : { ...outcome, messageKey }, settled);
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
