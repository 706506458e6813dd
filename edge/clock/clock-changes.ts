import type { ClockReading } from './clock.ts';
import type { WatchedClock } from './gateway-clock.ts';

/**
 * Tells each setting of the clock once, the one at the start among them: soon after it, or at the latest before `tell`
 * returns. Who stamps nothing while the clock is set hears of it too.
 */
export class ClockChanges implements Disposable {
  readonly #clock: Pick<WatchedClock, 'reading' | 'onChange'>;
  readonly #listener: () => void;
  readonly #end: () => void;
  #told: ClockReading | undefined;

  constructor(clock: Pick<WatchedClock, 'reading' | 'onChange'>, listener: () => void) {
    this.#clock = clock;
    this.#listener = listener;
    this.#end = clock.onChange(() => this.tell());
    this.tell();
  }

  tell(): void {
    const reading = this.#clock.reading();
    if (reading === this.#told) return;
    this.#told = reading;
    this.#listener();
  }

  [Symbol.dispose](): void {
    this.#end();
  }
}
