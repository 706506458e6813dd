/** The connection to NATS: the one importer of the NATS client on this side. */
import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  JetStreamApiError,
  jetstreamManager,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  type StreamConfig,
} from '@nats-io/jetstream';
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';

import { describe, TallyError } from '#shared/errors.ts';
import { appliedSubject, DLQ_STREAM, INGEST_STREAM, LEDGER_SUBJECTS } from '#shared/names.ts';

import {
  CONSUMER_NAME,
  declareStreams,
  differences,
  type StreamDeclaration,
  type StreamSettings,
} from './declarations.ts';
import { MessageQueue } from './message-queue.ts';
import {
  type DeadLetter,
  type Delivery,
  type IngestMessage,
  type LedgerQuestion,
  type LedgerQuestions,
  QUESTIONS_WAITING_MAX,
  type StartAfter,
  type Streams,
} from './streams.ts';

export type NatsStreamsOptions = {
  readonly servers: readonly string[];
  readonly settings: StreamSettings;
  readonly unackedMax: number;
};

const SERVER_MIN = [2, 10, 23] as const;
const CONNECT_TIMEOUT_MS = 5000;
const PING_INTERVAL_MS = 10_000;
const ACK_WAIT_NS = 60_000 * 1_000_000;
/** A pull request's life; two heartbeats of half of it missed and the consumer counts as gone. */
const PULL_EXPIRES_MS = 4000;
/** The cloud processes, of which one gets each question. */
const QUESTIONS_QUEUE = 'tally-cloud';
const CONSUMER_NOT_FOUND = 10014;
const STREAM_NOT_FOUND = 10059;

/** Connects; rejects with `stream-unavailable` while NATS cannot be reached, `server-too-old` when it is. */
export async function openNatsStreams(options: NatsStreamsOptions): Promise<Streams> {
  const connection = await connectTo(options.servers);
  try {
    assertVersion(connection);
    return new NatsStreams(connection, await jetstreamManager(connection), options);
  } catch (error) {
    await connection.close();
    throw unavailable(error);
  }
}

async function connectTo(servers: readonly string[]): Promise<NatsConnection> {
  try {
    return await connect({
      servers: [...servers],
      name: 'tally-cloud',
      timeout: CONNECT_TIMEOUT_MS,
      pingInterval: PING_INTERVAL_MS,
      maxReconnectAttempts: -1,
      noAsyncTraces: true,
    });
  } catch (error) {
    throw unavailable(error);
  }
}

class NatsStreams implements Streams {
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #declared: readonly StreamDeclaration[];
  readonly #unackedMax: number;
  #messages: ConsumerMessages | undefined;
  #connected = true;

  constructor(connection: NatsConnection, manager: JetStreamManager, options: NatsStreamsOptions) {
    this.#connection = connection;
    this.#manager = manager;
    this.#client = jetstream(connection);
    this.#declared = declareStreams(options.settings);
    this.#unackedMax = options.unackedMax;
    void this.#watch(); // Ends with the connection; it has no failure of its own.
  }

  async verify(): Promise<void> {
    for (const declared of this.#declared) {
      const found = await this.#findOrMake(declared);
      const fields = differences(declared, { ...found });
      if (fields.length > 0) {
        throw new TallyError(
          'stop',
          'stream-mismatch',
          `stream ${declared.name} is not as declared: ${fields.join('; ')}`,
        );
      }
    }
  }

  async subscribe(startAfter: StartAfter): Promise<Delivery> {
    try {
      await this.#messages?.close();
      const { created, state } = await this.#manager.streams.info(INGEST_STREAM);
      const firstSeq = Math.max(1, state.first_seq);
      // A stream that was rolled back ends before what the database has of it: what comes now has those numbers again.
      const after = Math.min(await startAfter(created, firstSeq), state.last_seq);
      await this.#ensureConsumer(after + 1, state.last_seq);
      const consumer = await this.#client.consumers.get(INGEST_STREAM, CONSUMER_NAME);
      // Its length is bounded by what is delivered unacknowledged.
      const queue = new MessageQueue<IngestMessage>();
      const messages = await consumer.consume({
        max_messages: this.#unackedMax,
        expires: PULL_EXPIRES_MS,
        callback: (message) => queue.push(ingestMessage(message)),
      });
      this.#messages = messages;
      void watchConsumer(messages, queue); // Reports through the queue.
      return { incarnation: created, take: (max, signal) => queue.take(max, signal) };
    } catch (error) {
      throw unavailable(error);
    }
  }

