/** A pallet at a dock door, as an RFID portal sees it. */
import { expect, test } from 'vitest';

import type { ScanEvent } from '#shared/event.ts';

import type { Filter } from './filter.ts';
import { createFilter } from './rules.ts';
import { CRATE, monotonicAt, PALLET, rulesOf, SIX_O_CLOCK_MS, tagRead } from './testing/depot.ts';

const DOCK = rulesOf(`
- name: dock-doors
  match: { device: fx9600-*, kind: scan }
  condense: { exitAfterS: 30 }
`);

/** A read reaches the gateway when it happens. */
function read(filter: Filter, scan: ScanEvent) {
  return filter.judge([scan], monotonicAt((scan.receiveTimeMs - SIX_O_CLOCK_MS) / 1000));
}

test('a pallet that passes the door is told twice: when it is first read, and when it was last read', () => {
  const filter = createFilter(DOCK);
  const first = tagRead({ at: 0, antenna: 1, rssiDbm: -65 });
  expect(read(filter, first)).toEqual({ kept: [{ ...first, presence: 'enter' }], removed: [] });

  for (const [at, rssiDbm] of [
    [0.4, -58],
    [0.9, -51.5],
    [1.6, -60],
  ] as const) {
    const again = read(filter, tagRead({ at, antenna: 1, rssiDbm }));
    expect(again).toEqual({ kept: [], removed: ['dock-doors'] });
  }
  expect(filter.tick(monotonicAt(31.5))).toBeUndefined();

  expect(filter.tick(monotonicAt(31.6))).toEqual({
    kept: [
      {
        ...tagRead({ at: 1.6, receivedAt: 31.6, antenna: 1, rssiDbm: -51.5 }),
        presence: 'exit',
        firstSeenMs: SIX_O_CLOCK_MS,
        readCount: 4,
      },
    ],
    removed: [],
  });
  expect(filter.tick(monotonicAt(100))).toBeUndefined();
});

test('each thing has a visit of its own at each antenna of each reader', () => {
  const filter = createFilter(DOCK);
  const reads = [
    tagRead({ at: 0, antenna: 1 }),
    tagRead({ at: 0, antenna: 2 }),
    tagRead({ at: 0 }),
    tagRead({ at: 0, antenna: 1, parcelId: CRATE }),
    tagRead({ at: 0, antenna: 1 }, 'fx9600-dock3'),
  ];
  expect(filter.judge(reads, monotonicAt(0)).kept).toHaveLength(5);
  expect(filter.tick(monotonicAt(30))?.kept).toHaveLength(5);
});

test('by device, the antennas of a portal see one visit', () => {
  const filter = createFilter(rulesOf('[{ name: a, condense: { exitAfterS: 30, by: device } }]'));
  read(filter, tagRead({ at: 0, antenna: 1 }));
  expect(read(filter, tagRead({ at: 1, antenna: 4 })).kept).toEqual([]);
  expect(filter.tick(monotonicAt(31))?.kept).toMatchObject([{ antenna: 4, readCount: 2 }]);
});

test('a reader that counts its own reads is believed', () => {
  const filter = createFilter(DOCK);
  read(filter, tagRead({ at: 0, readCount: 12 }));
  read(filter, tagRead({ at: 1, readCount: 7 }));
  read(filter, tagRead({ at: 2 }));
  expect(filter.tick(monotonicAt(32))?.kept).toMatchObject([{ readCount: 20 }]);
});

test('a pallet that stays is told again every so often, with the reads since it was told last', () => {
  const filter = createFilter(rulesOf('[{ name: a, condense: { exitAfterS: 30, everyS: 60 } }]'));
  const told = [];
  for (let at = 0; at <= 130; at += 10)
    told.push(...read(filter, tagRead({ at, rssiDbm: -60 + at / 10 })).kept);
  expect(told).toMatchObject([
    { presence: 'enter', rssiDbm: -60 },
    { readCount: 6, rssiDbm: -54, eventTimeMs: SIX_O_CLOCK_MS + 60_000 },
    { readCount: 6, rssiDbm: -48, eventTimeMs: SIX_O_CLOCK_MS + 120_000 },
  ]);
  expect(told[1]).not.toHaveProperty('presence');
  expect(filter.tick(monotonicAt(160))?.kept).toMatchObject([{ presence: 'exit', readCount: 14 }]);
});

