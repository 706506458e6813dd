/** Ingest on aedes: MQTT 3.1 and 3.1.1 over TCP and WebSocket. The only importer of `aedes`. */
import type { EventEmitter } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';

import { Aedes, type AedesOptions, type Client, type ConnectPacket } from 'aedes';

import { assert } from '#shared/assert.ts';
import { listen } from '#shared/listen.ts';

import { isSoundConnect } from './connect-packet.ts';
import { connectRefusal } from './connect-rules.ts';
import { Connection } from './connection.ts';
import { Delivery, type Device } from './delivery/delivery.ts';
import { DEPOT_LIMITS } from './delivery/limits.ts';
import { isSubscriberPacket } from './delivery/subscriber-packets.ts';
import { InboundQos2 } from './inbound-qos2.ts';
import type { Ingest, IngestOptions, PublishOptions } from './ingest.ts';
import { Intake } from './intake.ts';
import { emptyPersistence, silentEmitter } from './no-fan-out.ts';
import { PublishGate, type Proceed, type Publish } from './publish-gate.ts';
import { Recorder } from './recorder.ts';
import { isAllowedTopic } from './topic-rules.ts';
import { websocketServer } from './websocket.ts';

/** The name under which the composition root knows it. */
export type Broker = Ingest;

/** Who publishes what the gateway publishes itself. No client id is empty. */
const GATEWAY = '';

const SILENCE_LOOK_MS = 1000;
/** TCP's own question to a device that is silent for so long and has no keep-alive. */
const TCP_KEEP_ALIVE_MS = 60_000;
/** How long a stop waits for commits, and then for devices to close. */
const SETTLE_MS_MAX = 5000;
const LINGER_MS_MAX = 1000;
/** A frame may hold the end of one packet and the start of the next. */
const FRAME_BYTES_SPARE = 64 * 1024;

/** Rejects with `port-in-use` or `listen-refused`. */
export async function openBroker(options: IngestOptions): Promise<Broker> {
  const broker = new AedesBroker(options);
  try {
    return await broker.open();
  } catch (error) {
    await broker[Symbol.asyncDispose]();
    throw error;
  }
}

