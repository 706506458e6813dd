/**
 * One of the depot's own brokers, over MQTT 3.1.1 or 5. The only importer of `mqtt` in the gateway.
 *
 * MQTT.js acknowledges on its own terms: QoS 1 when `handleMessage` calls back, one message at a time; QoS 2 at once,
 * and the message comes out at PUBREL only (`lib/handlers/publish.js`). So a PUBLISH is taken where it tells of every
 * packet, before it handles one (`packetreceive`), and it goes on as if the message were QoS 0. The acknowledgement is
 * written by us when the message is settled. A PUBREL it answers with PUBCOMP, which is right also for one we do not
 * know (MQTT 3.1.1, 4.3.3).
 *
 * It is not used either for connecting again (its pause is constant), for knowing a broker that is gone (it counts what
 * it does not read as silence), nor for anything that outlives a connection: each one has a client of its own.
 */
import { MqttClient, type IClientOptions, type Packet } from 'mqtt';

import { backoffMs } from '#shared/backoff.ts';
import type { Clock } from '#shared/clock.ts';
import { describe, TallyError } from '#shared/errors.ts';
import type { Environment } from '#shared/secret.ts';

import { BrokerInbound, type AckLink } from './broker-inbound.ts';
import { openSocket, readCredentials, type Credentials } from './broker-socket.ts';
import { BrokerStream } from './broker-stream.ts';
import type { BrokerConfig } from './brokers-config.ts';
import {
  REFUSALS,
  type Accept,
  type BrokerCounts,
  type BrokerEvents,
  type BrokerState,
  type ExternalBroker,
  type Refusal,
} from '../ingest.ts';

export type ExternalBrokerOptions = {
  readonly config: BrokerConfig;
  readonly gateway: string;
  /** The longest MQTT packet, its fixed header not counted. */
  readonly packetBytesMax: number;
  readonly clock: Clock;
  /** 0 up to but not including 1. */
  readonly random: () => number;
  /** Where secrets may be. */
  readonly env: Environment;
  readonly accept: Accept;
  readonly events: BrokerEvents;
};

const RETRY_FIRST_MS = 1000;
const RETRY_MS_MAX = 60_000;
/** A connection that stood so long was not a failure, even if nothing came. */
const SOUND_MS = 60_000;
/** For TCP, TLS and CONNACK together, and then for SUBACK. */
const CONNECT_MS_MAX = 15_000;
/** How long a stop waits for commits, and then for the broker to close. */
const SETTLE_MS_MAX = 5000;
const LINGER_MS_MAX = 1000;
/** MQTT 5, 3.1.2.11.2: the session does not expire, as in 3.1.1. */
const NEVER_EXPIRES = 0xffff_ffff;
const QOS_REFUSED = 0x80;
const REASON_CHARACTERS_MAX = 200;
const MS_PER_S = 1000;
const STOPS = 'the gateway stops';

/** Begins to connect, and returns at once: a gateway serves its devices with or without the depot's brokers. */
export function openExternalBroker(options: ExternalBrokerOptions): ExternalBroker {
  const broker = new MqttBroker(options);
  broker.start();
  return broker;
}

class MqttBroker implements ExternalBroker {
  readonly #options: ExternalBrokerOptions;
  readonly #clientId: string;
  readonly #inbound: BrokerInbound;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #state: BrokerState = 'connecting';
  #link: Link | undefined;
  #isSubscribed = false;
  /** What was told last, so that the same again is not news. */
  #told = '';
  #toldRefusedFilters = '';

