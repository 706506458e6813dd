/**
 * What all connections share: how much is unsettled, how much memory unfinished packets hold, and who waits to
 * be read until there is less of it (G7).
 */

/** Enough for a second of a fast gateway; each costs about half a kilobyte until it is settled. */
const UNSETTLED_MESSAGES_MAX = 65_536;
const UNSETTLED_BYTES_MAX = 64 * 1024 * 1024;
/** Of packets that have not come whole. */
const HELD_BYTES_MAX = 64 * 1024 * 1024;

/** A connection that is not read for now. */
export type Waiting = { wake(): void };

export class Intake {
  readonly #waiting = new Set<Waiting>();
  #messages = 0;
  #bytes = 0;
  #heldBytes = 0;
  #stopped = false;
  #idle: (() => void) | undefined;

  get unsettled(): number {
    return this.#messages;
  }

  /** Whether connections may be read. */
  get isOpen(): boolean {
    return (
      !this.#stopped && this.#messages < UNSETTLED_MESSAGES_MAX && this.#bytes < UNSETTLED_BYTES_MAX
    );
  }

  /** Wakes `waiting` once, when the intake is open again. First come, first woken. */
  wait(waiting: Waiting): void {
    this.#waiting.add(waiting);
  }

  forget(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  begin(bytes: number): void {
    this.#messages++;
    this.#bytes += bytes;
  }

  settle(bytes: number): void {
    this.#messages--;
    this.#bytes -= bytes;
    if (this.#messages === 0) this.#idle?.();
    if (this.#waiting.size > 0 && this.isOpen) this.#wakeAll();
  }

  /** Counts memory that an unfinished packet takes; whether there was room. A negative number gives it back. */
  hold(bytes: number): boolean {
    if (bytes > 0 && this.#heldBytes + bytes > HELD_BYTES_MAX) return false;
    this.#heldBytes += bytes;
    return true;
  }

  /** From now on nothing is read. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
  }

  /** Resolves when nothing is unsettled. One may wait for it at a time. */
  async idle(): Promise<void> {
    if (this.#messages === 0) return;
    const idle = Promise.withResolvers<void>();
    this.#idle = idle.resolve;
    await idle.promise;
  }

  #wakeAll(): void {
    const woken = [...this.#waiting];
    this.#waiting.clear();
    for (const each of woken) each.wake();
  }
}
