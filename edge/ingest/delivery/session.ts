/**
 * What the broker owes one device: the messages of its subscriptions, and where each of QoS 1 and 2 stands.
 *
 * ```
 *   offer ─► queue ─► sent ── PUBACK ──────────────────────► done       QoS 1
 *                      └───── PUBREC ─► released ─ PUBCOMP ─► done       QoS 2
 * ```
 *
 * While the device is away the queue grows, up to its limits; when it comes back, what was sent and not
 * acknowledged goes out again, in the order in which it went out first, marked as a copy (MQTT-4.4.0-1,
 * MQTT-4.6.0-1). Retained messages are not queued: their topics are remembered, and what is retained there when
 * the device has room is sent, so a `#` costs no memory to speak of.
 */
import { assert } from '#shared/assert.ts';

import type { DeliveryLimits } from './limits.ts';
import type { Outbox } from './outbox.ts';
import { bytesOf, publishPacket, pubrelPacket, type Publication, type Qos } from './publication.ts';
import { SendQueue, type Waiting } from './send-queue.ts';

/** Whose a session is. */
export type SessionOf = {
  readonly clientId: string;
  readonly user: string | undefined;
  /** It ends with its connection (MQTT-3.1.2-6). */
  readonly isClean: boolean;
};

export type SessionOptions = SessionOf & {
  readonly limits: DeliveryLimits;
  /** What is retained for a topic now. */
  readonly retainedOf: (topic: string) => Publication | undefined;
  /** The memory that it holds has changed. */
  readonly onHeld: (bytes: number) => void;
  readonly onSent: (qos: Qos) => void;
  readonly onDropped: (qos: Qos) => void;
};

const PACKET_ID_MAX = 65_535;

