import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';
import { tempDir, type TempDir } from '#shared/testing/temp-dir.ts';

import { deleteUser, parseUsers, readUsers } from './password-file.ts';
import {
  formatHash,
  generatePassword,
  hashPassword,
  isPassword,
  parseHash,
} from './password-hash.ts';
import { openPasswords, type Login, type Passwords } from './passwords.ts';
import { writeUsers } from '../testing/users-file.ts';

let dir: TempDir;
let path: string;
let passwords: Passwords;

const login = (user: string, password: string): Login => ({
  address: '192.0.2.1',
  user,
  password: Buffer.from(password),
});

beforeEach(async () => {
  dir = await tempDir('passwords');
  path = join(dir.path, 'users');
  await writeUsers(path, { a: 'the password of a', b: 'the password of b' });
  passwords = await openPasswords(path);
});

afterEach(() => dir[Symbol.asyncDispose]());

describe('passwords', () => {
  test('are right for their user only', async () => {
    expect(await passwords.verify(login('a', 'the password of a'))).toBe(true);
    expect(await passwords.verify(login('a', 'the password of b'))).toBe(false);
    expect(await passwords.verify(login('c', 'the password of a'))).toBe(false);
    expect(await passwords.verify(login('c', ''))).toBe(false);
  });

  test('that were right are remembered, and no others', async () => {
    const right = login('a', 'the password of a');
    expect(passwords.remembers(right)).toBe(false);
    await passwords.verify(login('a', 'wrong'));
    expect(passwords.remembers(login('a', 'wrong'))).toBe(false);
    await passwords.verify(right);
    expect(passwords.remembers(right)).toBe(true);
    expect(passwords.remembers(login('b', 'the password of a'))).toBe(false);
    expect(passwords.remembers(login('a', 'the password of a '))).toBe(false);
  });

  test('G11 isolation: that changed are forgotten, those of others are not', async () => {
    const [a, b] = [login('a', 'the password of a'), login('b', 'the password of b')];
    await Promise.all([passwords.verify(a), passwords.verify(b)]);
    await writeUsers(path, { a: 'a new one' });
    await passwords.reload();
    expect(passwords.remembers(a)).toBe(false);
    expect(await passwords.verify(a)).toBe(false);
    expect(passwords.remembers(b)).toBe(true);
    await deleteUser(path, 'b');
    await passwords.reload();
    expect(passwords.remembers(b)).toBe(false);
    expect(await passwords.verify(b)).toBe(false);
  });

  test('G11 isolation: that change while they are checked do not count', async () => {
    const checking = passwords.verify(login('a', 'the password of a'));
    await deleteUser(path, 'a');
    const reloading = passwords.reload();
    await reloading;
    // Whichever came first: what is remembered of a user is gone with the user.
    await checking;
    expect(passwords.remembers(login('a', 'the password of a'))).toBe(false);
  });
});

describe('a password as it is kept', () => {
  test('is read as it was written', async () => {
    const kept = await hashPassword('correct horse', 2);
    expect(parseHash(formatHash(kept))).toEqual(kept);
    expect(await isPassword(Buffer.from('correct horse'), kept)).toBe(true);
    expect(await isPassword(Buffer.from('correct hors'), kept)).toBe(false);
  });

  // Appendix of RFC 7914: scrypt (P="pleaseletmein", S="SodiumChloride", N=16384, r=8, p=1, dkLen=64).
  test('is scrypt as RFC 7914 has it', async () => {
    const hash =
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
    const [salt, digest] = [Buffer.from('SodiumChloride'), Buffer.from(hash, 'hex')];
    const kept = parseHash(
      `scrypt$16384$8$1$${salt.toString('base64')}$${digest.toString('base64')}`,
    );
    expect(kept !== undefined && (await isPassword(Buffer.from('pleaseletmein'), kept))).toBe(true);
  });

  const salt = Buffer.alloc(16).toString('base64');
  test.each([
    ['a cost that is no power of two', `scrypt$1000$8$1$${salt}$${salt}`],
    ['a cost of a gibibyte', `scrypt$1048576$8$1$${salt}$${salt}`],
    ['a block size beyond all', `scrypt$1024$99$1$${salt}$${salt}`],
    ['no parallelism', `scrypt$1024$8$0$${salt}$${salt}`],
    ['no salt', `scrypt$1024$8$1$$${salt}`],
    ['a hash of three bytes', `scrypt$1024$8$1$${salt}$AAAA`],
    ['another function', `argon2$1024$8$1$${salt}$${salt}`],
  ])('with %s is none', (_, text) => {
    expect(parseHash(text)).toBeUndefined();
  });

  test('that is made is another one each time, and long', () => {
    const made = new Set(Array.from({ length: 100 }, generatePassword));
    expect(made.size).toBe(100);
    for (const password of made) expect(password).toMatch(/^[a-z2-7]{32}$/u);
  });
});

describe('a users file', () => {
  test('is read, or refused with a line number, whatever is in it', () => {
    const isReadOrRefused = (text: string): boolean => {
      try {
        return [...parseUsers(text, 'users').keys()].every((name) => !/[+#/:]/u.test(name));
      } catch (error) {
        return error instanceof TallyError && error.code === 'users-unusable';
      }
    };
    const texts = fc.string({ unit: 'binary', maxLength: 200 });
    expect(() => fc.assert(fc.property(texts, isReadOrRefused))).not.toThrow();
  });

  test('has each user once', async () => {
    const [line = ''] = [...(await readUsers(path)).values()].map((user) => user.line);
    expect(() => parseUsers(`${line}\n${line}\n`, 'users')).toThrow(
      'line 2: user a is there twice',
    );
  });
});