class AedesBroker implements Ingest {
  readonly #options: IngestOptions;
  readonly #intake = new Intake();
  readonly #qos2 = new InboundQos2();
  readonly #recorder: Recorder;
  readonly #delivery: Delivery;
  readonly #gate: PublishGate;
  readonly #aedes: Aedes;
  readonly #servers: (Server | HttpServer)[] = [];
  readonly #connections = new Set<Connection>();
  readonly #connectionOf = new WeakMap<Client, Connection>();
  readonly #stopping = new AbortController();
  #mqttPort = 0;
  #websocketPort: number | undefined;

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#recorder = new Recorder(options.events);
    this.#delivery = new Delivery({
      clock: options.clock,
      limits: { ...DEPOT_LIMITS, ...options.delivery },
      onRefused: (peer, refusal) => this.#recorder.refused(peer, refusal),
      onSessionEnded: (clientId) => this.#qos2.forget(clientId),
    });
    this.#gate = new PublishGate({
      clock: options.clock,
      accept: options.accept,
      intake: this.#intake,
      recorder: this.#recorder,
      qos2: this.#qos2,
      delivery: this.#delivery,
    });
    this.#aedes = new Aedes(this.#hooks());
  }

  get mqttPort(): number {
    return this.#mqttPort;
  }

  get websocketPort(): number | undefined {
    return this.#websocketPort;
  }

  counts(): ReturnType<Ingest['counts']> {
    return {
      connections: this.#connections.size,
      unsettled: this.#intake.unsettled,
      ...this.#recorder.counts(),
      delivery: this.#delivery.counts(),
    };
  }

  publish(
    topic: string,
    payload: Uint8Array,
    { qos = 0, retain = false }: PublishOptions = {},
  ): number {
    assert(isAllowedTopic(topic), 'a topic that a device may publish under');
    return this.#delivery.publish({ topic, payload, qos, retain }, GATEWAY);
  }

  async open(): Promise<this> {
    const { host, port, websocketPort } = this.#options;
    this.#listenToAedes();
    await this.#aedes.listen();
    this.#mqttPort = await this.#serve(this.#tcpServer(), host, port);
    if (websocketPort !== undefined) {
      this.#websocketPort = await this.#serve(this.#websocketServer(), host, websocketPort);
    }
    void this.#watchSilence();
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    this.#intake.stop();
    for (const server of this.#servers) {
      server.close();
      // Those that have not become a WebSocket: nobody looks after them any more.
      if ('closeAllConnections' in server) server.closeAllConnections();
    }
    await this.#within(SETTLE_MS_MAX, this.#intake.idle());
    const closed = [...this.#connections].map((connection) => connection.closed);
    for (const connection of this.#connections) connection.linger();
    await this.#within(LINGER_MS_MAX, Promise.all(closed));
    await new Promise<void>((resolve) => {
      this.#aedes.close(resolve);
    });
  }

  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    const enough = new AbortController();
    await Promise.race([work, this.#options.clock.sleep(ms, enough.signal)]);
    enough.abort();
  }

  #hooks(): AedesOptions {
    return {
      mq: silentEmitter(),
      persistence: emptyPersistence(this.#qos2, this.#delivery),
      // Ids of MQTT 3.1 are at most 23 long, and nobody keeps to that; `connect-rules.ts` has a limit.
      maxClientsIdLength: Number.MAX_SAFE_INTEGER,
      preConnect: (client, packet, done) => this.#preConnect(client, packet, done),
      authorizePublish: (client, packet, done) => this.#authorizePublish(client, packet, done),
      // Of those that it restores; a SUBSCRIBE does not come this far.
      authorizeSubscribe: (_client, subscription, done) => done(null, subscription),
    };
  }

  #listenToAedes(): void {
    const fail = (client: Client, error: Error): void => {
      const connection = this.#connectionOf.get(client);
      // What has a code is the network's doing, and a client that is closed has said why.
      if (connection === undefined || client.closed || 'code' in error) return;
      connection.refuse('protocol', error.message);
    };
    this.#aedes.on('clientReady', (client) => {
      const connection = this.#connectionOf.get(client);
      if (connection === undefined || connection.isGone) return;
      this.#delivery.join(connection, client.conn, this.#deviceOf(client));
      connection.admit(client.id);
    });
    this.#aedes.on('clientError', fail);
    this.#aedes.on('connectionError', fail);
    // Without a listener an error would end the process.
    const emitter: EventEmitter = this.#aedes;
    emitter.on('error', (error: unknown) => this.#recorder.failed(error));
  }

  #deviceOf({ id: clientId, clean: isClean }: Client): Device {
    const { maySubscribe = () => false, mayReceive = () => true } = this.#options;
    return {
      clientId,
      isClean,
      maySubscribe: (filter) => maySubscribe(clientId, filter),
      mayReceive: (topic) => mayReceive(clientId, topic),
    };
  }

  #tcpServer(): Server {
    return createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS },
      (socket) => this.#connect(socket, socket.remoteAddress),
    );
  }

  #websocketServer(): HttpServer {
    return websocketServer({
      frameBytesMax: this.#options.packetBytesMax + FRAME_BYTES_SPARE,
      connectionsMax: this.#options.connectionsMax,
      onConnection: (stream, address) => this.#connect(stream, address),
      onRefused: (address, refusal) =>
        this.#recorder.refused({ clientId: undefined, address }, refusal),
    });
  }

  async #serve(server: Server | HttpServer, host: string, port: number): Promise<number> {
    const listening = await listen(server, host, port);
    this.#servers.push(server);
    server.on('error', (error) => this.#recorder.failed(error));
    return listening;
  }

  #connect(stream: Duplex, address: string | undefined): void {
    const { packetBytesMax, connectionsMax, clock } = this.#options;
    // aedes listens too, but not after it has closed a connection.
    stream.on('error', () => {});
    if (this.#stopping.signal.aborted || this.#connections.size >= connectionsMax) {
      this.#recorder.refused({ clientId: undefined, address }, 'connections');
      stream.destroy();
      return;
    }
    const client = this.#aedes.handle(stream);
    const connection = new Connection({
      stream,
      address,
      packetBytesMax,
      clock,
      intake: this.#intake,
      recorder: this.#recorder,
      deliver: (packets) => this.#deliver(client, connection, packets),
    });
    this.#connectionOf.set(client, connection);
    this.#connections.add(connection);
    stream.once('close', () => {
      this.#connections.delete(connection);
      this.#delivery.leave(connection);
    });
    connection.attach();
  }

  /** To whom whole packets go. */
  #deliver(client: Client, connection: Connection, packets: Buffer): void {
    const first = packets[0] ?? 0;
    if (isSubscriberPacket(first)) this.#delivery.receive(connection, packets);
    else if (first === CONNECT && !isSoundConnect(packets)) connection.refuse('protocol');
    else parserOf(client).parse(packets);
  }

  #preConnect(
    client: Client,
    packet: ConnectPacket,
    done: (error: Error | null, success: boolean) => void,
  ): void {
    const connection = this.#connectionOf.get(client);
    if (connection === undefined) return;
    const refused = connectRefusal(packet);
    if (refused !== undefined) {
      client.conn.write(Buffer.from([CONNACK, 2, 0, refused.returnCode]));
      done(connection.refuse(refused.refusal), false);
      return;
    }
    connection.introduce(packet.clientId, (packet.keepalive ?? 0) * 1000);
    // Ours to watch: aedes does not know when it is we who do not read.
    packet.keepalive = 0;
    // A copy: as a part of what was read it would keep all of that in memory.
    if (packet.will !== undefined) packet.will.payload = Buffer.from(packet.will.payload);
    done(null, true);
  }

  #authorizePublish(client: Client | null, packet: Publish, done: Proceed): void {
    const connection = client === null ? undefined : this.#connectionOf.get(client);
    if (client !== null && connection !== undefined && !client.closed) {
      this.#gate.publish(connection, client.id, packet, done);
      return;
    }
    // Only wills come from a client that is closed. When we stop it is not the device that went.
    const peer = connection?.peer ?? { clientId: undefined, address: undefined };
    if (!this.#stopping.signal.aborted) this.#gate.will(peer, packet);
    done(new Error('a will is accepted, not published'));
  }

  async #watchSilence(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#options.clock.sleep(SILENCE_LOOK_MS, signal);
      for (const connection of this.#connections) connection.checkSilence();
      this.#delivery.check();
    }
  }
}

const CONNECT = 0x10;
const CONNACK = 0x20;

/** Not part of its types, but of the version that is pinned (see `connection.ts` for why). */
function parserOf(client: Client): { parse(packets: Buffer): void } {
  return (client as Client & { _parser: { parse(packets: Buffer): void } })._parser;
}
