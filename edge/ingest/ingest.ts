/**
 * Ingest: turns what devices publish into messages, and holds their acknowledgement until it is earned.
 *
 * Promises
 * - G1 durable-ack: a PUBACK (QoS 1) or PUBREC (QoS 2) is written only after `settled()` was called for
 *   that message, which says that its events, or the counts of the rules that removed them, are on disk.
 *   `settled(error)` closes the connection without an acknowledgement; the device sends again.
 * - Order: messages of one connection are accepted in the order in which they arrived.
 * - Back-pressure: a connection with unsettled messages is not read further than one chunk of its socket.
 * - Bounds (G7): packets longer than `packetBytesMax` close their connection before they are buffered;
 *   connections beyond `connectionsMax` are refused.
 * - A QoS 2 message that is sent again before its PUBREL is accepted once.
 */
import type { TallyError } from '#shared/errors.ts';

/** One MQTT PUBLISH as it came in. */
export type Message = {
  /** Well-formed UTF-8 without U+0000, 1 to 1024 characters, at most 32 levels, no wildcard, not `$…`. */
  readonly topic: string;
  /** Owned by the receiver only until `accept` returns. */
  readonly payload: Uint8Array;
  readonly clientId: string;
  /** The gateway's wall clock, milliseconds since 1970. */
  readonly receiveTimeMs: number;
};

/**
 * Takes one message into the pipeline. Calls `settled` exactly once, later or at once: without an argument
 * when the message is durable, with the error when it could not be made so.
 */
export type Accept = (message: Message, settled: (error?: TallyError) => void) => void;
