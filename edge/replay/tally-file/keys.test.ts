import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { tempDir } from '#shared/testing/temp-dir.ts';

import { fingerprintOf, makeKeyPair, readPrivateKey, readPublicKey, writeKeyPair } from './keys.ts';

const OWNER_ONLY = { mode: 0o600 };

test.each(['ed25519', 'x25519'] as const)(
  'an %s pair is written and read, the private half for its owner only',
  async (use) => {
    await using dir = await tempDir('keys');
    const path = join(dir.path, 'gateway');
    const fingerprint = await writeKeyPair(path, makeKeyPair(use));
    expect(fingerprint).toMatch(/^SHA256:[\w-]{43}$/u);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(fingerprintOf(await readPrivateKey(path, use))).toBe(fingerprint);
    expect(fingerprintOf(await readPublicKey(`${path}.pub`, use))).toBe(fingerprint);
    await expect(writeKeyPair(path, makeKeyPair(use))).rejects.toMatchObject({
      code: 'key-unusable',
      message: expect.stringContaining('EEXIST') as string,
    });
  },
);

test('what is no such key says why, and what to do', async () => {
  await using dir = await tempDir('keys');
  const put = (name: string, content: string): string => {
    const path = join(dir.path, name);
    writeFileSync(path, content, OWNER_ONLY);
    return path;
  };
  const own = join(dir.path, 'own');
  await writeKeyPair(own, makeKeyPair('ed25519'));
  const rsa = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const locked = makeKeyPair('ed25519').privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'secret',
  });
  mkdirSync(join(dir.path, 'folder'));
  const cases = [
    [() => readPrivateKey(join(dir.path, 'gone'), 'ed25519'), 'cannot be read: ENOENT'],
    [() => readPrivateKey(join(dir.path, 'folder'), 'ed25519'), 'it is no file'],
    [() => readPrivateKey('/dev/zero', 'ed25519'), 'it is no file'],
    [() => readPrivateKey(put('text', 'hello'), 'ed25519'), 'it is no key in PEM'],
    [() => readPrivateKey(put('rsa', rsa.privateKey), 'ed25519'), 'it is a key for rsa'],
    [() => readPublicKey(put('rsa.pub', rsa.publicKey), 'x25519'), 'it is a key for rsa'],
    [() => readPrivateKey(own, 'x25519'), 'it is a key for ed25519'],
    [() => readPrivateKey(put('locked', String(locked)), 'ed25519'), 'it has a passphrase'],
    [() => readPrivateKey(put('rsa.pub', rsa.publicKey), 'ed25519'), 'it is a public key'],
    [() => readPublicKey(own, 'ed25519'), 'it is a private key'],
  ] as const;
  for (const [read, why] of cases) {
    await expect(read()).rejects.toMatchObject({
      code: 'key-unusable',
      kind: 'stop',
      message: expect.stringContaining(why) as string,
    });
  }
});

test('G11: a private key that others can use is refused', async () => {
  await using dir = await tempDir('keys');
  const path = join(dir.path, 'gateway');
  await writeKeyPair(path, makeKeyPair('ed25519'));
  for (const mode of [0o640, 0o604, 0o755]) {
    chmodSync(path, mode);
    await expect(readPrivateKey(path, 'ed25519')).rejects.toMatchObject({
      message: expect.stringContaining(`mode ${mode.toString(8)}`) as string,
    });
  }
  chmodSync(path, 0o400);
  expect((await readPrivateKey(path, 'ed25519')).type).toBe('private');
});
