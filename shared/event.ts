/**
 * The canonical event: one observation at a depot, the same on the gateway, on the wire and in the cloud.
 *
 * Times are integers: milliseconds since 1970-01-01T00:00:00Z. Strings are well-formed Unicode without
 * U+0000, so that UTF-8 and PostgreSQL's `text` carry them unchanged. Numbers are finite and never -0.
 * An optional field that is absent is absent as a key, never `undefined`: two equal events are deeply equal.
 */

export const EVENT_KINDS = ['scan', 'position', 'reading', 'status', 'raw'] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * Where `eventTimeMs` comes from, and whether to believe it.
 * - `device`: the device said so; of what a filter rule made, also when the gateway took the last of what it tells of.
 * - `receive`: the device gave no time; it is the gateway's receive time.
 * - `implausible`: the device said so, but its clock was not set (before 2015) or runs ahead of the
 *   gateway by more than a day. The value is kept; order falls back to the receive time.
 */
export const TIME_QUALITIES = ['device', 'receive', 'implausible'] as const;

export type TimeQuality = (typeof TIME_QUALITIES)[number];

/**
 * How far the gateway's wall clock was to be believed when it took a message (G10).
 * - `synced`: a time source had confirmed it in this boot.
 * - `holdover`: it is plausible, kept by a battery clock or since the source was lost, and not confirmed.
 * - `unset`: it is known to be wrong, before 2025 or behind the newest event that was stored.
 */
export const CLOCK_TRUSTS = ['synced', 'holdover', 'unset'] as const;

export type ClockTrust = (typeof CLOCK_TRUSTS)[number];

/** Twelve lower-case hexadecimal digits. */
export const BOOT_ID_PATTERN = /^[0-9a-f]{12}$/u;

/**
 * What the gateway's clocks said when it took a message (G10). Within a boot, `monotonicMs` tells what came
 * after what, and how much later, whatever happened to the wall clock.
 */
export type EventClock = {
  /** The first 48 bits of the kernel's boot id: see `BOOT_ID_PATTERN`. */
  readonly bootId: string;
  /** Whole milliseconds since that boot, when the gateway took the message. */
  readonly monotonicMs: number;
  readonly trust: ClockTrust;
  /** Not 0: `receiveTimeMs` is what the wall clock said plus this. Absent when it is what the clock said. */
  readonly correctionMs?: number;
};

type EventBase = {
  /** Lower-case id of `[a-z0-9-]`, 1 to 64 characters. Empty only on a `raw` event whose device is unknown. */
  readonly deviceId: string;
  /** When it happened, by the device's own clock where `timeQuality` is `device`. */
  readonly eventTimeMs: number;
  readonly timeQuality: TimeQuality;
  /** The offset the device wrote with its time, in minutes east of UTC (`Z` is 0). Absent for epoch numbers. */
  readonly utcOffsetMin?: number;
  /** When the gateway took the message, by the gateway's clock; corrected where `clock` says so. */
  readonly receiveTimeMs: number;
  /** Absent when the gateway did not tell. */
  readonly clock?: EventClock;
  /** Fields of the payload that the canonical event has no place for, as text; never empty when present. */
  readonly attributes?: Readonly<Record<string, string>>;
};

export type ScanEvent = EventBase & {
  readonly kind: 'scan';
  /** What the label said, untouched. */
  readonly data: string;
  /** The identifier the label carries, normalised once: see `identifiers/identify.ts`. */
  readonly parcelId: string;
  readonly symbology?: string;
  /** Where it was read: what the device said, or what the site's config says of the device and antenna. */
  readonly readPoint?: string;
  readonly operator?: string;
  readonly action?: string;
  /** The device's own counter: a whole number from 0. */
  readonly deviceSeq?: number;
  /** The place that the read point belongs to. From the config, never guessed. */
  readonly location?: string;
  /** What a scan at that read point means, a word of CBV 2.0 where one fits (`arriving`, `loading`, …). From the config. */
  readonly bizStep?: string;
  /** The reader's antenna port: a whole number from 0 to 65535. */
  readonly antenna?: number;
  /** The strongest of the reads. */
  readonly rssiDbm?: number;
  /** Reads that this event stands for, where it is more than one or the reader says so: a whole number from 0. */
  readonly readCount?: number;
  /**
   * Of a condensed scan: `enter` is the first read, `exit` the last one before the thing was gone. Absent: one read.
   */
  readonly presence?: Presence;
  /** Of an `exit`: when the thing was read first; `eventTimeMs` is when it was read last. */
  readonly firstSeenMs?: number;
};

export const PRESENCES = ['enter', 'exit'] as const;

export type Presence = (typeof PRESENCES)[number];

export type PositionEvent = EventBase & {
  readonly kind: 'position';
  /** Degrees, WGS 84; -90 to 90 and -180 to 180. */
  readonly lat: number;
  readonly lon: number;
  readonly speedKmh?: number;
  /** Degrees clockwise from north, 0 up to but not including 360. */
  readonly headingDeg?: number;
  readonly altitudeM?: number;
  readonly accuracyM?: number;
  readonly satellites?: number;
  readonly hdop?: number;
  /** What the device itself thinks of the fix; `false`: it distrusts it. */
  readonly valid?: boolean;
};

export type Reading = {
  readonly name: string;
  readonly value: number | string | boolean;
  /** UN/ECE Recommendation 20 common code where the device follows it (`CEL`, `P1`, …). */
  readonly unit?: string;
};

export type ReadingEvent = EventBase & {
  readonly kind: 'reading';
  /** At least one. */
  readonly readings: readonly Reading[];
};

export type StatusEvent = EventBase & {
  readonly kind: 'status';
  readonly online?: boolean;
  readonly batteryPct?: number;
};

/** A message nobody understood: kept whole, with the reason, so that nothing acknowledged is lost. */
export type RawEvent = EventBase & {
  readonly kind: 'raw';
  /** `<field>: <what was expected>`, for a person to read. */
  readonly reason: string;
  readonly topic: string;
  readonly payload: Uint8Array;
};

export type Event = ScanEvent | PositionEvent | ReadingEvent | StatusEvent | RawEvent;

/** 2015-01-01T00:00:00Z: the clock of a device that says less was never set. */
const CLOCK_SET_MS = 1_420_070_400_000;
const AHEAD_MS_MAX = 86_400_000;

/** What a time that a device said is worth, by the gateway's clock. */
export function deviceTimeQuality(eventTimeMs: number, receiveTimeMs: number): TimeQuality {
  const isPlausible = eventTimeMs >= CLOCK_SET_MS && eventTimeMs <= receiveTimeMs + AHEAD_MS_MAX;
  return isPlausible ? 'device' : 'implausible';
}

/**
 * The time an event is ordered by (G5, G10): the device's, unless it is implausible.
 * Ties are broken by (gateway, epoch, seq), which the event does not know.
 */
export function orderTimeMs(event: Event): number {
  return event.timeQuality === 'implausible' ? event.receiveTimeMs : event.eventTimeMs;
}
