/** What waits to be sent to one subscriber, first in, first out, with how much memory it takes. */
import { bytesOf, type Publication, type Qos } from './publication.ts';

export type Waiting = {
  readonly publication: Publication;
  readonly qos: Qos;
  /** It was kept for those who subscribe later, and is sent for that. */
  readonly isRetained: boolean;
};

/** Taken entries are let go of in runs of so many. */
const COMPACT_AT = 256;

export class SendQueue {
  #waiting: (Waiting | undefined)[] = [];
  #first = 0;
  #bytes = 0;

  get length(): number {
    return this.#waiting.length - this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#bytes += bytesOf(waiting.publication);
  }

  shift(): Waiting | undefined {
    const waiting = this.#waiting[this.#first];
    if (waiting === undefined) return undefined;
    this.#waiting[this.#first++] = undefined;
    this.#bytes -= bytesOf(waiting.publication);
    if (this.#first >= COMPACT_AT && this.#first * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return waiting;
  }

  clear(): void {
    this.#waiting = [];
    this.#first = 0;
    this.#bytes = 0;
  }
}
