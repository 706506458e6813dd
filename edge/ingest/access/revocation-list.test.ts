import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { tempDir } from '#shared/testing/temp-dir.ts';

import { revocationLists, revokedSerials, serialKey } from './revocation-list.ts';
import { Authority } from '../testing/certificates.ts';

test('a revocation list tells the serial numbers that openssl put there', async () => {
  await using dir = await tempDir('crl');
  const depot = await Authority.make(dir.path, 'depot');
  await depot.revoke();
  const none = await readFile(depot.crlFile, 'utf8');
  expect(revokedSerials(revocationLists(none))).toEqual(new Set());

  const [first, second] = [await depot.issue('a', '/CN=a'), await depot.issue('b', '/CN=b')];
  await depot.revoke(first, second);
  const both = await readFile(depot.crlFile, 'utf8');
  const serials = [first, second].map(({ cert }) =>
    serialKey(new X509Certificate(cert).serialNumber),
  );
  expect(revokedSerials(revocationLists(both))).toEqual(new Set(serials));
  // Several in one file, with text between them.
  expect(revokedSerials(revocationLists(`${none}\nissuer: depot\n${both}`))).toEqual(
    new Set(serials),
  );
});

test('bytes that are none are a RangeError, and nothing worse', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const base64 = Buffer.from(bytes).toString('base64');
      const lists = revocationLists(
        `-----BEGIN X509 CRL-----\n${base64}\n-----END X509 CRL-----\n`,
      );
      try {
        expect(revokedSerials(lists)).toBeInstanceOf(Set);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});

test.each([
  ['0A1B', 'a1b'],
  ['00', '0'],
  ['0', '0'],
  ['7F', '7f'],
])('the serial number %s is %s', (hex, key) => {
  expect(serialKey(hex)).toBe(key);
});
