/**
 * What a CONNECT of MQTT 3.1 or 3.1.1 must be, byte by byte (MQTT 3.1.1, section 3.1): the parser passes over some of
 * what it must not be, such as a password without a user, or bytes after the last field.
 */
import { isUtf8 } from 'node:buffer';

const PASSWORD = 0x40;
const USER = 0x80;
const WILL = 0x04;
const WILL_QOS = 0x18;
const WILL_RETAIN = 0x20;
const RESERVED = 0x01;

/** Of a level, what a bridge of mosquitto's sets. */
const BRIDGE = 0x80;
const LEVELS: ReadonlySet<number> = new Set([3, 4]);

/** Whether a whole packet, which begins as a CONNECT does, is one; those of other protocols are not looked at. */
export function isSoundConnect(packet: Buffer): boolean {
  const fields = new Fields(packet);
  const protocol = fields.string();
  const level = fields.byte();
  if (protocol === undefined || level === undefined || !LEVELS.has(level & ~BRIDGE)) {
    return true;
  }
  const flags = fields.byte() ?? RESERVED;
  if (!areSoundFlags(flags)) return false;
  // The keep-alive.
  fields.byte();
  fields.byte();
  // What is in the client id has an answer of its own (`connect-rules.ts`).
  fields.bytes();
  // MQTT-3.1.3-10, MQTT-3.1.3-11: well-formed, in this order.
  const isWill = (flags & WILL) !== 0;
  const texts = [isWill ? fields.string() : ''];
  if (isWill) fields.bytes();
  texts.push((flags & USER) === 0 ? '' : fields.string());
  if ((flags & PASSWORD) !== 0) fields.bytes();
  return texts.every((text) => text?.includes('\0') === false) && fields.isAtEnd;
}

function areSoundFlags(flags: number): boolean {
  // MQTT-3.1.2-3.
  if ((flags & RESERVED) !== 0) return false;
  // MQTT-3.1.2-13 to MQTT-3.1.2-15.
  if ((flags & WILL) === 0 && (flags & (WILL_QOS | WILL_RETAIN)) !== 0) return false;
  if ((flags & WILL_QOS) === WILL_QOS) return false;
  // MQTT-3.1.2-22.
  return (flags & USER) !== 0 || (flags & PASSWORD) === 0;
}

/** Reads the fields behind the fixed header, one after the other. */
class Fields {
  readonly #packet: Buffer;
  #at: number;
  #isShort = false;

  constructor(packet: Buffer) {
    this.#packet = packet;
    let at = 1;
    while ((packet[at] ?? 0) > 127) at++;
    this.#at = at + 1;
  }

  /** Whether all was there, and nothing else is. */
  get isAtEnd(): boolean {
    return !this.#isShort && this.#at === this.#packet.length;
  }

  byte(): number | undefined {
    const byte = this.#packet[this.#at++];
    this.#isShort ||= byte === undefined;
    return byte;
  }

  bytes(): Buffer | undefined {
    const length = (this.byte() ?? 0) * 256 + (this.byte() ?? 0);
    const bytes = this.#packet.subarray(this.#at, this.#at + length);
    this.#at += length;
    this.#isShort ||= bytes.length < length;
    return this.#isShort ? undefined : bytes;
  }

  /** `undefined` where it is not UTF-8 (MQTT-1.5.3-1). */
  string(): string | undefined {
    const bytes = this.bytes();
    return bytes !== undefined && isUtf8(bytes) ? bytes.toString() : undefined;
  }
}
