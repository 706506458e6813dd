import type { Event, PositionEvent } from '#shared/event.ts';

import { apartMs, deviceMsOf, type Moment } from './moment.ts';
import { RecentMap } from './recent-map.ts';
import type { Action } from './rule.ts';

export type DeadbandSettings = {
  readonly distanceM?: number | undefined;
  readonly headingDeg?: number | undefined;
  readonly everyS?: number | undefined;
};

type Place = Moment &
  Pick<PositionEvent, 'lat' | 'lon'> & {
    readonly headingDeg: number | undefined;
    readonly valid: boolean | undefined;
  };

/**
 * The rule `deadband`: a position is kept when the device has gone so far, or turned so much, since the last that was kept,
 * or when that is so long ago. Also kept: the first, and the one where the device begins to trust its fix or no longer
 * does. Of what stands still the heading is noise.
 */
export class Deadband implements Action {
  readonly #places: RecentMap<Place>;
  readonly #distanceM: number;
  readonly #headingDeg: number;
  readonly #everyMs: number;

  constructor(settings: DeadbandSettings, thingsMax: number) {
    this.#places = new RecentMap(thingsMax);
    this.#distanceM = settings.distanceM ?? Number.POSITIVE_INFINITY;
    this.#headingDeg = settings.headingDeg ?? Number.POSITIVE_INFINITY;
    this.#everyMs = (settings.everyS ?? Number.POSITIVE_INFINITY) * 1000;
  }

  judge(event: Event, nowMs: number): Event | undefined {
    if (event.kind !== 'position') return event;
    const last = this.#places.use(event.deviceId, '');
    if (last !== undefined && !this.#tells(last, event, nowMs)) return undefined;
    this.remember(event, nowMs);
    return event;
  }

  remember(event: Event, atMs: number): void {
    if (event.kind !== 'position') return;
    const { lat, lon, headingDeg, valid } = event;
    this.#places.set(event.deviceId, '', {
      monotonicMs: atMs,
      deviceMs: deviceMsOf(event),
      lat,
      lon,
      headingDeg,
      valid,
    });
  }

  forget(event: Event): void {
    if (event.kind === 'position') this.#places.delete(event.deviceId, '');
  }

  #tells(last: Place, event: PositionEvent, nowMs: number): boolean {
    return (
      last.valid !== event.valid ||
      distanceM(last, event) >= this.#distanceM ||
      turnDeg(last, event) >= this.#headingDeg ||
      apartMs(last, event, nowMs) >= this.#everyMs
    );
  }
}

const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** Along the great circle, on a sphere: by the haversine, which is exact for what is near. */
export function distanceM(
  a: Pick<PositionEvent, 'lat' | 'lon'>,
  b: Pick<PositionEvent, 'lat' | 'lon'>,
): number {
  if (a.lat === b.lat && a.lon === b.lon) return 0;
  const sinLat = Math.sin(((b.lat - a.lat) * RADIANS) / 2);
  const sinLon = Math.sin(((b.lon - a.lon) * RADIANS) / 2);
  const h =
    sinLat * sinLat + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * sinLon * sinLon;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, Math.max(0, h))));
}

/** From one heading to another the short way round; 0 where one is not known, or the device stands. */
function turnDeg(last: Place, { headingDeg, speedKmh }: PositionEvent): number {
  if (last.headingDeg === undefined || headingDeg === undefined || speedKmh === 0) return 0;
  const turn = Math.abs(headingDeg - last.headingDeg) % 360;
  return turn > 180 ? 360 - turn : turn;
}
