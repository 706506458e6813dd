/**
 * The serial numbers in certificate revocation lists (RFC 5280, 5.1): OpenSSL refuses these certificates when
 * they come, and does not tell which they are; who is connected with one has to be found. Signatures and dates are
 * OpenSSL's business.
 */
import { must } from '#shared/assert.ts';

const BLOCK = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/gu;

const INTEGER = 0x02;
const SEQUENCE = 0x30;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const LONG_LENGTH = 0x80;
const LENGTH_BYTES_MAX = 4;

/** Each list of a PEM file, as a PEM file of its own: OpenSSL takes one at a time. */
export function revocationLists(pem: string): string[] {
  return [...pem.matchAll(BLOCK)].map(([block]) => block);
}

/** As `serialKey` has them. Throws a `RangeError` where a list is none. */
export function revokedSerials(lists: readonly string[]): Set<string> {
  const serials = new Set<string>();
  for (const list of lists) {
    const [, base64 = ''] = must([...list.matchAll(BLOCK)][0], 'a block of PEM');
    for (const serial of serialsIn(Buffer.from(base64, 'base64'))) serials.add(serial);
  }
  return serials;
}

/** A serial number in the one way in which we write it: hexadecimal digits without zeros in front. */
export function serialKey(hex: string): string {
  return hex.toLowerCase().replace(/^0+(?=.)/u, '');
}

/**
 * ```
 * CertificateList ::= SEQUENCE { tbsCertList SEQUENCE {
 *   version INTEGER?, signature SEQUENCE, issuer SEQUENCE, thisUpdate Time, nextUpdate Time?,
 *   revokedCertificates SEQUENCE OF SEQUENCE { serial INTEGER, … }?, … }, … }
 * ```
 */
function* serialsIn(der: Buffer): Iterable<string> {
  const [list] = elements(der);
  const [signed] = elements(contentOf(list, SEQUENCE));
  const parts = [...elements(contentOf(signed, SEQUENCE))];
  const lastTime = parts.findLastIndex(({ tag }) => tag === UTC_TIME || tag === GENERALIZED_TIME);
  const revoked = parts[lastTime + 1];
  if (lastTime < 0) throw new RangeError('a revocation list without a date');
  if (revoked?.tag !== SEQUENCE) return;
  for (const entry of elements(revoked.content)) {
    const [serial] = elements(contentOf(entry, SEQUENCE));
    yield serialKey(contentOf(serial, INTEGER).toString('hex'));
  }
}

type Element = { readonly tag: number; readonly content: Buffer };

function contentOf(element: Element | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw new RangeError('not a revocation list');
  return element.content;
}

/** The elements of DER one after the other. */
function* elements(der: Buffer): Iterable<Element> {
  let at = 0;
  while (at < der.length) {
    const tag = der.readUInt8(at);
    let length = der.readUInt8(at + 1);
    at += 2;
    if (length > LONG_LENGTH) {
      const bytes = length - LONG_LENGTH;
      if (bytes > LENGTH_BYTES_MAX) throw new RangeError('a length that is too long');
      length = der.readUIntBE(at, bytes);
      at += bytes;
    }
    if (at + length > der.length) throw new RangeError('an element that is cut off');
    yield { tag, content: der.subarray(at, at + length) };
    at += length;
  }
}
