export type Rate = {
  readonly perSecond: number;
  /** At once, after a pause. */
  readonly burst: number;
};

const MS_PER_SECOND = 1000;

/** So many a second, and as many as `burst` at once. It may be overdrawn, and is then asked how long to wait. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes so many, also when there are not. */
  take(count: number): void {
    this.#tokens -= count;
  }

  /** Takes one if there is one. */
  tryTake(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** How long until nothing is overdrawn, whole milliseconds. */
  waitMs(nowMs: number): number {
    if (this.#tokens >= 0 && this.#atMs === nowMs) return 0;
    this.#refill(nowMs);
    return this.#tokens >= 0
      ? 0
      : Math.ceil((-this.#tokens * MS_PER_SECOND) / this.#rate.perSecond);
  }

  isFull(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= this.#rate.burst;
  }

  #refill(nowMs: number): void {
    const { perSecond, burst } = this.#rate;
    const gained = ((nowMs - this.#atMs) * perSecond) / MS_PER_SECOND;
    this.#tokens = Math.min(burst, this.#tokens + gained);
    this.#atMs = nowMs;
  }
}
