/**
 * Encryption of frames for one recipient: X25519 with an ephemeral key for each run of the writer, HKDF-SHA-256,
 * ChaCha20-Poly1305, all from `node:crypto`.
 *
 * Why not a file of age: age encrypts one stream with a key that only the recipient can recover, so that a writer
 * that was interrupted cannot go on; one age file for each frame costs a key exchange and a header each, and binds
 * no frame to its neighbours. Here a new run takes a new ephemeral key and goes on with the frame's number, so that
 * no (key, nonce) is used twice; each frame names its ephemeral key, so that it can be read without any other.
 *
 * ```
 *   key   = HKDF(X25519(ephemeral, recipient), salt = ephemeral ‖ recipient, info = INFO ‖ chain of the header)
 *   nonce = purpose: u32 (0 frame, 1 manifest) ‖ frame's number: u64
 *   AAD   = chain before the frame ‖ its head ‖ all of its body that is not encrypted
 * ```
 * The chain in the AAD binds a frame to the header and to every frame before it; a tag in the seal, made with the
 * last run's key, binds the manifest. Anybody can encrypt for a public key: who wrote the file, the signature says.
 */
import {
  createCipheriv,
  createDecipheriv,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';

import { publicKeyOf, rawPublicKey } from './keys.ts';

const CIPHER = 'chacha20-poly1305';
export const TAG_BYTES = 16;
export const EPHEMERAL_BYTES = 32;
const KEY_BYTES = 32;
const INFO = Buffer.from('tallyport tally-file 1');

const FRAME = 0;
const MANIFEST = 1;

/** The writer's side: holds the key of this run. */
export class Encryptor {
  readonly ephemeral: Buffer;
  readonly #key: Buffer;

  constructor(recipient: KeyObject, headerChain: Uint8Array) {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    const shared = diffieHellman({ privateKey, publicKey: recipient });
    this.ephemeral = rawPublicKey(publicKey);
    this.#key = keyOf(shared, [this.ephemeral, rawPublicKey(recipient)], headerChain);
  }

  /** The encrypted batch with its tag. */
  frame(number: number, batch: Uint8Array, aad: readonly Uint8Array[]): Buffer {
    return seal(this.#key, nonceOf(FRAME, number), batch, aad);
  }

  /** Proof that whoever wrote the manifest also wrote the frames of this run. */
  manifestTag(chain: Uint8Array): Buffer {
    return seal(this.#key, nonceOf(MANIFEST, 0), new Uint8Array(0), [chain]);
  }
}

/** The reader's side: holds the private key, and derives a run's key when it meets its first frame. */
export class Decryptor {
  readonly #privateKey: KeyObject;
  readonly #recipient: Buffer;
  readonly #headerChain: Uint8Array;
  #run: { readonly ephemeral: Buffer; readonly key: Buffer } | undefined;

  constructor(privateKey: KeyObject, headerChain: Uint8Array) {
    this.#privateKey = privateKey;
    this.#recipient = rawPublicKey(privateKey);
    this.#headerChain = headerChain;
  }

  /** The batch; undefined when the tag does not fit. */
  frame(
    number: number,
    { ephemeral, encrypted }: { readonly ephemeral: Uint8Array; readonly encrypted: Uint8Array },
    aad: readonly Uint8Array[],
  ): Buffer | undefined {
    const key = this.#keyOf(ephemeral);
    return key === undefined ? undefined : unseal(key, nonceOf(FRAME, number), encrypted, aad);
  }

  isManifestTag(ephemeral: Uint8Array, tag: Uint8Array, chain: Uint8Array): boolean {
    const key = this.#keyOf(ephemeral);
    return key !== undefined && unseal(key, nonceOf(MANIFEST, 0), tag, [chain]) !== undefined;
  }

  #keyOf(ephemeral: Uint8Array): Buffer | undefined {
    if (this.#run?.ephemeral.equals(ephemeral) === true) return this.#run.key;
    let shared: Buffer;
    try {
      shared = diffieHellman({
        privateKey: this.#privateKey,
        publicKey: publicKeyOf('x25519', ephemeral),
      });
    } catch {
      // A point of low order: no honest key.
      return undefined;
    }
    const key = keyOf(shared, [ephemeral, this.#recipient], this.#headerChain);
    this.#run = { ephemeral: Buffer.from(ephemeral), key };
    return key;
  }
}

function keyOf(
  shared: Buffer,
  publicKeys: readonly [ephemeral: Uint8Array, recipient: Uint8Array],
  headerChain: Uint8Array,
): Buffer {
  const salt = Buffer.concat(publicKeys);
  const info = Buffer.concat([INFO, headerChain]);
  return Buffer.from(hkdfSync('sha256', shared, salt, info, KEY_BYTES));
}

function nonceOf(purpose: number, number: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(purpose, 0);
  nonce.writeBigUInt64LE(BigInt(number), 4);
  return nonce;
}

function seal(key: Buffer, nonce: Buffer, plain: Uint8Array, aad: readonly Uint8Array[]): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat(aad), { plaintextLength: plain.length });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unseal(
  key: Buffer,
  nonce: Buffer,
  sealed: Uint8Array,
  aad: readonly Uint8Array[],
): Buffer | undefined {
  const length = sealed.length - TAG_BYTES;
  if (length < 0) return undefined;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat(aad), { plaintextLength: length });
  decipher.setAuthTag(sealed.subarray(length));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, length)), decipher.final()]);
  } catch {
    // The one thing that `final` throws for: the tag.
    return undefined;
  }
}
