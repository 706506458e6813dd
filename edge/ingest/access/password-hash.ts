/**
 * A password as it is kept: `scrypt$N$r$p$salt$hash` (RFC 7914), salt and hash in base64, so that a file that leaks
 * does not tell the passwords, and each line says itself how dear a guess is.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export type PasswordHash = {
  /** N of scrypt: the time and the memory that a guess takes. */
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
};

/** 32 MiB, and a tenth of a second of a small machine: for what a person has thought of. */
export const COST_CHOSEN = 2 ** 15;
/** For what was made at random and cannot be guessed at any price: a whole depot logs in within seconds. */
export const COST_GENERATED = 2 ** 10;

const BLOCK_SIZE = 8;
const PARALLELISM = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** 160 bits, which is beyond guessing; five bits a character make 32 of them. */
const GENERATED_BYTES = 20;

/** Nobody's file makes a login take seconds, or a gibibyte. */
const COST_MAX = 2 ** 17;
const BLOCK_SIZE_MAX = 16;
const PARALLELISM_MAX = 4;
const BYTES_MIN = 8;
const BYTES_MAX = 128;

const FORM =
  /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/u;

export async function hashPassword(password: string, cost: number): Promise<PasswordHash> {
  const bare = {
    cost,
    blockSize: BLOCK_SIZE,
    parallelism: PARALLELISM,
    salt: randomBytes(SALT_BYTES),
  };
  return { ...bare, hash: await derive(Buffer.from(password), bare, HASH_BYTES) };
}

/** One that no password has, and that costs as much to find out. */
export function nobodysHash(cost: number): PasswordHash {
  const [salt, hash] = [randomBytes(SALT_BYTES), randomBytes(HASH_BYTES)];
  return { cost, blockSize: BLOCK_SIZE, parallelism: PARALLELISM, salt, hash };
}

export async function isPassword(password: Buffer, kept: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, kept, kept.hash.length), kept.hash);
}

export function formatHash({ cost, blockSize, parallelism, salt, hash }: PasswordHash): string {
  const numbers = `${cost}$${blockSize}$${parallelism}`;
  return `scrypt$${numbers}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** `undefined` for what is none, or what would take too much. */
export function parseHash(text: string): PasswordHash | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, cost, blockSize, parallelism, salt = '', hash = ''] = match;
  const kept = {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  return isBounded(kept) ? kept : undefined;
}

/** A password that nobody has to think of: letters and digits that are not taken for each other (RFC 4648, 6). */
export function generatePassword(): string {
  let bits = BigInt(`0x${randomBytes(GENERATED_BYTES).toString('hex')}`);
  let text = '';
  for (let i = 0; i < (GENERATED_BYTES * 8) / 5; i++) {
    text += BASE32[Number(bits & 31n)] ?? '';
    bits >>= 5n;
  }
  return text;
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

function isBounded({ cost, blockSize, parallelism, salt, hash }: PasswordHash): boolean {
  const isPowerOfTwo = cost >= 2 && (cost & (cost - 1)) === 0;
  return (
    isPowerOfTwo &&
    cost <= COST_MAX &&
    within(blockSize, 1, BLOCK_SIZE_MAX) &&
    within(parallelism, 1, PARALLELISM_MAX) &&
    within(salt.length, BYTES_MIN, BYTES_MAX) &&
    within(hash.length, BYTES_MIN, BYTES_MAX)
  );
}

function within(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}

function derive(
  password: Buffer,
  { cost, blockSize, parallelism, salt }: Omit<PasswordHash, 'hash'>,
  bytes: number,
): Promise<Buffer> {
  // What it takes, and a little more: Node refuses at a limit of its own.
  const maxmem = 128 * blockSize * (cost + parallelism + 4);
  const options = { N: cost, r: blockSize, p: parallelism, maxmem };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
