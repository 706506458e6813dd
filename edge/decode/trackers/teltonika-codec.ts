/**
 * Teltonika trackers whose binary codecs are carried over MQTT as they are: codec 8, 8 extended and 16 with records
 * (`teltonika-avl.ts`), codec 12, 13 and 14 with answers to orders. Bytes, or the same as hex digits.
 * https://wiki.teltonika-gps.com/view/Teltonika_Data_Sending_Protocols
 *
 * - A message may hold several frames, and before them the login of a TCP session, which names the tracker. A login or
 *   a keep-alive (0xFF) alone carries nothing. There is nobody to acknowledge to: MQTT does.
 * - Records may be hours old: each has its own time.
 * - A frame that is cut, or whose CRC, counts or lengths do not fit, is kept `raw` whole; its neighbours are not.
 */
import type { Event } from '#shared/event.ts';

import type { Decoded, Format, FormatInput } from '../decode.ts';
import { deviceIdOf } from '../payload/device-id.ts';
import { Observation } from '../payload/observation.ts';
import { rawEvent } from '../raw.ts';
import { TakenFields } from '../payload/taken-fields.ts';
import { avlCodecOf, avlRecords, type AvlRecord } from './teltonika-avl.ts';
import { commandTexts } from './teltonika-command.ts';
import { frameAt, isFault, type Frame } from './teltonika-frame.ts';
import { addRecord, trackerOf } from './teltonika-record.ts';

const PAYLOAD_BYTES_MAX = 256 * 1024;
const EVENTS_MAX = 1000;
const KEEP_ALIVE = 0xff;

export const teltonikaCodec: Format = (input) => {
  const bytes = bytesOf(input.message.payload);
  if (typeof bytes === 'string') return bytes;
  if (bytes.length > 0 && bytes.every((byte) => byte === KEEP_ALIVE)) return [];
  const imei = loginOf(bytes);
  const device = imei ?? trackerOf(input);
  const parts: Part[] = [];
  let offset = imei === undefined ? 0 : LOGIN_BYTES;
  if (offset > 0 && offset === bytes.length) return [];
  do {
    const frame = frameAt(bytes, offset);
    offset += frame.bytes.length;
    if (isFault(frame)) parts.push({ decoded: frame.fault, bytes: frame.bytes });
    else for (const part of partsOf(input, device, frame)) parts.push(part);
    if (parts.length > EVENTS_MAX) return TOO_MANY;
  } while (offset < bytes.length);
  return joined(input, device, parts);
};

const TOO_MANY = `payload: expected at most ${EVENTS_MAX} events`;

/** What one record gave, and its bytes. */
type Part = { readonly decoded: Decoded; readonly bytes: Uint8Array };

/** The message's bytes, or those that its hex digits stand for. */
function bytesOf(payload: Uint8Array): Uint8Array | string {
  if (payload.length > PAYLOAD_BYTES_MAX) {
    return `payload: expected at most ${PAYLOAD_BYTES_MAX} bytes`;
  }
  // A frame begins with zero bytes, a login with one: no digit of hex is one.
  if (!isHexDigit(payload[0] ?? 0)) return payload;
  const digits = Buffer.from(payload).toString('latin1').replaceAll(/\s+/gu, '');
  const isHex = digits.length % 2 === 0 && /^[0-9a-f]+$/iu.test(digits);
  return isHex ? Buffer.from(digits, 'hex') : 'payload: expected bytes or pairs of hex digits';
}

function isHexDigit(byte: number): boolean {
  return /^[0-9a-f]$/iu.test(String.fromCharCode(byte));
}

const IMEI_DIGITS = 15;
const LOGIN_BYTES = 2 + IMEI_DIGITS;

/** The fifteen digits of the IMEI, with their number before them, as a session over TCP begins. */
function loginOf(bytes: Uint8Array): string | undefined {
  if (bytes.length < LOGIN_BYTES || bytes[0] !== 0 || bytes[1] !== IMEI_DIGITS) return undefined;
  const imei = Buffer.from(bytes.subarray(2, LOGIN_BYTES)).toString('latin1');
  return /^\d+$/u.test(imei) ? imei : undefined;
}

function partsOf(input: FormatInput, device: string, frame: Frame): readonly Part[] {
  const codec = avlCodecOf(frame.codecId);
  if (codec === undefined) return [{ decoded: answers(input, device, frame), bytes: frame.bytes }];
  const records = avlRecords(frame, codec);
  if (typeof records === 'string') return [{ decoded: records, bytes: frame.bytes }];
  return records.map((record) => ({
    decoded: decodeRecord(input, device, record),
    bytes: record.bytes,
  }));
}

/** The year 9999 ends then. */
const TIME_MS_MAX = 253_402_300_799_999;

function decodeRecord({ message }: FormatInput, device: string, record: AvlRecord): Decoded {
  if (record.timeMs > TIME_MS_MAX) return 'ts: expected a time';
  const { lat, lon, generationType } = record;
  const fields = new TakenFields({
    pr: record.priority,
    evt: record.eventIoId,
    alt: record.altitudeM,
    ang: record.angle,
    sat: record.satellites,
    sp: record.speedKmh,
  });
  const observation = new Observation(message, device).atMoment({ timeMs: record.timeMs });
  addRecord(observation, { fields, io: record.io, lat, lon });
  const isOnEarth = Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  if (!isOnEarth) observation.keep('latlng', `${lat},${lon}`);
  fields.keepLeft(observation.keep('generationType', generationType));
  return observation.orStatus().finish();
}

/** What the tracker answered to orders. An order that was sent to it is no observation. */
function answers({ message }: FormatInput, device: string, frame: Frame): Decoded {
  const texts = commandTexts(frame);
  if (typeof texts === 'string') return texts;
  const events: Event[] = [];
  for (const { text, timeMs, isAnswer } of texts) {
    if (!isAnswer) continue;
    const observation = new Observation(message, device).keep('type', 'commandReply');
    if (timeMs !== undefined) observation.atMoment({ timeMs });
    const decoded = observation.keep('RSP', text).status().finish();
    if (typeof decoded === 'string') return decoded;
    events.push(...decoded);
  }
  return events;
}

function joined({ message }: FormatInput, device: string, parts: readonly Part[]): Decoded {
  const [first] = parts;
  if (parts.length === 1 && typeof first?.decoded === 'string') return first.decoded;
  const events: Event[] = [];
  for (const { decoded, bytes } of parts) {
    if (typeof decoded !== 'string') events.push(...decoded);
    else {
      const deviceId = deviceIdOf(device);
      events.push(rawEvent({ message, deviceId, reason: decoded, payload: bytes }));
    }
    if (events.length > EVENTS_MAX) return TOO_MANY;
  }
  return events;
}
