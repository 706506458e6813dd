/**
 * Impinj R700, IoT device interface: MQTT objects, webhook arrays, lines of JSON.
 * https://platform.impinj.com/site/docs/reader_api/
 *
 * `{"timestamp", "hostname"?, "eventType"?, "<what>Event": {…}}`. What it is, its member says: `eventType` came later.
 * - `tagInventoryEvent`: a scan of the EPC in upper-case hexadecimal; it happened at `lastSeenTime`, `timestamp` is when
 *   the reader published it (`publishedTime`, UTC, milliseconds).
 * - `tagLocationEntryEvent`, `…UpdateEvent`, `…ExitEvent`: a scan; entry and exit are its presence.
 * - `gpiTransitionEvent`: a reading `gpi.<n>`, true when it went high.
 * - all others, those too that are not known here: a status, all fields attributes. `overflow`: reads were lost.
 * - The empty array that a webhook sends each second carries nothing.
 * - Text that is no JSON is the site's own connect, disconnect or will message: a status with the text as `message`.
 * - Left out: `epc`, `tid` and `pc` (base64url) as such, since their hexadecimal says the same; `eventType` where it is
 *   the member's name; digits of `timestamp` beyond the millisecond where `lastSeenTime` is there; `null`.
 */
import { isUtf8 } from 'node:buffer';

import type { Event } from '#shared/event.ts';

import type { Decoded, Format, FormatInput } from '../decode.ts';
import { deviceNameOf } from '../payload/device-name.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import { isObject, type JsonObject } from '../payload/fields.ts';
import { impinjTag } from './impinj-tag.ts';
import { Observation } from '../payload/observation.ts';
import { textOf, wholeOf } from '../payload/values.ts';

export const impinj: Format = (input) => {
  const device = deviceNameOf(input);
  const text = plainText(input.message.payload);
  if (text === undefined) {
    return elementsDecoded(input, device, (element) => elementDecoded(input, element));
  }
  const observation = new Observation(input.message, device);
  return observation.keep('statusType', 'message').keep('message', text).status().finish();
};

const TEXT_BYTES_MAX = 1024;
const SPACE = 0x20;
const LEFT_BRACKET = 0x5b;
const LEFT_BRACE = 0x7b;

/** Text that people wrote for people: one or more lines that do not begin like an object or an array. */
function plainText(payload: Uint8Array): string | undefined {
  const first = payload.find((byte) => byte > SPACE);
  if (first === undefined || first === LEFT_BRACE || first === LEFT_BRACKET) return undefined;
  if (payload.length > TEXT_BYTES_MAX || !isUtf8(payload)) return undefined;
  const text = Buffer.from(payload).toString();
  return /[^\P{Cc}\t\r\n]/u.test(text) ? undefined : text;
}

/** There is one member that is an event; where there are more, each is. */
function elementDecoded(input: FormatInput, element: JsonObject): Decoded {
  let events: readonly Event[] = [];
  for (const member in element) {
    const event = element[member];
    if (!member.endsWith('Event') || !isObject(event)) continue;
    const decoded = memberDecoded(input, element, { member, event });
    if (typeof decoded === 'string') return decoded;
    events = events.length === 0 ? decoded : [...events, ...decoded];
  }
  if (events.length > 0) return events;
  const eventType = textOf(element['eventType']);
  if (eventType === undefined) return 'payload: expected a member that is an event';
  const member = `${eventType}Event`;
  return memberDecoded(input, element, { member, event: { [member]: element[member] } });
}

const ENVELOPE: ReadonlySet<string> = new Set([
  'timestamp',
  'hostname',
  'eventType',
  'tagInventoryEvent',
  'tagLocationEntryEvent',
  'tagLocationUpdateEvent',
  'tagLocationExitEvent',
  'gpiTransitionEvent',
]);

type Member = { readonly member: string; readonly event: JsonObject };

function memberDecoded(
  input: FormatInput,
  element: JsonObject,
  { member, event }: Member,
): Decoded {
  const { timestamp, hostname, eventType } = element;
  const observation = new Observation(input.message, deviceNameOf(input, hostname));
  const what = member.slice(0, -'Event'.length);
  if (textOf(hostname) === undefined) observation.keep('hostname', hostname);
  if (eventType !== what) observation.keep('eventType', eventType);
  observation.keepOthers(element, ENVELOPE.has(member) ? ENVELOPE : new Set([...ENVELOPE, member]));
  switch (what) {
    case 'tagInventory':
    case 'tagLocationEntry':
    case 'tagLocationUpdate':
    case 'tagLocationExit':
      return impinjTag(observation, { what, event, timestamp });
    case 'gpiTransition':
      return gpiTransition(observation.at(timestamp, 'timestamp'), event);
    default:
      return observation
        .at(timestamp, 'timestamp')
        .keep('statusType', what)
        .keepOthers(event, NOTHING_KNOWN)
        .status()
        .finish();
  }
}

const NOTHING_KNOWN: ReadonlySet<string> = new Set();
const TRANSITION = new Set(['gpi', 'transition']);

function gpiTransition(observation: Observation, event: JsonObject): Decoded {
  const pin = wholeOf(event['gpi'], 0, 255);
  const transition = textOf(event['transition']);
  if (pin === undefined) return 'gpiTransitionEvent.gpi: expected a whole number from 0 to 255';
  if (transition === undefined) return 'gpiTransitionEvent.transition: expected text';
  const isHigh =
    transition === 'low-to-high' ? true : transition === 'high-to-low' ? false : undefined;
  observation.keep('type', 'gpio').keep('direction', 'input').keep('pin', pin);
  if (isHigh === undefined) observation.keep('transition', transition);
  else observation.keep('state', isHigh ? 'HIGH' : 'LOW');
  return observation
    .keepOthers(event, TRANSITION)
    .readings([{ name: `gpi.${pin}`, value: isHigh ?? transition }])
    .finish();
}
