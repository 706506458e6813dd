import type { Event } from '#shared/event.ts';

import type { Decode } from './decode/decode.ts';
import type { Filter } from './filter/filter.ts';
import type { Accept } from './ingest/ingest.ts';
import type { Journal } from './journal/journal.ts';

export type Stages = {
  readonly decode: Decode;
  readonly filter: Filter;
  readonly journal: Pick<Journal, 'append'>;
};

/** A message through the stages: one append, so one commit, whatever it holds (G1). */
export function pipeline({ decode, filter, journal }: Stages): Accept {
  return (message, settled) => {
    const kept: Event[] = [];
    const removed: string[] = [];
    for (const event of decode(message)) {
      const rule = filter(event);
      if (rule === undefined) kept.push(event);
      else removed.push(rule);
    }
    journal.append({ kept, removed }, settled);
  };
}
