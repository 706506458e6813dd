/** Streams in memory, for tests and benchmarks of what stands behind them. */
import type { DeadLetter, IngestMessage, Streams } from './streams.ts';

export type MemoryStreams = Streams & {
  readonly deadLetters: DeadLetter[];
  readonly receipts: { readonly gateway: string; readonly receipt: Uint8Array }[];
  /** Stream sequence numbers, in the order of their acknowledgement. */
  readonly acknowledged: number[];
};

export type MemoryMessage = Pick<IngestMessage, 'subject' | 'data' | 'streamSeq'>;

/** Delivers the messages in their order, a subscription each time from the first; then nothing until the signal aborts. */
export function memoryStreams(
  messages: readonly MemoryMessage[],
  onAck: (count: number) => void,
): MemoryStreams {
  const deadLetters: DeadLetter[] = [];
  const receipts: { gateway: string; receipt: Uint8Array }[] = [];
  const acknowledged: number[] = [];
  const deliver = (message: MemoryMessage): IngestMessage => ({
    ...message,
    ack: () => {
      acknowledged.push(message.streamSeq);
      onAck(acknowledged.length);
    },
  });
  return {
    deadLetters,
    receipts,
    acknowledged,
    verify: () => Promise.resolve(),
    subscribe: () => {
      let next = 0;
      return Promise.resolve({
        incarnation: 'memory',
        take: (max, signal) => {
          const taken = messages.slice(next, next + max).map(deliver);
          next += taken.length;
          return taken.length > 0 ? Promise.resolve(taken) : aborted(signal);
        },
      });
    },
    deadLetter: (entry) => {
      deadLetters.push(entry);
      return Promise.resolve();
    },
    publishReceipt: (gateway, receipt) => void receipts.push({ gateway, receipt }),
    askedLedgers: () => ({
      take: (_, signal) => aborted(signal),
      [Symbol.dispose]: () => {},
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Nothing, when the signal aborts. */
async function aborted(signal: AbortSignal): Promise<never[]> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  if (!signal.aborted) await promise;
  return [];
}
