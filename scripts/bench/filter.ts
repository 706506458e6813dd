/** Filter rules on the reference mix: what they add to an event. */
import type { Event } from '#shared/event.ts';

import { filtersSchema, type FiltersConfig } from '../../edge/filter/filter-config.ts';
import type { Filter } from '../../edge/filter/filter.ts';
import { passThrough } from '../../edge/filter/pass-through.ts';
import { createFilter } from '../../edge/filter/rules.ts';
import { median, round } from './figures.ts';
import { readMixEvents } from './mix.ts';

/** What a depot turns on: the first two in any depot, the others where it has such devices. */
const RULES = filtersSchema.parse([
  { name: 'twice', match: { kind: 'scan' }, duplicates: { windowS: 3 } },
  { name: 'standing', match: { kind: 'position' }, deadband: { distanceM: 20, everyS: 300 } },
  { name: 'dock-doors', match: { device: 'fx9600-*' }, condense: { exitAfterS: 30 } },
  { name: 'same', match: { kind: 'reading' }, exception: { absolute: 0.2, everyS: 300 } },
  { name: 'tests', match: { kind: 'scan' }, drop: { when: 'parcelId.startsWith("TEST")' } },
  { name: 'yard', match: { kind: 'position' }, classify: { when: 'speedKmh < 3', as: 'status' } },
]);

const CASES = { none: 0, two: 2, six: 6 } as const;
const ROUNDS = 21;
const NS_PER_MS = 1e6;

export type FilterFigures = {
  readonly nsPerEvent: Readonly<Record<keyof typeof CASES | 'passThrough', number>>;
  readonly eventsPerSecond: Readonly<Record<keyof typeof CASES, number>>;
  /** How many times as long as without a rule. */
  readonly ratioToNone: Readonly<Record<keyof typeof CASES, number>>;
  readonly removedShare: Readonly<Record<keyof typeof CASES, number>>;
};

export async function benchFilter(mix: string): Promise<FilterFigures> {
  // As they come out of decode: one message each, and no clock yet.
  const messages = (await readMixEvents(mix)).map(({ clock: _clock, ...event }) => [
    event as Event,
  ]);
  const fresh = (count: number): (() => Filter) => {
    const rules: FiltersConfig = RULES.slice(0, count);
    return () => createFilter(rules);
  };
  const filters = {
    passThrough: () => passThrough,
    none: fresh(CASES.none),
    two: fresh(CASES.two),
    six: fresh(CASES.six),
  };
  const times = { passThrough: [], none: [], two: [], six: [] } as Record<
    keyof typeof filters,
    number[]
  >;
  // In turn, so that what slows the machine slows all of them.
  const names = Object.keys(filters) as (keyof typeof filters)[];
  for (let i = 0; i < ROUNDS; i++)
    for (const name of names) times[name].push(timed(filters[name](), messages).ms);

  const ns = (name: keyof typeof filters): number =>
    (median(times[name]) * NS_PER_MS) / messages.length;
  const each = (
    figure: (name: keyof typeof CASES) => number,
  ): Record<keyof typeof CASES, number> => ({
    none: round(figure('none')),
    two: round(figure('two')),
    six: round(figure('six')),
  });
  const figures = {
    nsPerEvent: { passThrough: round(ns('passThrough')), ...each(ns) },
    eventsPerSecond: each((name) => Math.round(1e9 / ns(name))),
    ratioToNone: each((name) => ns(name) / ns('none')),
    removedShare: each((name) => timed(filters[name](), messages).removed / messages.length),
  };
  print(figures);
  return figures;
}

function timed(
  filter: Filter,
  messages: readonly (readonly Event[])[],
): { readonly ms: number; readonly removed: number } {
  let removed = 0;
  const startMs = performance.now();
  for (const events of messages)
    removed += filter.judge(events, events[0]?.receiveTimeMs ?? 0).removed.length;
  return { ms: performance.now() - startMs, removed };
}

function print({ nsPerEvent, ratioToNone, removedShare }: FilterFigures): void {
  console.log('rules   ns an event    to none   removed');
  for (const name of ['none', 'two', 'six'] as const) {
    const cells = [
      nsPerEvent[name].toFixed(0).padStart(12),
      ratioToNone[name].toFixed(2).padStart(10),
      `${(removedShare[name] * 100).toFixed(1)} %`.padStart(9),
    ];
    console.log(`${name.padEnd(6)} ${cells.join(' ')}`);
  }
}
