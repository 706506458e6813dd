/** The two kinds of key that a `.tally` file knows, and how they are named. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

import { must } from '#shared/assert.ts';

/** `ed25519`: the gateway's, to sign with. `x25519`: the cloud's, to encrypt for. */
export type KeyUse = 'ed25519' | 'x25519';

const CURVES: Readonly<Record<KeyUse, string>> = { ed25519: 'Ed25519', x25519: 'X25519' };

/** The 32 bytes of a public key, or of the public half of a private one. */
export function rawPublicKey(key: KeyObject): Buffer {
  const { x } = publicHalf(key).export({ format: 'jwk' });
  return Buffer.from(must(x, 'the x of a public key'), 'base64url');
}

export function publicKeyOf(use: KeyUse, raw: Uint8Array): KeyObject {
  return createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: CURVES[use], x: Buffer.from(raw).toString('base64url') },
  });
}

/** `SHA256:…` of the public key as SPKI, base64url; the same for both halves of a pair. */
export function fingerprintOf(key: KeyObject): string {
  const spki = publicHalf(key).export({ format: 'der', type: 'spki' });
  return `SHA256:${createHash('sha256').update(spki).digest('base64url')}`;
}

function publicHalf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}
