/** Ingest on aedes: MQTT 3.1 and 3.1.1 over TCP and WebSocket. The only importer of `aedes`. */
import type { EventEmitter } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { Aedes, type AedesOptions, type Client, type ConnectPacket } from 'aedes';

import { assert } from '#shared/assert.ts';
import { listen } from '#shared/listen.ts';

import { isSoundConnect } from './connect-packet.ts';
import { connectRefusal, type ConnectRefusal } from './connect-rules.ts';
import { ConnectionLimits } from './connection-limits.ts';
import { Connection } from './connection.ts';
import { Delivery } from './delivery/delivery.ts';
import { DEPOT_LIMITS } from './delivery/limits.ts';
import { isSubscriberPacket } from './delivery/subscriber-packets.ts';
import { isRefusal, type Admission, type Verdict } from './access/doorkeeper.ts';
import type { AccessRule } from './access/access-rules.ts';
import { openEntrance, type Entrance } from './access/entrance.ts';
import { InboundQos2 } from './inbound-qos2.ts';
import type { Ingest, IngestOptions, PublishOptions, Refusal } from './ingest.ts';
import { Intake } from './intake.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { emptyPersistence, silentEmitter } from './no-fan-out.ts';
import { PublishGate, type Proceed, type Publish } from './publish-gate.ts';
import { PublishRates } from './publish-rates.ts';
import { Recorder } from './recorder.ts';
import type { Certified, TlsEvents } from './tls-listener.ts';
import { isAllowedTopic } from './topic-rules.ts';
import { SessionHolders } from './session-holders.ts';
import { websocketServer } from './websocket.ts';

/** The name under which the composition root knows it. */
export type Broker = Ingest;

/** Who publishes what the gateway publishes itself. No client id is empty. */
const GATEWAY = '';

const SILENCE_LOOK_MS = 1000;
/** What was taken away is to be gone within five seconds (S6). */
const FILES_LOOK_MS = 2000;
/** Who may publish little is read in small portions, so that it does not wait long for what it had too much. */
const PORTIONS_PER_SECOND = 10;
/** TCP's own question to a device that is silent for so long and has no keep-alive. */
const TCP_KEEP_ALIVE_MS = 60_000;
/** How long a stop waits for commits, and then for devices to close. */
const SETTLE_MS_MAX = 5000;
const LINGER_MS_MAX = 1000;
/** A frame may hold the end of one packet and the start of the next. */
const FRAME_BYTES_SPARE = 64 * 1024;

/** Rejects with `port-in-use`, `listen-refused`, `users-unusable` or `certificate-unusable`. */
export async function openBroker(options: IngestOptions): Promise<Broker> {
  const broker = new AedesBroker(options, await openEntrance(options, options.clock));
  try {
    return await broker.open();
  } catch (error) {
    await broker[Symbol.asyncDispose]();
    throw error;
  }
}

class AedesBroker implements Ingest {
  readonly #options: IngestOptions;
  readonly #entrance: Entrance;
  readonly #limits: Limits;
  readonly #connectionLimits: ConnectionLimits;
  readonly #rates: PublishRates;
  readonly #intake = new Intake();
  readonly #qos2 = new InboundQos2();
  readonly #recorder: Recorder;
  readonly #delivery: Delivery;
  readonly #gate: PublishGate;
  readonly #aedes: Aedes;
  readonly #servers: (Server | HttpServer)[] = [];
  readonly #connections = new Set<Connection>();
  /** By client id: whose it is while it is connected. */
  readonly #holders = new SessionHolders();
  readonly #connectionOf = new WeakMap<Client, Connection>();
  /** Who has shown a certificate, by its connection's stream. */
  readonly #certifiedBy = new WeakMap<Duplex, Certified>();
  readonly #stopping = new AbortController();
  #mqttPort = 0;
  #websocketPort: number | undefined;
  #tlsPort: number | undefined;
  #tlsWebsocketPort: number | undefined;