test('a pallet that comes back before a tick says that it went has its exit before its new enter', () => {
  const filter = createFilter(DOCK);
  read(filter, tagRead({ at: 0 }));
  const { kept, removed } = read(filter, tagRead({ at: 45 }));
  expect(removed).toEqual([]);
  expect(kept).toMatchObject([
    { presence: 'exit', eventTimeMs: SIX_O_CLOCK_MS },
    { presence: 'enter', eventTimeMs: SIX_O_CLOCK_MS + 45_000 },
  ]);
});

test('a reader that sends in a second what it buffered for hours tells of each visit', () => {
  const filter = createFilter(DOCK);
  const receivedAt = 7200;
  const buffered = [0, 1, 2, 3600, 3601].map((at) => tagRead({ at, receivedAt }));
  const { kept, removed } = filter.judge(buffered, monotonicAt(receivedAt));
  expect(kept).toMatchObject([
    { presence: 'enter', eventTimeMs: SIX_O_CLOCK_MS },
    { presence: 'exit', eventTimeMs: SIX_O_CLOCK_MS + 2000, readCount: 3 },
    { presence: 'enter', eventTimeMs: SIX_O_CLOCK_MS + 3_600_000 },
  ]);
  expect(removed).toEqual(['dock-doors', 'dock-doors', 'dock-doors']);
});

test('a buffered read that comes while the pallet is there again is kept, and does not stretch the visit', () => {
  const filter = createFilter(DOCK);
  read(filter, tagRead({ at: 3600 }));
  const late = tagRead({ at: 60, receivedAt: 3601 });
  expect(read(filter, late)).toEqual({ kept: [late], removed: [] });
  expect(filter.tick(monotonicAt(3630))?.kept).toMatchObject([
    { presence: 'exit', firstSeenMs: SIX_O_CLOCK_MS + 3_600_000, readCount: 1 },
  ]);
});

test('reads that overtake each other by a moment are of one visit, which ends with the newest', () => {
  const filter = createFilter(DOCK);
  read(filter, tagRead({ at: 2 }));
  read(filter, tagRead({ at: 1.5, receivedAt: 2.1 }));
  expect(filter.tick(monotonicAt(33))?.kept).toMatchObject([
    { eventTimeMs: SIX_O_CLOCK_MS + 2000, readCount: 2 },
  ]);
});

test('G10 clock: an exit is timed by the monotonic clock, whatever is done to the wall clock', () => {
  const filter = createFilter(DOCK);
  const noTime = { timeQuality: 'receive' } as const;
  filter.judge([tagRead({ at: 0, ...noTime })], monotonicAt(0));
  // An hour is added to the wall clock, which is all that this reader has for a time.
  filter.judge([tagRead({ at: 3601, ...noTime })], monotonicAt(1));
  expect(filter.tick(monotonicAt(30))).toBeUndefined();
  expect(filter.tick(monotonicAt(31))?.kept).toMatchObject([{ readCount: 2 }]);
});

test('G12 complete-until: an exit is received when it is made, and keeps the time of the last read', () => {
  const filter = createFilter(DOCK);
  filter.judge([tagRead({ at: 0, timeQuality: 'receive' })], monotonicAt(0));
  expect(filter.tick(monotonicAt(30.2))?.kept).toMatchObject([
    {
      eventTimeMs: SIX_O_CLOCK_MS,
      receiveTimeMs: SIX_O_CLOCK_MS + 30_200,
      timeQuality: 'device',
    },
  ]);
});

