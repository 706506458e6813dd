import { expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import { createFilter } from './rules.ts';
import { CRATE, fix, measured, monotonicAt, rulesOf, tagRead } from './testing/depot.ts';

/** Which of the events are kept, one a second. */
function keptOf(sample: string, events: readonly Event[]): number[] {
  const filter = createFilter(rulesOf(`[{ name: few, sample: ${sample} }]`));
  return events.flatMap((event, i) =>
    filter.judge([event], monotonicAt(i)).kept.length === 1 ? [i] : [],
  );
}

test('one position in three is kept, and the first', () => {
  const way = Array.from({ length: 8 }, (_, at) => fix({ at, lat: 48, lon: 11 }));
  expect(keptOf('{ oneIn: 3 }', way)).toEqual([0, 3, 6]);
});

test('one reading in five seconds is kept', () => {
  const readings = Array.from({ length: 12 }, (_, at) => measured({ at }, { temperature: at }));
  expect(keptOf('{ everyS: 5 }', readings)).toEqual([0, 5, 10]);
});

test('a sensor that sends its values one by one loses none of them altogether', () => {
  const readings = Array.from({ length: 12 }, (_, at) =>
    measured({ at }, at % 2 === 0 ? { temperature: 4 } : { humidity: 60 }),
  );
  expect(keptOf('{ oneIn: 3 }', readings)).toEqual([0, 1, 6, 7]);
});

test('G2 no-loss: no thing is lost because others were read', () => {
  const scans = [tagRead({ at: 0 }), tagRead({ at: 1, parcelId: CRATE }), tagRead({ at: 2 })];
  expect(keptOf('{ oneIn: 10 }', scans)).toEqual([0, 1]);
  expect(keptOf('{ everyS: 60 }', scans)).toEqual([0, 1]);
});

test('a tracker that was out of reach for an hour is sampled over that hour', () => {
  const filter = createFilter(rulesOf('[{ name: few, sample: { everyS: 600 } }]'));
  const hour = Array.from({ length: 61 }, (_, minute) =>
    fix({ at: minute * 60, receivedAt: 4000, lat: 48, lon: 11 }),
  );
  expect(filter.judge(hour, monotonicAt(4000)).kept).toHaveLength(7);
});

test('after a restart the time to the next is from the last that was kept', () => {
  const filter = createFilter(rulesOf('[{ name: few, sample: { everyS: 60 } }]'));
  filter.remember(fix({ at: 0, lat: 48, lon: 11 }), monotonicAt(0));
  expect(filter.judge([fix({ at: 59, lat: 48, lon: 11 })], monotonicAt(59)).kept).toEqual([]);
  expect(filter.judge([fix({ at: 60, lat: 48, lon: 11 })], monotonicAt(60)).kept).toHaveLength(1);
});
