/** Asks the encoding thread for batches. */
import { Worker } from 'node:worker_threads';

import { TallyError } from '#shared/errors.ts';

import type { EncoderOptions, FromEncoder, ToEncoder } from './batch-messages.ts';
import type { BatchMaker, BatchRequest, OutboundBatch } from './uplink.ts';

/** A batch, its events and its columns, a few times over (G7). */
const ENCODER_HEAP = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8 } as const;

type Waiting = {
  readonly resolve: (batch: OutboundBatch) => void;
  readonly reject: (error: TallyError) => void;
};

export function startBatchMaker(options: EncoderOptions): BatchMaker {
  return new ThreadedBatchMaker(
    new Worker(new URL('./batch-worker.ts', import.meta.url), {
      workerData: options,
      resourceLimits: ENCODER_HEAP,
    }),
  );
}

class ThreadedBatchMaker implements BatchMaker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: TallyError | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answer: FromEncoder) => this.#answered(answer));
    worker.on('error', (cause) =>
      this.#failAll(
        new TallyError('stop', 'journal-unusable', 'the encoding thread died', { cause }),
      ),
    );
    worker.on('exit', () =>
      this.#failAll(new TallyError('stop', 'journal-unusable', 'the encoding thread ended')),
    );
  }

  make(request: BatchRequest): Promise<OutboundBatch> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    const message: ToEncoder = { id, request };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(message);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  #answered(answer: FromEncoder): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('batch' in answer) waiting?.resolve(answer.batch);
    else waiting?.reject(new TallyError('retry', answer.code, answer.error));
  }

  #failAll(error: TallyError): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
