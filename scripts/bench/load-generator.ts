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
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  readonly port: number;
  /** Default 20. */
  readonly connections?: number | undefined;
  /** Stops after so many messages … */
  readonly messages?: number | undefined;
  /** … or so many seconds, whichever comes first. One of the two must be given. */
  readonly seconds?: number | undefined;
  /** Messages a second over all connections. Default: as fast as they are acknowledged. */
  readonly rate?: number | undefined;
  /** Messages of one connection without an acknowledgement. Default 100. */
  readonly inFlight?: number | undefined;
  /** A file of JSON lines `{"topic", "payload"}`, sent over and over. Default: made-up scans. */
  readonly payloads?: string | undefined;
  /** Client ids are this and a number. Default `load`. */
  readonly clientIds?: string | undefined;
};

export type LoadResult = {
  readonly sent: number;
  readonly acked: number;
  /** From the first message to the last acknowledgement. */
  readonly seconds: number;
  readonly perSecond: number;
  readonly ackMsP50: number;
  readonly ackMsP99: number;
  /** Acknowledged on the connection that got the fewest, and the most. */
  readonly ackedLeast: number;
  readonly ackedMost: number;
};

const SCANS = 20_000;
const RATE_TICK_MS = 5;
const LOOK_MS = 5;
/** How long the next acknowledgement may take. */
const STALL_MS_MAX = 30_000;

/**
 * Publishes until `messages` or `seconds` is reached or the signal aborts, then waits for the acknowledgements
 * that are due. Rejects when a connection is refused or lost, and when no acknowledgement comes for 30 s.
 */
export async function runLoad(options: LoadOptions, signal?: AbortSignal): Promise<LoadResult> {
  const run = new LoadRun(options);
  const connections = await publishers(options, run);
  const lost = Promise.all(connections.map((connection) => connection.closed));
  try {
    await Promise.race([lost, Promise.all(connections.map((connection) => connection.open()))]);
    run.start(signal);
    const { rate } = options;
    if (rate === undefined) for (const connection of connections) run.fill(connection);
    await Promise.race([lost, rate === undefined ? drained(run) : paced(run, connections, rate)]);
    return { ...run.result(), ...extremesOf(connections) };
  } finally {
    for (const connection of connections) connection.end();
  }
}

function extremesOf(connections: readonly LoadConnection[]): {
  ackedLeast: number;
  ackedMost: number;
} {
  const acked = connections.map((connection) => connection.acked);
  return { ackedLeast: Math.min(...acked), ackedMost: Math.max(...acked) };
}

async function publishers(options: LoadOptions, run: LoadRun): Promise<LoadConnection[]> {
  const { host = '127.0.0.1', port, inFlight = 100, clientIds = 'load', payloads } = options;
  const messages = payloads === undefined ? someScans(SCANS) : await readMessages(payloads);
  return dealByTopic(messages, options.connections ?? 20).map(
    (hand, i) =>
      new LoadConnection({
        host,
        port,
        clientId: `${clientIds}-${i}`,
        packets: encodePublishes(hand),
        inFlight,
        onAck: (latencyMs) => run.latencies.add(latencyMs),
        onAcks: (connection, acks) => run.acknowledge(connection, acks),
      }),
  );
}

/** Sends at an even rate, then waits for what is due. What does not fit into the windows is not made up for. */
async function paced(
  run: LoadRun,
  connections: readonly LoadConnection[],
  rate: number,
): Promise<void> {
  let dueAtMs = performance.now();
  let next = 0;
  while (!run.stopped) {
    await sleep(RATE_TICK_MS);
    const due = Math.floor(((performance.now() - dueAtMs) * rate) / 1000);
    dueAtMs += (due * 1000) / rate;
    for (let i = 0; i < due; i++) {
      const connection = connections[next++ % connections.length];
      if (connection !== undefined && connection.room > 0) connection.send(run.take(1));
    }
  }
  await drained(run);
}

async function drained(run: LoadRun): Promise<void> {
  while (!run.stopped || run.unacked > 0) {
    if (performance.now() - run.lastAckMs > STALL_MS_MAX) {
      throw new Error(`no acknowledgement for ${STALL_MS_MAX} ms, ${run.unacked} are due`);
    }
    await sleep(LOOK_MS);
  }
}

/** What was sent and acknowledged over all connections. */
class LoadRun {
  readonly latencies = new LatencyHistogram();
  readonly #messages: number;
  readonly #seconds: number | undefined;
  readonly #closedLoop: boolean;
  #stopping: AbortSignal = AbortSignal.abort();
  #sent = 0;
  #acked = 0;
  #startMs = 0;
  #lastAckMs = 0;

  constructor({ messages, seconds, rate }: LoadOptions) {
    if (messages === undefined && seconds === undefined) {
      throw new TypeError('one of messages and seconds must be given');
    }
    this.#messages = messages ?? Number.POSITIVE_INFINITY;
    this.#seconds = seconds;
    this.#closedLoop = rate === undefined;
  }

  start(signal: AbortSignal | undefined): void {
    const seconds = this.#seconds;
    this.#stopping = AbortSignal.any([
      ...(signal === undefined ? [] : [signal]),
      ...(seconds === undefined ? [] : [AbortSignal.timeout(seconds * 1000)]),
    ]);
    this.#startMs = performance.now();
    this.#lastAckMs = this.#startMs;
  }

  get stopped(): boolean {
    return this.#sent >= this.#messages || this.#stopping.aborted;
  }

  get unacked(): number {
    return this.#sent - this.#acked;
  }

  get lastAckMs(): number {
    return this.#lastAckMs;
  }

  /** How many of `count` messages may still be sent; they count as sent. */
  take(count: number): number {
    const granted = this.stopped ? 0 : Math.min(count, this.#messages - this.#sent);
    this.#sent += granted;
    return granted;
  }

  fill(connection: LoadConnection): void {
    connection.send(this.take(connection.room));
  }

  acknowledge(connection: LoadConnection, acks: number): void {
    this.#acked += acks;
    this.#lastAckMs = performance.now();
    if (this.#closedLoop) this.fill(connection);
  }

  result(): Omit<LoadResult, 'ackedLeast' | 'ackedMost'> {
    const seconds = (this.#lastAckMs - this.#startMs) / 1000;
    return {
      sent: this.#sent,
      acked: this.#acked,
      seconds,
      perSecond: this.#acked / seconds,
      ackMsP50: this.latencies.quantile(0.5),
      ackMsP99: this.latencies.quantile(0.99),
    };
  }
}

const USAGE = `usage: load-generator.ts --port PORT (--messages N | --seconds S)
  [--host HOST] [--connections N] [--rate PER_SECOND] [--in-flight N] [--payloads FILE] [--client-ids PREFIX]`;

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      host: text,
      port: text,
      connections: text,
      messages: text,
      seconds: text,
      rate: text,
      'in-flight': text,
      payloads: text,
      'client-ids': text,
      help: { type: 'boolean' },
    },
  });
  const port = positive(values.port);
  if (values.help === true || port === undefined) {
    console.error(USAGE);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  const result = await runLoad({
    host: values.host,
    port,
    connections: positive(values.connections),
    messages: positive(values.messages),
    seconds: positive(values.seconds),
    rate: positive(values.rate),
    inFlight: positive(values['in-flight']),
    payloads: values.payloads,
    clientIds: values['client-ids'],
  });
  console.log(JSON.stringify(result));
}

function positive(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new RangeError(`expected a number above 0, found ${text}`);
  return value;
}

if (import.meta.main) await main();
