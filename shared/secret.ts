/**
 * Secrets in a config: never the text itself, which would end in backups, tickets and logs, but where it is:
 *
 * ```yaml
 *   password: { env: DEPOT_PASSWORD }
 *   password: { file: /run/secrets/depot }
 * ```
 */
import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { describe, TallyError } from './errors.ts';

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/u;
/** Passwords and tokens, not documents. */
const BYTES_MAX = 16 * 1024;
const EXPECTED = 'expected { env: NAME } or { file: PATH }: a secret does not stand in the config';

/** Where a secret is. */
export const secretSchema = z.union(
  [
    z.strictObject({ env: z.string().regex(ENV_NAME, 'expected the name of a variable') }),
    z.strictObject({ file: z.string().min(1, 'expected a path') }),
  ],
  {
    error: (issue) => {
      // What was written instead may be the secret: a fault does not quote it.
      Object.assign(issue, { input: {} });
      return EXPECTED;
    },
  },
);

/** A key of the config that says where its value is. */
export type Secret = z.infer<typeof secretSchema>;

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The secret itself. Of a file the line ends after it do not count: editors and `echo` add one. Rejects with
 * `secret-unusable`, which names the place and never the value.
 */
export async function readSecret(secret: Secret, env: Environment): Promise<string> {
  if ('env' in secret) {
    const value = env[secret.env];
    if (value === undefined || value === '')
      throw unusable(`the variable ${secret.env} is not set`);
    return value;
  }
  let text: string;
  try {
    text = await readFile(secret.file, 'utf8');
  } catch (cause) {
    throw unusable(`cannot read the secret: ${describe(cause)}`, cause);
  }
  if (text.length > BYTES_MAX) throw unusable(`${secret.file} is too long for a secret`);
  const value = text.replace(/[\r\n]+$/u, '');
  if (value === '') throw unusable(`${secret.file} is empty`);
  return value;
}

function unusable(message: string, cause?: unknown): TallyError {
  return new TallyError('stop', 'secret-unusable', message, { cause });
}
