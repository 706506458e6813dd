/** One publisher: a raw socket, packets that are ready, a window of packets without a PUBACK. */
import { Socket } from 'node:net';

import { DISCONNECT, encodeConnect, type PacketRun } from './load-packets.ts';

export type LoadConnectionOptions = {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly packets: PacketRun;
  /** Packets without a PUBACK at once. */
  readonly inFlight: number;
  /** Called for each PUBACK. */
  readonly onAck: (latencyMs: number) => void;
  /** Called after PUBACKs came, when the window has room again. */
  readonly onAcks: (connection: LoadConnection, acks: number) => void;
};

const PACKET_ID_MAX = 65_535;
const CONNACK = 0x20;
const PUBACK = 0x40;

export class LoadConnection {
  readonly #options: LoadConnectionOptions;
  readonly #socket = new Socket();
  /** When the packet with that identifier was sent; 0 when none is on its way. */
  readonly #sentAtMs = new Float64Array(PACKET_ID_MAX + 1);
  readonly #ready = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #carry: Buffer = Buffer.alloc(0);
  #nextPacket = 0;
  #nextId = 1;
  #unacked = 0;
  #acked = 0;
  #ending = false;

  constructor(options: LoadConnectionOptions) {
    this.#options = options;
  }

  /** Rejects when the connection ends before `end` was called. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Resolves when the broker has accepted the connection. */
  async open(): Promise<void> {
    const socket = this.#socket;
    const { host, port, clientId } = this.#options;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the broker closed the connection')));
    socket.setNoDelay();
    socket.connect({ host, port }, () => socket.write(encodeConnect(clientId)));
    await Promise.race([this.#ready.promise, this.#closed.promise]);
  }

  /** Since the start. */
  get acked(): number {
    return this.#acked;
  }

  /** How many packets the window has room for. */
  get room(): number {
    return this.#options.inFlight - this.#unacked;
  }

  /** Sends the next `count` packets, in one write. There must be room for them. */
  send(count: number): void {
    const { packets } = this.#options;
    let left = count;
    while (left > 0) {
      const first = this.#nextPacket;
      const last = Math.min(first + left, packets.idOffsets.length);
      this.#write(first, last);
      left -= last - first;
      this.#nextPacket = last === packets.idOffsets.length ? 0 : last;
    }
    this.#unacked += count;
  }

  end(): void {
    this.#ending = true;
    this.#socket.end(DISCONNECT);
  }

  #write(first: number, last: number): void {
    const { bytes, starts, idOffsets } = this.#options.packets;
    const start = starts[first] ?? 0;
    const end = starts[last] ?? 0;
    const chunk = Buffer.allocUnsafe(end - start);
    bytes.copy(chunk, 0, start, end);
    const nowMs = performance.now();
    for (let i = first; i < last; i++) {
      const id = this.#nextId;
      this.#nextId = id === PACKET_ID_MAX ? 1 : id + 1;
      const at = (starts[i] ?? 0) - start + (idOffsets[i] ?? 0);
      chunk[at] = id >> 8;
      chunk[at + 1] = id & 255;
      this.#sentAtMs[id] = nowMs;
    }
    this.#socket.write(chunk);
  }

  /** Reads what only ever comes: one CONNACK, then PUBACKs, each four bytes. */
  #take(received: Buffer): void {
    const chunk = this.#carry.length === 0 ? received : Buffer.concat([this.#carry, received]);
    const nowMs = performance.now();
    const { onAck } = this.#options;
    let acks = 0;
    let at = 0;
    for (; at + 4 <= chunk.length; at += 4) {
      const type = chunk[at];
      const id = ((chunk[at + 2] ?? 0) << 8) | (chunk[at + 3] ?? 0);
      if (type === PUBACK) {
        const sentAtMs = this.#sentAtMs[id] ?? 0;
        if (sentAtMs === 0)
          return this.#fail(new Error(`a PUBACK for ${id}, which is not on its way`));
        this.#sentAtMs[id] = 0;
        onAck(nowMs - sentAtMs);
        acks++;
      } else if (type === CONNACK && id === 0) {
        this.#ready.resolve();
      } else {
        return this.#fail(new Error(`an unexpected packet: ${chunk.toString('hex', at, at + 4)}`));
      }
    }
    this.#carry = chunk.subarray(at);
    this.#unacked -= acks;
    this.#acked += acks;
    if (acks > 0) this.#options.onAcks(this, acks);
  }

  #fail(error: Error): void {
    if (this.#ending) this.#closed.resolve();
    else this.#closed.reject(error);
    this.#socket.destroy();
  }
}
