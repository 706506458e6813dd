/** `TimeColumns` of `batch.proto`: when the events of one kind happened. */
import type { Event, TimeQuality } from '#shared/event.ts';
import { TIME_QUALITIES } from '#shared/event.ts';
import { unzigzag, zigzag } from '#shared/varint.ts';

import type { tallyport } from '../gen/tallyport.js';
import { malformed } from './malformed.ts';
import { decodeUints, UintColumnEncoder } from './uint-column.ts';

type Wire = tallyport.v1.ITimeColumns;

const SECOND_MS = 1000;
/** Twice what a `Date` can hold: far from where a double stops being exact. */
const TIME_MS_MAX = 2 * 8.64e15;

export class TimeColumnsEncoder {
  readonly #events: Event[] = [];
  #unitMs = SECOND_MS;

  push(event: Event): void {
    this.#events.push(event);
    if (event.timeQuality !== 'receive' && event.eventTimeMs % this.#unitMs !== 0) this.#unitMs = 1;
  }

  finish(): Wire | undefined {
    if (this.#events.length === 0) return undefined;
    const lag = new UintColumnEncoder();
    const quality = new UintColumnEncoder();
    const utcOffset = new UintColumnEncoder();
    for (const event of this.#events) {
      const received = Math.floor(event.receiveTimeMs / this.#unitMs);
      lag.push(
        event.timeQuality === 'receive' ? 0 : zigzag(received - event.eventTimeMs / this.#unitMs),
      );
      quality.push(TIME_QUALITIES.indexOf(event.timeQuality));
      utcOffset.push(event.utcOffsetMin === undefined ? 0 : 1 + zigzag(event.utcOffsetMin));
    }
    return {
      unitMs: this.#unitMs,
      lag: lag.finish(),
      quality: quality.finish(),
      utcOffset: utcOffset.finish(),
    };
  }
}

export type EventTime = {
  readonly eventTimeMs: number;
  readonly timeQuality: TimeQuality;
  readonly utcOffsetMin?: number;
  readonly receiveTimeMs: number;
};

/** The times of the events that were received at `receiveTimesMs`. */
export function decodeTimes(
  wire: Wire | null | undefined,
  receiveTimesMs: readonly number[],
  column: string,
): EventTime[] {
  const count = receiveTimesMs.length;
  const unitMs =
    wire?.unitMs === undefined || wire.unitMs === null || wire.unitMs === 0 ? 1 : wire.unitMs;
  const lags = decodeUints(wire?.lag ?? new Uint8Array(), count, `${column}.lag`);
  const qualities = decodeUints(wire?.quality ?? new Uint8Array(), count, `${column}.quality`);
  const offsets = decodeUints(wire?.utcOffset ?? new Uint8Array(), count, `${column}.utc_offset`);
  return receiveTimesMs.map((receiveTimeMs, i) => {
    const timeQuality = TIME_QUALITIES[qualities[i] ?? 0];
    if (timeQuality === undefined) throw malformed(`${column}.quality`, 'expected 0, 1 or 2');
    const eventTimeMs =
      timeQuality === 'receive'
        ? receiveTimeMs
        : (Math.floor(receiveTimeMs / unitMs) - unzigzag(lags[i] ?? 0)) * unitMs;
    if (!(Math.abs(eventTimeMs) <= TIME_MS_MAX))
      throw malformed(`${column}.lag`, 'expected a time a calendar can hold');
    const offset = offsets[i] ?? 0;
    const time = { eventTimeMs, timeQuality, receiveTimeMs };
    return offset === 0 ? time : { ...time, utcOffsetMin: unzigzag(offset - 1) };
  });
}
