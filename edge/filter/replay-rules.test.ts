import { expect, test } from 'vitest';

import type { Event, EventClock } from '#shared/event.ts';

import { replayRules } from './replay-rules.ts';
import { storedEvents, Timeline } from './stored-events.ts';
import {
  measured,
  monotonicAt,
  notUnderstood,
  rulesOf,
  SIX_O_CLOCK_MS,
  status,
  tagRead,
} from './testing/depot.ts';

const clock = (bootId: string, monotonicMs: number): { clock: EventClock } => ({
  clock: { bootId, monotonicMs, trust: 'synced' },
});

test('new rules say of what is stored how much each would have removed, by kind, and what is left', async () => {
  const rules = rulesOf(`
- { name: dock, match: { device: fx9600-* }, condense: { exitAfterS: 30 } }
- { name: twice, duplicates: { windowS: 5 } }
- { name: hot, drop: { when: 'readings.temperature > 30' } }
- { name: idle, match: { kind: position }, sample: { oneIn: 2 } }
`);
  const stored = [
    ...[0, 1, 2].map((at) => tagRead({ at })),
    status({ at: 3 }, { online: true, timeQuality: 'receive' }),
    status({ at: 4 }, { online: true, timeQuality: 'receive' }),
    measured({ at: 60 }, { temperature: 31 }),
    measured({ at: 61 }, { temperature: 'n/a' }),
    measured({ at: 62 }, { temperature: 'broken' }),
    notUnderstood(90),
  ].map((event) => ({ event, monotonicMs: event.receiveTimeMs }));

  expect(await replayRules(stored, rules)).toEqual({
    events: 9,
    made: 1,
    kept: 6,
    keptByKind: { scan: 2, status: 1, reading: 2, raw: 1 },
    removed: 4,
    rules: [
      { name: 'dock', seen: 3, removed: 2, removedByKind: { scan: 2 }, faults: 0 },
      { name: 'twice', seen: 7, removed: 1, removedByKind: { status: 1 }, faults: 0 },
      {
        name: 'hot',
        seen: 6,
        removed: 1,
        removedByKind: { reading: 1 },
        faults: 2,
        fault: 'no such overload: dyn<string> > int',
      },
      { name: 'idle', seen: 0, removed: 0, removedByKind: {}, faults: 0 },
    ],
  });
});

test('events are replayed from any source, one after the other', async () => {
  async function* source() {
    yield { event: tagRead({ at: 0 }), monotonicMs: monotonicAt(0) };
    yield await Promise.resolve({ event: tagRead({ at: 1 }), monotonicMs: monotonicAt(1) });
  }
  const rules = rulesOf('[{ name: twice, duplicates: { windowS: 5 } }]');
  expect(await replayRules(source(), rules)).toMatchObject({ events: 2, kept: 1, removed: 1 });
  expect(await replayRules([], rules)).toMatchObject({ events: 0, made: 0, kept: 0, removed: 0 });
});

test('G10 clock: within a boot the monotonic clock tells how much later an event is, and between boots the wall clock', () => {
  const timeline = new Timeline();
  const at = (event: Event): number => timeline.monotonicMs(event);
  expect(at(tagRead({ at: 0, ...clock('aaaaaaaaaaaa', 5000) }))).toBe(0);
  // The wall clock was set by an hour; a second has passed.
  expect(at(tagRead({ at: 3601, ...clock('aaaaaaaaaaaa', 6000) }))).toBe(1000);
  expect(at(tagRead({ at: 3661, ...clock('bbbbbbbbbbbb', 20) }))).toBe(61_000);
  expect(at(tagRead({ at: 3661, ...clock('bbbbbbbbbbbb', 25) }))).toBe(61_005);
  // Started again with a clock that is behind, and once more without any.
  expect(at(tagRead({ at: 10, ...clock('cccccccccccc', 900) }))).toBe(61_005);
  expect(at(tagRead({ at: 11 }))).toBe(62_005);
  expect(at(tagRead({ at: 5 }))).toBe(62_005);
});

test('only what the gateway took since a time is replayed', () => {
  const stretches = [
    { events: [tagRead({ at: 0 }), tagRead({ at: 10 })] },
    { events: [tagRead({ at: 0, receivedAt: 20 })] },
  ];
  expect([...storedEvents(stretches, SIX_O_CLOCK_MS + 10_000)]).toMatchObject([
    { event: { receiveTimeMs: SIX_O_CLOCK_MS + 10_000 }, monotonicMs: 10_000 },
    { event: { eventTimeMs: SIX_O_CLOCK_MS }, monotonicMs: 20_000 },
  ]);
});
