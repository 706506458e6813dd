/**
 * Runs the site's mappings in a thread of their own, so that an expression which loops, or takes all memory, costs the
 * message that it was given and nothing else: the thread is ended and started anew (G7).
 */
import { Worker } from 'node:worker_threads';

import type { Clock } from '#shared/clock.ts';

import type { Decoded, FormatInput } from '../decode.ts';
import type { FromMapper, MappingOptions, ToMapper } from './mapping-messages.ts';

const HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 } as const;
/** The expression ends itself long before (`mapping.ts`), unless it hangs in one function, such as a regular expression. */
const ANSWER_MS_MAX = 2000;
/** Until a new thread has read its code. */
const START_MS_MAX = 10_000;
const LOOK_MS = 250;

const TOO_MUCH = 'mapping: expected an expression that ends in time and memory';

type Waiting = ToMapper & { readonly resolve: (decoded: Decoded) => void };

export class MappingThread implements AsyncDisposable {
  readonly #options: MappingOptions;
  readonly #clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly #waiting: Waiting[] = [];
  readonly #stopping = new AbortController();
  #worker: Worker;
  #lastId = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isWatching = false;
  #progressMs = 0;
  #hasAnswered = false;

  constructor(options: MappingOptions, clock: Pick<Clock, 'monotonic' | 'sleep'>) {
    this.#options = options;
    this.#clock = clock;
    this.#worker = this.#start();
  }

  /** Answers in the order of the questions. */
  map(expression: number, input: FormatInput): Promise<Decoded> {
    const answer = new Promise<Decoded>((resolve) => {
      // A copy: the payload is the receiver's until this returns.
      const message = { ...input.message, payload: new Uint8Array(input.message.payload) };
      const waiting: Waiting = {
        id: ++this.#lastId,
        expression,
        input: { ...input, message },
        resolve,
      };
      this.#waiting.push(waiting);
      this.#send(waiting);
      void this.#watch();
    });
    this.#last = answer;
    return answer;
  }

  /** Answers what was asked, then ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    this.#stopping.abort();
    await this.#worker.terminate();
  }

  #start(): Worker {
    this.#hasAnswered = false;
    this.#progressMs = this.#clock.monotonic();
    const worker = new Worker(new URL('./mapping-worker.ts', import.meta.url), {
      workerData: this.#options,
      resourceLimits: HEAP,
    });
    worker.on('message', (answer: FromMapper) => {
      if (worker === this.#worker) this.#answered(answer);
    });
    // Out of memory, or a fault: `exit` follows.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (worker === this.#worker && !this.#stopping.signal.aborted) this.#startAnew();
    });
    return worker;
  }

  #send({ id, expression, input }: Waiting): void {
    const message: ToMapper = { id, expression, input };
    this.#worker.postMessage(message);
  }

  #answered({ id, decoded }: FromMapper): void {
    this.#hasAnswered = true;
    this.#progressMs = this.#clock.monotonic();
    const first = this.#waiting[0];
    if (first?.id !== id) return;
    this.#waiting.shift();
    first.resolve(decoded);
  }

  /** The one that the thread was busy with is given up; the others are asked again. */
  #startAnew(): void {
    this.#waiting.shift()?.resolve(TOO_MUCH);
    const old = this.#worker;
    this.#worker = this.#start();
    void old.terminate();
    for (const waiting of this.#waiting) this.#send(waiting);
  }

  async #watch(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    if (this.#hasAnswered) this.#progressMs = this.#clock.monotonic();
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      await this.#clock.sleep(LOOK_MS, this.#stopping.signal);
      const limitMs = this.#hasAnswered ? ANSWER_MS_MAX : START_MS_MAX;
      if (this.#waiting.length === 0) break;
      if (this.#clock.monotonic() - this.#progressMs >= limitMs) this.#startAnew();
    }
    this.#isWatching = false;
  }
}
