/** A message on its way to subscribers, and its bytes on the wire (MQTT 3.1.1, section 3.3). */

export type Qos = 0 | 1 | 2;

export type Publication = {
  readonly topic: string;
  /** Its own bytes: not a part of what was read. */
  readonly payload: Buffer;
  readonly qos: Qos;
};

/** How a publication is sent to one subscriber. */
export type Dispatch = {
  readonly qos: Qos;
  /** 1 to 65535 for QoS 1 and 2; absent for QoS 0 (MQTT-2.3.1-5). */
  readonly packetId?: number;
  /** It was sent before (MQTT-3.3.1-1). */
  readonly dup?: boolean;
  /** It is sent because of a subscription, and was kept until then (MQTT-3.3.1-8, MQTT-3.3.1-9). */
  readonly retain?: boolean;
};

const PUBLISH = 0x30;
const PUBREL = 0x62;

/** What an object of this kind costs beside its bytes, roughly. */
const OVERHEAD_BYTES = 128;

/** How much memory a publication takes. */
export function bytesOf({ topic, payload }: Publication): number {
  return OVERHEAD_BYTES + 2 * topic.length + payload.length;
}

/** The PUBLISH packet. */
export function publishPacket({ topic, payload }: Publication, dispatch: Dispatch): Buffer {
  const { qos, packetId = 0, dup = false, retain = false } = dispatch;
  const topicBytes = Buffer.byteLength(topic);
  const length = 2 + topicBytes + (qos > 0 ? 2 : 0) + payload.length;
  const packet = Buffer.allocUnsafe(1 + lengthBytes(length) + length);
  packet[0] = PUBLISH | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
  let at = writeLength(packet, length, 1);
  at = packet.writeUInt16BE(topicBytes, at);
  at += packet.write(topic, at);
  if (qos > 0) at = packet.writeUInt16BE(packetId, at);
  payload.copy(packet, at);
  return packet;
}

/** The PUBREL packet, which releases a message of QoS 2. */
export function pubrelPacket(packetId: number): Buffer {
  return Buffer.from([PUBREL, 2, packetId >> 8, packetId & 0xff]);
}

function lengthBytes(length: number): number {
  if (length < 128) return 1;
  if (length < 16_384) return 2;
  return length < 2_097_152 ? 3 : 4;
}

/** The remaining length of a packet (MQTT 3.1.1, 2.2.3); where to go on. */
function writeLength(packet: Buffer, length: number, start: number): number {
  let at = start;
  let rest = length;
  while (rest > 127) {
    packet[at++] = (rest & 127) | 128;
    rest >>= 7;
  }
  packet[at++] = rest;
  return at;
}
