import fc from 'fast-check';
import { expect, test } from 'vitest';

import { RecentMap } from './recent-map.ts';

const step = fc.tuple(
  fc.constantFrom('set', 'get', 'use', 'delete', 'takeOldest'),
  fc.constantFrom('a1', 'a2', 'b1', 'b2', 'c1'),
);

test('G7 bounded: a map of recent things is a list in the order of use that is cut at its end', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step), (max, steps) => {
      const map = new RecentMap<number>(max);
      // Oldest first.
      let model: (readonly [key: string, value: number])[] = [];
      const find = (key: string): number | undefined => model.find(([each]) => each === key)?.[1];
      const without = (key: string): typeof model => model.filter(([each]) => each !== key);
      steps.forEach(([op, key], i) => {
        const [device = '', name = ''] = key;
        const known = find(key);
        if (op === 'get') {
          expect(map.get(device, name)).toBe(known);
        } else if (op === 'use') {
          expect(map.use(device, name)).toBe(known);
          if (known !== undefined) model = [...without(key), [key, known]];
        } else if (op === 'delete') {
          expect(map.delete(device, name)).toBe(known);
          model = without(key);
        } else if (op === 'takeOldest') {
          expect(map.takeOldest()).toBe(model.shift()?.[1]);
        } else {
          const isOver = known === undefined && model.length === max;
          expect(map.set(device, name, i)).toBe(isOver ? model[0]?.[1] : undefined);
          model = [...without(key).slice(isOver ? 1 : 0), [key, i]];
        }
        expect(map.oldest()).toBe(model[0]?.[1]);
        expect(map.size).toBe(model.length);
      });
    }),
  );
});
