import { expect, test } from 'vitest';

import type { Filter } from './filter.ts';
import { createFilter } from './rules.ts';
import {
  CRATE,
  fix,
  measured,
  monotonicAt,
  notUnderstood,
  PALLET,
  rulesOf,
  status,
  tagRead,
} from './testing/depot.ts';

const judgeAt = (filter: Filter, at: number, ...events: Parameters<Filter['judge']>[0]) =>
  filter.judge(events, monotonicAt(at));

test('without rules everything goes on as it came', () => {
  const filter = createFilter([]);
  const events = [tagRead({ at: 0 }), notUnderstood(0)];
  expect(filter.judge(events, monotonicAt(0))).toEqual({ kept: events, removed: [] });
  expect(filter.judge(events, monotonicAt(0)).kept).toBe(events);
  expect(filter.tick(monotonicAt(1))).toBeUndefined();
  expect(filter.flush(monotonicAt(1))).toBeUndefined();
});

test('G4 accounts: the first rule that removes an event is the one it is counted for', () => {
  const filter = createFilter(
    rulesOf(`
- { name: twice, duplicates: { windowS: 5 } }
- { name: no-crates, drop: { when: 'parcelId == "${CRATE}"' } }
- { name: nothing-at-all, drop: { when: 'true' } }
`),
  );
  const crate = tagRead({ at: 0, parcelId: CRATE });
  const pallet = tagRead({ at: 0 });
  expect(judgeAt(filter, 0, crate, crate, pallet)).toEqual({
    kept: [],
    removed: ['no-crates', 'twice', 'nothing-at-all'],
  });
});

test('G2 no-loss: what nobody understood is kept, whatever the rules say', () => {
  const filter = createFilter(rulesOf(`[{ name: all, drop: { when: 'true' } }]`));
  const raw = notUnderstood(0);
  expect(judgeAt(filter, 0, raw, status({ at: 0 }, { online: true }), raw)).toEqual({
    kept: [raw, raw],
    removed: ['all'],
  });
});

test('a rule is for the devices, kinds and read points that it names, and others pass it by', () => {
  const filter = createFilter(
    rulesOf(`
- name: dock-2
  match: { device: [fx9600-*, 'r700-?'], kind: scan, readPoint: dock2-* }
  drop: { when: 'true' }
`),
  );
  const there = tagRead({ at: 0, readPoint: 'dock2-door' });
  const kept = [
    tagRead({ at: 0, readPoint: 'dock3-door' }),
    tagRead({ at: 0 }),
    tagRead({ at: 0, readPoint: 'dock2-door' }, 'r700-12'),
    measured({ at: 0 }, { temperature: 4 }, 'fx9600-dock2'),
  ];
  const fromImpinj = tagRead({ at: 0, readPoint: 'dock2-belt' }, 'r700-1');
  expect(judgeAt(filter, 0, there, ...kept, fromImpinj)).toEqual({
    kept,
    removed: ['dock-2', 'dock-2'],
  });
});

test('the last rule that has an opinion says how much an event is worth; without one the kind does', () => {
  const filter = createFilter(
    rulesOf(`
- { name: yard, match: { kind: position }, classify: { when: 'speedKmh < 5', as: status } }
- { name: valuables, classify: { when: 'kind == "position" && deviceId == "truck-7"', as: custody } }
- { name: tests, match: { kind: scan }, classify: { when: 'parcelId.startsWith("TEST")', as: telemetry } }
`),
  );
  const slow = fix({ at: 0, lat: 48, lon: 11, speedKmh: 3, deviceId: 'truck-8' });
  const fast = fix({ at: 0, lat: 48, lon: 11, speedKmh: 70, deviceId: 'truck-8' });
  const ours = fix({ at: 0, lat: 48, lon: 11, speedKmh: 3 });
  const trial = tagRead({ at: 0, parcelId: 'TEST-1' });
  const events = [fast, slow, ours, trial];
  expect(judgeAt(filter, 0, ...events)).toEqual({
    kept: events,
    removed: [],
    classes: [undefined, 'status', 'custody', 'telemetry'],
  });
  expect(judgeAt(filter, 0, fast)).toEqual({ kept: [fast], removed: [] });
});

