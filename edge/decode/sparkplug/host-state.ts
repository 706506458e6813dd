/**
 * Whether a host application is there (Sparkplug B 3.0, section 6.4.25): `{"online", "timestamp"}` on
 * `spBv1.0/STATE/{host}`, retained. The one that says it is offline is a will, whose time is that of the connection: it is
 * the receive time then. 2.2 has the words ONLINE and OFFLINE on `STATE/{host}`.
 */
import type { Message } from '../../ingest/ingest.ts';
import type { Decoded } from '../decode.ts';
import { isObject } from '../payload/fields.ts';
import { parseJson } from '../payload/json.ts';
import { Observation } from '../payload/observation.ts';
import { numberOf } from '../payload/values.ts';

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['ONLINE', true],
  ['OFFLINE', false],
]);
const WORD_BYTES_MAX = 16;

export function decodeHostState(message: Message, hostId: string): Decoded {
  const { payload } = message;
  const observation = new Observation(message, hostId)
    .keep('messageType', 'STATE')
    .keep('hostId', hostId);
  const word =
    payload.length > WORD_BYTES_MAX
      ? undefined
      : WORDS.get(Buffer.from(payload).toString('latin1'));
  if (word !== undefined) return observation.status({ online: word }).finish();

  const json = parseJson(payload);
  if (typeof json === 'string') return json;
  if (!isObject(json.value)) return 'payload: expected an object';
  const { online, timestamp } = json.value;
  if (typeof online !== 'boolean') return 'online: expected true or false';
  const timeMs = numberOf(timestamp, 0, TIME_MS_MAX);
  if (timeMs === undefined && timestamp !== undefined) return 'timestamp: expected a time';
  if (timeMs !== undefined) {
    observation.keep('timestamp', new Date(timeMs).toISOString());
    if (online) observation.atMoment({ timeMs: Math.trunc(timeMs) });
  }
  return observation.keepOthers(json.value, KNOWN).status({ online }).finish();
}

const KNOWN = new Set(['online', 'timestamp']);
/** 9999-12-31T23:59:59.999Z. */
const TIME_MS_MAX = 253_402_300_799_999;
