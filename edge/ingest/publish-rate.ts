import type { Limits } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * How fast one client may publish. Messages are counted as they come, and the client is not read on while it has
 * overdrawn; a second's worth may come at once.
 */
export class PublishRate {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;

  constructor(
    { messagesPerSecond, bytesPerSecond }: Pick<Limits, 'messagesPerSecond' | 'bytesPerSecond'>,
    nowMs: number,
  ) {
    this.#messages = new TokenBucket(
      { perSecond: messagesPerSecond, burst: messagesPerSecond },
      nowMs,
    );
    this.#bytes = new TokenBucket({ perSecond: bytesPerSecond, burst: bytesPerSecond }, nowMs);
  }

  count(bytes: number): void {
    this.#messages.take(1);
    this.#bytes.take(bytes);
  }

  /** How long the client is not to be read, milliseconds. */
  waitMs(nowMs: number): number {
    return Math.max(this.#messages.waitMs(nowMs), this.#bytes.waitMs(nowMs));
  }

  /** Nothing is used up. */
  isFull(nowMs: number): boolean {
    return this.#messages.isFull(nowMs) && this.#bytes.isFull(nowMs);
  }
}
