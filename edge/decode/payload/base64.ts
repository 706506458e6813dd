/** Bytes that payloads carry as text. */
import { isUtf8 } from 'node:buffer';

const BASE64 = /^[\w+/-]+={0,2}$/u;

/** The bytes of base64, with the alphabet of URLs or the other (RFC 4648, 4 and 5), padded or not; at least one. */
export function bytesOfBase64(value: unknown): Buffer | undefined {
  if (typeof value !== 'string' || !BASE64.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 0 ? undefined : bytes;
}

/** What a bar code holds: UTF-8 where it is that, else ISO 8859-1, its default. */
export function textOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}
