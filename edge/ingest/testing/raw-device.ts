/** A device that sends whatever bytes it is told to, and keeps what comes back. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { until } from '#shared/testing/until.ts';

/** A packet from the broker: the type, and what follows the fixed header. */
export type Answer = { readonly type: number; readonly body: Buffer };

export const CONNACK = 2;
export const PUBACK = 4;
export const PUBREC = 5;
export const PUBCOMP = 7;
export const SUBACK = 9;
export const PINGRESP = 13;

export class RawDevice {
  readonly #socket: Socket;
  readonly answers: Answer[] = [];
  #received = Buffer.alloc(0);
  #isClosed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', () => {});
    socket.on('close', () => (this.#isClosed = true));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(...packets: readonly Uint8Array[]): void {
    this.#socket.write(Buffer.concat(packets));
  }

  /** Each byte in a segment of its own, as far as the system lets us. */
  async trickle(bytes: Uint8Array): Promise<void> {
    for (const byte of bytes) {
      if (!this.#socket.write(Buffer.from([byte]))) await once(this.#socket, 'drain');
      await new Promise((resolve) => void setImmediate(resolve));
    }
  }

  /** Goes without a word. */
  vanish(): void {
    this.#socket.destroy();
  }

  /** The packet identifiers of the answers of a type, in the order in which they came. */
  ids(type: number): number[] {
    return this.answers.filter((each) => each.type === type).map(({ body }) => body.readUInt16BE());
  }

  async answered(type: number, count = 1): Promise<Answer[]> {
    const some = (): Answer[] => this.answers.filter((each) => each.type === type);
    await until(`${count} answers of type ${type}`, () => some().length >= count);
    return some();
  }

  async closed(): Promise<void> {
    await until('the connection to be closed', () => this.#isClosed);
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    // What the broker sends is short: one byte of length.
    for (;;) {
      const end = 2 + (this.#received[1] ?? Number.POSITIVE_INFINITY);
      if (this.#received.length < end) return;
      const type = (this.#received[0] ?? 0) >> 4;
      this.answers.push({ type, body: this.#received.subarray(2, end) });
      this.#received = this.#received.subarray(end);
    }
  }
}

/** Connected, and nothing sent. */
export async function rawDevice(port: number): Promise<RawDevice> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return new RawDevice(socket);
}

/** Let in by the broker. */
export async function connectedDevice(
  port: number,
  clientId: string,
  options: ConnectPacketOptions = {},
): Promise<RawDevice> {
  const device = await rawDevice(port);
  device.send(connectPacket(clientId, options));
  await device.answered(CONNACK);
  return device;
}

export type ConnectPacketOptions = {
  readonly protocolId?: string;
  readonly level?: number;
  readonly clean?: boolean;
  readonly keepAliveSeconds?: number;
  readonly will?: { readonly topic: string; readonly payload: string };
  readonly username?: string;
  readonly password?: string;
};

export function connectPacket(
  clientId: string | Uint8Array,
  {
    protocolId = 'MQTT',
    level = 4,
    clean = true,
    keepAliveSeconds = 0,
    will,
    username,
    password,
  }: ConnectPacketOptions = {},
): Buffer {
  const flags =
    (clean ? 2 : 0) |
    (will === undefined ? 0 : 4) |
    (password === undefined ? 0 : 0x40) |
    (username === undefined ? 0 : 0x80);
  return packet(
    0x10,
    text(protocolId),
    Buffer.from([level, flags, keepAliveSeconds >> 8, keepAliveSeconds & 255]),
    text(clientId),
    ...(will === undefined ? [] : [text(will.topic), text(will.payload)]),
    ...[username, password].filter((each) => each !== undefined).map(text),
  );
}

export type PublishPacketOptions = {
  readonly qos?: 0 | 1 | 2;
  readonly id?: number;
  readonly dup?: boolean;
  readonly retain?: boolean;
};

export function publishPacket(
  topic: string | Uint8Array,
  payload: string | Uint8Array,
  { qos = 1, id = 1, dup = false, retain = false }: PublishPacketOptions = {},
): Buffer {
  const first = 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
  return packet(first, text(topic), ...(qos === 0 ? [] : [uint16(id)]), Buffer.from(payload));
}

export const pubrelPacket = (id: number): Buffer => packet(0x62, uint16(id));
export const subscribePacket = (id: number, topic: string): Buffer =>
  packet(0x82, uint16(id), text(topic), Buffer.from([1]));
export const pingPacket = packet(0xc0);
export const disconnectPacket = packet(0xe0);

/** A packet with a right length. */
export function packet(first: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const header = [first];
  let rest = body.length;
  do {
    header.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), body]);
}

/** A string of MQTT: its length, and its bytes. */
export function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint16(bytes.length), bytes]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}
