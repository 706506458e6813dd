/**
 * Ingest: turns what devices publish into messages, and holds their acknowledgement until it is earned.
 *
 * Promises
 * - G1 durable-ack: a PUBACK (QoS 1) or PUBREC (QoS 2) is written only after `settled()` was called for
 *   that message, which says that its events, or the counts of the rules that removed them, are on disk.
 *   `settled(error)` closes the connection without an acknowledgement; the device sends again.
 * - Order: messages of one connection are accepted in the order in which they arrived.
 * - Once: a QoS 2 message that is sent again before its PUBREL is accepted once, also when the second copy comes
 *   while the first is not settled yet, and also on another connection of the same session.
 * - Wills: a device that goes without a DISCONNECT has its will accepted like a message of its own.
 * - G7 bounded: a packet longer than `packetBytesMax` closes its connection when its header is read, before it
 *   is buffered; connections beyond `connectionsMax` are refused. A connection with too many unsettled messages
 *   is not read, and none is while all together have too many.
 * - Delivery: who subscribed gets a message once it is durable, never before: what is on a display is in the
 *   journal, and a message that is not acknowledged was shown to nobody. Once per session, with the lower of the
 *   QoS of the message and the highest of the subscriptions that match. Messages of one topic and QoS keep the
 *   order in which they were settled. Retained messages and sessions are in memory: a restart ends them, and tells
 *   by the CONNACK that there is no session.
 * - G7 bounded, for subscribers: what waits for a device, is retained or is written and not taken has limits
 *   (`delivery/limits.ts`). Beyond them the oldest goes, for that device only, and is counted. A device that does
 *   not read holds nobody up, and is closed after a while.
 * - G11 isolation: default deny. Topics that begin with `$SYS` or `$share` are refused; nobody subscribes to what
 *   begins with `$`; client ids and topics hold no control characters. What one device does wrong closes its
 *   connection and no other.
 *   Who has to prove who it is (`AccessOptions`) publishes, by its will too, and subscribes where the rules allow it:
 *   by default publishes under its own id only, and subscribes to nothing. A session is of a user: another one never
 *   finds it. Who is taken off the users file, or revoked, is closed within five seconds.
 * - A client that publishes faster than it may is not read for a while: nothing of it is dropped, and nobody else waits.
 *
 * Payloads: `packetBytesMax` (by default 512 KiB) is the limit of what is taken and kept; what decode makes of a
 * payload has its own, lower limit (256 KiB), above which it is kept as a `raw` event.
 */
import type { Clock } from '#shared/clock.ts';
import type { TallyError } from '#shared/errors.ts';

import type { DeliveryLimits } from './delivery/limits.ts';
import type { AccessRule } from './access/access-rules.ts';
import type { Limits } from './limits.ts';
import type { TlsOptions } from './tls-listener.ts';

/** One MQTT PUBLISH as it came in. */
export type Message = {
  /** Well-formed UTF-8 without control characters, 1 to 1024 characters, at most 32 levels, no wildcard, not under `$SYS` or `$share`. */
  readonly topic: string;
  /** Owned by the receiver only until `accept` returns. */
  readonly payload: Uint8Array;
  /** Of another broker, which does not tell who published: the id of our own session there. */
  readonly clientId: string;
  /** The name of the broker that it came from, as the config has it; absent: the gateway's own. */
  readonly source?: string;
  /** It was retained and may be old: what a broker keeps for those who come later. */
  readonly retained?: boolean;
  /** The gateway's wall clock, milliseconds since 1970. */
  readonly receiveTimeMs: number;
  /** The device says that it may have sent the message before (the DUP flag of MQTT 3.1.1, 3.3.1.1). */
  readonly redelivered?: boolean;
  /**
   * Of QoS 1 and 2: the same for two copies of a message (device, packet identifier, topic, payload), and for
   * nothing else but by a chance of 2^-32 among messages of one identifier; a whole number below 2^53.
   */
  readonly messageKey?: number;
};

/**
 * Takes one message into the pipeline. Calls `settled` exactly once, later or at once: without an argument
 * when the message is durable, with the error when it could not be made so.
 */
export type Accept = (message: Message, settled: (error?: TallyError) => void) => void;

