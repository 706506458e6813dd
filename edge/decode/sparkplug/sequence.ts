/**
 * The sequence numbers of an edge node's messages (Sparkplug B 3.0, section 5.3): 0 to 255, one more each time, again from
 * 0. Brokers and bridges may change the order of a few messages, so a gap is a loss only once it has stayed open a while.
 */
const MODULUS = 256;
/** More than this at once did not merely change places. */
const REORDERED_MAX = 16;

export class Sequence {
  readonly #reorderMs: number;
  #next: number | undefined;
  readonly #missing = new Set<number>();
  #gapSinceMs = 0;

  constructor(reorderMs: number) {
    this.#reorderMs = reorderMs;
  }

  /** Begins anew with the number of a birth. */
  begin(seq: number): void {
    this.#missing.clear();
    this.#next = (seq + 1) % MODULUS;
  }

  /** Takes the number of a message; whether one before it is lost. Numbers count from a birth on. */
  take(seq: number, nowMs: number): 'complete' | 'lost' {
    if (this.#next === undefined) return 'lost';
    const ahead = (seq - this.#next + MODULUS) % MODULUS;
    // One that was missing, or a second copy of one that came.
    const isLate = ahead >= MODULUS - REORDERED_MAX;
    if (isLate) this.#missing.delete(seq);
    else this.#advance(ahead, nowMs);
    return this.#isLost(ahead > REORDERED_MAX && !isLate, nowMs) ? this.#giveUp() : 'complete';
  }

  #advance(ahead: number, nowMs: number): void {
    const next = this.#next ?? 0;
    if (ahead > 0 && this.#missing.size === 0) this.#gapSinceMs = nowMs;
    for (let i = 0; i < Math.min(ahead, REORDERED_MAX); i++)
      this.#missing.add((next + i) % MODULUS);
    this.#next = (next + ahead + 1) % MODULUS;
  }

  #isLost(isFar: boolean, nowMs: number): boolean {
    if (isFar) return true;
    // A clock that was set back says nothing of how long it has been: no longer is waited.
    const openMs = nowMs - this.#gapSinceMs;
    return this.#missing.size > 0 && (openMs >= this.#reorderMs || openMs < 0);
  }

  /** What is lost is told once. */
  #giveUp(): 'lost' {
    this.#missing.clear();
    return 'lost';
  }
}
