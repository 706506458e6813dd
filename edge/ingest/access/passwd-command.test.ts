import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Writable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { tempDir, type TempDir } from '#shared/testing/temp-dir.ts';

import { passwdCommand } from './passwd-command.ts';

let dir: TempDir;
let file: string;

beforeEach(async () => {
  dir = await tempDir('passwd');
  file = join(dir.path, 'users');
});

afterEach(async () => {
  await dir[Symbol.asyncDispose]();
  process.exitCode = undefined;
});

type Ran = { readonly out: string; readonly err: string; readonly code: unknown };

/** What the command does when that is typed, or comes by a pipe. */
async function passwd(args: readonly string[], input = '', isTTY = false): Promise<Ran> {
  const said = { out: '', err: '' };
  const collect = (name: 'out' | 'err'): Writable =>
    new PassThrough().on('data', (chunk: Buffer) => (said[name] += chunk.toString()));
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: () => {} });
  stdin.end(input);
  const parts = { input: stdin, output: collect('out'), errors: collect('err') };
  process.exitCode = undefined;
  const command = passwdCommand(parts).exitOverride();
  await command.parseAsync(['--file', file, ...args], { from: 'user' });
  const code: unknown = process.exitCode ?? 0;
  process.exitCode = undefined;
  return { ...said, code };
}

describe('tally edge passwd', () => {
  test('set takes the first line of standard input, check knows it again', async () => {
    expect(await passwd(['set', 'ring-1134'], 'correct horse\nignored\n')).toMatchObject({
      code: 0,
    });
    expect(await passwd(['check', 'ring-1134'], 'correct horse\n')).toMatchObject({ code: 0 });
    expect(await passwd(['check', 'ring-1134'], 'correct mare\n')).toEqual({
      out: '',
      err: 'no user ring-1134 with that password\n',
      code: 3,
    });
    expect(await passwd(['check', 'ring-1135'], 'correct horse\n')).toMatchObject({ code: 3 });
  });

  test('S2: the file holds no password, and only its owner may read it', async () => {
    await passwd(['set', 'ring-1134'], 'correct horse');
    await passwd(['set', 'ring-1135'], 'correct horse');
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain('correct horse');
    const [first, second] = text.split('\n');
    expect(first).toMatch(/^ring-1134:scrypt\$32768\$8\$1\$[\w+/=]+\$[\w+/=]+$/u);
    // Salted: who has the same password does not look the same.
    expect(first?.split('$').at(-1)).not.toBe(second?.split('$').at(-1));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('a terminal is asked twice, and shows nothing of it', async () => {
    const typed = 'wrong\u007f\u007f\u007f\u007f\u007fcorrect horse\rcorrect horse\r';
    const { out, err } = await passwd(['set', 'ring-1134'], typed, true);
    expect({ out, err }).toEqual({ out: '', err: 'New password of ring-1134: \nOnce more: \n' });
    expect(await passwd(['check', 'ring-1134'], 'correct horse')).toMatchObject({ code: 0 });
  });

  test.each([
    ['two that differ', 'correct horse\rcorrect mare\r', 'the two are not the same'],
    ['an interrupt', 'correct\u0003', 'interrupted: nothing was changed'],
    ['one that is short', 'seven77\r', 'a password has at least 8 characters'],
    ['one that is endless', 'x'.repeat(2000), 'more than 1024 characters'],
  ])('on a terminal %s changes nothing', async (_, typed, message) => {
    await expect(passwd(['set', 'ring-1134'], typed, true)).rejects.toThrow(message);
    await expect(stat(file)).rejects.toThrow(/ENOENT/u);
  });

  test('--generate prints one that nobody guesses, and nothing else', async () => {
    const { out, err } = await passwd(['set', 'ring-1134', '--generate']);
    expect(out).toMatch(/^[a-z2-7]{32}\n$/u);
    expect(err).toBe('');
    expect(await passwd(['check', 'ring-1134'], out)).toMatchObject({ code: 0 });
    expect((await passwd(['set', 'ring-1135', '--generate'])).out).not.toBe(out);
  });

  test('delete takes one away, list shows the others; remarks stay', async () => {
    await writeFile(file, '# of the north dock\n\n', { mode: 0o600 });
    for (const user of ['a', 'b', 'c']) await passwd(['set', user, '--generate']);
    expect(await passwd(['delete', 'b'])).toMatchObject({ code: 0 });
    expect(await passwd(['delete', 'b'])).toMatchObject({ code: 3, err: 'there is no user b\n' });
    expect((await passwd(['list'])).out).toBe('a\nc\n');
    expect(await readFile(file, 'utf8')).toMatch(/^# of the north dock\n\na:.*\nc:.*\n$/u);
  });

  test.each(['a:b', 'a/b', '#', 'a+', '', ' a', '__proto__', 'å', 'a\n'])(
    'G11 isolation: %j is no name for a user',
    async (user) => {
      await expect(passwd(['set', user, '--generate'])).rejects.toThrow(
        /a user name has 1 to 128/u,
      );
    },
  );

  test('a file that others may read is not used, and the message says what to do', async () => {
    await passwd(['set', 'a', '--generate']);
    await chmod(file, 0o644);
    await expect(passwd(['list'])).rejects.toThrow(`chmod 600 ${file}`);
  });

  test('a line that is none is named by its number, and not quoted: it may be a password', async () => {
    await writeFile(file, 'a:hunter22\n', { mode: 0o600 });
    const error: unknown = await passwd(['set', 'b', '--generate']).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).toContain('line 1 is not user:scrypt$N$r$p$salt$hash');
    expect(String(error)).not.toContain('hunter22');
    expect(await readFile(file, 'utf8')).toBe('a:hunter22\n');
  });

  test('while somebody else changes the file nothing is lost', async () => {
    await passwd(['set', 'a', '--generate']);
    await writeFile(`${file}.new`, '');
    await expect(passwd(['set', 'b', '--generate'])).rejects.toThrow(/it is being changed/u);
    expect((await passwd(['list'])).out).toBe('a\n');
  });
});