/** Why a device was refused. */
export const REFUSALS = {
  connections: 'there are as many connections as there may be',
  'address-connections': 'there are as many connections from its address as there may be',
  'connect-rate': 'connections come faster than they may',
  tls: 'a TLS handshake that failed',
  certificate: 'no certificate, or one that is not accepted',
  memory: 'there is no room for another long packet',
  origin: 'a web page of another origin',
  subprotocol: 'a WebSocket without the subprotocol mqtt',
  'connect-late': 'no CONNECT within ten seconds',
  'first-packet': 'the first packet is not a CONNECT',
  'packet-length': 'a packet length that is malformed',
  'packet-too-long': 'a packet that is too long',
  'packet-type': 'a packet that only a server sends',
  'packet-id': 'a packet identifier that is not 1 to 65535',
  'protocol-version': 'not MQTT 3.1 or 3.1.1',
  protocol: 'not what MQTT allows',
  'client-id': 'a client id that is not 1 to 128 printable characters without + # /',
  login: 'no user with that password',
  'login-late': 'its password was not checked within thirty seconds',
  'login-busy': 'too many logins at once, or too many wrong ones from its address',
  'client-id-user': 'a client id that belongs to another user',
  rights: 'what it may do was changed: it is to connect again',
  revoked: 'its password was changed or taken away, or its certificate revoked',
  access: 'a topic that its rules do not allow',
  will: 'a will with a topic that is not allowed',
  topic: 'a topic that is not allowed',
  subscribe: 'a subscription that is not allowed',
  subscriptions: 'as many subscriptions as there may be',
  filter: 'a topic filter that MQTT does not allow',
  stalled: 'takes nothing of what it subscribed to',
  'qos2-window': 'too many QoS 2 messages without PUBREL',
  'keep-alive': 'silent for one and a half times its keep-alive',
} as const;

/** A key of `REFUSALS`. */
export type Refusal = keyof typeof REFUSALS;

/** Who did it: what is known of it. Safe to log: a client id is only here when it passed. */
export type Peer = {
  readonly clientId: string | undefined;
  readonly address: string | undefined;
  /** Who it has proved to be, by password or certificate. */
  readonly user?: string;
};

/** What ingest tells of itself. None of them throws, and none is called for each message. */
export type IngestEvents = {
  deviceConnected(peer: Peer): void;
  deviceDisconnected(peer: Peer): void;
  /** The connection is closed, except for `subscribe` and `subscriptions`. `detail` is in the broker's own words, if it gave any. */
  deviceRefused(peer: Peer, refusal: Refusal, detail?: string): void;
  /** A message could not be made durable: it is not acknowledged, the connection is closed. Once a connection. */
  ackWithheld(peer: Peer, error: TallyError): void;
  /** Something failed that is not the doing of one device; ingest goes on. */
  ingestFailed(error: unknown): void;
};

/** Since the start, but for the first two, which are of this moment. */
export type IngestCounts = {
  readonly connections: number;
  /** Messages accepted and not settled yet. */
  readonly unsettled: number;
  /** By QoS, wills among them. */
  readonly messages: readonly [qos0: number, qos1: number, qos2: number];
  /** Messages that could not be made durable. */
  readonly withheld: number;
  readonly refused: Readonly<Partial<Record<Refusal, number>>>;
  readonly delivery: DeliveryCounts;
};

/** What goes to subscribers. The first four are of this moment, the others since the start. */
export type DeliveryCounts = {
  /** Of devices that are there, and of those that are away and may come back. */
  readonly sessions: number;
  readonly subscriptions: number;
  readonly retained: number;
  /** Memory that retained messages and those that wait for devices take. */
  readonly heldBytes: number;
  /** PUBLISH packets, copies among them. */
  readonly sent: number;
  /** Messages that did not wait for a device, or no longer, because there was no room. */
  readonly dropped: number;
  /** Messages to be retained that were only handed on, because there was no room. */
  readonly notRetained: number;
};

/** How the gateway itself publishes. */
export type PublishOptions = {
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
};

/** Which client ids a user may have: its name; its name, or that and a colon and more; or any. */
export type ClientIdIs = 'user' | 'prefix' | 'any';

/** Who may connect, and what it may do then. Absent parts are as `mqtt-config.ts` has them by default. */
export type AccessOptions = {
  /** Who has which password (`password-file.ts`). */
  readonly usersFile?: string | undefined;
  /** Whether devices may do without a name; absent: only while neither passwords nor certificates are configured. */
  readonly anonymous?: boolean | undefined;
  readonly clientIdIs?: ClientIdIs | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Absent: publish under its own id; everything, where nobody can prove who it is. */
  readonly access?: readonly AccessRule[] | undefined;
  readonly limits?: Partial<Limits> | undefined;
};

/** What ingest needs. */
export type IngestOptions = AccessOptions & {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** MQTT over WebSocket; absent: not offered. */
  readonly websocketPort?: number | undefined;
  /** The longest MQTT packet, its fixed header not counted. */
  readonly packetBytesMax: number;
  /** TCP and WebSocket together. */
  readonly connectionsMax: number;
  readonly clock: Clock;
  readonly accept: Accept;
  readonly events: IngestEvents;
  /** What differs from `DEPOT_LIMITS`. */
  readonly delivery?: Partial<DeliveryLimits> | undefined;
};

