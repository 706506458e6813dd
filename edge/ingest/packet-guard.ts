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
 * - The first packet is a CONNECT of at most `connectBytesMax`; it is let through alone, the next ones only
 *   after `admit()`.
 * - A packet that announces more than `packetBytesMax`, a malformed length or a type that only a server sends is
 *   a fault, found as soon as the header is there. After a fault nothing is let through.
 * - Memory: at most what was pushed last and one packet, for which room is taken as its bytes come.
 */

export type GuardFault = 'first-packet' | 'packet-length' | 'packet-too-long' | 'packet-type';

export type GuardLimits = {
  /** Without the fixed header. */
  readonly packetBytesMax: number;
  readonly connectBytesMax: number;
  /** Packets let through at a time. */
  readonly packetsMax: number;
};

const CONNECT = 1;
/** CONNECT, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT. */
const CLIENT_TYPES = [1, 3, 4, 5, 6, 7, 8, 10, 12, 14].reduce(
  (mask, type) => mask | (1 << type),
  0,
);

/** A type and a length of at most four bytes. */
const HEADER_BYTES_MAX = 5;
const NOT_YET = 0;

export class PacketGuard {
  readonly #limits: GuardLimits;
  #fault: GuardFault | undefined;
  #phase: 'connect' | 'connecting' | 'admitted' = 'connect';
  /** What was pushed and not taken. */
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** Where the packet that begins at `#start` ends, once its header is there. */
  #packetEnd = NOT_YET;

  constructor(limits: GuardLimits) {
    this.#limits = limits;
  }
}
