/** The clock of a running gateway: notices when it is set, and asks now and then whether it is right. */
import type { Clock } from '#shared/clock.ts';
import type { ClockTrust } from '#shared/event.ts';

import type { Boot } from './boot.ts';
import { STEP_MS_MIN, type ClockEvents, type ClockReading, type GatewayClock } from './clock.ts';
import type { TimeSource } from './time-source.ts';

export type GatewayClockParts = {
  /** The machine's. */
  readonly clock: Clock;
  readonly boot: Boot;
  readonly source: TimeSource;
  readonly events: ClockEvents;
  /** A time that is known to be past. A clock that is behind it is not believed until a source confirms it. */
  readonly floorMs?: number | undefined;
};

/** A gateway's clock that is watched. Disposing ends the watch; it can still be read. */
export type WatchedClock = GatewayClock &
  AsyncDisposable & {
    /** Calls `listener` soon after each change of the reading, never within a call of ours. Returns how to end that. */
    onChange(listener: () => void): () => void;
  };

/** A gateway's clock cannot show what is before this software was written: 2025-01-01T00:00:00Z. */
const PAST_MS = 1_735_689_600_000;
const POLL_MS = 2000;
/** How long a source is waited for. */
const ANSWER_MS = 3000;
/** Two clocks that are read together are read within this, or the thread was held up in between. */
const TOGETHER_MS = 0.1;
const TRIES_MAX = 10;

/** Resolves when the source was asked once, or has been waited for. */
export async function openGatewayClock(parts: GatewayClockParts): Promise<WatchedClock> {
  const clock = new SteppingClock(parts);
  await clock.open();
  return clock;
}

class SteppingClock implements WatchedClock {
  readonly #clock: Clock;
  readonly #source: TimeSource;
  readonly #events: ClockEvents;
  readonly #bootId: string;
  readonly #floorMs: number;
  /** What the clock's monotonic time is less than that since the boot. */
  readonly #sinceBootMs: number;
  #reading: ClockReading;
  /** How often the clock was set: what was asked before a step is not answered after it. */
  #steps = 0;
  #asking: Promise<boolean> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  #sleeping = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  constructor({ clock, boot, source, events, floorMs = 0 }: GatewayClockParts) {
    this.#clock = clock;
    this.#source = source;
    this.#events = events;
    this.#bootId = boot.bootId;
    this.#floorMs = floorMs;
    const { monotonicMs, otherMs } = together(
      () => clock.monotonic(),
      () => boot.monotonicMs(),
    );
    this.#sinceBootMs = otherMs - monotonicMs;
    this.#reading = this.#read(false);
  }

  async open(): Promise<void> {
    const isConfirmed = await this.#isConfirmed();
    this.#reading = this.#read(isConfirmed);
    this.#events.clockFound(this.#reading);
    this.#watching = this.#watch();
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(ms, signal);
  }

  reading(): ClockReading {
    const { offsetMs } = this.#reading;
    const driftMs = this.#clock.now() - this.#clock.monotonic() - this.#sinceBootMs - offsetMs;
    if (driftMs >= STEP_MS_MIN || driftMs <= -STEP_MS_MIN) this.#step();
    return this.#reading;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#sleeping.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    let steps = this.#steps;
    while (!signal.aborted) {
      // Whoever sets the clock is a source, or followed by one: it is asked at once.
      if (steps === this.#steps) await this.#clock.sleep(POLL_MS, this.#sleeping.signal);
      if (signal.aborted) return;
      this.#sleeping = new AbortController();
      this.reading();
      steps = this.#steps;
      const isConfirmed = await this.#isConfirmed();
      if (!signal.aborted) this.#judge(isConfirmed);
    }
  }

  /** The clock was set, or we were held up between reading the one and the other. */
  #step(): void {
    const before = this.#reading;
    const after = this.#read(false);
    const stepMs = after.offsetMs - before.offsetMs;
    if (Math.abs(stepMs) < STEP_MS_MIN) return;
    this.#steps++;
    this.#source.forget();
    this.#reading = after;
    this.#events.clockStepped({ stepMs, trust: after.trust });
    if (after.trust !== before.trust) this.#events.clockTrustChanged(before.trust, after.trust);
    this.#changed();
    this.#sleeping.abort();
  }

  #judge(isConfirmed: boolean): void {
    const steps = this.#steps;
    this.reading();
    const { trust } = this.#reading;
    const fresh = this.#read(isConfirmed && steps === this.#steps);
    if (fresh.trust === trust) return;
    this.#reading = fresh;
    this.#events.clockTrustChanged(trust, fresh.trust);
    this.#changed();
  }

  #changed(): void {
    // A listener may ask whoever is asking us right now.
    for (const listener of this.#listeners)
      queueMicrotask(() => {
        if (this.#listeners.has(listener)) listener();
      });
  }

  /** What the source says of the clock as it stands; no while it does not answer. */
  async #isConfirmed(): Promise<boolean> {
    const { signal } = this.#closing;
    const waiting = new AbortController();
    const stop = (): void => waiting.abort();
    signal.addEventListener('abort', stop, { once: true });
    const late = this.#clock.sleep(ANSWER_MS, waiting.signal).then(() => false);
    try {
      // A question that hangs is not asked a second time beside itself.
      this.#asking ??= this.#ask();
      return await Promise.race([this.#asking, late]);
    } finally {
      stop();
      signal.removeEventListener('abort', stop);
    }
  }

  async #ask(): Promise<boolean> {
    const steps = this.#steps;
    try {
      const isConfirmed = await this.#source.confirms(this.#closing.signal);
      // A step that nobody has noticed yet counts too.
      this.reading();
      return isConfirmed && steps === this.#steps;
    } catch {
      // A source that fails has confirmed nothing.
      return false;
    } finally {
      this.#asking = undefined;
    }
  }

  #read(isConfirmed: boolean): ClockReading {
    const { monotonicMs, otherMs: wallMs } = together(
      () => this.#clock.monotonic(),
      () => this.#clock.now(),
    );
    return Object.freeze({
      bootId: this.#bootId,
      offsetMs: Math.round(wallMs - monotonicMs - this.#sinceBootMs),
      trust: this.#trustIn(wallMs, isConfirmed),
    });
  }

  #trustIn(wallMs: number, isConfirmed: boolean): ClockTrust {
    if (wallMs < PAST_MS) return 'unset';
    if (isConfirmed) return 'synced';
    return wallMs < this.#floorMs ? 'unset' : 'holdover';
  }
}

/** What two clocks say at one moment: of a few tries the one in which the thread was held up least. */
function together(
  monotonic: () => number,
  other: () => number,
): { readonly monotonicMs: number; readonly otherMs: number } {
  let least = Number.POSITIVE_INFINITY;
  let best = { monotonicMs: 0, otherMs: 0 };
  for (let tries = 0; tries < TRIES_MAX && least > TOGETHER_MS; tries++) {
    const beforeMs = monotonic();
    const otherMs = other();
    const tookMs = monotonic() - beforeMs;
    if (tookMs < least) best = { monotonicMs: beforeMs + tookMs / 2, otherMs };
    least = Math.min(least, tookMs);
  }
  return best;
}
