/**
 * What a scan says happened, by the site's config: a device, an antenna or a read point that a device names stands at a
 * place where something is done. Nothing of this is guessed from a payload.
 */
import type { Event, ScanEvent } from '#shared/event.ts';

/** One entry of the config. The first that fits a scan counts. */
export type ReadPoint = {
  /** The device's id; absent: any. */
  readonly device?: string | undefined;
  /** Its antenna ports; absent: any, and devices that have none. */
  readonly antennas?: readonly number[] | undefined;
  /** What the device itself must say its read point is; absent: whatever it says. */
  readonly said?: string | undefined;
  readonly readPoint?: string | undefined;
  readonly location?: string | undefined;
  readonly bizStep?: string | undefined;
};

/** Gives a scan its read point, location and business step; other events are as they were. */
export function readPointsOf(entries: readonly ReadPoint[]): (event: Event) => Event {
  if (entries.length === 0) return (event) => event;
  const anywhere = entries.filter(({ device }) => device === undefined);
  const devices = new Map<string, readonly ReadPoint[]>();
  for (const { device } of entries) {
    if (device === undefined || devices.has(device)) continue;
    devices.set(
      device,
      entries.filter((entry) => entry.device === undefined || entry.device === device),
    );
  }
  return (event) => {
    if (event.kind !== 'scan') return event;
    const candidates = devices.get(event.deviceId) ?? anywhere;
    const entry = candidates.find((candidate) => fits(candidate, event));
    return entry === undefined ? event : placed(event, entry);
  };
}

function fits({ antennas, said }: ReadPoint, { antenna, readPoint }: ScanEvent): boolean {
  if (said !== undefined && said !== readPoint) return false;
  return antennas === undefined || (antenna !== undefined && antennas.includes(antenna));
}

function placed(event: ScanEvent, { readPoint, location, bizStep }: ReadPoint): ScanEvent {
  return {
    ...event,
    ...(readPoint === undefined ? undefined : { readPoint }),
    ...(location === undefined ? undefined : { location }),
    ...(bizStep === undefined ? undefined : { bizStep }),
    ...(readPoint === undefined || event.readPoint === undefined || event.readPoint === readPoint
      ? undefined
      : // What the device said is kept: the config may be wrong.
        { attributes: { ...event.attributes, saidReadPoint: event.readPoint } }),
  };
}
