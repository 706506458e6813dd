import { expect, test } from 'vitest';

import type { ReadingEvent } from '#shared/event.ts';

import { createFilter } from './rules.ts';
import { measured, monotonicAt, rulesOf, SIX_O_CLOCK_MS, tagRead } from './testing/depot.ts';

const MINUTES = rulesOf(`
- name: minutes
  match: { device: cold-* }
  aggregate: { windowS: 60, functions: [min, max, mean, last, count], readings: [temperature, humidity] }
`);

test('the temperatures of a minute become one event with what there is to know of them', () => {
  const filter = createFilter(MINUTES);
  const events = [4, 5.5, 4.3].map((temperature, i) => measured({ at: i * 20 }, { temperature }));
  events.forEach((event, i) =>
    expect(filter.judge([event], monotonicAt(i * 20))).toEqual({ kept: [], removed: ['minutes'] }),
  );
  expect(filter.tick(monotonicAt(59))).toBeUndefined();
  expect(filter.tick(monotonicAt(60))).toEqual({
    kept: [
      {
        kind: 'reading',
        deviceId: 'cold-16',
        eventTimeMs: SIX_O_CLOCK_MS + 40_000,
        receiveTimeMs: SIX_O_CLOCK_MS + 60_000,
        timeQuality: 'device',
        readings: [
          { name: 'temperature.min', value: 4 },
          { name: 'temperature.max', value: 5.5 },
          { name: 'temperature.mean', value: 4.6 },
          { name: 'temperature.last', value: 4.3 },
          { name: 'temperature.count', value: 3 },
        ],
        attributes: { aggregate: 'minutes', windowS: '60' },
      },
    ],
    removed: [],
  });
  expect(filter.tick(monotonicAt(200))).toBeUndefined();
});

test('a measurement that comes after the window closes it and opens the next', () => {
  const filter = createFilter(MINUTES);
  filter.judge([measured({ at: 0 }, { temperature: 4 })], monotonicAt(0));
  const { kept, removed } = filter.judge(
    [measured({ at: 75 }, { temperature: 9 })],
    monotonicAt(75),
  );
  expect(removed).toEqual(['minutes']);
  expect(kept).toMatchObject([
    { eventTimeMs: SIX_O_CLOCK_MS, readings: [{ value: 4 }, {}, {}, {}, { value: 1 }] },
  ]);
  expect(filter.tick(monotonicAt(134))).toBeUndefined();
  expect(filter.tick(monotonicAt(135))?.kept).toHaveLength(1);
});

test('what is not named, or no number, goes on as it came', () => {
  const filter = createFilter(MINUTES);
  const mixed = measured(
    { at: 0 },
    { temperature: 4, door: 'open', battery: 3.1, humidity: 'n/a' },
  );
  expect(filter.judge([mixed], monotonicAt(0))).toEqual({
    kept: [
      {
        ...mixed,
        readings: [
          { name: 'door', value: 'open' },
          { name: 'battery', value: 3.1 },
          { name: 'humidity', value: 'n/a' },
        ],
      },
    ],
    removed: [],
  });
  const others = [measured({ at: 0 }, { battery: 3.1 }), tagRead({ at: 0 }, 'cold-16')];
  expect(filter.judge(others, monotonicAt(0)).kept).toEqual(others);
});

test('degrees of two scales are not mixed, and a count has no unit', () => {
  const filter = createFilter(
    rulesOf('[{ name: a, aggregate: { windowS: 60, functions: [mean, count] } }]'),
  );
  const event: ReadingEvent = {
    ...measured({ at: 0 }, {}),
    readings: [
      { name: 't', value: 4, unit: 'CEL' },
      { name: 't', value: 39, unit: 'FAH' },
    ],
  };
  filter.judge([event], monotonicAt(0));
  expect(filter.flush(monotonicAt(1))?.kept).toMatchObject([
    {
      readings: [
        { name: 't.mean', value: 4, unit: 'CEL' },
        { name: 't.count', value: 1 },
        { name: 't.mean', value: 39, unit: 'FAH' },
        { name: 't.count', value: 1 },
      ],
    },
  ]);
});

test('a mean of the greatest numbers is a number, and one of nothing but zeros is 0', () => {
  const filter = createFilter(
    rulesOf('[{ name: a, aggregate: { windowS: 60, functions: [mean, min] } }]'),
  );
  for (const value of [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MAX_VALUE, Number.MAX_VALUE])
    filter.judge([measured({ at: 0 }, { high: value, none: 0 })], monotonicAt(0));
  const [made] = filter.flush(monotonicAt(1))?.kept ?? [];
  const values = (made as ReadingEvent).readings.map(({ value }) => value);
  expect(values.every((value) => Number.isFinite(value) && !Object.is(value, -0))).toBe(true);
  expect(Number(values[0]) / Number.MAX_VALUE).toBeCloseTo(0.5);
});

test('a sensor that sends in a second what it gathered in hours gets a window for each minute of them', () => {
  const filter = createFilter(MINUTES);
  const hours = Array.from({ length: 10 }, (_, i) =>
    measured({ at: i * 30, receivedAt: 9000 }, { temperature: i }),
  );
  const { kept, removed } = filter.judge(hours, monotonicAt(9000));
  expect(removed).toHaveLength(10);
  expect([...kept, ...(filter.flush(monotonicAt(9001))?.kept ?? [])]).toHaveLength(5);
});

test('at a stop in good order the open windows are told', () => {
  const filter = createFilter(MINUTES);
  filter.judge(
    [measured({ at: 0 }, { temperature: 4 }), measured({ at: 0 }, { temperature: 4 }, 'cold-17')],
    monotonicAt(0),
  );
  expect(filter.flush(monotonicAt(1))?.kept).toHaveLength(2);
  expect(filter.flush(monotonicAt(1))).toBeUndefined();
});

test('G7 bounded: a window makes room before it is over when there are too many, and is told', () => {
  const filter = createFilter(MINUTES, { thingsMax: 3 });
  const both = { temperature: 4, humidity: 60 };
  expect(filter.judge([measured({ at: 0 }, both, 'cold-1')], monotonicAt(0)).kept).toEqual([]);
  expect(filter.judge([measured({ at: 1 }, both, 'cold-2')], monotonicAt(1)).kept).toMatchObject([
    { deviceId: 'cold-1' },
  ]);
});

test('G7 bounded: the window of the device that was first makes room for that of another, and is told', () => {
  const filter = createFilter(MINUTES, { thingsMax: 1 });
  const send = (deviceId: string, at: number) =>
    filter.judge([measured({ at }, { temperature: at }, deviceId)], monotonicAt(at));
  expect(send('cold-1', 1)).toEqual({ kept: [], removed: ['minutes'] });
  const { kept, removed } = send('cold-2', 2);
  expect(kept).toMatchObject([{ deviceId: 'cold-1', readings: [{ value: 1 }, {}, {}, {}, {}] }]);
  expect(removed).toEqual(['minutes']);
});
