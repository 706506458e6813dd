import type { Event, ScanEvent } from '#shared/event.ts';

import { deviceMsOf } from './moment.ts';
import { RecentMap } from './recent-map.ts';
import type { Action, Emit } from './rule.ts';

export type CondenseSettings = {
  readonly exitAfterS: number;
  readonly everyS?: number | undefined;
  readonly by: 'device' | readonly ('device' | 'antenna')[];
};

/** A thing that is in front of a reader. */
type Visit = {
  readonly firstSeenMs: number;
  /** The read that is the newest by the reader's time. */
  last: ScanEvent;
  seenAtMs: number;
  toldAtMs: number;
  reads: number;
  readsUntold: number;
  peakRssiDbm: number | undefined;
};

/**
 * The rule `condense`: an RFID reader sees a tag several times a second for as long as it is there, which is one visit.
 *
 * ```
 *   reads     │ ││ │││ ││ │ │                      exitAfterS
 *   kept      enter        a summary every …S     ├──────────► exit
 * ```
 *
 * The first read is kept at once, as `enter`; later ones are removed. When the thing was not seen for `exitAfterS`, an `exit`
 * is made: its time is that of the last read, and it says when the first was, how many there were and the strongest signal.
 * Where `everyS` is set, a read in so many seconds is kept for all those since the last that was kept.
 *
 * Gone is also what the reader itself saw again only after `exitAfterS`: readers replay what they buffered, hours within
 * seconds. A read from long before the visit is of another one, and kept as it is.
 */
export class Condense implements Action {
  readonly #visits: RecentMap<Visit>;
  readonly #exitAfterMs: number;
  readonly #everyMs: number;
  readonly #isByAntenna: boolean;
  /** When reads were first heard of: nobody was listening before. */
  #listeningSinceMs: number | undefined;

  constructor({ exitAfterS, everyS, by }: CondenseSettings, thingsMax: number) {
    this.#visits = new RecentMap(thingsMax);
    this.#exitAfterMs = exitAfterS * 1000;
    this.#everyMs = (everyS ?? Number.POSITIVE_INFINITY) * 1000;
    this.#isByAntenna = by.includes('antenna');
  }

