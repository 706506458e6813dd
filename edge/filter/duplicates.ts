import type { Event } from '#shared/event.ts';

import { contentIdentity } from './identity.ts';
import { apartMs, momentOf, type Moment } from './moment.ts';
import { RecentMap } from './recent-map.ts';
import type { Action } from './rule.ts';

/**
 * The rule `duplicates`: of what a device says again within a window, the first is kept. The window begins with what was
 * kept and does not move: a thing that lies in the beam for an hour is told once a window.
 *
 * A scan is said again when device, thing, read point, action and step are the same; anything else when the device says the
 * same values, of the same time where it gives one.
 */
export class Duplicates implements Action {
  readonly #kept: RecentMap<Moment>;
  readonly #windowMs: number;

  constructor({ windowS }: { readonly windowS: number }, thingsMax: number) {
    this.#windowMs = windowS * 1000;
    this.#kept = new RecentMap(thingsMax);
  }

  judge(event: Event, nowMs: number): Event | undefined {
    const name = nameOf(event);
    const known = this.#kept.get(event.deviceId, name);
    if (known !== undefined && apartMs(known, event, nowMs) < this.#windowMs) return undefined;
    this.tick(nowMs);
    this.#kept.set(event.deviceId, name, momentOf(event, nowMs));
    return event;
  }

  /** Forgets what is past its window: the oldest were kept first. */
  tick(nowMs: number): void {
    for (;;) {
      const oldest = this.#kept.oldest();
      if (oldest === undefined || nowMs - oldest.monotonicMs < this.#windowMs) return;
      this.#kept.takeOldest();
    }
  }

  remember(event: Event, atMs: number): void {
    this.#kept.set(event.deviceId, nameOf(event), momentOf(event, atMs));
  }

  forget(event: Event): void {
    this.#kept.delete(event.deviceId, nameOf(event));
  }
}

/** A scan is of its thing whenever it was; two measurements of two times are two. */
function nameOf(event: Event): string {
  const content = contentIdentity(event);
  return event.kind === 'scan' || event.timeQuality !== 'device'
    ? content
    : `${content}\0${event.eventTimeMs}`;
}
