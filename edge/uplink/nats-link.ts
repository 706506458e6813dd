/** The connection to JetStream: the one importer of the NATS client on this side. */
import { jetstream, JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream';
import {
  connect,
  headers,
  type ConnectionOptions,
  type MsgHdrs,
  type NatsConnection,
} from '@nats-io/transport-node';

import { encodeLedgerRequest } from '#proto/ledger-request.ts';
import { decodeReceipt } from '#proto/receipt.ts';
import { backoffMs } from '#shared/backoff.ts';
import type { Clock } from '#shared/clock.ts';
import { describe, TallyError } from '#shared/errors.ts';
import {
  appliedSubject,
  HEADER,
  INGEST_STREAM,
  ingestSubject,
  ledgerSubject,
} from '#shared/names.ts';
import type { Range } from '#shared/ranges.ts';

import type { Link, LinkEvents, OutboundBatch, Receipt, StoredAt } from './uplink.ts';

export type NatsLinkOptions = {
  readonly servers: readonly string[];
  readonly site: string;
  readonly gateway: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: LinkEvents;
};

const CONNECT_TIMEOUT_MS = 5000;
const PUBLISH_TIMEOUT_MS = 5000;
const ASK_TIMEOUT_MS = 5000;
const RECONNECT_FIRST_MS = 250;
const RECONNECT_MAX_MS = 15_000;
/** Two of these missed and the connection counts as lost: 20 s. */
const PING_INTERVAL_MS = 10_000;

/** JetStream errors that another try does not mend: wrong stream, too large, a stream that is sealed. */
const STOP_CODES: ReadonlySet<number> = new Set([10052, 10054, 10060, 10071, 10109]);

/** Starts connecting; never waits for it. */
export function startNatsLink(options: NatsLinkOptions): Link {
  return new NatsLink(options);
}

class NatsLink implements Link {
  readonly #options: NatsLinkOptions;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  readonly #connectedListeners: (() => void)[] = [];
  readonly #receiptListeners: ((receipt: Receipt) => void)[] = [];
  #connection: NatsConnection | undefined;
  #stream: JetStreamClient | undefined;
  #connected = false;

  constructor(options: NatsLinkOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get connected(): boolean {
    return this.#connected;
  }

  async publish(batch: OutboundBatch, messageId: string): Promise<StoredAt> {
    if (this.#stream === undefined || !this.#connected) {
      throw new TallyError('retry', 'stream-unavailable', 'not connected to NATS');
    }
    try {
      const ack = await this.#stream.publish(
        ingestSubject(this.#options.site, this.#options.gateway),
        batch.bytes,
        {
          msgID: messageId,
          timeout: PUBLISH_TIMEOUT_MS,
          expect: { streamName: INGEST_STREAM },
          headers: headersOf(batch),
        },
      );
      return { streamSeq: ack.seq, duplicate: ack.duplicate };
    } catch (error) {
      throw publishError(error);
    }
  }

  async ledger(epoch: string): Promise<readonly Range[]> {
    const { gateway } = this.#options;
    if (this.#connection === undefined || !this.#connected)
      throw new TallyError('retry', 'stream-unavailable', 'not connected to NATS');
    try {
      const answer = await this.#connection.request(
        ledgerSubject(gateway),
        encodeLedgerRequest({ gateway, epoch }),
        { timeout: ASK_TIMEOUT_MS },
      );
      return decodeReceipt(answer.data).applied;
    } catch (cause) {
      throw new TallyError(
        'retry',
        'cloud-silent',
        'the cloud side does not say what it has: is "tally cloud run" running there?',
        { cause },
      );
    }
  }

  onConnected(listener: () => void): void {
    this.#connectedListeners.push(listener);
  }

  onReceipt(listener: (receipt: Receipt) => void): void {
    this.#receiptListeners.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#connection?.close();
    await this.#running;
  }

  /** Connects, lives with the connection until it is closed for good, and begins again. */
  async #run(): Promise<void> {
    const { clock, random, events } = this.#options;
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt++) {
      try {
        const connection = await connect(this.#connectionOptions());
        attempt = 0;
        await this.#live(connection);
      } catch (error) {
        events.disconnected(describe(error));
      }
      const pauseMs = backoffMs(attempt + 1, {
        firstMs: RECONNECT_FIRST_MS,
        maxMs: RECONNECT_MAX_MS,
        random,
      });
      await clock.sleep(pauseMs, this.#stopping.signal);
    }
  }

  async #live(connection: NatsConnection): Promise<void> {
    this.#connection = connection;
    if (this.#stopping.signal.aborted) {
      await connection.close();
      return;
    }
    this.#stream = jetstream(connection);
    connection.subscribe(appliedSubject(this.#options.gateway), {
      callback: (error, message) => {
        if (error === null) this.#received(message.data);
      },
    });
    this.#turnConnected(connection);
    for await (const status of connection.status()) {
      if (status.type === 'reconnect') this.#turnConnected(connection);
      else if (status.type === 'disconnect') this.#turnDisconnected('connection lost');
    }
    this.#turnDisconnected('connection closed');
  }

  #turnConnected(connection: NatsConnection): void {
    this.#connected = true;
    this.#options.events.connected(connection.getServer());
    for (const listener of this.#connectedListeners) listener();
  }

  #turnDisconnected(reason: string): void {
    if (this.#connected) this.#options.events.disconnected(reason);
    this.#connected = false;
  }

  #received(data: Uint8Array): void {
    try {
      const receipt = decodeReceipt(data);
      if (receipt.gateway !== this.#options.gateway) return;
      for (const listener of this.#receiptListeners) listener(receipt);
    } catch (error) {
      this.#options.events.receiptUnreadable(describe(error));
    }
  }

  #connectionOptions(): ConnectionOptions {
    const { servers, gateway, random } = this.#options;
    return {
      servers: [...servers],
      name: `tally-edge ${gateway}`,
      inboxPrefix: `_INBOX_${gateway}`,
      timeout: CONNECT_TIMEOUT_MS,
      pingInterval: PING_INTERVAL_MS,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      noAsyncTraces: true,
      reconnectDelayHandler: () =>
        backoffMs(4, { firstMs: RECONNECT_FIRST_MS, maxMs: RECONNECT_MAX_MS, random }),
    };
  }
}

function headersOf(batch: OutboundBatch): MsgHdrs {
  const result = headers();
  result.set(HEADER.contentEncoding, 'zstd');
  result.set(HEADER.schema, 'tallyport.v1.Batch');
  result.set(HEADER.count, String(batch.lastSeq - batch.firstSeq + 1));
  result.set(HEADER.lane, batch.lane);
  if (batch.firstTimeMs !== undefined)
    result.set(HEADER.firstTime, new Date(batch.firstTimeMs).toISOString());
  return result;
}

function publishError(cause: unknown): TallyError {
  if (cause instanceof JetStreamApiError && STOP_CODES.has(cause.code)) {
    return new TallyError('stop', 'stream-mismatch', 'the stream refuses the batch', { cause });
  }
  return new TallyError('retry', 'stream-unavailable', 'the stream did not take the batch', {
    cause,
  });
}
