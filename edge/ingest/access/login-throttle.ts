/**
 * Slows guessing down: after some wrong logins the next one from that address waits before it is looked at, twice
 * as long each time, and sooner where it is for the same user. Nobody is locked out: other addresses do not notice,
 * and a device whose login is remembered (`passwords.ts`) does not come by here.
 */

type Entry = { failures: number; nextMs: number; lastMs: number };

/** A device with an old password, a person's typing errors. */
const PAIR_FREE = 3;
/** Many devices may come from one address, by a router. */
const ADDRESS_FREE = 20;
const DELAY_MS_MIN = 250;
const DELAY_MS_MAX = 8000;
/** Who would have to wait longer comes again: a connection that waits takes the place of another. */
const WAIT_MS_MAX = 20_000;
const FORGET_MS = 15 * 60_000;
const ENTRIES_MAX = 10_000;

export class LoginThrottle {
  readonly #monotonic: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** How long that login has to wait, and takes the place; `undefined` when it would be too long. */
  reserve(address: string, user: string): number | undefined {
    const nowMs = this.#monotonic();
    const both = [
      { entry: this.#entry(keyOf(address, user), nowMs), free: PAIR_FREE },
      { entry: this.#entry(address, nowMs), free: ADDRESS_FREE },
    ];
    const waitMs = Math.max(0, ...both.map(({ entry }) => (entry?.nextMs ?? nowMs) - nowMs));
    if (waitMs > WAIT_MS_MAX) return undefined;
    for (const { entry, free } of both) {
      if (entry !== undefined) entry.nextMs = nowMs + waitMs + delayMs(entry.failures - free);
    }
    return waitMs;
  }

  failed(address: string, user: string): void {
    const nowMs = this.#monotonic();
    this.#fail(keyOf(address, user), PAIR_FREE, nowMs);
    this.#fail(address, ADDRESS_FREE, nowMs);
  }

  /** The address stays suspect: who guesses may know one password. */
  passed(address: string, user: string): void {
    this.#entries.delete(keyOf(address, user));
  }

  #entry(key: string, nowMs: number): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || nowMs - entry.lastMs <= FORGET_MS) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #fail(key: string, free: number, nowMs: number): void {
    const entry = this.#entry(key, nowMs) ?? { failures: 0, nextMs: nowMs, lastMs: nowMs };
    entry.failures++;
    entry.lastMs = nowMs;
    entry.nextMs = Math.max(entry.nextMs, nowMs + delayMs(entry.failures - free));
    // The one that failed last is the last to be forgotten.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size <= ENTRIES_MAX) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** Of the login after so many failures beyond those that are free. */
function delayMs(failures: number): number {
  return failures < 0 ? 0 : Math.min(DELAY_MS_MIN * 2 ** failures, DELAY_MS_MAX);
}

/** An address has no line end. */
function keyOf(address: string, user: string): string {
  return `${address}\n${user}`;
}
