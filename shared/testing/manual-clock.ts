import type { Clock } from '../clock.ts';

/** A clock that a test turns: time stands still until `advance`. */
export type ManualClock = Clock & {
  /** Moves both clocks on and wakes who slept long enough, in order; lets what they do settle. */
  advance(ms: number): Promise<void>;
};

export function manualClock(startMs = 1_795_420_800_000): ManualClock {
  let elapsedMs = 0;
  const sleepers = new Set<{ readonly wakeMs: number; readonly wake: () => void }>();
  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = {
          wakeMs: elapsedMs + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        if (signal?.aborted === true) resolve();
        else {
          sleepers.add(sleeper);
          signal?.addEventListener('abort', sleeper.wake, { once: true });
        }
      }),
    async advance(ms) {
      const endMs = elapsedMs + ms;
      await settle();
      for (;;) {
        const [next] = [...sleepers].sort((a, b) => a.wakeMs - b.wakeMs);
        if (next === undefined || next.wakeMs > endMs) break;
        elapsedMs = Math.max(elapsedMs, next.wakeMs);
        next.wake();
        await settle();
      }
      elapsedMs = endMs;
      await settle();
    },
  };
}

/** Lets promises that can settle without time passing do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
