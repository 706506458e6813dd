/** Runs a few jobs at once; who waits is served by turns of the keys, so that one key with many keeps nobody waiting. */
export class FairQueue {
  readonly #atOnce: number;
  readonly #waitingMax: number;
  /** In the order of their turns; none is empty. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #waitingCount = 0;
  #running = 0;

  constructor(options: { readonly atOnce: number; readonly waitingMax: number }) {
    this.#atOnce = options.atOnce;
    this.#waitingMax = options.waitingMax;
  }

  /** What the job resolves with; `undefined`, at once, when too many wait. */
  run<T>(key: string, job: () => Promise<T>): Promise<T> | undefined {
    if (this.#running < this.#atOnce) return this.#start(job);
    if (this.#waitingCount >= this.#waitingMax) return undefined;
    const turn = Promise.withResolvers<void>();
    const others = this.#waiting.get(key);
    if (others === undefined) this.#waiting.set(key, [turn.resolve]);
    else others.push(turn.resolve);
    this.#waitingCount++;
    return this.#afterTurn(turn.promise, job);
  }

  /** `#next` has counted it already, so that nobody slips in between. */
  async #afterTurn<T>(turn: Promise<void>, job: () => Promise<T>): Promise<T> {
    await turn;
    this.#running--;
    return await this.#start(job);
  }

  async #start<T>(job: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await job();
    } finally {
      this.#running--;
      this.#next();
    }
  }

  #next(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const [key, turns] = first;
    this.#waiting.delete(key);
    const start = turns.shift();
    // Behind all others: a turn each.
    if (turns.length > 0) this.#waiting.set(key, turns);
    this.#waitingCount--;
    this.#running++;
    start?.();
  }
}
