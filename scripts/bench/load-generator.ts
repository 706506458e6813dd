/**
 * A load generator that is not the bottleneck: QoS 1 publishers on raw sockets, with packets that were encoded
 * beforehand. It is a process of its own, so that it takes nothing from the one it measures:
 *
 *   node scripts/bench/load-generator.ts --port 1883 --connections 20 --messages 1000000
 *
 * prints one line of JSON, a `LoadResult`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { LoadConnection } from './load-connection.ts';
import { LatencyHistogram } from './load-latency.ts';
import { dealByTopic, encodePublishes, readMessages, someScans } from './load-packets.ts';

export type LoadOptions = {
  readonly host?: string;
  readonly port: number;
  /** Default 20. */
  readonly connections?: number;
  /** Ends after so many messages … */
  readonly messages?: number;
  /** … or so many seconds, whichever is first. One of the two must be given. */
  readonly seconds?: number;
  /** Messages per second over all connections; default: as fast as the acknowledgements come. */
  readonly rate?: number;
  /** Messages of a connection without an acknowledgement. Default 100. */
  readonly inFlight?: number;
  /** A file of JSON lines `{"topic", "payload"}`, over and over; default: made-up scans. */
  readonly payloads?: string;
  /** Client ids are this and a number. Default `load`. */
  readonly clientIds?: string;
};

export type LoadResult = {
  readonly sent: number;
  readonly acked: number;
  /** From the first packet sent to the last acknowledgement. */
  readonly seconds: number;
  readonly perSecond: number;
  readonly ackMsP50: number;
  readonly ackMsP99: number;
};

/** How long the last acknowledgements may take. */
const DRAIN_MS_MAX = 30_000;
const RATE_TICK_MS = 5;

/**
 * Publishes until `messages` or `seconds` are reached or the signal aborts, then waits for the acknowledgements
 * that are due. Rejects when a connection is refused or lost.
 */
export async function runLoad(options: LoadOptions, signal?: AbortSignal): Promise<LoadResult> {
  const { host = '127.0.0.1', port, connections: count = 20, inFlight = 100, rate, clientIds = 'load' } = options;
  const messages = options.payloads === undefined ? someScans(20_000) : await readMessages(options.payloads);
  const latencies = new LatencyHistogram();
  const left = new Quota(options.messages ?? Number.POSITIVE_INFINITY);
  const acked = Promise.withResolvers<void>();
  let acks = 0;
  let lastAckMs = 0;
  const onAcks = (connection: LoadConnection, some: number): void => {
    acks += some;
    lastAckMs = performance.now();
    if (rate === undefined) connection.send(left.take(connection.room));
    if (left.ended && acks === left.taken) acked.resolve();
  };
  const connections = dealByTopic(messages, count).map(
    (hand, i) =>
      new LoadConnection({ host, port, clientId: `${clientIds}-${i}`, packets: encodePublishes(hand), inFlight, latencies, onAcks }),
  );
  const lost = Promise.all(connections.map((connection) => connection.closed)).then(() => {});
  lost.catch(() => {});
  const end = AbortSignal.any([
    ...(signal === undefined ? [] : [signal]),
    ...(options.seconds === undefined ? [] : [AbortSignal.timeout(options.seconds * 1000)]),
  ]);
  try {
    await Promise.all(connections.map((connection) => connection.open()));
    const startMs = performance.now();
    const stop = (): void => {
      left.end();
      if (acks === left.taken) acked.resolve();
    };
    end.addEventListener('abort', stop, { once: true });
    if (rate === undefined) for (const connection of connections) connection.send(left.take(connection.room));
    else void paced();
  } finally {
    for (const connection of connections) connection.end();
  }
}
