/**
 * The packets by which a device subscribes and acknowledges, read strictly: SUBSCRIBE, UNSUBSCRIBE, PUBACK, PUBREC
 * and PUBCOMP of MQTT 3.1.1. They do not go to aedes (`delivery.ts`), so what they must not be is found here.
 */
import { isUtf8 } from 'node:buffer';

import type { Refusal } from '../ingest.ts';
import type { Qos } from './publication.ts';

export type Subscription = { readonly filter: string; readonly qos: Qos };

export type SubscriberPacket =
  | { readonly type: 'puback' | 'pubrec' | 'pubcomp'; readonly packetId: number }
  | {
      readonly type: 'subscribe';
      readonly packetId: number;
      readonly subscriptions: readonly Subscription[];
    }
  | {
      readonly type: 'unsubscribe';
      readonly packetId: number;
      readonly filters: readonly string[];
    };

const ACKS = { 4: 'puback', 5: 'pubrec', 7: 'pubcomp' } as const;
const SUBSCRIBE = 8;
const UNSUBSCRIBE = 10;

const QOS_MAX = 2;

/** Whether a packet is of one of these types, by its first byte. */
export function isSubscriberPacket(first: number): boolean {
  const type = first >> 4;
  return type in ACKS || type === SUBSCRIBE || type === UNSUBSCRIBE;
}

/** Reads one whole packet of these types, whose first byte and length were found sound; or says what is wrong. */
export function readSubscriberPacket(packet: Buffer): SubscriberPacket | Refusal {
  const type = (packet[0] ?? 0) >> 4;
  const body = packet.subarray(bodyStart(packet));
  if (body.length < 2) return 'packet-length';
  const packetId = body.readUInt16BE();
  // MQTT-2.3.1-1.
  if (packetId === 0) return 'packet-id';
  if (type === SUBSCRIBE) return readSubscribe(packetId, body);
  if (type === UNSUBSCRIBE) return readUnsubscribe(packetId, body);
  if (body.length !== 2) return 'packet-length';
  return { type: ACKS[type as keyof typeof ACKS], packetId };
}

function readSubscribe(packetId: number, body: Buffer): SubscriberPacket | Refusal {
  const subscriptions: Subscription[] = [];
  for (let at = 2; at < body.length; at++) {
    const filter = readString(body, at);
    if (filter === undefined) return 'filter';
    at += 2 + Buffer.byteLength(filter);
    const qos = body[at];
    if (qos === undefined) return 'packet-length';
    // MQTT-3.8.3-4: the other bits are reserved.
    if (qos > QOS_MAX) return 'protocol';
    subscriptions.push({ filter, qos: qos as Qos });
  }
  // MQTT-3.8.3-3.
  return subscriptions.length === 0 ? 'protocol' : { type: 'subscribe', packetId, subscriptions };
}

function readUnsubscribe(packetId: number, body: Buffer): SubscriberPacket | Refusal {
  const filters: string[] = [];
  for (let at = 2; at < body.length;) {
    const filter = readString(body, at);
    if (filter === undefined) return 'filter';
    at += 2 + Buffer.byteLength(filter);
    filters.push(filter);
  }
  // MQTT-3.10.3-2.
  return filters.length === 0 ? 'protocol' : { type: 'unsubscribe', packetId, filters };
}

/** `undefined` when it is not whole, or not UTF-8 (MQTT-1.5.3-1). */
function readString(body: Buffer, at: number): string | undefined {
  if (at + 2 > body.length) return undefined;
  const end = at + 2 + body.readUInt16BE(at);
  if (end > body.length) return undefined;
  const bytes = body.subarray(at + 2, end);
  return isUtf8(bytes) ? bytes.toString() : undefined;
}

/** Past the fixed header. */
function bodyStart(packet: Buffer): number {
  let at = 1;
  while ((packet[at] ?? 0) > 127) at++;
  return at + 1;
}
