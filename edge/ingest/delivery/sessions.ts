/**
 * The sessions of all devices. One whose device is away stays for `sessionAwayMs`, unless it is clean; where there
 * are too many of them, or the memory that all hold together runs out, the one that has been away longest is
 * ended, and its device learns that by a CONNACK without "session present".
 *
 * Kept in memory: a restart ends them all, and says so in the same way.
 */
import type { Clock } from '#shared/clock.ts';

import type { DeliveryLimits } from './limits.ts';
import type { Outbox } from './outbox.ts';
import type { Publication, Qos } from './publication.ts';
import { Session, type SessionOf } from './session.ts';
import { SubscriptionTree } from './subscription-tree.ts';

export type SessionsOptions = {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly limits: DeliveryLimits;
  readonly retainedOf: (topic: string) => Publication | undefined;
  readonly onSent: (qos: Qos) => void;
  readonly onDropped: (qos: Qos) => void;
  /** A session has ended, and with it what else is known of that device. */
  readonly onEnded: (clientId: string) => void;
};

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, Session>();
  /** Since when the device of a session is away; the longest first. */
  readonly #awaySinceMs = new Map<Session, number>();
  readonly #tree = new SubscriptionTree<Session>();
  #heldBytes = 0;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#sessions.size;
  }

  get subscriptions(): number {
    return this.#tree.size;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Whether a device that comes back finds its session (MQTT-3.2.2-2). A clean one ended with its connection. */
  isKept(clientId: string): boolean {
    return this.#sessions.get(clientId)?.isClean === false;
  }

  /** The session of a device that has come: the one that was kept, or a new one. */
  open(of: SessionOf): Session {
    const { clientId, isClean } = of;
    const known = this.#sessions.get(clientId);
    if (known !== undefined && !known.isClean && !isClean) {
      this.#awaySinceMs.delete(known);
      return known;
    }
    if (known !== undefined) this.end(known);
    const { limits, retainedOf, onSent, onDropped } = this.#options;
    const onHeld = (bytes: number): void => void (this.#heldBytes += bytes);
    const session = new Session({
      ...of,
      limits,
      retainedOf,
      onHeld,
      onSent,
      onDropped,
    });
    this.#sessions.set(clientId, session);
    return session;
  }

  /** The connection behind `outbox` is closed. */
  leave(session: Session, outbox: Outbox): void {
    session.detach(outbox);
    if (session.isEnded || !session.isAway) return;
    if (session.isClean) {
      this.end(session);
      return;
    }
    this.#awaySinceMs.set(session, this.#options.clock.monotonic());
    if (this.#awaySinceMs.size > this.#options.limits.sessionsAwayMax) this.#endLongestAway();
  }

  /** Ends the session of a client id that another user has. */
  claim(clientId: string, user: string | undefined): void {
    const session = this.#sessions.get(clientId);
    if (session !== undefined && session.user !== user) this.end(session);
  }

  /** Ends the session that a device has, if it has one (MQTT-3.1.2-6). */
  discard(clientId: string): void {
    const session = this.#sessions.get(clientId);
    if (session !== undefined) this.end(session);
  }

  end(session: Session): void {
    if (session.isEnded) return;
    for (const filter of session.subscriptions.keys()) this.#tree.remove(filter, session);
    session.subscriptions.clear();
    session.end();
    this.#awaySinceMs.delete(session);
    this.#sessions.delete(session.clientId);
    this.#options.onEnded(session.clientId);
  }

  /** Whether there was room for the subscription. One that is there already is replaced (MQTT-3.8.4-3). */
  subscribe(session: Session, filter: string, qos: Qos): boolean {
    const { subscriptionsPerSessionMax, subscriptionsMax } = this.#options.limits;
    const isNew = !session.subscriptions.has(filter);
    if (isNew && session.subscriptions.size >= subscriptionsPerSessionMax) return false;
    if (isNew && this.#tree.size >= subscriptionsMax) return false;
    session.subscriptions.set(filter, qos);
    this.#tree.add(filter, session, qos);
    return true;
  }

  unsubscribe(session: Session, filter: string): void {
    if (session.subscriptions.delete(filter)) this.#tree.remove(filter, session);
  }

  /** The sessions that subscribed to a topic, with the QoS of the subscription. */
  subscribersOf(topic: string): ReadonlyMap<Session, Qos> {
    return this.#tree.match(topic);
  }

  /** Whether a message that waits finds room. It may end sessions, `session` too: then there is none. */
  makeRoom(bytes: number, session: Session): boolean {
    const { queuedBytesMax } = this.#options.limits;
    while (this.#heldBytes + bytes > queuedBytesMax && this.#endLongestAway());
    return this.#heldBytes + bytes <= queuedBytesMax && !session.isEnded;
  }

  /** Ends the sessions whose devices have been away for too long. */
  expire(): void {
    const nowMs = this.#options.clock.monotonic();
    for (const [session, sinceMs] of this.#awaySinceMs) {
      if (nowMs - sinceMs <= this.#options.limits.sessionAwayMs) return;
      this.end(session);
    }
  }

  #endLongestAway(): boolean {
    for (const session of this.#awaySinceMs.keys()) {
      this.end(session);
      return true;
    }
    return false;
  }
}
