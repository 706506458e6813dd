import fc from 'fast-check';
import { expect, test } from 'vitest';

import { RangeSet } from './ranges.ts';

const NUMBERS = Array.from({ length: 60 }, (_, i) => i);
const range = fc
  .tuple(fc.nat(50), fc.nat(9))
  .map(([first, length]) => [first, first + length] as const);
const action = fc.tuple(fc.constantFrom('add' as const, 'remove' as const), range);

test('a range set holds what a plain set would, in the fewest ranges', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), range, (actions, [from, to]) => {
      const ranges = new RangeSet();
      const model = new Set<number>();
      for (const [verb, [first, last]] of actions) {
        ranges[verb](first, last);
        for (let value = first; value <= last; value++) {
          if (verb === 'add') model.add(value);
          else model.delete(value);
        }
      }
      expect(NUMBERS.filter((value) => ranges.has(value))).toStrictEqual(
        NUMBERS.filter((value) => model.has(value)),
      );
      expect(ranges.size).toBe(model.size);
      expect(ranges.max).toBe(Math.max(0, ...model));
      const listed = [...ranges];
      expect(listed.every(([first], i) => i === 0 || first > (listed[i - 1]?.[1] ?? 0) + 1)).toBe(
        true,
      );
      const inside = NUMBERS.filter((value) => value >= from && value <= to);
      expect(ranges.covers(from, to)).toBe(inside.every((value) => model.has(value)));
      const missing = ranges
        .gaps(from, to)
        .flatMap(([first, last]) => inside.filter((value) => value >= first && value <= last));
      expect(missing).toStrictEqual(inside.filter((value) => !model.has(value)));
      let run = from - 1;
      while (model.has(run + 1)) run++;
      expect(ranges.runFrom(from)).toBe(run);
    }),
  );
});

test('a range that ends before it begins is a fault of the program', () => {
  expect(() => new RangeSet().add(2, 1)).toThrow(RangeError);
});
