import type { TallyError } from '#shared/errors.ts';

/** Messages that wait to be taken. */
export class MessageQueue<Message> {
  readonly #messages: Message[] = [];
  #error: TallyError | undefined;
  #wake: () => void = () => {};

  get length(): number {
    return this.#messages.length;
  }

  push(message: Message): void {
    this.#messages.push(message);
    this.#wake();
  }

  /** Nothing more will come. */
  fail(error: TallyError): void {
    this.#error ??= error;
    this.#wake();
  }

  async take(max: number, signal: AbortSignal): Promise<Message[]> {
    while (this.#messages.length === 0 && !signal.aborted) {
      if (this.#error !== undefined) throw this.#error;
      await this.#pushed(signal);
    }
    return this.#messages.splice(0, max);
  }

  async #pushed(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    signal.removeEventListener('abort', wake);
  }
}
