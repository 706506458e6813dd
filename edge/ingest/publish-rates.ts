import type { Limits } from './limits.ts';
import { PublishRate } from './publish-rate.ts';

/** That are remembered without a connection. */
const IDLE_MAX = 1000;

type Kept = { readonly rate: PublishRate; connections: number };

/** How fast each client may publish, by client id: who connects again does not get what it has used up. */
export class PublishRates {
  readonly #limits: Limits;
  readonly #monotonic: () => number;
  readonly #kept = new Map<string, Kept>();
  #idle = 0;

  constructor(limits: Limits, monotonic: () => number) {
    this.#limits = limits;
    this.#monotonic = monotonic;
  }

  /** For a connection that then calls `release`. */
  take(clientId: string): PublishRate {
    let kept = this.#kept.get(clientId);
    if (kept === undefined) {
      kept = { rate: new PublishRate(this.#limits, this.#monotonic()), connections: 0 };
      this.#kept.set(clientId, kept);
    } else if (kept.connections === 0) this.#idle--;
    kept.connections++;
    return kept.rate;
  }

  release(clientId: string): void {
    const kept = this.#kept.get(clientId);
    if (kept === undefined || --kept.connections > 0) return;
    this.#idle++;
    if (kept.rate.isFull(this.#monotonic()) || this.#idle > IDLE_MAX) this.#forget(clientId);
  }

  #forget(clientId: string): void {
    this.#kept.delete(clientId);
    this.#idle--;
  }
}