export class Session {
  readonly clientId: string;
  readonly user: string | undefined;
  readonly isClean: boolean;
  /** By filter; kept in step with the tree by whoever owns both. */
  readonly subscriptions = new Map<string, Qos>();
  readonly #options: SessionOptions;
  readonly #queue = new SendQueue();
  /** By packet identifier, in the order in which they were sent. */
  readonly #unacked = new Map<number, Waiting>();
  #unackedBytes = 0;
  /** Packet identifiers whose PUBREL was sent, in that order. */
  readonly #released = new Set<number>();
  /** Topics whose retained message is to be sent, with the QoS of the subscription. */
  readonly #replay = new Map<string, Qos>();
  #outbox: Outbox | undefined;
  #lastPacketId = 0;
  #isEnded = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.clientId = options.clientId;
    this.user = options.user;
    this.isClean = options.isClean;
  }

  get isAway(): boolean {
    return this.#outbox === undefined;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The device is there, and has been told so. */
  attach(outbox: Outbox): void {
    assert(!this.#isEnded, 'a session that has ended stays ended');
    this.#outbox = outbox;
    for (const [packetId, waiting] of this.#unacked) this.#send(waiting, packetId, true);
    for (const packetId of this.#released) outbox.send(pubrelPacket(packetId));
    this.resume();
  }

  /** The device is gone, unless it has come back by another connection. */
  detach(outbox: Outbox): void {
    if (this.#outbox === outbox) this.#goAway();
  }

  end(): void {
    const held = this.#queue.bytes + this.#unackedBytes;
    this.#isEnded = true;
    this.#goAway();
    this.#queue.clear();
    this.#unacked.clear();
    this.#released.clear();
    this.#unackedBytes = 0;
    this.#options.onHeld(-held);
  }

  /** A message for the device. What cannot wait, or no longer, is dropped and counted. */
  offer(publication: Publication, qos: Qos): void {
    const replayQos = this.#replay.get(publication.topic);
    // What is retained is older: it goes first, or a device would end with the old one.
    if (replayQos !== undefined) this.#place(this.#takeRetained(publication.topic, replayQos));
    this.#place({ publication, qos, isRetained: false });
  }

  /** Sends the retained messages of these topics, as the device takes them. */
  replay(retained: Iterable<Publication>, qos: Qos): void {
    for (const { topic } of retained) {
      this.#replay.set(topic, Math.max(qos, this.#replay.get(topic) ?? 0) as Qos);
    }
    this.resume();
  }

  /** Sends what waits, as far as there is room. */
  resume(): void {
    while (this.#hasRoom()) {
      const queued = this.#queue.shift();
      const next = queued ?? this.#nextRetained();
      if (next === undefined) return;
      if (next.qos === 0) {
        this.#sendOnce(next);
      } else {
        // A retained message was not counted until now.
        if (queued === undefined) this.#options.onHeld(bytesOf(next.publication));
        this.#sendFirst(next);
      }
    }
  }

  /** A PUBACK has come. */
  acknowledge(packetId: number): void {
    if (this.#unacked.get(packetId)?.qos !== 1) return;
    this.#forget(packetId);
    this.resume();
  }

  /** A PUBREC has come: the device has the message, and may send it on when it is released. */
  receive(packetId: number): void {
    const waiting = this.#unacked.get(packetId);
    if (waiting?.qos === 1) return;
    if (waiting !== undefined) {
      this.#forget(packetId);
      this.#released.add(packetId);
    }
    // For an identifier that is not known too: a device that asks for it must not ask for ever.
    this.#outbox?.send(pubrelPacket(packetId));
  }

  /** A PUBCOMP has come. */
  complete(packetId: number): void {
    if (this.#released.delete(packetId)) this.resume();
  }

  #hasRoom(): boolean {
    if (this.#outbox?.isOpen !== true) return false;
    return this.#unacked.size + this.#released.size < this.#options.limits.inFlightMax;
  }

  #goAway(): void {
    this.#outbox = undefined;
    this.#replay.clear();
  }

  #place(waiting: Waiting | undefined): void {
    if (waiting === undefined) return;
    if (waiting.qos === 0) this.#sendOnce(waiting);
    else this.#enqueue(waiting);
  }

  #enqueue(waiting: Waiting): void {
    const { limits, onHeld, onDropped } = this.#options;
    const before = this.#queue.bytes;
    this.#queue.push(waiting);
    // This one stays, if nothing else does.
    while (
      this.#queue.length > 1 &&
      (this.#queue.length > limits.queueMessagesMax || this.#queue.bytes > limits.queueBytesMax)
    ) {
      const oldest = this.#queue.shift();
      if (oldest !== undefined) onDropped(oldest.qos);
    }
    onHeld(this.#queue.bytes - before);
    this.resume();
  }

  /** Now or never. */
  #sendOnce({ publication, isRetained }: Waiting): void {
    const outbox = this.#outbox;
    if (outbox?.isOpen === true) {
      outbox.send(publishPacket(publication, { qos: 0, retain: isRetained }));
      this.#options.onSent(0);
    } else if (outbox !== undefined) {
      this.#options.onDropped(0);
    }
  }

  #sendFirst(waiting: Waiting): void {
    const packetId = this.#nextPacketId();
    this.#unackedBytes += bytesOf(waiting.publication);
    this.#unacked.set(packetId, waiting);
    this.#send(waiting, packetId, false);
  }

  #send({ publication, qos, isRetained }: Waiting, packetId: number, dup: boolean): void {
    this.#outbox?.send(publishPacket(publication, { qos, packetId, dup, retain: isRetained }));
    this.#options.onSent(qos);
  }

  #forget(packetId: number): void {
    const waiting = this.#unacked.get(packetId);
    if (waiting === undefined) return;
    this.#unacked.delete(packetId);
    const bytes = bytesOf(waiting.publication);
    this.#unackedBytes -= bytes;
    this.#options.onHeld(-bytes);
  }

  /** One that nothing on its way has (MQTT-2.3.1-4). There is one: far fewer are on their way than there are. */
  #nextPacketId(): number {
    do {
      this.#lastPacketId = (this.#lastPacketId % PACKET_ID_MAX) + 1;
    } while (this.#unacked.has(this.#lastPacketId) || this.#released.has(this.#lastPacketId));
    return this.#lastPacketId;
  }

  #nextRetained(): Waiting | undefined {
    for (const [topic, qos] of this.#replay) {
      const retained = this.#takeRetained(topic, qos);
      if (retained !== undefined) return retained;
    }
    return undefined;
  }

  #takeRetained(topic: string, qos: Qos): Waiting | undefined {
    this.#replay.delete(topic);
    const publication = this.#options.retainedOf(topic);
    if (publication === undefined) return undefined;
    return { publication, qos: lowerOf(qos, publication.qos), isRetained: true };
  }
}

/** A message goes out with the QoS that it came with, and at most with what was subscribed to (MQTT-3.8.4-6). */
export function lowerOf(a: Qos, b: Qos): Qos {
  return a < b ? a : b;
}
