import type { Clock } from './clock.ts';

/** "There may be something to do": raised by whoever, waited for by one loop. A raise is never missed. */
export class Signal {
  #raised = false;
  #waiting: AbortController | undefined;

  raise(): void {
    this.#raised = true;
    this.#waiting?.abort();
  }

  /** Resolves when raised since the last wait, after `ms`, or when `signal` aborts. */
  async wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
    if (!this.#raised) {
      const waiting = new AbortController();
      this.#waiting = waiting;
      const abort = (): void => waiting.abort();
      signal.addEventListener('abort', abort, { once: true });
      await clock.sleep(signal.aborted ? 0 : ms, waiting.signal);
      signal.removeEventListener('abort', abort);
      this.#waiting = undefined;
    }
    this.#raised = false;
  }
}