  async deadLetter(entry: DeadLetter): Promise<void> {
    const meta = headers();
    meta.set('Tally-Reason', printable(entry.reason));
    meta.set('Tally-Subject', printable(entry.subject));
    meta.set('Tally-Stream-Seq', String(entry.streamSeq));
    try {
      await this.#client.publish(`dlq.v1.consolidate.${entry.gateway}`, entry.data, {
        msgID: `${entry.incarnation}:${entry.streamSeq}`,
        headers: meta,
        expect: { streamName: DLQ_STREAM },
      });
    } catch (error) {
      throw unavailable(error);
    }
  }

  publishReceipt(gateway: string, receipt: Uint8Array): void {
    if (!this.#connection.isClosed()) this.#connection.publish(appliedSubject(gateway), receipt);
  }

  askedLedgers(): LedgerQuestions {
    const queue = new MessageQueue<LedgerQuestion>();
    try {
      const subscription = this.#connection.subscribe(LEDGER_SUBJECTS, {
        queue: QUESTIONS_QUEUE,
        callback: (error, message) => {
          if (error !== null) queue.fail(unavailable(error));
          else if (queue.length < QUESTIONS_WAITING_MAX) queue.push(this.#question(message));
        },
      });
      return {
        take: (max, signal) => queue.take(max, signal),
        [Symbol.dispose]: () => subscription.unsubscribe(),
      };
    } catch (error) {
      throw unavailable(error);
    }
  }

  #question(message: Msg): LedgerQuestion {
    return {
      subject: message.subject,
      data: message.data,
      // Who asks without saying where to answer gets none, and who asked a connection that is closed asks again.
      reply: (receipt) => {
        if (!this.#connection.isClosed()) message.respond(receipt);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#messages?.close();
    // What was acknowledged last is on its way; an unreachable server must not hold the end up.
    if (this.#connected) await this.#connection.flush().catch(() => {});
    await this.#connection.close();
  }

  async #findOrMake(declared: StreamDeclaration): Promise<StreamConfig> {
    try {
      return (await this.#manager.streams.info(declared.name)).config;
    } catch (error) {
      if (!(error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND))
        throw unavailable(error);
    }
    try {
      const config = {
        ...declared,
        subjects: [...declared.subjects],
        metadata: { ...declared.metadata },
      };
      return (await this.#manager.streams.add(config)).config;
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * The consumer is disposable: where it is gone, one is made that starts where the database says. So it is where
   * more was acknowledged than the database has, which was then put back to an older state, and where more was delivered
   * than the stream has, which was then rolled back.
   */
  async #ensureConsumer(startSeq: number, lastSeq: number): Promise<void> {
    try {
      const { ack_floor: floor, delivered } = await this.#manager.consumers.info(
        INGEST_STREAM,
        CONSUMER_NAME,
      );
      if (floor.stream_seq < startSeq && delivered.stream_seq <= lastSeq) return;
      await this.#manager.consumers.delete(INGEST_STREAM, CONSUMER_NAME);
    } catch (error) {
      if (!(error instanceof JetStreamApiError && error.code === CONSUMER_NOT_FOUND)) throw error;
    }
    await this.#manager.consumers.add(INGEST_STREAM, {
      durable_name: CONSUMER_NAME,
      description: 'Batches that the consolidators have yet to apply',
      ack_policy: AckPolicy.Explicit,
      ack_wait: ACK_WAIT_NS,
      max_ack_pending: this.#unackedMax,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: startSeq,
      metadata: { 'io.nats.monitor.enabled': 'true' },
    });
  }

  async #watch(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type === 'disconnect') this.#connected = false;
      else if (status.type === 'reconnect') this.#connected = true;
    }
    this.#connected = false;
  }
}

/** Fails the queue when the consumer will deliver no more; what is delivered already is still good. */
async function watchConsumer(
  messages: ConsumerMessages,
  queue: MessageQueue<IngestMessage>,
): Promise<void> {
  let missed = 0;
  for await (const status of messages.status()) {
    if (status.type === 'heartbeats_missed') missed = status.count;
    const gone =
      status.type === 'consumer_deleted' ||
      status.type === 'consumer_not_found' ||
      status.type === 'stream_not_found';
    if (gone || missed >= 2) break;
  }
  queue.fail(new TallyError('retry', 'stream-unavailable', `consumer ${CONSUMER_NAME} is gone`));
  await messages.close();
}

function ingestMessage(message: JsMsg): IngestMessage {
  return {
    subject: message.subject,
    data: message.data,
    streamSeq: message.seq,
    ack: () => message.ack(),
  };
}

function assertVersion(connection: NatsConnection): void {
  const version = connection.info?.version ?? '';
  const parts = version.split(/[.-]/u).map(Number);
  for (const [i, least] of SERVER_MIN.entries()) {
    const part = parts[i] ?? 0;
    if (part > least) return;
    if (part < least) {
      throw new TallyError(
        'stop',
        'server-too-old',
        `nats-server ${version}: ${SERVER_MIN.join('.')} or newer is needed (older ones forget streams)`,
      );
    }
  }
}

/** Header values are one line of ASCII. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/gu, '?').slice(0, 512);
}

function unavailable(error: unknown): TallyError {
  if (error instanceof TallyError) return error;
  return new TallyError(
    'retry',
    'stream-unavailable',
    `JetStream is not available: ${describe(error)}`,
    { cause: error },
  );
}