  constructor(options: IngestOptions, entrance: Entrance) {
    this.#options = options;
    this.#entrance = entrance;
    const monotonic = (): number => options.clock.monotonic();
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#rates = new PublishRates(this.#limits, monotonic);
    const { connectionsMax } = options;
    this.#connectionLimits = new ConnectionLimits({ ...this.#limits, connectionsMax, monotonic });
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

  get tlsPort(): number | undefined {
    return this.#tlsPort;
  }

  get tlsWebsocketPort(): number | undefined {
    return this.#tlsWebsocketPort;
  }

  async reload(): Promise<void> {
    try {
      await this.#entrance.reload();
    } finally {
      this.#closeUnless('revoked', (admission) => this.#entrance.isStillLetIn(admission));
    }
  }

  setAccess(access: readonly AccessRule[] | undefined): void {
    this.#entrance.setRules(access);
    this.#closeUnless('rights', (admission) => this.#entrance.hasSameRights(admission));
  }

  #closeUnless(refusal: Refusal, isFine: (admission: Admission) => boolean): void {
    for (const connection of this.#connections) {
      const { admission } = connection;
      if (admission !== undefined && !isFine(admission)) connection.refuse(refusal);
    }
  }

  counts(): ReturnType<Ingest['counts']> {
    return {
      connections: this.#connections.size,
      unsettled: this.#intake.unsettled,
      ...this.#recorder.counts(),
      delivery: this.#delivery.counts(),
    };
  }

  publish(topic: string, payload: Uint8Array, options: PublishOptions = {}): number {
    assert(isAllowedTopic(topic), 'a topic that a device may publish under');
    return this.#delivery.publish({ topic, payload, qos: 0, retain: false, ...options }, GATEWAY);
  }

