/** When something was, for a rule that asks how long ago that is. */
import type { Event } from '#shared/event.ts';

/**
 * The gateway's monotonic clock counts (G10). But a device that was out of reach sends in one second what happened in
 * hours: by the gateway's clock alone, all of it but the first would be a repetition. So two things are apart when
 * either clock says so; the device's says something only where it gave the time of both and is to be believed.
 */
export type Moment = {
  readonly monotonicMs: number;
  /** Absent: the device did not say, or its clock was not set. */
  readonly deviceMs: number | undefined;
};

export function momentOf(event: Event, monotonicMs: number): Moment {
  return { monotonicMs, deviceMs: deviceMsOf(event) };
}

/** How long after the moment the event is by the gateway's clock, or how far from it by the device's, if that is more. */
export function apartMs(moment: Moment, event: Event, nowMs: number): number {
  const passedMs = nowMs - moment.monotonicMs;
  const deviceMs = deviceMsOf(event);
  if (deviceMs === undefined || moment.deviceMs === undefined) return passedMs;
  return Math.max(passedMs, Math.abs(deviceMs - moment.deviceMs));
}

export function deviceMsOf(event: Event): number | undefined {
  return event.timeQuality === 'device' ? event.eventTimeMs : undefined;
}
