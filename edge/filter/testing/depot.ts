/** Events as a depot sends them, for stories of rules. */
import { parseConfig } from '#shared/config.ts';
import type { Event, PositionEvent, ReadingEvent, ScanEvent, StatusEvent } from '#shared/event.ts';

import { filtersSchema, type FiltersConfig } from '../filter-config.ts';

/** 20 November 2026, 06:00 in the depot; the gateway was started an hour ago. */
export const SIX_O_CLOCK_MS = Date.UTC(2026, 10, 20, 5);
export const SIX_O_CLOCK_MONOTONIC_MS = 3_600_000;

/** Rules as they stand in a config. */
export function rulesOf(yaml: string): FiltersConfig {
  return parseConfig(yaml, 'filters.yaml', filtersSchema);
}

/** The gateway's monotonic clock, so many seconds after six. */
export function monotonicAt(seconds: number): number {
  return SIX_O_CLOCK_MONOTONIC_MS + seconds * 1000;
}

/** When the device says that it was, and when the gateway got it, in seconds after six; at once unless it says otherwise. */
type Times = { readonly at: number; readonly receivedAt?: number };

function base(deviceId: string, { at, receivedAt = at }: Times): Omit<StatusEvent, 'kind'> {
  return {
    deviceId,
    eventTimeMs: SIX_O_CLOCK_MS + at * 1000,
    receiveTimeMs: SIX_O_CLOCK_MS + receivedAt * 1000,
    timeQuality: 'device',
  };
}

export const PALLET = '00340123450000000017';
export const CRATE = '00340123450000000024';

/** A tag that the reader at dock 2 sees. */
export function tagRead(
  times: Times & Partial<Omit<ScanEvent, 'kind'>>,
  reader = 'fx9600-dock2',
): ScanEvent {
  const { at, receivedAt, parcelId = PALLET, ...fields } = times;
  const time = receivedAt === undefined ? { at } : { at, receivedAt };
  return { kind: 'scan', ...base(reader, time), data: parcelId, parcelId, ...fields };
}

export function fix(
  times: Times & Pick<PositionEvent, 'lat' | 'lon'> & Partial<Omit<PositionEvent, 'kind'>>,
): PositionEvent {
  const { at, receivedAt, ...fields } = times;
  const time = receivedAt === undefined ? { at } : { at, receivedAt };
  return { kind: 'position', ...base('truck-7', time), ...fields };
}

export function measured(
  times: Times,
  readings: Readonly<Record<string, number | string | boolean>>,
  deviceId = 'cold-16',
): ReadingEvent {
  return {
    kind: 'reading',
    ...base(deviceId, times),
    readings: Object.entries(readings).map(([name, value]) => ({ name, value })),
  };
}

export function status(times: Times, fields: Partial<StatusEvent>): StatusEvent {
  return { kind: 'status', ...base('ring-1134', times), ...fields };
}

export function notUnderstood(at: number): Event {
  return {
    kind: 'raw',
    ...base('ring-1134', { at }),
    reason: 'payload: expected JSON',
    topic: 'scan/ring-1134',
    payload: new Uint8Array([0x7b]),
  };
}
