/** Latencies in buckets 2 % apart: constant memory, whatever the number. */

const STEP = Math.log(1.02);
const SMALLEST_MS = 0.001;
/** Up to more than an hour. */
const BUCKETS = 1200;

export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;

  add(ms: number): void {
    const bucket = ms <= SMALLEST_MS ? 0 : Math.ceil(Math.log(ms / SMALLEST_MS) / STEP);
    const index = Math.min(bucket, BUCKETS - 1);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#total++;
  }

  /** The latency that `share` (0 to 1) of all were within, milliseconds; 0 when there are none. */
  quantile(share: number): number {
    let left = this.#total * share;
    if (left === 0) return 0;
    for (let i = 0; i < BUCKETS; i++) {
      left -= this.#counts[i] ?? 0;
      if (left <= 0) return SMALLEST_MS * Math.exp(i * STEP);
    }
    return SMALLEST_MS * Math.exp(BUCKETS * STEP);
  }
}
