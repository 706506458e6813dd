/**
 * Delivery: hands what was published on to those who subscribed, and keeps what they are owed (MQTT 3.1.1, 3.8,
 * 4.1, 4.3 to 4.7).
 *
 * It is not aedes that does it. That one loses its place where a thing depends on another: it sends no DUP, lets a
 * wildcard raise the QoS of a subscription, bounds neither queues nor what is retained, and stops for everybody
 * where one subscriber does not read (moscajs/aedes#88). So the packets of a subscriber never reach it: SUBSCRIBE,
 * UNSUBSCRIBE, PUBACK, PUBREC and PUBCOMP come here from the guard, and of sessions aedes learns only whether
 * there is one, for the CONNACK (`no-fan-out.ts`).
 */
import type { Duplex } from 'node:stream';

import type { Clock } from '#shared/clock.ts';

import type { DeliveryCounts, Peer } from '../ingest.ts';
import type { DeliveryLimits } from './limits.ts';
import { Outbox } from './outbox.ts';
import { bytesOf, type Publication, type Qos } from './publication.ts';
import { RetainedMessages } from './retained-messages.ts';
import { lowerOf } from './session.ts';
import { Sessions } from './sessions.ts';
import { Subscriber, type SubscribeGrant, type SubscriberConnection } from './subscriber.ts';

export type DeliveryOptions = {
  readonly clock: Clock;
  readonly limits: DeliveryLimits;
  readonly onRefused: (peer: Peer, refusal: 'subscribe' | 'subscriptions') => void;
  readonly onSessionEnded: (clientId: string) => void;
};

/** Who has come. */
export type Device = {
  readonly clientId: string;
  /** Absent: nobody knows. */
  readonly user: string | undefined;
  readonly isClean: boolean;
  readonly grant: SubscribeGrant;
};

/** What is handed on. The payload may be a part of what was read: it is copied where it is kept. */
type Handed = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
};

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #sessions: Sessions;
  readonly #retained: RetainedMessages;
  readonly #subscribers = new Map<SubscriberConnection, Subscriber>();
  #sent = 0;
  #dropped = 0;
  #notRetained = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#retained = new RetainedMessages(options.limits);
    this.#sessions = new Sessions({
      clock: options.clock,
      limits: options.limits,
      retainedOf: (topic) => this.#retained.get(topic),
      onSent: () => void this.#sent++,
      onDropped: () => void this.#dropped++,
      onEnded: options.onSessionEnded,
    });
  }

  /** Whether a message matters here. It is asked for each: where nobody subscribes, that is all it costs. */
  concerns(isRetained: boolean): boolean {
    return isRetained || this.#sessions.subscriptions > 0;
  }

  counts(): DeliveryCounts {
    return {
      sessions: this.#sessions.count,
      subscriptions: this.#sessions.subscriptions,
      retained: this.#retained.count,
      heldBytes: this.#sessions.heldBytes + this.#retained.bytes,
      sent: this.#sent,
      dropped: this.#dropped,
      notRetained: this.#notRetained,
    };
  }

  /** Hands a message on; to how many sessions. `owner` is the client id that published it. */
  publish({ topic, payload, qos, retain }: Handed, owner: string): number {
    const subscribers = this.#sessions.subscribersOf(topic);
    if (subscribers.size === 0 && !retain) return 0;
    const publication: Publication = { topic, payload: Buffer.from(payload), qos };
    let offered = 0;
    for (const [session, subscribedQos] of subscribers) {
      const sentQos = lowerOf(qos, subscribedQos);
      if (sentQos > 0 && !this.#sessions.makeRoom(bytesOf(publication), session)) {
        this.#dropped++;
      } else if (!session.isEnded) {
        session.offer(publication, sentQos);
        offered++;
      }
    }
    if (retain && !this.#retained.keep(publication, owner)) this.#notRetained++;
    return offered;
  }

  isSessionKept(clientId: string): boolean {
    return this.#sessions.isKept(clientId);
  }

  /** A user has come by that client id. A session that it has of another user ends (G11). */
  claim(clientId: string, user: string | undefined): void {
    this.#sessions.claim(clientId, user);
  }

  discardSession(clientId: string): void {
    this.#sessions.discard(clientId);
  }

  /** The device behind a connection was let in, and has its CONNACK. */
  join(
    connection: SubscriberConnection,
    stream: Duplex,
    { clientId, user, isClean, grant }: Device,
  ): void {
    const { clock, limits, onRefused } = this.#options;
    const session = this.#sessions.open({ clientId, user, isClean });
    // What was allowed when it went may not be any more.
    for (const filter of session.subscriptions.keys()) {
      if (!grant.maySubscribe(filter)) this.#sessions.unsubscribe(session, filter);
    }
    const outbox = new Outbox({ stream, clock, limits, onOpen: () => session.resume() });
    const subscriber = new Subscriber({
      connection,
      session,
      outbox,
      sessions: this.#sessions,
      grant,
      retainedUnder: (filter) => this.#retained.match(filter),
      onRefused,
    });
    this.#subscribers.set(connection, subscriber);
  }

  /** Takes one whole packet of those that `isSubscriberPacket` names, of a device that was let in. */
  receive(connection: SubscriberConnection, packet: Buffer): void {
    if (!connection.isGone) this.#subscribers.get(connection)?.receive(packet);
  }

  /** The connection is closed. */
  leave(connection: SubscriberConnection): void {
    this.#subscribers.get(connection)?.leave();
    this.#subscribers.delete(connection);
  }

  /** Looks after what time ends. Called about once a second. */
  check(): void {
    this.#sessions.expire();
    for (const subscriber of this.#subscribers.values()) subscriber.checkStall();
  }
}
