/**
 * The gateway's clock: what time it is, and how far that is to be believed.
 *
 * A depot box may have no battery behind its clock: it starts in 1970, or where it was switched off, and jumps when a
 * time server answers. What never jumps is the time since the machine was started. So a reading keeps the two together.
 *
 * ```
 *   wall clock  = monotonic + offset          offset changes only when somebody sets the clock
 * ```
 *
 * How a reading is trusted
 *
 * ```
 *            plausible                      a source confirms
 *   unset ──────────────► holdover ◄──────────────────────────► synced
 *     ▲ ◄──────────────────  the source is lost, the clock was set  │
 *     └─────────── set to before 2025 ──────────────────────────────┘
 * ```
 *
 * Promises
 * - G10 clock: nothing is ordered by the wall clock. A reading says in which boot it was taken, how far the wall clock
 *   was from the monotonic one then, and whether it could be believed; so what was stamped by a wrong clock can be
 *   corrected once the clock of the same boot is right.
 * - A step is noticed by the first reading after it, and no reading that was confirmed before a step counts after it.
 * - What a time source cannot be asked, it has not confirmed. Nothing here throws or waits for it.
 */
import type { Clock } from '#shared/clock.ts';
import type { ClockTrust } from '#shared/event.ts';

export { readBoot, type Boot } from './boot.ts';

/** How the wall clock stood, from one setting of it to the next. */
export type ClockReading = {
  /** The boot of the machine: the first 48 bits of the kernel's boot id, as 12 hexadecimal digits. */
  readonly bootId: string;
  /** Wall clock less milliseconds since the boot, a whole number. */
  readonly offsetMs: number;
  readonly trust: ClockTrust;
};

/** The clock that events are stamped with. */
export type GatewayClock = Clock & {
  /** As of now; cheap enough to be asked for every message. The same object while nothing changes. */
  reading(): ClockReading;
};

/** What the clock tells of itself. None of it throws. */
export type ClockEvents = {
  /** How it stood when the gateway was started. */
  clockFound(reading: ClockReading): void;
  /** Somebody set it, by so much; `trust` is what it is given until a source is heard again. */
  clockStepped(step: { readonly stepMs: number; readonly trust: ClockTrust }): void;
  clockTrustChanged(from: ClockTrust, to: ClockTrust): void;
};

/** A step of less is drift, which time services mend by going faster or slower. */
export const STEP_MS_MIN = 500;
const TRUST_RANK: Readonly<Record<ClockTrust, number>> = { unset: 0, holdover: 1, synced: 2 };

/** Whether the wall clock was set between two readings of one boot. */
export function isStep(a: ClockReading, b: ClockReading): boolean {
  return Math.abs(a.offsetMs - b.offsetMs) >= STEP_MS_MIN;
}

/** Of two readings of one boot the one to correct by: the better believed, or else the later. */
export function betterReading(earlier: ClockReading, later: ClockReading): ClockReading {
  return TRUST_RANK[later.trust] >= TRUST_RANK[earlier.trust] ? later : earlier;
}

/**
 * What to add to a wall clock time of `reading`, milliseconds; 0 when nothing better is known of its boot. What a source
 * confirmed stands, though another setting was confirmed after it: then it was the monotonic clock that stood still,
 * with the machine asleep or its image suspended, or a leap second came between.
 */
export function correctionMs(reading: ClockReading, best: ClockReading | undefined): number {
  if (best === undefined || best.bootId !== reading.bootId || !isStep(reading, best)) return 0;
  if (reading.trust === 'synced') return 0;
  return betterReading(reading, best) === best ? best.offsetMs - reading.offsetMs : 0;
}
