import fc from 'fast-check';
import { expect, test } from 'vitest';

import { RangeSet } from '#shared/ranges.ts';

import { formatMultirange, parseMultirange } from './multirange.ts';

test('a set of ranges comes back as it was written', () => {
  const range = fc
    .tuple(fc.nat(1000), fc.nat(20))
    .map(([first, more]) => [first, first + more] as const);
  fc.assert(
    fc.property(fc.array(range), (ranges) => {
      const set = RangeSet.of(ranges);
      expect([...parseMultirange(formatMultirange(set))]).toStrictEqual([...set]);
    }),
  );
});

test('bounds are as PostgreSQL writes them: the first included, the last not', () => {
  expect(
    formatMultirange([
      [1, 3],
      [7, 9],
    ]),
  ).toBe('{[1,4),[7,10)}');
  expect(formatMultirange([])).toBe('{}');
});

test.each(['', '{', '[1,2)', '{(1,2]}', '{[1,2),}', '{[,2)}'])(
  '%s is no multirange of ours',
  (text) => {
    expect(() => parseMultirange(text)).toThrow('not a multirange');
  },
);
