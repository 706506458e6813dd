/**
 * What is written to one subscriber: gathered within a turn of the event loop, and bounded. It is shut while the
 * device has more than `outputBytesMax` not taken, or takes nothing for a second; it opens when all is taken.
 */
import type { Duplex } from 'node:stream';

import type { Clock } from '#shared/clock.ts';

import type { DeliveryLimits } from './limits.ts';

export type OutboxOptions = {
  readonly stream: Duplex;
  readonly clock: Clock;
  readonly limits: Pick<DeliveryLimits, 'outputBytesMax' | 'stallMs'>;
  /** It was shut, and is open again. */
  readonly onOpen: () => void;
};

/** A device that takes nothing for so long gets nothing more until it does. */
const PATIENCE_MS = 1000;

export class Outbox {
  readonly #options: OutboxOptions;
  #packets: Buffer[] = [];
  #bytes = 0;
  #isShut = false;
  /** When it was first seen that the device does not take all. */
  #fullSinceMs: number | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    options.stream.on('drain', () => this.#drained());
  }

  /** Whether more may be sent. */
  get isOpen(): boolean {
    if (this.#isShut) return false;
    const { stream, limits } = this.#options;
    // It must be sure to open again: by what is to be written yet, or by a drain.
    const isFull = stream.writableLength + this.#bytes >= limits.outputBytesMax;
    this.#isShut = isFull && (this.#packets.length > 0 || stream.writableNeedDrain);
    return !this.#isShut;
  }

  send(packet: Buffer): void {
    if (this.#packets.length === 0) queueMicrotask(() => this.#flush());
    this.#packets.push(packet);
    this.#bytes += packet.length;
  }

  /** Whether the device has taken nothing for too long. Asked about once a second. */
  isStalled(): boolean {
    const { stream, clock, limits } = this.#options;
    if (!stream.writableNeedDrain) {
      this.#fullSinceMs = undefined;
      return false;
    }
    const nowMs = clock.monotonic();
    this.#fullSinceMs ??= nowMs;
    const fullMs = nowMs - this.#fullSinceMs;
    this.#isShut ||= fullMs > PATIENCE_MS;
    return fullMs > limits.stallMs;
  }

  #drained(): void {
    this.#fullSinceMs = undefined;
    if (!this.#isShut) return;
    this.#isShut = false;
    this.#options.onOpen();
  }

  #flush(): void {
    const packets = this.#packets;
    this.#packets = [];
    this.#bytes = 0;
    const { stream } = this.#options;
    if (!stream.writable) return;
    stream.write(packets.length === 1 ? packets[0] : Buffer.concat(packets));
    // A buffer that was never full announces no drain.
    if (this.#isShut && !stream.writableNeedDrain) this.#drained();
  }
}
