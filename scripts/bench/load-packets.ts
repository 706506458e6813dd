/** Messages to publish, encoded once: MQTT 3.1.1 PUBLISH packets at QoS 1, side by side in one buffer. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

export type LoadMessage = { readonly topic: string; readonly payload: string };

/** Packets in one buffer; the packet identifiers in them are to be written over. */
export type PacketRun = {
  readonly bytes: Buffer;
  /** Where each packet begins, and, one more, where the last one ends. */
  readonly starts: Uint32Array;
  /** Where each packet has its identifier, from its start. */
  readonly idOffsets: Uint16Array;
};

/**
 * The messages of a file of JSON lines `{"topic", "payload"}`, gzipped if its name says so. A payload that is
 * not a string is sent as its JSON.
 */
export async function readMessages(path: string): Promise<LoadMessage[]> {
  const file = createReadStream(path);
  const lines = createInterface({ input: path.endsWith('.gz') ? file.pipe(createGunzip()) : file });
  const messages: LoadMessage[] = [];
  for await (const line of lines) {
    if (line === '') continue;
    const { topic, payload } = JSON.parse(line) as { topic: string; payload: unknown };
    messages.push({
      topic,
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
  }
  return messages;
}

/** Scans of handhelds, for when there is no file. */
export function someScans(count: number): LoadMessage[] {
  return Array.from({ length: count }, (_, i) => ({
    topic: `scan/ring-${i % 100}`,
    payload: JSON.stringify({
      time: 1_795_420_800 + i,
      data: `(00)${String(i).padStart(18, '0')}`,
      symbology: ']C1',
      readPoint: `dock-${i % 24}`,
      operator: `op-${i % 300}`,
      seq: i,
    }),
  }));
}

/** Deals messages out to connections; those of one topic stay together and in order. */
export function dealByTopic(
  messages: readonly LoadMessage[],
  connections: number,
): LoadMessage[][] {
  const hands: LoadMessage[][] = Array.from({ length: connections }, () => []);
  const handOf = new Map<string, LoadMessage[]>();
  for (const message of messages) {
    let hand = handOf.get(message.topic);
    if (hand === undefined) {
      hand = hands.reduce((least, each) => (each.length < least.length ? each : least));
      handOf.set(message.topic, hand);
    }
    hand.push(message);
  }
  // With fewer topics than connections some have none: they publish what the first one does.
  return hands.map((hand) => (hand.length > 0 ? hand : [...messages]));
}

const PUBLISH_QOS_1 = 0x32;

export function encodePublishes(messages: readonly LoadMessage[]): PacketRun {
  const starts = new Uint32Array(messages.length + 1);
  const idOffsets = new Uint16Array(messages.length);
  const packets = messages.map(({ topic, payload }, i) => {
    const topicBytes = Buffer.byteLength(topic);
    const length = 2 + topicBytes + 2 + Buffer.byteLength(payload);
    const header = Buffer.from([PUBLISH_QOS_1, ...remainingLength(length)]);
    const body = Buffer.alloc(length);
    body.writeUInt16BE(topicBytes, 0);
    body.write(topic, 2);
    body.write(payload, 2 + topicBytes + 2);
    starts[i + 1] = (starts[i] ?? 0) + header.length + length;
    idOffsets[i] = header.length + 2 + topicBytes;
    return Buffer.concat([header, body]);
  });
  return { bytes: Buffer.concat(packets), starts, idOffsets };
}

const KEEP_ALIVE_OFF = 0;
const CLEAN_SESSION = 0x02;

export function encodeConnect(clientId: string): Buffer {
  const id = Buffer.from(clientId);
  const body = Buffer.concat([
    Buffer.from([0, 4, ...Buffer.from('MQTT'), 4, CLEAN_SESSION, 0, KEEP_ALIVE_OFF, 0, id.length]),
    id,
  ]);
  return Buffer.concat([Buffer.from([0x10, ...remainingLength(body.length)]), body]);
}

export const DISCONNECT = Buffer.from([0xe0, 0]);

function remainingLength(length: number): number[] {
  return length < 128 ? [length] : [(length & 127) | 128, ...remainingLength(length >> 7)];
}
