import type { Event, Reading, ReadingEvent } from '#shared/event.ts';

import { globMatcher } from './glob.ts';
import { apartMs, momentOf, type Moment } from './moment.ts';
import { RecentMap } from './recent-map.ts';
import type { Action, Emit } from './rule.ts';

export const AGGREGATE_FUNCTIONS = ['min', 'max', 'mean', 'last', 'count'] as const;

export type AggregateFunction = (typeof AGGREGATE_FUNCTIONS)[number];

export type AggregateSettings = {
  readonly windowS: number;
  readonly functions: readonly AggregateFunction[];
  readonly readings?: readonly string[] | undefined;
};

type Statistics = {
  readonly name: string;
  readonly unit: string | undefined;
  min: number;
  max: number;
  mean: number;
  last: number;
  count: number;
};

type Window = {
  readonly deviceId: string;
  readonly begin: Moment;
  last: ReadingEvent;
  readonly statistics: Map<string, Statistics>;
};

/**
 * The rule `aggregate`: the numbers that a device measures in a window become one event, with a reading for each name and
 * function: `temperature.mean`. Its time is that of the last measurement; its attributes say which rule made it and how
 * long the window is. The window of a device begins with the first measurement, and is over with the first tick or
 * measurement after its length, by the device's time too where a device sends what it has gathered.
 *
 * What is not a number, or not named by the rule, goes on as it came. What a window holds is in memory only: a crash costs
 * the windows that are open, a stop in good order does not.
 */
export class Aggregate implements Action {
  readonly #rule: string;
  readonly #settings: AggregateSettings;
  readonly #windowMs: number;
  readonly #thingsMax: number;
  readonly #windows: RecentMap<Window>;
  readonly #isNamed: (name: string) => boolean;
  #statistics = 0;

  constructor(rule: string, settings: AggregateSettings, thingsMax: number) {
    this.#rule = rule;
    this.#settings = settings;
    this.#windowMs = settings.windowS * 1000;
    this.#thingsMax = thingsMax;
    this.#windows = new RecentMap(thingsMax);
    this.#isNamed = globMatcher(settings.readings ?? ['*']);
  }

  judge(event: Event, nowMs: number, emit: Emit): Event | undefined {
    if (event.kind !== 'reading') return event;
    const gathers = (reading: Reading): boolean =>
      typeof reading.value === 'number' && this.#isNamed(reading.name);
    if (!event.readings.some(gathers)) return event;

    const window = this.#windowOf(event, nowMs, emit);
    for (const reading of event.readings) {
      const { name, value, unit } = reading;
      if (typeof value === 'number' && gathers(reading)) this.#add(window, { name, value, unit });
    }
    window.last = event;
    while (this.#statistics > this.#thingsMax) this.#closeOldest(emit);
    const rest = event.readings.filter((reading) => !gathers(reading));
    return rest.length === 0 ? undefined : { ...event, readings: rest };
  }

  tick(nowMs: number, emit: Emit): void {
    for (;;) {
      const oldest = this.#windows.oldest();
      if (oldest === undefined || nowMs - oldest.begin.monotonicMs < this.#windowMs) return;
      this.#closeOldest(emit);
    }
  }

  flush(_nowMs: number, emit: Emit): void {
    while (this.#windows.size > 0) this.#closeOldest(emit);
  }

  /** Windows stand in the order in which they began: nothing is put before another for being used. */
  #windowOf(event: ReadingEvent, nowMs: number, emit: Emit): Window {
    const { deviceId } = event;
    const known = this.#windows.get(deviceId, '');
    if (known !== undefined) {
      if (apartMs(known.begin, event, nowMs) < this.#windowMs) return known;
      this.#windows.delete(deviceId, '');
      this.#close(known, emit);
    }
    const window: Window = {
      deviceId,
      begin: momentOf(event, nowMs),
      last: event,
      statistics: new Map(),
    };
    const gone = this.#windows.set(deviceId, '', window);
    if (gone !== undefined) this.#close(gone, emit);
    return window;
  }

  #add({ statistics }: Window, { name, value, unit }: Measured): void {
    // Degrees of two scales are not to be mixed.
    const key = `${name}\0${unit ?? ''}`;
    const known = statistics.get(key);
    if (known === undefined) {
      this.#statistics++;
      statistics.set(key, {
        name,
        unit,
        min: value,
        max: value,
        mean: value,
        last: value,
        count: 1,
      });
      return;
    }
    known.count++;
    known.min = Math.min(known.min, value);
    known.max = Math.max(known.max, value);
    // Neither a sum nor a difference, which of very large numbers would not be finite.
    known.mean = known.mean * ((known.count - 1) / known.count) + value / known.count;
    known.last = value;
  }

  #closeOldest(emit: Emit): void {
    const oldest = this.#windows.takeOldest();
    if (oldest !== undefined) this.#close(oldest, emit);
  }

  #close({ last, statistics }: Window, emit: Emit): void {
    this.#statistics -= statistics.size;
    const { functions, windowS } = this.#settings;
    const readings = [...statistics.values()].flatMap((each) =>
      functions.map((name) => readingOf(each, name)),
    );
    const attributes = { ...last.attributes, aggregate: this.#rule, windowS: String(windowS) };
    emit({ ...last, readings, attributes });
  }
}

type Measured = {
  readonly name: string;
  readonly value: number;
  readonly unit: string | undefined;
};

/** More digits of a mean are noise of its arithmetic. */
const MEAN_DIGITS = 12;

function readingOf(statistics: Statistics, name: AggregateFunction): Reading {
  const value =
    name === 'mean' ? Number(statistics.mean.toPrecision(MEAN_DIGITS)) : statistics[name];
  const reading = { name: `${statistics.name}.${name}`, value: value === 0 ? 0 : value };
  return statistics.unit === undefined || name === 'count'
    ? reading
    : { ...reading, unit: statistics.unit };
}
