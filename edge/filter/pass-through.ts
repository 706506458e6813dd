import type { Filter } from './filter.ts';

/** Keeps everything. */
export const passThrough: Filter = () => undefined;
