import type { Event } from '#shared/event.ts';

import { streamOf } from './identity.ts';
import { apartMs, deviceMsOf, type Moment } from './moment.ts';
import { RecentMap } from './recent-map.ts';
import type { Action } from './rule.ts';

export type SampleSettings = {
  readonly everyS?: number | undefined;
  readonly oneIn?: number | undefined;
};

type Sampled = Moment & { skipped: number };

/**
 * The rule `sample`: of each stream one event in so many seconds is kept, or one in so many. A stream is what a device says
 * of one kind: readings of the same names; scans of the same thing, so that no thing is lost for others that were read. The
 * first of a stream is kept.
 */
export class Sample implements Action {
  readonly #streams: RecentMap<Sampled>;
  readonly #everyMs: number;
  readonly #oneIn: number;

  constructor({ everyS, oneIn }: SampleSettings, thingsMax: number) {
    this.#streams = new RecentMap(thingsMax);
    this.#everyMs = (everyS ?? Number.POSITIVE_INFINITY) * 1000;
    this.#oneIn = oneIn ?? Number.POSITIVE_INFINITY;
  }

  judge(event: Event, nowMs: number): Event | undefined {
    const last = this.#streams.use(event.deviceId, streamOf(event));
    if (last !== undefined && apartMs(last, event, nowMs) < this.#everyMs) {
      last.skipped++;
      if (last.skipped < this.#oneIn) return undefined;
    }
    this.remember(event, nowMs);
    return event;
  }

  remember(event: Event, atMs: number): void {
    this.#streams.set(event.deviceId, streamOf(event), {
      monotonicMs: atMs,
      deviceMs: deviceMsOf(event),
      skipped: 0,
    });
  }

  forget(event: Event): void {
    this.#streams.delete(event.deviceId, streamOf(event));
  }
}