/**
 * Ingest at work. Disposing of it stops reading, lets what was accepted settle and its acknowledgements go out,
 * for at most some seconds, then closes the connections. Their wills are not published: it is not the devices
 * that go.
 */
export type Ingest = AsyncDisposable & {
  readonly mqttPort: number;
  readonly websocketPort: number | undefined;
  readonly tlsPort: number | undefined;
  readonly tlsWebsocketPort: number | undefined;
  counts(): IngestCounts;
  /**
   * Sends a message of the gateway's own, such as a command, to the devices that subscribed to its topic; to how
   * many sessions. It is no event: it goes through no stage and is in no journal. The topic is one that a device
   * may publish under.
   */
  publish(topic: string, payload: Uint8Array, options?: PublishOptions): number;
  /**
   * Other rules (`AccessOptions.access`): who may do something else by them is closed, and connects again, if it may;
   * what is accepted is settled all the same.
   */
  setAccess(access: readonly AccessRule[] | undefined): void;
  /**
   * Reads users, certificates and revocations again, and closes who is not let in any more. It happens by itself
   * when the files change. Rejects with `users-unusable` or `certificate-unusable`; what was read before then stays.
   */
  reload(): Promise<void>;
};

/**
 * One of the depot's own brokers, which we subscribe to. It is connected to for ever: what fails is tried again, each
 * pause longer than the one before, and none as long as another gateway's.
 *
 * Promises, beside those above, which hold for what a broker delivers as for what a device publishes
 * - G1 durable-ack: the PUBACK or PUBREC to the broker waits for `settled()`. `settled(error)` drops the connection;
 *   the session is persistent, so the broker delivers again what it has no acknowledgement for.
 * - Once: a QoS 2 message is accepted once from its PUBLISH to its PUBREL, over all connections of the session. Over a
 *   restart of the gateway that memory is gone: then the broker delivers a second copy with DUP and the same
 *   `messageKey`, which whoever accepts knows from the journal (`isCopy` in `edge/pipeline.ts`), as far back as the
 *   journal keeps keys: 65 536 messages, more than a session may have in flight.
 *   A second copy is one with the same identifier, topic and payload: the identifier alone may be given away again by a
 *   broker that was killed and has an older image of itself.
 *   What MQTT cannot tell from a new message is accepted again: a broker that forgot what it had delivered and gives it
 *   another packet identifier, after a crash between two of its own savings; a retained message, given again to whoever
 *   subscribes again (`retained` says so).
 * - G7 bounded: a connection with `receiveMaximum` unsettled messages, or with too many bytes of them, is not read. The
 *   broker of MQTT 5 is told the number, and the longest packet; a longer one closes the connection before it is
 *   buffered.
 * - Nothing that a broker may deliver is lost for its topic: where it breaks the rules of `topic`, the message is
 *   accepted under the topic `unfit-topic`, and counted.
 *
 * Filters that are taken out of the config stay in the session, as MQTT has no list of them: a new `clientId` begins a
 * session without, and what the old one still holds at the broker is left there.
 */
export type ExternalBroker = AsyncDisposable & {
  readonly name: string;
  state(): BrokerState;
  counts(): BrokerCounts;
  /**
   * Publishes a command. Resolves when it is sent (QoS 0) or acknowledged (QoS 1); rejects with `broker-unavailable`
   * while the broker is not connected or when it is lost meanwhile. Never queued: who is late asks again. Not with
   * QoS 2, whose identifiers outlive a connection, and would have to be kept on disk.
   */
  publish(topic: string, payload: Uint8Array | string, qos: 0 | 1): Promise<void>;
};

/** `refused`: the broker, or our own certificate or password, says no, and a person is needed. It is tried again all the same. */
export const BROKER_STATES = ['connecting', 'connected', 'lost', 'refused'] as const;

/** One of `BROKER_STATES`. */
export type BrokerState = (typeof BROKER_STATES)[number];

/** Since the start, but for `unsettled`, which is of this moment. */
export type BrokerCounts = {
  readonly unsettled: number;
  /** By QoS; each copy that is accepted counts. */
  readonly messages: readonly [qos0: number, qos1: number, qos2: number];
  /** Messages that could not be made durable. */
  readonly withheld: number;
  /** What the broker sent that is not allowed. */
  readonly refused: Readonly<Partial<Record<Refusal, number>>>;
};

/** What a broker connection tells of itself: a change, not each try. None of them throws. */
export type BrokerEvents = {
  /** And its filters are granted. `isResumed`: the broker kept our session. */
  brokerConnected(broker: string, isResumed: boolean): void;
  /** It is tried again after that time, and longer ones. */
  brokerLost(broker: string, reason: string, retryMs: number): void;
  /** Of the connection, or of one filter while the others are served. */
  brokerRefused(broker: string, reason: string): void;
};
