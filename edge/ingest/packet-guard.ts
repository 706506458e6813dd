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
 * - A packet that announces more than `packetBytesMax`, a length that is malformed or not that of its type, flags
 *   that its type must not have, or a type that only the other side sends is a fault, found as soon as the header is
 *   there. After a fault nothing is let through.
 * - A packet of a subscriber (`subscriber-packets.ts`) is let through alone: it has another reader.
 * - Memory: at most what was pushed last and one packet, for which room is taken as its bytes come.
 *
 * A pure state machine: it knows nothing of sockets.
 */

import { isSubscriberPacket } from './delivery/subscriber-packets.ts';

export type GuardFault =
  | 'first-packet'
  | 'packet-id'
  | 'packet-length'
  | 'packet-too-long'
  | 'packet-type'
  | 'protocol';

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

/** CONNECT without the flags it must not have. */
const CONNECT_BYTE = 0x10;
const CONNACK_BYTE = 0x20;
const PUBREL_BYTE = 0x62;

/** What a first byte says: that the packet goes with others, or alone, or not at all. */
const SHARED = 0;
const ALONE = 1;
const NOT_OF_SENDER = 2;
const BAD_FLAGS = 3;

/** The one first byte of the types that have one, and their length where it is fixed. */
const HEADERS: readonly { readonly first: number; readonly length?: number }[] = [
  { first: CONNECT_BYTE },
  { first: 0x40, length: 2 }, // PUBACK
  { first: 0x50, length: 2 }, // PUBREC
  { first: PUBREL_BYTE, length: 2 },
  { first: 0x70, length: 2 }, // PUBCOMP
  { first: 0x82 }, // SUBSCRIBE
  { first: 0xa2 }, // UNSUBSCRIBE
  { first: 0xc0, length: 0 }, // PINGREQ
  { first: 0xe0, length: 0 }, // DISCONNECT
];
const ANY_LENGTH = 255;
const CLIENT_LENGTHS = new Uint8Array(256).fill(ANY_LENGTH);
for (const { first, length = ANY_LENGTH } of HEADERS) CLIENT_LENGTHS[first] = length;

/** CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, PINGRESP; DISCONNECT and AUTH of MQTT 5. */
const SERVER_TYPES: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 15]);

type Rules = {
  /** The byte that a connection begins with. */
  readonly first: number;
  /** By first byte. */
  readonly verdicts: Uint8Array;
  readonly lengths: Uint8Array;
};

const RULES: Readonly<Record<Sender, Rules>> = {
  client: {
    first: CONNECT_BYTE,
    verdicts: Uint8Array.from({ length: 256 }, (_, first) => verdictOf(first)),
    lengths: CLIENT_LENGTHS,
  },
  // Whoever reads the packets of a server checks the rest: those of MQTT 5 have other lengths.
  server: {
    first: CONNACK_BYTE,
    verdicts: Uint8Array.from({ length: 256 }, (_, first) =>
      SERVER_TYPES.has(first >> 4) ? SHARED : NOT_OF_SENDER,
    ),
    lengths: new Uint8Array(256).fill(ANY_LENGTH),
  },
};

function verdictOf(first: number): number {
  const type = first >> 4;
  if (type === 3) {
    const qos = (first >> 1) & 3;
    // MQTT-3.3.1-4: no QoS 3. MQTT-3.3.1-2: no copy of what is sent once.
    return qos === 3 || (qos === 0 && (first & 8) !== 0) ? BAD_FLAGS : SHARED;
  }
  const header = HEADERS.find((each) => each.first >> 4 === type);
  if (header === undefined) return NOT_OF_SENDER;
  // MQTT-2.2.2-2.
  if (header.first !== first) return BAD_FLAGS;
  return isSubscriberPacket(first) ? ALONE : SHARED;
}

const LENGTH_BYTES_MAX = 4;
const STORAGE_BYTES_MIN = 4096;
const EMPTY = Buffer.alloc(0);

/** A header that is not whole yet. */
const UNKNOWN = 0;

export class PacketGuard {
  readonly #limits: GuardLimits;
  readonly #rules: Rules;
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
    this.#rules = RULES[limits.sender ?? 'client'];
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
      const first = this.#storage[end] ?? 0;
      const isAlone = this.#rules.verdicts[first] === ALONE;
      if (isAlone && end > start) break;
      const length = this.#packetLength(end);
      this.#wanted = length;
      if (length === UNKNOWN || end + length > this.#end) break;
      if (first === PUBREL_BYTE && this.#isWithoutId(end)) this.#fail('packet-id');
      end += length;
      if (isAlone) break;
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
    if (connecting && first !== this.#rules.first) return this.#fail('first-packet');
    const verdict = this.#rules.verdicts[first];
    if (verdict === NOT_OF_SENDER) return this.#fail('packet-type');
    if (verdict === BAD_FLAGS) return this.#fail('protocol');
    let length = 0;
    for (let i = 0; i < LENGTH_BYTES_MAX; i++) {
      const position = at + 1 + i;
      if (position >= this.#end) return UNKNOWN;
      const byte = storage[position] ?? 0;
      length |= (byte & 0x7f) << (7 * i);
      if (byte > 0x7f) continue;
      const fixed = this.#rules.lengths[first] ?? ANY_LENGTH;
      if (fixed !== ANY_LENGTH && length !== fixed) return this.#fail('packet-length');
      const limit = connecting ? this.#limits.connectBytesMax : this.#limits.packetBytesMax;
      return length > limit ? this.#fail('packet-too-long') : 2 + i + length;
    }
    return this.#fail('packet-length');
  }

  /** Whether the packet of two bytes at `at` has the packet identifier 0 (MQTT-2.3.1-1). */
  #isWithoutId(at: number): boolean {
    return this.#storage[at + 2] === 0 && this.#storage[at + 3] === 0;
  }

  #fail(fault: GuardFault): number {
    this.#fault = fault;
    this.#storage = EMPTY;
    this.#start = this.#end = 0;
    return UNKNOWN;
  }
}
