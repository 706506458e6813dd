/**
 * A rate as a mean that forgets: what happened a window ago weighs 1/e of what happens now. It is right from the first
 * interval on, because the weights of what was seen are known, and however unequal the intervals are.
 */
export class Rate {
  readonly #windowMs: number;
  #weighted = 0;
  #weight = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** So much happened in the last `elapsedMs`, which is more than 0. */
  add(amount: number, elapsedMs: number): void {
    const kept = Math.exp(-elapsedMs / this.#windowMs);
    this.#weighted = this.#weighted * kept + (amount / elapsedMs) * (1 - kept);
    this.#weight = this.#weight * kept + (1 - kept);
  }

  /** 0 until something was added. */
  get perS(): number {
    return this.#weight === 0 ? 0 : (this.#weighted / this.#weight) * 1000;
  }
}