  constructor(options: ExternalBrokerOptions) {
    const { config, gateway, clock, accept } = options;
    this.#options = options;
    this.#clientId = config.clientId ?? `tallyport-${gateway}`;
    this.#inbound = new BrokerInbound({
      name: config.name,
      clientId: this.#clientId,
      receiveMaximum: config.receiveMaximum,
      clock,
      accept,
    });
  }

  get name(): string {
    return this.#options.config.name;
  }

  start(): void {
    this.#running = this.#run(this.#stopping.signal);
  }

  state(): BrokerState {
    return this.#state;
  }

  counts(): BrokerCounts {
    return this.#inbound.counts();
  }

  async publish(topic: string, payload: Uint8Array | string, qos: 0 | 1): Promise<void> {
    const link = this.#link;
    if (link === undefined || this.#state !== 'connected') throw unavailable(this.name);
    await link.publish(topic, payload, qos);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    const link = this.#link;
    if (link !== undefined) {
      link.stop();
      await this.#within(SETTLE_MS_MAX, this.#inbound.idle());
      link.close();
      await this.#within(LINGER_MS_MAX, link.ended);
      link.end({ state: 'lost', reason: STOPS });
    }
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    for (let tries = 1; !signal.aborted; tries++) {
      const [sinceMs, durable] = [clock.monotonic(), this.#inbound.durable];
      const ending = await this.#connectOnce(signal);
      this.#link = undefined;
      if (signal.aborted) return;
      const wasSound = clock.monotonic() - sinceMs >= SOUND_MS || this.#inbound.durable > durable;
      // Where our own journal refuses, connecting again is what fails.
      if (wasSound && ending.isWithheld !== true) tries = 1;
      const retryMs = backoffMs(tries, { firstMs: RETRY_FIRST_MS, maxMs: RETRY_MS_MAX, random });
      this.#ended(ending, retryMs);
      await clock.sleep(retryMs, signal);
    }
  }

  /** Connects, and resolves when the connection has ended. */
  async #connectOnce(signal: AbortSignal): Promise<Ending> {
    const { config, env, clock, packetBytesMax } = this.#options;
    let credentials: Credentials;
    try {
      credentials = await readCredentials(config, env);
    } catch (error) {
      if (!(error instanceof TallyError)) throw error;
      return { state: 'refused', reason: describe(error) };
    }
    if (signal.aborted) return { state: 'lost', reason: STOPS };
    const link = new Link({
      config,
      credentials,
      clientId: this.#clientId,
      packetBytesMax,
      clock,
      inbound: this.#inbound,
    });
    this.#link = link;
    link.open();
    void this.#welcome(link);
    return await link.ended;
  }

  /** After the CONNACK: subscribes, unless the broker knows from us already what to. */
  async #welcome(link: Link): Promise<void> {
    const isResumed = await link.connected;
    if (isResumed === undefined) return;
    if (!isResumed) this.#inbound.forgetSession();
    if (!isResumed || !this.#isSubscribed) {
      const refused = await link.subscribe();
      if (refused === undefined) return;
      this.#tellRefused(refused);
      if (refused.length === this.#options.config.subscribe.length) {
        link.end({ state: 'refused', reason: 'it grants none of the filters' });
        return;
      }
      this.#isSubscribed = refused.length === 0;
    }
    link.admit();
    this.#state = 'connected';
    this.#tell('connected', () => this.#options.events.brokerConnected(this.name, isResumed));
  }

  #ended({ state, reason }: Ending, retryMs: number): void {
    const { events } = this.#options;
    this.#state = state;
    this.#tell(`${state} ${reason}`, () => {
      if (state === 'lost') events.brokerLost(this.name, reason, Math.round(retryMs));
      else events.brokerRefused(this.name, reason);
    });
  }

  #tellRefused(filters: readonly string[]): void {
    const all = filters.join(' ');
    if (all === this.#toldRefusedFilters) return;
    this.#toldRefusedFilters = all;
    for (const filter of filters)
      this.#options.events.brokerRefused(this.name, `it does not grant the filter ${filter}`);
  }

  #tell(what: string, tell: () => void): void {
    if (what !== this.#told) tell();
    this.#told = what;
  }

  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    const enough = new AbortController();
    await Promise.race([work, this.#options.clock.sleep(ms, enough.signal)]);
    enough.abort();
  }
}

