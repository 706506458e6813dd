import type { KeyObject } from 'node:crypto';

import { readPrivateKey, readPublicKey } from './tally-file/keys.ts';

/** The key in a file that an option names, if it names one. */
export async function keyOf(
  path: string | undefined,
  half: 'private' | 'public',
  use: 'ed25519' | 'x25519',
): Promise<KeyObject | undefined> {
  if (path === undefined) return undefined;
  return half === 'private' ? await readPrivateKey(path, use) : await readPublicKey(path, use);
}
