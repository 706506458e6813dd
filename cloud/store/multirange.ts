/** `int8multirange` as text, `{[1,4),[7,10)}`, and as a `RangeSet`. */
import { AssertionError } from '#shared/assert.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';

const RANGE = /\[(\d+),(\d+)\)/gu;
const MULTIRANGE = /^\{(?:\[\d+,\d+\)(?:,\[\d+,\d+\))*)?\}$/u;

export function formatMultirange(ranges: Iterable<Range>): string {
  return `{${Array.from(ranges, ([first, last]) => `[${first},${last + 1})`).join(',')}}`;
}

export function parseMultirange(text: string): RangeSet {
  if (!MULTIRANGE.test(text)) throw new AssertionError(`not a multirange: ${text}`);
  return RangeSet.of(
    text.matchAll(RANGE).map(([, first, end]) => [Number(first), Number(end) - 1] as const),
  );
}
