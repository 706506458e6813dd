import { expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import { createFilter } from './rules.ts';
import { CRATE, fix, measured, monotonicAt, rulesOf, status, tagRead } from './testing/depot.ts';

const THREE_SECONDS = rulesOf('[{ name: twice, duplicates: { windowS: 3 } }]');
const RING = 'ring-1134';

/** How many of the events are kept, each `at` so many seconds after six. */
function keptOf(...events: readonly (readonly [at: number, event: Event])[]): number {
  const filter = createFilter(THREE_SECONDS);
  return events.reduce(
    (sum, [at, event]) => sum + filter.judge([event], monotonicAt(at)).kept.length,
    0,
  );
}

test('a label that is scanned three times in a hurry is told once', () => {
  const filter = createFilter(THREE_SECONDS);
  const scans = [0, 0.4, 1.1].map((at) => tagRead({ at }, RING));
  expect(filter.judge(scans, monotonicAt(1.1))).toEqual({
    kept: [scans[0]],
    removed: ['twice', 'twice'],
  });
});

test('the window begins with what was kept: a thing that lies in the beam is told once a window', () => {
  const scans = Array.from({ length: 10 }, (_, at) => [at, tagRead({ at }, RING)] as const);
  expect(keptOf(...scans)).toBe(4);
});

test.each<[string, Event, Event]>([
  ['of two things', tagRead({ at: 0 }), tagRead({ at: 0, parcelId: CRATE })],
  ['of two devices', tagRead({ at: 0 }), tagRead({ at: 0 }, RING)],
  ['of two read points', tagRead({ at: 0, readPoint: 'a' }), tagRead({ at: 0, readPoint: 'b' })],
  ['of two actions', tagRead({ at: 0, action: 'load' }), tagRead({ at: 0, action: 'unload' })],
  ['of two steps', tagRead({ at: 0, bizStep: 'loading' }), tagRead({ at: 0 })],
  [
    'an enter and an exit',
    tagRead({ at: 0, presence: 'enter' }),
    tagRead({ at: 0, presence: 'exit' }),
  ],
  ['of two values', measured({ at: 0 }, { t: 1 }), measured({ at: 0 }, { t: 2 })],
  ['a number and its text', measured({ at: 0 }, { t: 1 }), measured({ at: 0 }, { t: '1' })],
  ['of two names', measured({ at: 0 }, { t: 1 }), measured({ at: 0 }, { u: 1 })],
  ['of two times', measured({ at: 0 }, { t: 1 }), measured({ at: 1 }, { t: 1 })],
  ['online and offline', status({ at: 0 }, { online: true }), status({ at: 0 }, { online: false })],
  ['of two places', fix({ at: 0, lat: 48, lon: 11 }), fix({ at: 0, lat: 48, lon: 11.001 })],
  ['with another attribute', status({ at: 0 }, { attributes: { a: '1' } }), status({ at: 0 }, {})],
])('two events are not the same when they are %s', (_, a, b) => {
  expect(keptOf([0, a], [0, b])).toBe(2);
});

test.each<[string, Event, Event]>([
  [
    'a scan by another antenna of the same read point',
    tagRead({ at: 0, antenna: 1 }),
    tagRead({ at: 1, antenna: 2 }),
  ],
  [
    'a scan with a counter that went on',
    tagRead({ at: 0, deviceSeq: 7 }),
    tagRead({ at: 1, deviceSeq: 8 }),
  ],
  [
    'an uplink that two gateways of a radio network heard',
    measured({ at: 0 }, { t: 4 }),
    measured({ at: 0, receivedAt: 1 }, { t: 4 }),
  ],
  [
    'a state that is said again without a time',
    status({ at: 0 }, { online: true, timeQuality: 'receive' }),
    status({ at: 1 }, { online: true, timeQuality: 'receive' }),
  ],
])('%s is the same again', (_, a, b) => {
  expect(keptOf([0, a], [1, b])).toBe(1);
});

test('G2 no-loss: two scans of the morning that come in one second, from a scanner that was out of reach, are two', () => {
  const receivedAt = 7200;
  const morning = [0, 3600].map((at) => tagRead({ at, receivedAt }, RING));
  expect(createFilter(THREE_SECONDS).judge(morning, monotonicAt(receivedAt)).removed).toEqual([]);
});

test('after a restart the window of what was kept goes on', () => {
  const filter = createFilter(THREE_SECONDS);
  filter.remember(tagRead({ at: 0 }), monotonicAt(0));
  expect(filter.judge([tagRead({ at: 2 })], monotonicAt(2)).kept).toEqual([]);
  expect(filter.judge([tagRead({ at: 3 })], monotonicAt(3)).kept).toHaveLength(1);
});

test('G7 bounded: of what was forgotten for want of room the next is kept', () => {
  const filter = createFilter(THREE_SECONDS, { thingsMax: 2 });
  const keep = (parcelId: string): number =>
    filter.judge([tagRead({ at: 0, parcelId })], monotonicAt(0)).kept.length;
  expect(['a', 'b', 'a', 'c', 'b', 'a'].map(keep)).toEqual([1, 1, 0, 1, 0, 1]);
});
