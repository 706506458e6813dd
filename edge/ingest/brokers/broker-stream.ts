/**
 * A broker's connection, between its socket and the MQTT client that reads it: `socket ──► guard ──► client`.
 *
 * What is read is decided here: whole packets only (`packet-guard.ts`), and only while the messages that came before
 * are not too many (`mayRead`) and the broker takes our acknowledgements off our hands. So what waits is in the broker,
 * or in TCP's buffers, not here. Acknowledgements are written here too, those of one turn together.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

import type { Clock } from '#shared/clock.ts';

import { PacketGuard, type GuardFault } from '../packet-guard.ts';

export type BrokerStreamOptions = {
  readonly socket: Socket;
  readonly packetBytesMax: number;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Whether more messages may come. Where it says no, `wake` follows. */
  readonly mayRead: () => boolean;
  /** The stream is destroyed. */
  readonly refused: (fault: GuardFault) => void;
};

/** A CONNACK of MQTT 5 has properties, texts among them. */
const CONNACK_BYTES_MAX = 64 * 1024;
/** Between two looks at what is unsettled. */
const PACKETS_PER_TURN = 64;

const PUBACK = 0x40;
const PUBREC = 0x50;

export class BrokerStream extends Duplex {
  readonly #options: BrokerStreamOptions;
  readonly #guard: PacketGuard;
  #heardMs: number;
  #isWanted = false;
  #isWaking = false;
  #isStopped = false;
  #hasEnded = false;
  /** What goes out at the end of this turn: type and packet identifier. */
  #acks: number[] = [];

  constructor(options: BrokerStreamOptions) {
    // One run of packets at a time, so that what was read and not handled is little.
    super({ readableHighWaterMark: 1 });
    this.#options = options;
    this.#guard = new PacketGuard({
      packetBytesMax: options.packetBytesMax,
      connectBytesMax: CONNACK_BYTES_MAX,
      packetsMax: PACKETS_PER_TURN,
      sender: 'server',
    });
    this.#heardMs = options.clock.monotonic();
    const { socket } = options;
    socket.on('readable', () => this.#pump());
    socket.on('drain', () => this.wake());
    this.on('drain', () => this.wake());
    socket.on('error', (error) => this.destroy(error));
    socket.once('end', () => {
      this.#hasEnded = true;
      this.wake();
    });
    socket.once('close', () => this.destroy());
  }

  /** Lets through what follows the CONNACK. */
  admit(): void {
    this.#guard.admit();
    this.wake();
  }

  /** From now on nothing is read. */
  stop(): void {
    this.#isStopped = true;
  }

  /** How long nothing was heard of the broker. One that we do not read, for our own sake, cannot be heard. */
  silentMs(): number {
    const nowMs = this.#options.clock.monotonic();
    if (!this.#options.mayRead()) this.#heardMs = nowMs;
    return nowMs - this.#heardMs;
  }

  /** Sends a PUBACK for QoS 1, a PUBREC for QoS 2; in MQTT 5 without a reason code they mean success, as in 3.1.1. */
  acknowledge(qos: 1 | 2, packetId: number): void {
    if (this.#acks.length === 0) queueMicrotask(() => this.#flushAcks());
    this.#acks.push(qos === 1 ? PUBACK : PUBREC, packetId);
  }

  /** Reads again, soon: not from within whoever settles messages. */
  wake(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    queueMicrotask(() => {
      this.#isWaking = false;
      this.#pump();
    });
  }

  override _read(): void {
    this.#isWanted = true;
    this.wake();
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#options.socket.write(chunk, done);
  }

  override _writev(
    chunks: { readonly chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#options.socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#options.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#isStopped = true;
    this.#options.socket.destroy();
    done(error);
  }

  #pump(): void {
    const { socket, mayRead } = this.#options;
    while (this.#isWanted && !this.#isStopped && !this.destroyed) {
      if (this.writableNeedDrain || socket.writableNeedDrain || !mayRead()) return;
      const packets = this.#next();
      if (packets === undefined) {
        // Whoever comes to the end has read all there was.
        if (this.#hasEnded) this.destroy();
        return;
      }
      this.#isWanted = false;
      if (this.push(packets)) this.#isWanted = true;
    }
    // Closing is orderly when nothing is left unread.
    if (this.#isStopped && !this.destroyed) {
      socket.read();
      if (this.#hasEnded) this.destroy();
    }
  }

  /** The next whole packets, of what the guard holds or else of what the socket has. */
  #next(): Buffer | undefined {
    const guard = this.#guard;
    for (;;) {
      const packets = guard.take();
      if (guard.fault !== undefined) {
        this.#options.refused(guard.fault);
        this.destroy();
        return undefined;
      }
      if (packets !== undefined) return packets;
      const chunk: unknown = this.#options.socket.read();
      if (!(chunk instanceof Buffer)) return undefined;
      this.#heardMs = this.#options.clock.monotonic();
      guard.push(chunk);
    }
  }

  #flushAcks(): void {
    const acks = this.#acks;
    this.#acks = [];
    if (!this.writable) return;
    const bytes = Buffer.allocUnsafe(2 * acks.length);
    let at = 0;
    for (let i = 0; i < acks.length; i += 2) {
      bytes[at++] = acks[i] ?? 0;
      bytes[at++] = 2;
      at = bytes.writeUInt16BE(acks[i + 1] ?? 0, at);
    }
    this.write(bytes);
  }
}
