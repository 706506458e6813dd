import type { Format, FormatInput } from '../decode.ts';
import { expectValidDecoded } from './valid-event.ts';

/** What a format makes of a message, as text: valid events, or a reason. */
export function told(format: Format, input: FormatInput): string {
  const decoded = format(input);
  expectValidDecoded(decoded);
  return JSON.stringify(decoded, bytesAsHex);
}

/** The same, when the memory of the payload is another's as soon as the message is decoded. */
export function toldLater(format: Format, input: FormatInput): string {
  const payload = Buffer.from(input.message.payload);
  const decoded = format({ ...input, message: { ...input.message, payload } });
  payload.fill(0x20);
  return JSON.stringify(decoded, bytesAsHex);
}

function bytesAsHex(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
