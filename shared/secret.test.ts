import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { parseConfig } from './config.ts';
import { readSecret, secretSchema } from './secret.ts';
import { tempDir } from './testing/temp-dir.ts';

const schema = z.strictObject({ password: secretSchema });

describe('a secret in a config', () => {
  test('is the name of a variable or the path of a file', () => {
    expect(parseConfig('password: { env: DEPOT }', 'c.yaml', schema).password).toEqual({
      env: 'DEPOT',
    });
    expect(parseConfig('password: { file: /run/s }', 'c.yaml', schema).password).toEqual({
      file: '/run/s',
    });
  });

  test.for(['password: hunter2', 'password: [hunter2]', 'password: { value: hunter2 }'])(
    'is never its text, and the fault does not repeat it: %s',
    (text) => {
      expect(() => parseConfig(text, 'c.yaml', schema)).toThrow(
        'c.yaml:1: password: expected { env: NAME } or { file: PATH }',
      );
      expect(() => parseConfig(text, 'c.yaml', schema)).not.toThrow('hunter2');
    },
  );
});

describe('reading a secret', () => {
  test('takes a variable as it is', async () => {
    expect(await readSecret({ env: 'DEPOT' }, { DEPOT: ' s p ' })).toBe(' s p ');
  });

  test('takes a file without the line end that an editor puts there', async () => {
    await using dir = await tempDir('secret');
    const file = join(dir.path, 'password');
    await writeFile(file, 'swordfish\n');
    expect(await readSecret({ file }, {})).toBe('swordfish');
  });

  test('says which variable or file is wrong, and how', async () => {
    await using dir = await tempDir('secret');
    const file = join(dir.path, 'password');
    await expect(readSecret({ env: 'DEPOT' }, {})).rejects.toMatchObject({
      code: 'secret-unusable',
      message: 'the variable DEPOT is not set',
    });
    await expect(readSecret({ file }, {})).rejects.toThrow(`cannot read the secret: ENOENT`);
    await writeFile(file, '\n');
    await expect(readSecret({ file }, {})).rejects.toThrow(`${file} is empty`);
    await writeFile(file, 'x'.repeat(20_000));
    await expect(readSecret({ file }, {})).rejects.toThrow(`${file} is too long for a secret`);
  });
});