  judge(event: Event, nowMs: number, emit: Emit): Event | undefined {
    // What has a presence was condensed already, by the reader or by an earlier rule.
    if (event.kind !== 'scan' || event.presence !== undefined) return event;
    this.#listeningSinceMs ??= nowMs;
    const name = this.#nameOf(event);
    const visit = this.#visits.get(event.deviceId, name);
    if (visit === undefined) return this.#enter(event, nowMs, emit);

    const deviceMs = deviceMsOf(event);
    const lastMs = deviceMsOf(visit.last);
    const aheadMs = deviceMs === undefined || lastMs === undefined ? 0 : deviceMs - lastMs;
    if (this.#isGone(visit, nowMs) || aheadMs >= this.#exitAfterMs) {
      this.#visits.delete(event.deviceId, name);
      emit(exitOf(visit));
      return this.#enter(event, nowMs, emit);
    }
    if (deviceMs !== undefined && deviceMs <= visit.firstSeenMs - this.#exitAfterMs) return event;
    this.#visits.use(event.deviceId, name);
    return this.#seeAgain(visit, aheadMs < 0 ? visit.last : event, { event, nowMs });
  }

  /** Those not seen for long enough are the first in the order of use. */
  tick(nowMs: number, emit: Emit): void {
    this.#listeningSinceMs ??= nowMs;
    for (;;) {
      const oldest = this.#visits.oldest();
      if (oldest === undefined || !this.#isGone(oldest, nowMs)) return;
      this.#visits.takeOldest();
      emit(exitOf(oldest));
    }
  }

  /** Nobody looks from now on: what is there was last seen when it was last read. */
  flush(_nowMs: number, emit: Emit): void {
    for (let visit = this.#visits.takeOldest(); visit !== undefined;) {
      emit(exitOf(visit));
      visit = this.#visits.takeOldest();
    }
  }

  remember(event: Event, atMs: number): void {
    if (event.kind !== 'scan') return;
    const { deviceId } = event;
    const name = this.#nameOf(event);
    if (event.presence === 'enter') {
      this.#visits.set(deviceId, name, visitOf(event, atMs));
    } else if (event.presence === 'exit') {
      this.#visits.delete(deviceId, name);
    } else {
      const visit = this.#visits.use(deviceId, name);
      if (visit === undefined) return;
      see(visit, event, atMs);
      visit.last = event;
      visit.toldAtMs = atMs;
      visit.readsUntold = 0;
    }
  }

  forget(event: Event): void {
    if (event.kind !== 'scan') return;
    const name = this.#nameOf(event);
    if (event.presence === 'enter') this.#visits.delete(event.deviceId, name);
    if (event.presence !== undefined || this.#everyMs === Number.POSITIVE_INFINITY) return;
    const visit = this.#visits.get(event.deviceId, name);
    if (visit === undefined) return;
    // It was kept for others: the next read is kept for them.
    visit.readsUntold += event.readCount ?? 1;
    visit.toldAtMs = Number.NEGATIVE_INFINITY;
  }

  #enter(event: ScanEvent, nowMs: number, emit: Emit): ScanEvent {
    const gone = this.#visits.set(event.deviceId, this.#nameOf(event), visitOf(event, nowMs));
    if (gone !== undefined) emit(exitOf(gone));
    return { ...event, presence: 'enter' };
  }

  #seeAgain(
    visit: Visit,
    newest: ScanEvent,
    { event, nowMs }: { readonly event: ScanEvent; readonly nowMs: number },
  ): ScanEvent | undefined {
    see(visit, event, nowMs);
    visit.last = newest;
    if (nowMs - visit.toldAtMs < this.#everyMs) return undefined;
    visit.toldAtMs = nowMs;
    const summary = withReads(event, visit.readsUntold, visit.peakRssiDbm);
    visit.readsUntold = 0;
    return summary;
  }

  /** A thing that was there before a restart has `exitAfterS` from the first look to be seen again. */
  #isGone({ seenAtMs }: Visit, nowMs: number): boolean {
    const sinceMs = Math.max(seenAtMs, this.#listeningSinceMs ?? seenAtMs);
    return nowMs - sinceMs >= this.#exitAfterMs;
  }

  #nameOf({ antenna, parcelId }: ScanEvent): string {
    return this.#isByAntenna && antenna !== undefined ? `${parcelId}\0${antenna}` : parcelId;
  }
}

function visitOf(event: ScanEvent, nowMs: number): Visit {
  return {
    firstSeenMs: event.eventTimeMs,
    last: event,
    seenAtMs: nowMs,
    toldAtMs: nowMs,
    reads: event.readCount ?? 1,
    readsUntold: 0,
    peakRssiDbm: event.rssiDbm,
  };
}

function see(visit: Visit, { readCount = 1, rssiDbm }: ScanEvent, nowMs: number): void {
  visit.seenAtMs = nowMs;
  visit.reads += readCount;
  visit.readsUntold += readCount;
  if (rssiDbm !== undefined) visit.peakRssiDbm = Math.max(visit.peakRssiDbm ?? rssiDbm, rssiDbm);
}

function exitOf({ last, firstSeenMs, reads, peakRssiDbm }: Visit): ScanEvent {
  return { ...withReads(last, reads, peakRssiDbm), presence: 'exit', firstSeenMs };
}

function withReads(
  event: ScanEvent,
  readCount: number,
  peakRssiDbm: number | undefined,
): ScanEvent {
  return peakRssiDbm === undefined
    ? { ...event, readCount }
    : { ...event, readCount, rssiDbm: peakRssiDbm };
}
