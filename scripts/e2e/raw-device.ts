/** A device that speaks MQTT 3.1.1 byte by byte: it sends exactly the packets that a test wants to see sent. */
import { once } from 'node:events';
import { connect } from 'node:net';

import { until } from '#shared/testing/until.ts';

const CONNECT = 0x10;
const PUBLISH_QOS1 = 0x32;
const DUP = 0x08;
const CONNACK_BYTES = 4;
const PUBACK_BYTES = 4;

export type RawPublish = {
  readonly port: number;
  readonly clientId: string;
  readonly packetId: number;
  readonly topic: string;
  readonly payload: string;
  readonly dup: boolean;
};

/** Connects, publishes once at QoS 1, waits for the PUBACK, and is gone without a DISCONNECT. */
export async function publishRaw(options: RawPublish): Promise<void> {
  const { port, clientId, packetId, topic, payload, dup } = options;
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
    });
    const connectBody = [text('MQTT'), Buffer.from([4, 2, 0, 60]), text(clientId)];
    socket.write(packet(CONNECT, connectBody));
    socket.write(
      packet(PUBLISH_QOS1 | (dup ? DUP : 0), [text(topic), uint16(packetId), Buffer.from(payload)]),
    );
    await until('the PUBACK', () => received.length >= CONNACK_BYTES + PUBACK_BYTES);
    const expected = Buffer.concat([Buffer.from([0x20, 2, 0, 0, 0x40, 2]), uint16(packetId)]);
    if (!received.equals(expected))
      throw new Error(`unexpected answer: ${received.toString('hex')}`);
  } finally {
    socket.destroy();
  }
}

function packet(header: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = body.length; ; rest = Math.floor(rest / 128)) {
    length.push((rest % 128) | (rest > 127 ? 0x80 : 0));
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([header, ...length]), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint16(bytes.length), bytes]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
