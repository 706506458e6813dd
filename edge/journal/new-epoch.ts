import { randomBytes } from 'node:crypto';

/** Ten random bytes as base 32: twins of a cloned disk image aside, no two journals share an epoch. */
const EPOCH_BYTES = 10;

/** The id of a new journal. */
export function newEpoch(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let epoch = '';
  let bits = BigInt(`0x${randomBytes(EPOCH_BYTES).toString('hex')}`);
  for (let i = 0; i < (EPOCH_BYTES * 8) / 5; i++) {
    epoch += alphabet[Number(bits % 32n)];
    bits /= 32n;
  }
  return epoch;
}