/** How a connection ended. */
type Ending = {
  readonly state: 'lost' | 'refused';
  readonly reason: string;
  /** A message could not be made durable. */
  readonly isWithheld?: boolean;
};

type LinkOptions = {
  readonly config: BrokerConfig;
  readonly credentials: Credentials;
  readonly clientId: string;
  readonly packetBytesMax: number;
  readonly clock: Clock;
  readonly inbound: BrokerInbound;
};

/** One connection. */
class Link implements AckLink {
  readonly #options: LinkOptions;
  readonly #stream: BrokerStream;
  readonly #connected = Promise.withResolvers<boolean | undefined>();
  readonly #ended = Promise.withResolvers<Ending>();
  readonly #ending = new AbortController();
  #client: MqttClient | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { config, credentials, packetBytesMax, clock, inbound } = options;
    this.#stream = new BrokerStream({
      socket: openSocket(config.url, credentials),
      packetBytesMax,
      clock,
      mayRead: () => inbound.isOpen,
      refused: (fault) => this.#refuse(fault),
    });
  }

  /** Whether the broker kept our session, once it let us in; `undefined` when it did not. */
  get connected(): Promise<boolean | undefined> {
    return this.#connected.promise;
  }

  /** Never rejects. */
  get ended(): Promise<Ending> {
    return this.#ended.promise;
  }

  get isGone(): boolean {
    return this.#ending.signal.aborted;
  }

  open(): void {
    const { config, credentials, clientId, packetBytesMax } = this.#options;
    const client = new MqttClient(
      () => this.#stream,
      clientOptions(config, { credentials, clientId, packetBytesMax }),
    );
    this.#client = client;
    client.on('packetreceive', (packet) => this.#receive(packet));
    client.on('connect', (connack) => {
      this.#connected.resolve(connack.sessionPresent);
      const keepAliveS = connack.properties?.serverKeepAlive ?? config.keepAliveS;
      void this.#watchSilence(keepAliveS * MS_PER_S);
    });
    client.on('error', (error) => this.end(endingOf(error)));
    client.on('disconnect', ({ reasonCode, properties }) => {
      const words = properties?.reasonString ?? `reason code ${reasonCode}`;
      this.end({ state: 'lost', reason: `the broker ends the connection: ${cut(words)}` });
    });
    client.on('close', () => this.end({ state: 'lost', reason: 'the connection was closed' }));
  }

  /** Lets through what the broker sends beside its answers to us. */
  admit(): void {
    this.#stream.admit();
  }

  acknowledge(qos: 1 | 2, packetId: number): void {
    this.#stream.acknowledge(qos, packetId);
  }

  withhold(error: Error): void {
    this.end({ state: 'lost', reason: `not acknowledged: ${describe(error)}`, isWithheld: true });
  }

  wake(): void {
    this.#stream.wake();
  }

  /** Those of the filters that the broker refuses; `undefined` when the connection ended first. */
  async subscribe(): Promise<readonly string[] | undefined> {
    this.admit();
    const { config, clock } = this.#options;
    const filters = Object.fromEntries(
      config.subscribe.map(({ topic, qos }) => [
        config.share === undefined ? topic : `$share/${config.share}/${topic}`,
        // Of MQTT 5: what is retained comes with a new subscription only, not with each start of ours.
        { qos, rh: 1 },
      ]),
    );
    const granted = Promise.withResolvers<readonly string[] | undefined>();
    this.#client?.subscribe(filters, (_error, _grants, suback) => {
      const codes = suback?.granted.map(Number);
      granted.resolve(
        codes === undefined
          ? undefined
          : Object.keys(filters).filter((_, i) => (codes[i] ?? QOS_REFUSED) >= QOS_REFUSED),
      );
    });
    const answered = new AbortController();
    void clock.sleep(CONNECT_MS_MAX, answered.signal).then(() => {
      if (!answered.signal.aborted)
        this.end({ state: 'lost', reason: 'no answer to our subscriptions' });
    });
    const refused = await Promise.race([granted.promise, this.ended.then(() => undefined)]);
    answered.abort();
    return refused;
  }

  async publish(topic: string, payload: Uint8Array | string, qos: 0 | 1): Promise<void> {
    const { name } = this.#options.config;
    const sent = Promise.withResolvers<void>();
    const bytes = typeof payload === 'string' ? payload : Buffer.from(payload);
    this.#client?.publish(topic, bytes, { qos }, (error) => {
      if (error === undefined || error === null) sent.resolve();
      else sent.reject(unavailable(name, error));
    });
    const lost = this.ended.then(({ reason }) => {
      throw unavailable(name, new Error(reason));
    });
    await Promise.race([sent.promise, lost]);
  }

  /** Reads no more, while what was read is settled. */
  stop(): void {
    this.#stream.stop();
  }

  /** Says goodbye; the session stays. */
  close(): void {
    this.#client?.end();
  }

  end(ending: Ending): void {
    if (this.isGone) return;
    this.#ending.abort();
    this.#connected.resolve(undefined);
    this.#ended.resolve(ending);
    this.#stream.destroy();
  }

  #receive(packet: Packet): void {
    const { inbound } = this.#options;
    if (this.isGone) return;
    if (packet.cmd === 'pubrel' && packet.messageId !== undefined)
      inbound.release(packet.messageId);
    if (packet.cmd !== 'publish') return;
    const fault = inbound.take({ ...packet, length: packet.length }, this);
    // From here on it is nothing to acknowledge.
    packet.qos = 0;
    if (fault !== undefined) this.end({ state: 'refused', reason: REFUSALS[fault] });
  }

  #refuse(fault: Refusal): void {
    this.#options.inbound.refuse(fault);
    this.end({ state: 'refused', reason: REFUSALS[fault] });
  }

  async #watchSilence(keepAliveMs: number): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#options.clock.sleep(keepAliveMs / 2, signal);
      if (signal.aborted) return;
      this.#client?.sendPing();
      if (this.#stream.silentMs() > keepAliveMs * 1.5)
        this.end({ state: 'lost', reason: REFUSALS['keep-alive'] });
    }
  }
}

