/**
 * Decode: a device's message becomes canonical events.
 *
 * Promises
 * - Total: every message yields at least one event and nothing is thrown. What cannot be understood becomes
 *   one `raw` event with the reason and the payload; it is acknowledged, kept and forwarded like any other (G2).
 * - Nothing is lost: a field that the canonical event has no place for is kept as an attribute, with the
 *   digits the device wrote; where that cannot be done the whole message is kept `raw`.
 * - Bounded (G7): a message is at most 1000 events, an event at most 1024 readings and 64 attributes; sizes
 *   and nesting are checked before the payload is parsed.
 * - Pure: the same message gives the same events. The clock it sees is the message's receive time (G10).
 */
import type { Event } from '#shared/event.ts';

import type { Message } from '../ingest/ingest.ts';

/** Makes the events of a message. They share no memory with `message.payload`. */
export type Decode = (message: Message) => readonly Event[];
