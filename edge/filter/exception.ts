import type { Event, Reading } from '#shared/event.ts';

import { globMatcher } from './glob.ts';
import { apartMs, deviceMsOf, type Moment } from './moment.ts';
import { RecentMap } from './recent-map.ts';
import type { Action } from './rule.ts';

export type ExceptionSettings = {
  readonly absolute?: number | undefined;
  readonly percent?: number | undefined;
  readonly hysteresis?: number | undefined;
  readonly everyS?: number | undefined;
  readonly readings?: readonly string[] | undefined;
};

type Reported = Moment & {
  readonly value: Reading['value'];
  /** Which way the value went when it was reported: 1 up, -1 down, 0 not known. */
  readonly direction: number;
};

/**
 * The rule `exception`, report by exception: readings are kept when one of them has changed since it was kept last, or that
 * is so long ago. They are kept as they came together: a message of several is kept whole or not at all.
 *
 * A number has changed when it differs by `absolute` or by `percent` of the value that was kept, where either is set, and
 * otherwise when it differs; text and truth when they differ. A number that turns round must go further by `hysteresis`, so
 * that one that swings between two values is not reported each time. A message none of whose readings is named goes on.
 */
export class Exception implements Action {
  readonly #reported: RecentMap<Reported>;
  readonly #settings: ExceptionSettings;
  readonly #everyMs: number;
  readonly #isNamed: (name: string) => boolean;

  constructor(settings: ExceptionSettings, thingsMax: number) {
    this.#settings = settings;
    this.#everyMs = (settings.everyS ?? Number.POSITIVE_INFINITY) * 1000;
    this.#isNamed = globMatcher(settings.readings ?? ['*']);
    this.#reported = new RecentMap(thingsMax);
  }

  judge(event: Event, nowMs: number): Event | undefined {
    if (event.kind !== 'reading') return event;
    const { deviceId, readings } = event;
    let named = 0;
    for (const reading of readings) {
      if (!this.#isNamed(reading.name)) continue;
      named++;
      const last = this.#reported.use(deviceId, reading.name);
      if (last === undefined || this.#hasChanged(last, reading.value))
        return this.#keep(event, nowMs);
      if (apartMs(last, event, nowMs) >= this.#everyMs) return this.#keep(event, nowMs);
    }
    return named === 0 ? event : undefined;
  }

  remember(event: Event, atMs: number): void {
    if (event.kind !== 'reading') return;
    const { deviceId } = event;
    const deviceMs = deviceMsOf(event);
    for (const reading of event.readings) {
      if (!this.#isNamed(reading.name)) continue;
      const { name, value } = reading;
      const direction = directionOf(this.#reported.get(deviceId, name), value);
      this.#reported.set(deviceId, name, {
        monotonicMs: atMs,
        deviceMs,
        value,
        direction,
      });
    }
  }

  forget(event: Event): void {
    if (event.kind !== 'reading') return;
    for (const reading of event.readings) this.#reported.delete(event.deviceId, reading.name);
  }

  #keep(event: Event, nowMs: number): Event {
    this.remember(event, nowMs);
    return event;
  }

  #hasChanged(last: Reported, value: Reading['value']): boolean {
    if (typeof value !== 'number' || typeof last.value !== 'number') return value !== last.value;
    if (value === last.value) return false;
    const { absolute, percent, hysteresis = 0 } = this.#settings;
    const turnsRound = last.direction * (value - last.value) < 0;
    const change = (Math.abs(value - last.value) - (turnsRound ? hysteresis : 0)) * ROUNDING;
    if (absolute === undefined && percent === undefined) return change > 0;
    return (
      change >= (absolute ?? Number.POSITIVE_INFINITY) ||
      change >= (Math.abs(last.value) * (percent ?? Number.POSITIVE_INFINITY)) / 100
    );
  }
}

/** 4.6 less 4.1 is, in binary, a little less than a half. */
const ROUNDING = 1 + 1e-9;

/** A value that was reported again because of the time goes on as it went. */
function directionOf(last: Reported | undefined, value: Reading['value']): number {
  if (last === undefined || typeof value !== 'number' || typeof last.value !== 'number') return 0;
  return value === last.value ? last.direction : Math.sign(value - last.value);
}
