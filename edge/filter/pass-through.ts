import type { Filter } from './filter.ts';

/** Keeps everything. */
export const passThrough: Filter = {
  judge: (events) => ({ kept: events, removed: [] }),
  tick: () => undefined,
  remember: () => {},
  forget: () => {},
  flush: () => undefined,
};