function clientOptions(
  config: BrokerConfig,
  parts: Pick<LinkOptions, 'credentials' | 'clientId' | 'packetBytesMax'>,
): IClientOptions {
  const { version, username, keepAliveS, receiveMaximum } = config;
  const { credentials, clientId, packetBytesMax } = parts;
  return {
    protocolVersion: version,
    clientId,
    clean: false,
    keepalive: keepAliveS,
    connectTimeout: CONNECT_MS_MAX,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // Silence is watched by us, who know when it is we who do not read.
    timerVariant: { set: () => 0, clear: () => {} },
    ...(username !== undefined && { username }),
    ...(credentials.password !== undefined && { password: credentials.password }),
    ...(version === 5 && {
      properties: {
        sessionExpiryInterval: NEVER_EXPIRES,
        receiveMaximum,
        maximumPacketSize: packetBytesMax,
      },
    }),
  };
}

/** What has a number was said by the broker; what has another code or none, by the machine or by MQTT.js. */
function endingOf(error: Error): Ending {
  const code = 'code' in error ? error.code : undefined;
  const words = describe(error);
  // Where all addresses of a name fail, Node has no words for it.
  return {
    state: typeof code === 'number' ? 'refused' : 'lost',
    reason: cut(words === '' ? String(code) : words),
  };
}

/** A broker's words are cut: they may be as long as a packet. */
function cut(words: string): string {
  return words.slice(0, REASON_CHARACTERS_MAX);
}

function unavailable(name: string, cause?: Error): TallyError {
  return new TallyError('retry', 'broker-unavailable', `the broker ${name} is not connected`, {
    cause,
  });
}
