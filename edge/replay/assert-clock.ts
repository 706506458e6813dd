import { TallyError } from '#shared/errors.ts';

/** No machine's clock is right before this program was made. */
const PROGRAM_MS = Date.UTC(2026, 0, 1);
const LATE_MS_MAX = 24 * 3_600_000;

/**
 * Throws where the clock of this machine cannot be right: `newestMs` is when a gateway whose clock was confirmed took its
 * newest event.
 */
export function assertClock(nowMs: number, newestMs: number | undefined): void {
  const leastMs = Math.max(PROGRAM_MS, (newestMs ?? 0) - LATE_MS_MAX);
  if (nowMs >= leastMs) return;
  throw new TallyError(
    'stop',
    'clock-wrong',
    `this machine's clock says ${new Date(nowMs).toISOString()}, and ` +
      `${newestMs === undefined ? 'that is before this program was made' : `the journal has events of ${new Date(newestMs).toISOString()}`}. Set it, and run this again`,
  );
}
