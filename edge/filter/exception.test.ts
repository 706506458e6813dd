import { expect, test } from 'vitest';

import { createFilter } from './rules.ts';
import { fix, measured, monotonicAt, rulesOf } from './testing/depot.ts';

type Values = Readonly<Record<string, number | string | boolean>>;

/** Which of the messages of a sensor are kept, sent every ten seconds. */
function keptOf(exception: string, messages: readonly Values[]): number[] {
  const filter = createFilter(rulesOf(`[{ name: same, exception: ${exception} }]`));
  return messages.flatMap((values, i) =>
    filter.judge([measured({ at: i * 10 }, values)], monotonicAt(i * 10)).kept.length === 1
      ? [i]
      : [],
  );
}

const temperatures = (...values: number[]): Values[] =>
  values.map((temperature) => ({ temperature }));

test('a temperature is told when it has changed by half a degree since it was told last', () => {
  expect(
    keptOf('{ absolute: 0.5 }', temperatures(4, 4.2, 4.4, 4.5, 4.6, 4.9, 5, 4.6, 4.5)),
  ).toEqual([0, 3, 6, 8]);
});

test('a change of exactly so much counts, though binary numbers are a little off', () => {
  expect(keptOf('{ absolute: 0.5 }', temperatures(4.1, 4.6, 4.1))).toEqual([0, 1, 2]);
});

test('a share is of the value that was told last', () => {
  expect(keptOf('{ percent: 10 }', temperatures(100, 109, 110, 120, 121, 0, 0, 0.001))).toEqual([
    0, 2, 4, 5, 7,
  ]);
});

test('where both are given, either is enough', () => {
  expect(keptOf('{ absolute: 5, percent: 50 }', temperatures(2, 2.5, 3, 100, 104, 105))).toEqual([
    0, 2, 3, 5,
  ]);
});

test('without a measure any other value is told', () => {
  expect(keptOf('{}', temperatures(4, 4, 4.01, 4.01, 4))).toEqual([0, 2, 4]);
});

test('a value that swings to and fro is told when it turns only if it goes further', () => {
  const swinging = temperatures(4, 4.5, 4, 4.5, 4, 3.8, 4.3, 3.2);
  expect(keptOf('{ absolute: 0.5 }', swinging)).toEqual([0, 1, 2, 3, 4, 7]);
  expect(keptOf('{ absolute: 0.5, hysteresis: 0.2 }', swinging)).toEqual([0, 1, 5, 7]);
});

test('a value that was only told again because of the time goes on as it went', () => {
  expect(
    keptOf('{ absolute: 0.5, hysteresis: 0.2, everyS: 20 }', temperatures(4, 5, 5, 5, 4.5)),
  ).toEqual([0, 1, 3]);
});

test('text and truth are told when they differ, and so is a number that becomes a text', () => {
  const doors = ['open', 'open', 'shut', true, true, false, 1, '1'].map((door) => ({ door }));
  expect(keptOf('{ absolute: 5 }', doors)).toEqual([0, 2, 3, 5, 6, 7]);
});

test('a message of several readings is kept whole when one of them has changed', () => {
  const filter = createFilter(rulesOf('[{ name: same, exception: { absolute: 1 } }]'));
  filter.judge([measured({ at: 0 }, { temperature: 4, humidity: 60 })], monotonicAt(0));
  const changed = measured({ at: 10 }, { temperature: 4.1, humidity: 70 });
  expect(filter.judge([changed], monotonicAt(10)).kept).toEqual([changed]);
});

test('readings that the rule does not name neither keep a message nor are held back', () => {
  const messages = [
    { temperature: 4, noise: 1 },
    { temperature: 4, noise: 2 },
    { noise: 3 },
    { temperature: 5, noise: 3 },
  ];
  expect(keptOf('{ absolute: 1, readings: temp* }', messages)).toEqual([0, 2, 3]);
});

test('a value that stays is told every so often', () => {
  expect(keptOf('{ absolute: 1, everyS: 30 }', temperatures(4, 4, 4, 4, 4, 4, 4))).toEqual([
    0, 3, 6,
  ]);
});

test('what is no reading goes on', () => {
  const filter = createFilter(rulesOf('[{ name: same, exception: {} }]'));
  const positions = [0, 1].map((at) => fix({ at, lat: 48, lon: 11 }));
  expect(filter.judge(positions, monotonicAt(1)).kept).toHaveLength(2);
});

test('after a restart a change is one from the last value that was kept', () => {
  const filter = createFilter(rulesOf('[{ name: same, exception: { absolute: 1 } }]'));
  filter.remember(measured({ at: 0 }, { temperature: 4 }), monotonicAt(0));
  expect(filter.judge([measured({ at: 9 }, { temperature: 4.9 })], monotonicAt(9)).kept).toEqual(
    [],
  );
  expect(filter.judge([measured({ at: 9 }, { temperature: 5 })], monotonicAt(9)).kept).toHaveLength(
    1,
  );
});
