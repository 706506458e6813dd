/** A connection as a subscriber: what it sends about its subscriptions, and the session that it has. */
import { unreachable } from '#shared/assert.ts';

import type { Peer, Refusal } from '../ingest.ts';
import type { Outbox } from './outbox.ts';
import type { Publication } from './publication.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { readSubscriberPacket, type Subscription } from './subscriber-packets.ts';
import { filterFault } from './topic-filter.ts';

/** What a subscriber needs of its connection. */
export type SubscriberConnection = {
  readonly peer: Peer;
  readonly isGone: boolean;
  refuse(refusal: Refusal): Error;
};

/** What a device may subscribe to. */
export type SubscribeGrant = { maySubscribe(filter: string): boolean };

export type SubscriberOptions = {
  readonly connection: SubscriberConnection;
  readonly session: Session;
  readonly outbox: Outbox;
  readonly sessions: Sessions;
  readonly grant: SubscribeGrant;
  /** What is retained under a filter. */
  readonly retainedUnder: (filter: string) => readonly Publication[];
  /** A subscription was answered with 0x80. At most one of each reason a packet. */
  readonly onRefused: (peer: Peer, refusal: 'subscribe' | 'subscriptions') => void;
};

const SUBACK = 0x90;
const UNSUBACK = 0xb0;
/** Of a SUBACK: not granted. */
const FAILURE = 0x80;

export class Subscriber {
  readonly #options: SubscriberOptions;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    options.session.attach(options.outbox);
  }

  /** Takes one whole packet of those that `isSubscriberPacket` names. */
  receive(packet: Buffer): void {
    const { connection, session } = this.#options;
    const read = readSubscriberPacket(packet);
    if (typeof read === 'string') {
      connection.refuse(read);
      return;
    }
    // Another connection has taken over, and this one is about to be closed.
    if (session.isEnded) return;
    switch (read.type) {
      case 'puback':
        session.acknowledge(read.packetId);
        break;
      case 'pubrec':
        session.receive(read.packetId);
        break;
      case 'pubcomp':
        session.complete(read.packetId);
        break;
      case 'subscribe':
        this.#subscribe(read.packetId, read.subscriptions);
        break;
      case 'unsubscribe':
        this.#unsubscribe(read.packetId, read.filters);
        break;
      default:
        unreachable(read);
    }
  }

  /** The connection is closed. */
  leave(): void {
    const { sessions, session, outbox } = this.#options;
    sessions.leave(session, outbox);
  }

  /** Closes the connection of a device that takes nothing of what it subscribed to. */
  checkStall(): void {
    if (this.#options.outbox.isStalled()) this.#options.connection.refuse('stalled');
  }

  #subscribe(packetId: number, subscriptions: readonly Subscription[]): void {
    const { connection, outbox, session, retainedUnder, onRefused } = this.#options;
    if (subscriptions.some(({ filter }) => filterFault(filter) === 'malformed')) {
      connection.refuse('filter');
      return;
    }
    const refusals = new Set<'subscribe' | 'subscriptions'>();
    const granted: Subscription[] = [];
    const returnCodes = subscriptions.map((subscription) => {
      const refusal = this.#refusalOf(subscription);
      if (refusal === undefined) {
        granted.push(subscription);
        return subscription.qos;
      }
      refusals.add(refusal);
      return FAILURE;
    });
    for (const refusal of refusals) onRefused(connection.peer, refusal);
    outbox.send(answer(SUBACK, packetId, returnCodes));
    for (const { filter, qos } of granted) {
      session.replay(retainedUnder(filter), qos);
    }
  }

  /** Subscribes, or says why not. */
  #refusalOf({ filter, qos }: Subscription): 'subscribe' | 'subscriptions' | undefined {
    const { session, sessions, grant } = this.#options;
    if (filterFault(filter) !== undefined) return 'subscribe';
    if (!grant.maySubscribe(filter)) return 'subscribe';
    return sessions.subscribe(session, filter, qos) ? undefined : 'subscriptions';
  }

  #unsubscribe(packetId: number, filters: readonly string[]): void {
    const { connection, outbox, session, sessions } = this.#options;
    if (filters.some((filter) => filterFault(filter) === 'malformed')) {
      connection.refuse('filter');
      return;
    }
    for (const filter of filters) sessions.unsubscribe(session, filter);
    // Also where there was none (MQTT-3.10.4-5).
    outbox.send(answer(UNSUBACK, packetId, []));
  }
}

function answer(type: number, packetId: number, returnCodes: readonly number[]): Buffer {
  const body = [packetId >> 8, packetId & 0xff, ...returnCodes];
  const header = [type];
  let rest = body.length;
  do {
    header.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.from([...header, ...body]);
}