test('what a rule made goes through the later rules only, and is counted by them', () => {
  const filter = createFilter(
    rulesOf(`
- { name: no-exits, drop: { when: 'presence == "exit"' } }
- { name: dock, condense: { exitAfterS: 10 } }
- { name: dear, classify: { when: 'presence == "exit"', as: custody } }
`),
  );
  judgeAt(filter, 0, tagRead({ at: 0, antenna: 1 }));
  const gone = filter.tick(monotonicAt(10));
  expect(gone?.kept).toMatchObject([{ parcelId: PALLET, presence: 'exit' }]);
  expect(gone).toMatchObject({ removed: [], classes: ['custody'] });

  const inTheOtherOrder = createFilter(
    rulesOf(`
- { name: dock, condense: { exitAfterS: 10 } }
- { name: no-exits, drop: { when: 'presence == "exit"' } }
`),
  );
  judgeAt(inTheOtherOrder, 0, tagRead({ at: 0 }));
  expect(inTheOtherOrder.tick(monotonicAt(10))).toEqual({ kept: [], removed: ['no-exits'] });
});

test('what a rule makes upon an event stands before it, and after those that came earlier in the message', () => {
  const filter = createFilter(
    rulesOf(`[{ name: dock, condense: { exitAfterS: 10, by: device } }]`),
  );
  judgeAt(filter, 0, tagRead({ at: 0 }));
  const other = status({ at: 30 }, { online: true });
  const { kept } = judgeAt(filter, 30, other, tagRead({ at: 30 }));
  expect(kept.map((event) => (event.kind === 'scan' ? event.presence : event.kind))).toEqual([
    'status',
    'exit',
    'enter',
  ]);
});

test('G2 no-loss: what the disk did not take is kept when it is sent again, however soon', () => {
  const filter = createFilter(
    rulesOf(`
- { name: twice, match: { kind: [scan, status] }, duplicates: { windowS: 60 } }
- { name: dock, condense: { exitAfterS: 60 } }
- { name: still, deadband: { distanceM: 50 } }
- { name: same, exception: { absolute: 1 } }
- { name: few, match: { kind: status }, sample: { everyS: 600 } }
`),
  );
  const events = [
    tagRead({ at: 0 }),
    fix({ at: 0, lat: 48.1, lon: 11.5 }),
    measured({ at: 0 }, { temperature: 4 }),
    status({ at: 0 }, { online: true }),
  ];
  const first = judgeAt(filter, 0, ...events);
  expect(first.removed).toEqual([]);
  expect(judgeAt(filter, 1, ...events).kept).toEqual([]);
  filter.forget(first.kept);
  expect(judgeAt(filter, 2, ...events)).toEqual(first);
});

test('G2 no-loss: what a rule made and the disk did not take comes again with the next tick, and its class', () => {
  const filter = createFilter(
    rulesOf(`
- { name: dock, condense: { exitAfterS: 10 } }
- { name: dear, classify: { when: 'presence == "exit"', as: custody } }
`),
  );
  judgeAt(filter, 0, tagRead({ at: 0 }));
  const gone = filter.tick(monotonicAt(10));
  expect(gone?.kept).toHaveLength(1);
  expect(filter.tick(monotonicAt(11))).toBeUndefined();
  filter.forget(gone?.kept ?? []);
  expect(filter.tick(monotonicAt(12))).toEqual(gone);
  expect(filter.tick(monotonicAt(13))).toBeUndefined();
});

test('a monotonic clock that a caller turns back opens no window again', () => {
  const filter = createFilter(rulesOf(`[{ name: twice, duplicates: { windowS: 10 } }]`));
  const read = tagRead({ at: 0 });
  expect(judgeAt(filter, 0, read).kept).toHaveLength(1);
  expect(judgeAt(filter, 10, read).kept).toHaveLength(1);
  expect(judgeAt(filter, 5, read).kept).toHaveLength(0);
});
