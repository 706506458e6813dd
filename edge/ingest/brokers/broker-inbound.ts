/**
 * What one broker delivers, on its way to `accept` and to its acknowledgement (G1). It outlives the connections: a
 * message whose connection was lost while it waited for the disk is settled all the same, and a QoS 2 message that is
 * not released is known on the next one.
 */
import { assert } from '#shared/assert.ts';
import type { Clock } from '#shared/clock.ts';
import type { TallyError } from '#shared/errors.ts';

import { InboundQos2 } from '../inbound-qos2.ts';
import type { Accept, BrokerCounts, Refusal } from '../ingest.ts';
import { messageKeyOf } from '../message-key.ts';
import { bytesOf, faultOf, type Publish } from '../publish-gate.ts';

/** The connection that a message came by, as far as its acknowledgement goes. */
export type AckLink = {
  readonly isGone: boolean;
  acknowledge(qos: 1 | 2, packetId: number): void;
  /** A message could not be made durable. */
  withhold(error: Error): void;
  /** There is less unsettled than before. */
  wake(): void;
};

export type BrokerInboundOptions = {
  /** Of the broker. */
  readonly name: string;
  readonly clientId: string;
  readonly receiveMaximum: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly accept: Accept;
};

/** Of one broker; one message may go beyond it. */
const UNSETTLED_BYTES_MAX = 16 * 1024 * 1024;
/** As many as there are identifiers: the broker decides how many it has in flight. */
const QOS2_PACKETS_MAX = 65_535;
/** Where what the broker gives is none that we take. */
const UNFIT_TOPIC = 'unfit-topic';

export class BrokerInbound {
  readonly #options: BrokerInboundOptions;
  readonly #qos2 = new InboundQos2(QOS2_PACKETS_MAX);
  /** Of each packet identifier: the key of the QoS 2 message that came under it last. */
  readonly #qos2Keys = new Map<number, number>();
  readonly #messages: [number, number, number] = [0, 0, 0];
  readonly #refused: Partial<Record<Refusal, number>> = {};
  #withheld = 0;
  #unsettled = 0;
  #unsettledBytes = 0;
  #durable = 0;
  #idle: (() => void) | undefined;

  constructor(options: BrokerInboundOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return (
      this.#unsettled < this.#options.receiveMaximum && this.#unsettledBytes < UNSETTLED_BYTES_MAX
    );
  }

  /** Messages that were made durable, since the start. */
  get durable(): number {
    return this.#durable;
  }

  counts(): BrokerCounts {
    return {
      unsettled: this.#unsettled,
      messages: [...this.#messages],
      withheld: this.#withheld,
      refused: { ...this.#refused },
    };
  }

  refuse(refusal: Refusal): void {
    this.#refused[refusal] = (this.#refused[refusal] ?? 0) + 1;
  }

  /** Takes a PUBLISH; what is wrong with it where it breaks the protocol, and is not taken. */
  take(packet: Publish, link: AckLink): Refusal | undefined {
    const fault = faultOf(packet);
    if (fault !== undefined) this.refuse(fault);
    if (fault !== undefined && fault !== 'topic') return fault;
    const topic = fault === 'topic' ? UNFIT_TOPIC : packet.topic;
    const { qos, messageId: packetId = 0 } = packet;
    if (qos === 2) this.#takeQos2(packet, topic, link);
    else {
      this.#accept(packet, topic, (error) => {
        if (link.isGone) return;
        if (error !== undefined) link.withhold(error);
        else if (qos === 1) link.acknowledge(qos, packetId);
        link.wake();
      });
    }
    return undefined;
  }

  /** A PUBREL came. */
  release(packetId: number): void {
    this.#qos2.release(this.#options.clientId, packetId);
  }

  /** The broker has lost our session, and with it what its identifiers meant. */
  forgetSession(): void {
    this.#qos2.forget(this.#options.clientId);
  }

  /** Resolves when nothing is unsettled. One may wait for it at a time. */
  async idle(): Promise<void> {
    if (this.#unsettled === 0) return;
    const idle = Promise.withResolvers<void>();
    this.#idle = idle.resolve;
    await idle.promise;
  }

  /**
   * A copy is what comes under the same identifier and is the same: the identifier alone does not tell. A broker that
   * was killed and came back with an older image of itself gives identifiers away that we know from before, and that it
   * will never release.
   */
  #takeQos2(packet: Publish, topic: string, link: AckLink): void {
    const { clientId } = this.#options;
    const { messageId: packetId = 0 } = packet;
    const key = this.#keyOf(packet);
    if (this.#qos2Keys.get(packetId) !== key) {
      this.#qos2.discard(clientId, packetId);
      this.#qos2Keys.set(packetId, key);
    }
    const settled = this.#qos2.enter(clientId, packetId, (error) => {
      if (link.isGone) return;
      // Also where the first copy came by an earlier connection: this one waits for its acknowledgement.
      if (error !== undefined) link.withhold(error);
      else if (this.#qos2Keys.get(packetId) === key) link.acknowledge(2, packetId);
      link.wake();
    });
    if (settled === 'again') return;
    assert(settled !== 'full', 'there is room for every packet identifier');
    this.#accept(packet, topic, settled);
  }

  /** By the topic that came, so that of two that are unfit the keys differ. */
  #keyOf({ topic, messageId = 0, ...packet }: Publish): number {
    const { name, clientId } = this.#options;
    return messageKeyOf(`${name} ${clientId}`, topic, bytesOf({ topic, ...packet }), messageId);
  }

  #accept(packet: Publish, topic: string, settled: (error?: TallyError) => void): void {
    const { name, clientId, clock, accept } = this.#options;
    const { qos, dup, retain } = packet;
    const payload = bytesOf(packet);
    const bytes = topic.length + payload.length;
    this.#messages[qos]++;
    this.#unsettled++;
    this.#unsettledBytes += bytes;
    let isSettled = false;
    const message = {
      topic,
      payload,
      clientId,
      source: name,
      receiveTimeMs: clock.now(),
      retained: retain,
      ...(qos !== 0 && {
        redelivered: dup === true,
        messageKey: this.#keyOf(packet),
      }),
    };
    accept(message, (error) => {
      assert(!isSettled, 'a message is settled once');
      isSettled = true;
      this.#unsettled--;
      this.#unsettledBytes -= bytes;
      if (error === undefined) this.#durable++;
      else this.#withheld++;
      settled(error);
      if (this.#unsettled === 0) this.#idle?.();
    });
  }
}
