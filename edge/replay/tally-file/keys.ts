/** The two kinds of key that a `.tally` file knows: their names, and their files, as `openssl genpkey` writes them. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { constants } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';

import { must } from '#shared/assert.ts';
import { describe, TallyError } from '#shared/errors.ts';

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

/** A key of either kind is some hundred bytes. */
const KEY_FILE_BYTES_MAX = 64 * 1024;

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

export type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

/** The private key of a file that only its owner can read. Rejects with `key-unusable`. */
export async function readPrivateKey(path: string, use: KeyUse): Promise<KeyObject> {
  const { pem, mode } = await readPem(path);
  // Windows has no such modes, and reports one that looks open.
  if (process.getuid !== undefined && (mode & OTHERS) !== 0) {
    const todo = 'Run chmod 600 on it; on a stick without rights, copy it to this machine first';
    const found = (mode & 0o777).toString(8);
    throw unusable(path, `others than its owner can use it (mode ${found})`, todo);
  }
  if (/-BEGIN PUBLIC KEY-/u.test(pem))
    throw unusable(path, 'it is a public key', 'Give the private one');
  if (/ENCRYPTED/u.test(pem)) {
    const todo = 'Write it without: openssl pkey -in FILE -out FILE';
    throw unusable(path, 'it has a passphrase', todo);
  }
  return parse(path, use, () => createPrivateKey(pem));
}

/** The public key of a file; a private key is refused, since it has no business where one of these is asked for. */
export async function readPublicKey(path: string, use: KeyUse): Promise<KeyObject> {
  const { pem } = await readPem(path);
  if (/PRIVATE KEY-/u.test(pem)) {
    const todo = 'Give the public one: openssl pkey -in FILE -pubout';
    throw unusable(path, 'it is a private key', todo);
  }
  return parse(path, use, () => createPublicKey(pem));
}

export function makeKeyPair(use: KeyUse): KeyPair {
  // The types know each curve by its own signature.
  return use === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
}

/** Writes `path` and `path.pub`, neither of which may exist, and answers the fingerprint. */
export async function writeKeyPair(
  path: string,
  { publicKey, privateKey }: KeyPair,
): Promise<string> {
  try {
    const secret = privateKey.export({ format: 'pem', type: 'pkcs8' });
    await writeFile(path, secret, { flag: 'wx', mode: OWNER_ONLY, flush: true });
    const open = publicKey.export({ format: 'pem', type: 'spki' });
    await writeFile(`${path}.pub`, open, { flag: 'wx', flush: true });
  } catch (error) {
    throw unusable(path, `it cannot be written: ${describe(error)}`, 'Give another name', error);
  }
  return fingerprintOf(publicKey);
}

async function readPem(path: string): Promise<{ readonly pem: string; readonly mode: number }> {
  try {
    // A name that is a pipe, by mistake, is not waited for.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) throw unusable(path, 'it is no file', 'Give the file with the key');
    const buffer = Buffer.alloc(KEY_FILE_BYTES_MAX);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return { pem: buffer.toString('latin1', 0, bytesRead), mode: stat.mode };
  } catch (error) {
    if (error instanceof TallyError) throw error;
    throw unusable(path, `it cannot be read: ${describe(error)}`, 'Check name and rights', error);
  }
}

function parse(path: string, use: KeyUse, read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (error) {
    throw unusable(path, 'it is no key in PEM', 'Give a file that `openssl genpkey` writes', error);
  }
  if (key.asymmetricKeyType === use) return key;
  const job = use === 'ed25519' ? 'signatures are made with' : 'encryption is made with';
  const kind = key.asymmetricKeyType ?? 'something else';
  const todo = `${job} ${use}: openssl genpkey -algorithm ${use}`;
  throw unusable(path, `it is a key for ${kind}`, todo);
}

function unusable(path: string, why: string, todo: string, cause?: unknown): TallyError {
  return new TallyError('stop', 'key-unusable', `the key ${path} cannot be used: ${why}. ${todo}`, {
    cause,
  });
}