  async open(): Promise<this> {
    const { host, port, websocketPort } = this.#options;
    this.#listenToAedes();
    await this.#aedes.listen();
    this.#mqttPort = await this.#serve(this.#tcpServer(), host, port);
    if (websocketPort !== undefined) {
      const server = this.#websocketServer((stream, socket) => {
        this.#arrive(stream, socket.remoteAddress);
      });
      this.#websocketPort = await this.#serve(server, host, websocketPort);
    }
    await this.#openTls();
    void this.#watchSilence();
    void this.#watchFiles();
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
    this.#entrance.close();
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
      const admission = connection?.admission;
      if (connection === undefined || admission === undefined || connection.isGone) return;
      const device = { clientId: client.id, isClean: client.clean, ...admission };
      this.#delivery.join(connection, client.conn, device);
      connection.admit(client.id, this.#rates.take(client.id));
      void connection.closed.then(() => this.#rates.release(client.id));
    });
    this.#aedes.on('clientError', fail);
    this.#aedes.on('connectionError', fail);
    // Without a listener an error would end the process.
    const emitter: EventEmitter = this.#aedes;
    emitter.on('error', (error: unknown) => this.#recorder.failed(error));
  }

  #tcpServer(): Server {
    return createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS },
      (socket) => this.#arrive(socket, socket.remoteAddress),
    );
  }

  #websocketServer(onConnection: (stream: Duplex, socket: Socket) => void): HttpServer {
    return websocketServer({
      frameBytesMax: this.#options.packetBytesMax + FRAME_BYTES_SPARE,
      connectionsMax: this.#options.connectionsMax,
      onConnection,
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

  async #openTls(): Promise<void> {
    const { tls } = this.#entrance;
    const options = this.#options.tls;
    if (tls === undefined || options === undefined) return;
    const { host, port, websocketPort } = options;
    const mqtt = tls.server(
      this.#tlsEvents((socket) => this.#connect(socket, socket.remoteAddress)),
    );
    this.#tlsPort = await this.#serve(mqtt, host, port);
    if (websocketPort === undefined) return;
    const upgrades = this.#websocketServer((stream, socket) => {
      const certified = this.#certifiedBy.get(socket);
      if (certified !== undefined) this.#certifiedBy.set(stream, certified);
      this.#connect(stream, socket.remoteAddress);
    });
    // It is handed its connections, and begins to look after their time as if it listened.
    upgrades.emit('listening');
    this.#servers.push(upgrades);
    const websockets = tls.server(
      this.#tlsEvents((socket) => void upgrades.emit('connection', socket)),
    );
    this.#tlsWebsocketPort = await this.#serve(websockets, host, websocketPort);
  }

  #tlsEvents(next: (socket: Socket) => void): TlsEvents {
    return {
      arrive: (address) => this.#connectionLimits.arrive(address),
      leave: (address) => this.#connectionLimits.leave(address),
      onSecure: (socket, certified) => {
        if (certified !== undefined) this.#certifiedBy.set(socket, certified);
        next(socket);
      },
      onRefused: (address, refusal, detail) =>
        this.#recorder.refused({ clientId: undefined, address }, refusal, detail),
    };
  }

  /** For those of which `#tlsEvents` does not know. */
  #arrive(stream: Duplex, address: string | undefined): void {
    const refusal = this.#connectionLimits.arrive(address);
    if (refusal !== undefined) {
      this.#recorder.refused({ clientId: undefined, address }, refusal);
      stream.on('error', () => {});
      stream.destroy();
      return;
    }
    stream.once('close', () => this.#connectionLimits.leave(address));
    this.#connect(stream, address);
  }

  #connect(stream: Duplex, address: string | undefined): void {
    const { packetBytesMax, clock } = this.#options;
    // aedes listens too, but not after it has closed a connection.
    stream.on('error', () => {});
    if (this.#stopping.signal.aborted) {
      stream.destroy();
      return;
    }
    const client = this.#aedes.handle(stream);
    const connection = new Connection({
      stream,
      address,
      packetBytesMax,
      packetsMax: Math.ceil(this.#limits.messagesPerSecond / PORTIONS_PER_SECOND),
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
      done(turnAway(client, connection, refused), false);
      return;
    }
    connection.introduce(packet.clientId, this.#keepAliveMs(packet));
    // Ours to watch: aedes does not know when it is we who do not read.
    packet.keepalive = 0;
    // A copy: as a part of what was read it would keep all of that in memory.
    if (packet.will !== undefined) packet.will.payload = Buffer.from(packet.will.payload);
    const decide = (verdict: Verdict): void => {
      if (connection.isGone || client.closed) return;
      if (isRefusal(verdict)) {
        done(turnAway(client, connection, verdict), false);
        return;
      }
      if (this.#holders.isAnothers(packet.clientId, verdict.user)) {
        done(turnAway(client, connection, FOREIGN_CLIENT_ID), false);
        return;
      }
      this.#letIn(connection, packet.clientId, verdict);
      done(null, true);
    };
    const verdict = this.#entrance.login({
      address: connection.peer.address,
      certified: this.#certifiedBy.get(client.conn),
      clientId: packet.clientId,
      username: packet.username,
      password: packet.password,
      willTopic: packet.will?.topic,
    });
    if (verdict instanceof Promise) {
      void verdict.then(decide, (error: unknown) => {
        this.#recorder.failed(error);
        client.conn.destroy();
      });
    } else decide(verdict);
  }

  #letIn(connection: Connection, clientId: string, admission: Admission): void {
    connection.identify(admission);
    if (clientId === '') return;
    this.#delivery.claim(clientId, admission.user);
    this.#holders.hold(clientId, connection);
  }

  #keepAliveMs({ keepalive = 0 }: ConnectPacket): number {
    const { keepAliveSecondsMax } = this.#limits;
    const seconds = keepalive === 0 ? keepAliveSecondsMax : keepalive;
    return Math.min(seconds, keepAliveSecondsMax) * 1000;
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

  async #watchFiles(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (await this.#entrance.haveFilesChanged()) {
        await this.reload().catch((error: unknown) => this.#recorder.failed(error));
      }
      await this.#options.clock.sleep(FILES_LOOK_MS, signal);
    }
  }
}

const CONNECT = 0x10;
const CONNACK = 0x20;
const FOREIGN_CLIENT_ID = { refusal: 'client-id-user', returnCode: 2 } as const;

function turnAway(
  client: Client,
  connection: Connection,
  { refusal, returnCode }: ConnectRefusal,
): Error {
  client.conn.write(Buffer.from([CONNACK, 2, 0, returnCode]));
  return connection.refuse(refusal);
}

/** Not part of its types, but of the version that is pinned (see `connection.ts` for why). */
function parserOf(client: Client): { parse(packets: Buffer): void } {
  return (client as Client & { _parser: { parse(packets: Buffer): void } })._parser;
}
