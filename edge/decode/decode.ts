/**
 * Decode: a device's message becomes canonical events.
 *
 * Promises
 * - Total: every message yields at least one event and nothing is thrown. What cannot be understood becomes
 *   one `raw` event with the reason and the payload; it is acknowledged, kept and forwarded like any other (G2).
 * - Pure: the same message gives the same events. The clock it sees is the message's receive time (G10).
 */
import type { Event } from '#shared/event.ts';

import type { Message } from '../ingest/ingest.ts';

export type Decode = (message: Message) => readonly Event[];
