/** A machine with a clock that a test turns and sets; its processes come and go, its boot stays. */
import type { Clock } from '#shared/clock.ts';
import { manualClock } from '#shared/testing/manual-clock.ts';

import type { Boot } from '../boot.ts';
import type { ClockEvents, ClockReading } from '../clock.ts';
import { openGatewayClock, type GatewayClockParts, type WatchedClock } from '../gateway-clock.ts';
import type { TimeSource } from '../time-source.ts';

export type Machine = {
  readonly boot: Boot;
  /** Sets the wall clock by so much. */
  step(ms: number): void;
  /** Lets time go by, for both clocks. */
  advance(ms: number): Promise<void>;
  /** The clock as a process sees it that starts now. */
  startProcess(): Clock;
};

export function startMachine(at: {
  readonly wallMs: number;
  readonly uptimeMs?: number;
  readonly bootId?: string;
}): Machine {
  const { wallMs, uptimeMs = 20_000, bootId = 'b007b007b007' } = at;
  const time = manualClock(0);
  let steppedMs = 0;
  return {
    boot: { bootId, monotonicMs: () => uptimeMs + time.monotonic() },
    step: (ms) => {
      steppedMs += ms;
    },
    advance: (ms) => time.advance(ms),
    startProcess: () => {
      const startMs = time.monotonic();
      return {
        now: () => wallMs + steppedMs + Math.floor(time.monotonic()),
        monotonic: () => time.monotonic() - startMs,
        sleep: (ms, signal) => time.sleep(ms, signal),
      };
    },
  };
}

/** A source that says what the test says. */
export function fakeSource(): TimeSource & { isRight: boolean; forgotten: number; asked: number } {
  return {
    isRight: false,
    forgotten: 0,
    asked: 0,
    confirms() {
      this.asked++;
      return Promise.resolve(this.isRight);
    },
    forget() {
      this.forgotten++;
    },
  };
}

export type ClockTold =
  | { readonly found: ClockReading }
  | Parameters<ClockEvents['clockStepped']>[0]
  | { readonly from: ClockReading['trust']; readonly to: ClockReading['trust'] };

/** The gateway's clock on such a machine, and what it told. */
export async function watchClock(
  machine: Machine,
  parts: Partial<GatewayClockParts> = {},
): Promise<{ readonly clock: WatchedClock; readonly told: ClockTold[] }> {
  const told: ClockTold[] = [];
  const clock = await openGatewayClock({
    clock: machine.startProcess(),
    boot: machine.boot,
    source: fakeSource(),
    events: {
      clockFound: (found) => void told.push({ found }),
      clockStepped: (step) => void told.push(step),
      clockTrustChanged: (from, to) => void told.push({ from, to }),
    },
    ...parts,
  });
  return { clock, told };
}