test('what the reader or an earlier rule has condensed goes on as it is', () => {
  const filter = createFilter(DOCK);
  const events = (['enter', 'exit', 'enter'] as const).map((presence) =>
    tagRead({ at: 0, presence }),
  );
  expect(filter.judge(events, monotonicAt(0))).toEqual({ kept: events, removed: [] });
});

test('G7 bounded: the thing that was read the longest ago makes room, and has its exit', () => {
  const filter = createFilter(DOCK, { thingsMax: 2 });
  read(filter, tagRead({ at: 0, parcelId: 'a' }));
  read(filter, tagRead({ at: 1, parcelId: 'b' }));
  read(filter, tagRead({ at: 2, parcelId: 'a' }));
  expect(read(filter, tagRead({ at: 3, parcelId: 'c' })).kept).toMatchObject([
    { parcelId: 'b', presence: 'exit' },
    { parcelId: 'c', presence: 'enter' },
  ]);
});

test('G2 no-loss: a summary that the disk did not take is told by the next read, and the visit goes on', () => {
  const filter = createFilter(rulesOf('[{ name: a, condense: { exitAfterS: 30, everyS: 20 } }]'));
  read(filter, tagRead({ at: 0 }));
  read(filter, tagRead({ at: 10 }));
  const { kept } = read(filter, tagRead({ at: 20 }));
  expect(kept).toMatchObject([{ readCount: 2 }]);
  filter.forget(kept);
  expect(read(filter, tagRead({ at: 21 })).kept).toMatchObject([{ readCount: 3 }]);
  expect(read(filter, tagRead({ at: 22 })).kept).toEqual([]);
});

test('at a stop in good order whatever is there has its exit: nobody looks any more', () => {
  const filter = createFilter(DOCK);
  read(filter, tagRead({ at: 0 }));
  read(filter, tagRead({ at: 5, parcelId: CRATE }));
  expect(filter.flush(monotonicAt(6))?.kept).toMatchObject([
    { parcelId: PALLET, presence: 'exit', eventTimeMs: SIX_O_CLOCK_MS },
    { parcelId: CRATE, presence: 'exit' },
  ]);
  expect(filter.flush(monotonicAt(6))).toBeUndefined();
});

test('after a crash a pallet that had entered is still there, and has its exit when nobody sees it again', () => {
  const filter = createFilter(DOCK);
  const before = [
    tagRead({ at: 0, presence: 'enter' }),
    tagRead({ at: 0, presence: 'enter', parcelId: CRATE }),
    tagRead({ at: 9, presence: 'exit', parcelId: CRATE }),
    tagRead({ at: 0, presence: 'enter', parcelId: 'standing' }),
  ];
  // The machine was started again: that was before this boot.
  before.forEach((event) => filter.remember(event, -5000));

  // Half a minute from the first look on is given to each, however long the gateway was away.
  expect(filter.tick(monotonicAt(600))).toBeUndefined();
  const standing = tagRead({ at: 20, receivedAt: 610, parcelId: 'standing' });
  expect(read(filter, standing)).toEqual({ kept: [], removed: ['dock-doors'] });
  expect(filter.tick(monotonicAt(629))).toBeUndefined();
  expect(filter.tick(monotonicAt(630))?.kept).toMatchObject([
    { parcelId: PALLET, presence: 'exit', eventTimeMs: SIX_O_CLOCK_MS, readCount: 1 },
  ]);
  expect(filter.tick(monotonicAt(640))?.kept).toMatchObject([
    { parcelId: 'standing', presence: 'exit', readCount: 2 },
  ]);
});

test('after a crash a summary that was kept says that the pallet was there until then', () => {
  const filter = createFilter(DOCK);
  filter.remember(tagRead({ at: 0, presence: 'enter' }), 0);
  filter.remember(tagRead({ at: 60, readCount: 40 }), 60_000);
  expect(filter.flush(monotonicAt(61))?.kept).toMatchObject([
    { presence: 'exit', eventTimeMs: SIX_O_CLOCK_MS + 60_000, readCount: 41 },
  ]);
});
