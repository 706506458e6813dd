/**
 * Stands in front of the MQTT parser, which would buffer a packet of any length: reads the fixed header of each
 * packet in a stream of bytes and lets whole packets through, a run of them at a time, so that the parser never
 * waits for the rest of one.
 *
 * ```
 *   pushed   ──┬──────────────┬───────────┬─────────
 *   packets    │ CONNECT      │ PUBLISH   │ PUBL…
 *   taken      └── alone ─────┘└─────────┘└ kept until it is whole
 * ```
 *
 * - The first packet is a CONNECT, of a server a CONNACK, of at most `connectBytesMax`; it is let through alone, the
 *   next ones only after `admit()`.
 * - A packet that announces more than `packetBytesMax`, a malformed length or a type that only the other side sends
 *   is a fault, found as soon as the header is there. After a fault nothing is let through.
 * - Memory: at most what was pushed last and one packet, for which room is taken as its bytes come.
 *
 * A pure state machine: it knows nothing of sockets.
 */

export type GuardFault = 'first-packet' | 'packet-length' | 'packet-too-long' | 'packet-type';

export type GuardLimits = {
  /** Without the fixed header. */
  readonly packetBytesMax: number;
  readonly connectBytesMax: number;
  /** Packets let through at a time. */
  readonly packetsMax: number;
  /** Who sends the packets. Default: a client. */
  readonly sender?: Sender;
};

/** Which end of a connection it is. */
type Sender = 'client' | 'server';

/** CONNECT and CONNACK without the flags they must not have. */
const FIRST_BYTE: Readonly<Record<Sender, number>> = { client: 0x10, server: 0x20 };
const TYPES: Readonly<Record<Sender, number>> = {
  /** CONNECT, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT. */
  client: maskOf([1, 3, 4, 5, 6, 7, 8, 10, 12, 14]),
  /** CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, PINGRESP; DISCONNECT and AUTH of MQTT 5. */
  server: maskOf([2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 15]),
};

const LENGTH_BYTES_MAX = 4;
const STORAGE_BYTES_MIN = 4096;
const EMPTY = Buffer.alloc(0);

/** A header that is not whole yet. */
const UNKNOWN = 0;

export class PacketGuard {
  readonly #limits: GuardLimits;
  readonly #sender: Sender;
  #phase: 'connect' | 'connecting' | 'admitted' = 'connect';
  #fault: GuardFault | undefined;
  /** Bytes `#start` to `#end` were pushed and not taken. What was taken is never written over. */
  #storage: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  /** The length of the packet at `#start`, header included, once it is known. */
  #wanted = UNKNOWN;

  constructor(limits: GuardLimits) {
    this.#limits = limits;
    this.#sender = limits.sender ?? 'client';
  }

  get fault(): GuardFault | undefined {
    return this.#fault;
  }

  /** How much memory is held for what was not taken. */
  get heldBytes(): number {
    return this.#storage.length;
  }

  /** Opens the way for what follows the CONNECT. */
  admit(): void {
    this.#phase = 'admitted';
  }

  /** Takes over `chunk`, which the caller must not change afterwards. */
  push(chunk: Buffer): void {
    if (this.#start === this.#end) {
      this.#storage = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
    if (this.#storage.length - this.#end < chunk.length) this.#makeRoom(chunk.length);
    chunk.copy(this.#storage, this.#end);
    this.#end += chunk.length;
  }

  /** The next run of whole packets; `undefined` when there is none, or a fault. */
  take(): Buffer | undefined {
    if (this.#fault !== undefined || this.#phase === 'connecting') return undefined;
    const packetsMax = this.#phase === 'connect' ? 1 : this.#limits.packetsMax;
    const start = this.#start;
    let end = start;
    for (let packets = 0; packets < packetsMax && end < this.#end; packets++) {
      const length = this.#packetLength(end);
      this.#wanted = length;
      if (length === UNKNOWN || end + length > this.#end) break;
      end += length;
    }
    if (this.#fault !== undefined || end === start) return undefined;
    if (this.#phase === 'connect') this.#phase = 'connecting';
    const run = this.#storage.subarray(start, end);
    this.#start = end;
    if (end === this.#end) this.#storage = EMPTY;
    if (end === this.#end) this.#start = this.#end = 0;
    return run;
  }

  #makeRoom(bytes: number): void {
    const held = this.#end - this.#start;
    const needed = held + bytes;
    // Twice what there is, so that a packet that comes byte by byte is not copied as often; never more than it is.
    const ample = Math.min(Math.max(needed * 2, STORAGE_BYTES_MIN), this.#wanted);
    const storage = Buffer.allocUnsafe(Math.max(needed, ample));
    this.#storage.copy(storage, 0, this.#start, this.#end);
    this.#storage = storage;
    this.#start = 0;
    this.#end = held;
  }

  /** The length of the packet that begins at `at`, its header included. */
  #packetLength(at: number): number {
    const storage = this.#storage;
    const connecting = this.#phase === 'connect';
    const first = storage[at] ?? 0;
    if (connecting && first !== FIRST_BYTE[this.#sender]) return this.#fail('first-packet');
    if ((TYPES[this.#sender] & (1 << (first >> 4))) === 0) return this.#fail('packet-type');
    let length = 0;
    for (let i = 0; i < LENGTH_BYTES_MAX; i++) {
      const position = at + 1 + i;
      if (position >= this.#end) return UNKNOWN;
      const byte = storage[position] ?? 0;
      length |= (byte & 0x7f) << (7 * i);
      if (byte > 0x7f) continue;
      const limit = connecting ? this.#limits.connectBytesMax : this.#limits.packetBytesMax;
      return length > limit ? this.#fail('packet-too-long') : 2 + i + length;
    }
    return this.#fail('packet-length');
  }

  #fail(fault: GuardFault): number {
    this.#fault = fault;
    this.#storage = EMPTY;
    this.#start = this.#end = 0;
    return UNKNOWN;
  }
}

function maskOf(types: readonly number[]): number {
  return types.reduce((mask, type) => mask | (1 << type), 0);
}
