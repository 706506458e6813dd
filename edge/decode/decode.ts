/**
 * Decode: a device's message becomes canonical events.
 *
 * Promises
 * - Total: nothing is thrown. What cannot be understood becomes one `raw` event with the reason and the payload; it is
 *   acknowledged, kept and forwarded like any other (G2). No event at all means that the message was understood and
 *   carries nothing, such as a keep-alive; it is counted under the rule `nothing` (G4).
 * - Nothing is lost: a field that the canonical event has no place for is kept as an attribute, with the digits the
 *   device wrote; where that cannot be done the whole message is kept `raw`. A format says in its file which fields of
 *   the transport it leaves out.
 * - Nothing is made up: a position only where there is a fix, a time only where the device said one, a number only where
 *   it was measured.
 * - Bounded (G7): a message is at most 1000 events, an event at most 1024 readings and 64 attributes; sizes
 *   and nesting are checked before the payload is parsed.
 * - Deterministic: the same messages in the same order give the same events. The clock it sees is the message's receive
 *   time (G10).
 */
import type { Event } from '#shared/event.ts';

import type { Message } from '../ingest/ingest.ts';

/**
 * Makes the events of a message, at once or later (a mapping runs in a thread of its own); a promise never rejects. They
 * share no memory with `message.payload`, which is not looked at again once this has returned.
 */
export type Decode = (message: Message) => readonly Event[] | Promise<readonly Event[]>;

/** The rule that counts a message which was understood and carries nothing. */
export const NOTHING = 'nothing';

/** The events of one message in one format, or `<field>: <what was expected>`: then it is kept `raw`. */
export type Decoded = readonly Event[] | string;

/** What a format gets to see. */
export type FormatInput = {
  readonly message: Message;
  /** The levels of the topic that the template of the route names: `{deviceId}` and the like, as they stand there. */
  readonly names: Readonly<Record<string, string>>;
  /** Of the depot, an IANA name: for times that devices write without an offset. */
  readonly timeZone: string;
  /** What the scanners of the route write in the place of FNC1, where it is unusual. */
  readonly fnc1?: string | undefined;
};

/** One format. May remember what it has seen (Sparkplug's aliases); never throws, keeps no part of the payload's memory. */
export type Format = (input: FormatInput) => Decoded;
