/**
 * The gate in front of the acknowledgement: a PUBLISH goes in, and its acknowledgement comes out once the message
 * is durable (G1). It stands where aedes asks whether a device may publish, which is the only place before aedes
 * writes a PUBACK; there it comes by for wills, for QoS 0, and for every copy of a QoS 2 message too.
 *
 * The PUBACK is written here and aedes goes on as if the message were QoS 0: aedes writes each one on its own, in
 * three parts and a turn of the event loop later, which takes half of all the time there is per message.
 */
import { assert } from '#shared/assert.ts';
import type { Clock } from '#shared/clock.ts';
import type { TallyError } from '#shared/errors.ts';

import type { Connection } from './connection.ts';
import type { InboundQos2 } from './inbound-qos2.ts';
import type { Accept, Message, Peer, Refusal } from './ingest.ts';
import type { Intake } from './intake.ts';
import { messageKeyOf } from './message-key.ts';
import type { Recorder } from './recorder.ts';
import { isAllowedTopic } from './topic-rules.ts';

/** A PUBLISH as aedes has parsed it, or a will. */
export type Publish = {
  topic: string;
  payload: string | Buffer;
  qos: 0 | 1 | 2;
  retain: boolean;
  dup?: boolean;
  messageId?: number | undefined;
  /** Of the packet, without its fixed header. */
  length?: number | undefined;
};

/** Tells aedes to go on, or with an error to close the connection. */
export type Proceed = (error?: Error | null) => void;

export type PublishGateOptions = {
  readonly clock: Clock;
  readonly accept: Accept;
  readonly intake: Intake;
  readonly recorder: Recorder;
  readonly qos2: InboundQos2;
};

const PACKET_ID_MAX = 65_535;

export class PublishGate {
  readonly #options: PublishGateOptions;

  constructor(options: PublishGateOptions) {
    this.#options = options;
  }

  publish(connection: Connection, clientId: string, packet: Publish, proceed: Proceed): void {
    if (connection.isGone) return;
    // Nothing is retained: there is nobody to give it to.
    packet.retain = false;
    const fault = faultOf(packet) ?? accessFaultOf(packet, connection);
    if (fault !== undefined) {
      proceed(connection.refuse(fault));
      return;
    }
    const { messageId: packetId = 0 } = packet;
    if (packet.qos === 2) {
      this.#publishQos2(connection, clientId, packet, proceed);
      return;
    }
    const { qos } = packet;
    this.#accept(connection, clientId, packet, (error) => {
      const wasGone = connection.isGone;
      if (error !== undefined) connection.withhold(error);
      if (wasGone) return;
      if (error === undefined && qos === 1) connection.acknowledge(packetId);
      packet.qos = 0;
      proceed(error);
    });
  }

  /** Takes the will of a device that went without a word. Nobody waits for an acknowledgement. */
  will(peer: Peer, packet: Publish): void {
    const { intake, recorder, accept, clock } = this.#options;
    const payload = bytesOf(packet);
    recorder.message(packet.qos);
    intake.begin(payload.length);
    const message = {
      topic: packet.topic,
      payload,
      clientId: peer.clientId ?? '',
      receiveTimeMs: clock.now(),
    };
    accept(message, (error) => {
      intake.settle(payload.length);
      if (error !== undefined) recorder.withheld(peer, error, true);
    });
  }

  #publishQos2(connection: Connection, clientId: string, packet: Publish, proceed: Proceed): void {
    const answer = (error?: Error): void => {
      if (!connection.isGone) proceed(error);
    };
    const settled = this.#options.qos2.enter(clientId, packet.messageId ?? 0, answer);
    if (settled === 'again') return;
    if (settled === 'full') {
      proceed(connection.refuse('qos2-window'));
      return;
    }
    this.#accept(connection, clientId, packet, (error) => {
      settled(error);
      if (error !== undefined) connection.withhold(error);
    });
  }

  #accept(
    connection: Connection,
    clientId: string,
    packet: Publish,
    settled: (error?: TallyError) => void,
  ): void {
    const { accept, clock, recorder } = this.#options;
    const payload = bytesOf(packet);
    const bytes = packet.topic.length + payload.length;
    recorder.message(packet.qos);
    connection.begin(bytes);
    let isSettled = false;
    const message = messageOf(packet, payload, clientId, clock.now());
    accept(message, (error) => {
      assert(!isSettled, 'a message is settled once');
      isSettled = true;
      connection.settle(bytes);
      settled(error);
    });
  }
}

function accessFaultOf({ topic }: Publish, { admission }: Connection): Refusal | undefined {
  return admission?.grant.mayPublish(topic) === true ? undefined : 'access';
}

/** What is wrong with a PUBLISH, whoever sent it. */
export function faultOf(packet: Publish): Refusal | undefined {
  const { topic, qos, messageId = 0 } = packet;
  if (!isAllowedTopic(topic)) return 'topic';
  if (qos === 0) return undefined;
  if (!(messageId >= 1 && messageId <= PACKET_ID_MAX)) return 'packet-id';
  return packet.payload.length === 0 && isCutShort(packet) ? 'packet-length' : undefined;
}

/** Where a packet ends before its identifier, the parser reads one from the next packet. */
function isCutShort({ topic, length = 0 }: Publish): boolean {
  return length < 2 + Buffer.byteLength(topic) + 2;
}

function messageOf(
  packet: Publish,
  payload: Buffer,
  clientId: string,
  receiveTimeMs: number,
): Message {
  const { topic, qos, messageId = 0 } = packet;
  if (qos === 0) return { topic, payload, clientId, receiveTimeMs };
  const messageKey = messageKeyOf(clientId, topic, payload, messageId);
  return { topic, payload, clientId, receiveTimeMs, messageKey, redelivered: packet.dup === true };
}

/** The payload; one that was text is copied. */
export function bytesOf({ payload }: Publish): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}
