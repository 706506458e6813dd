import { expect, test } from 'vitest';

import { createFilter } from './rules.ts';
import { measured, monotonicAt, rulesOf } from './testing/depot.ts';

const HOT = rulesOf(`[{ name: hot, drop: { when: 'readings.temperature > 30' } }]`);

test('G2 no-loss: an event that a condition cannot judge is kept, and the fault is told', () => {
  const faults: unknown[] = [];
  const filter = createFilter(HOT, { onFault: (...fault) => faults.push(fault) });
  const probeIsBroken = measured({ at: 0 }, { temperature: 'n/a' });
  const events = [probeIsBroken, measured({ at: 0 }, { temperature: 31 })];
  expect(filter.judge(events, monotonicAt(0))).toEqual({ kept: [probeIsBroken], removed: ['hot'] });
  expect(faults).toEqual([['hot', 'no such overload: dyn<string> > int', 1]]);
});

test('a fault of a rule is told at most once a minute, with how often it was', () => {
  const faults: unknown[] = [];
  const filter = createFilter(HOT, { onFault: (_, __, count) => faults.push(count) });
  for (let at = 0; at < 150; at++)
    filter.judge([measured({ at }, { temperature: 'n/a' })], monotonicAt(at));
  expect(faults).toEqual([1, 60, 60]);
});

test('an event that a classification cannot judge has the class of its kind', () => {
  const filter = createFilter(
    rulesOf(`[{ name: hot, classify: { when: 'readings.temperature > 30', as: custody } }]`),
  );
  const events = [measured({ at: 0 }, { temperature: 'n/a' })];
  expect(filter.judge(events, monotonicAt(0))).toEqual({ kept: events, removed: [] });
});
