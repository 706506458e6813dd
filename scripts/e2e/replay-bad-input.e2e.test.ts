/** What a field tech's mistakes, and other people's, get: a clear error, an exit code, and nothing changed. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, test, afterAll } from 'vitest';

import { tempDir, type TempDir } from '#shared/testing/temp-dir.ts';

import { openToWrite } from '../../edge/journal/sqlite.ts';
import { append, open, scanOf } from '../../edge/journal/testing/test-journal.ts';
import { makeKeyPair, writeKeyPair } from '../../edge/replay/tally-file/keys.ts';

const TALLY = fileURLToPath(new URL('../tally.ts', import.meta.url));
const EVENTS = 300;

type Ran = { readonly code: number; readonly out: string; readonly error: string };

async function replay(...args: string[]): Promise<Ran> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [TALLY, 'replay', ...args], (error, out, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, error: stderr }),
    );
  });
}

/** Every file's bytes, in one hash. */
async function contentsOf(directory: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(directory, { recursive: true })).sort()) {
    const path = join(directory, name);
    hash.update(name);
    if ((await stat(path)).isFile()) hash.update(await readFile(path));
  }
  return hash.digest('hex');
}

describe('G8 salvage, G9 safe-config: what bad input gets', () => {
  let dir: TempDir;
  let journal: string;
  let untouched: string;
  const at = (name: string): string => join(dir.path, name);

  beforeAll(async () => {
    dir = await tempDir('bad-input');
    journal = at('journal');
    await using made = await open(journal, { segmentBytesMax: 200_000 });
    for (let i = 1; i <= EVENTS; i += 10)
      await append(
        made,
        Array.from({ length: 10 }, (_, k) => scanOf(i + k, 1000)),
      );
    await made[Symbol.asyncDispose]();
    untouched = await contentsOf(journal);
    await writeFile(at('journal.txt'), 'no directory');
    await symlink(journal, at('journal-link'));
  });
  afterAll(() => dir[Symbol.asyncDispose]());

  /** A copy, spoiled. */
  async function spoiled(
    name: string,
    spoil: (directory: string) => Promise<void>,
  ): Promise<string> {
    await cp(journal, at(name), { recursive: true });
    await spoil(at(name));
    return at(name);
  }

  test.each([
    ['nothing at all', ['inspect', 'nonesuch'], 'there is nothing there'],
    ['a directory that is none', ['verify', '.'], 'there is no segment in it. Did you mean'],
    ['a time that is none', ['inspect', 'journal', '--since', 'yesterday'], 'expected a time as'],
    [
      'salvage into the journal itself',
      ['salvage', 'journal', '--out', 'journal/x'],
      'inside the journal',
    ],
    [
      'export into the journal',
      ['export', 'journal', '--out', 'journal/x.tally'],
      'inside the journal',
    ],
    [
      'salvage beside its files, by a name that looks like another place',
      ['salvage', 'journal', '--out', 'journal/..x'],
      'inside the journal',
    ],
    ['salvage below a file', ['salvage', 'journal', '--out', 'journal.txt/x'], 'cannot be written'],
    ['salvage over something', ['salvage', 'journal', '--out', '.'], 'is not empty'],
    [
      'a rate of nothing',
      ['send', 'journal', '--to', 'nats://127.0.0.1:1', '--rate', '0'],
      'expected a number',
    ],
  ])('%s', async (_what, [command = '', path = '', ...rest], expected) => {
    const args = rest.map((arg) => (arg === '.' || arg.startsWith('journal') ? at(arg) : arg));
    const { code, error } = await replay(command, at(path), ...args);
    expect(error).toContain(expected);
    expect([1, 2]).toContain(code);
    expect(error).not.toContain('    at ');
    expect(await contentsOf(journal)).toBe(untouched);
  });

  test('a half-copied segment: what is whole is there, the rest is named', async () => {
    const half = await spoiled('half', async (directory) => {
      const [name = ''] = (await readdir(directory)).filter((each) => each.endsWith('.db')).sort();
      const path = join(directory, name);
      await truncate(path, Math.floor((await stat(path)).size / 2));
    });
    const verified = await replay('verify', half);
    expect(verified.code).toBe(3);
    expect(verified.out).toMatch(/was sealed with|are lost/u);
    expect(await replay('export', half, '--out', at('half.tally'))).toMatchObject({ code: 3 });
    const carried = await replay('verify', at('half.tally'));
    expect(carried.code).toBe(3);
    expect(carried.out).toContain('are not in the file: they were damaged');
  });

  test('a link into the journal is the journal', async () => {
    const { code, error } = await replay('salvage', journal, '--out', at('journal-link/x'));
    expect(code).toBe(1);
    expect(error).toContain('inside the journal');
    expect(await contentsOf(journal)).toBe(untouched);
  });

  test('a salvage that was not finished is no journal, until the same command has finished it', async () => {
    const out = at('rescued');
    await replay('salvage', journal, '--out', out);
    const whole = (await readdir(out)).sort();
    // As it stands when it is killed.
    await writeFile(join(out, 'unfinished'), '');
    await rm(join(out, 'state.db'));
    for (const args of [
      ['verify', out],
      ['export', out, '--out', at('unfinished.tally')],
      ['send', out, '--to', 'nats://127.0.0.1:1'],
    ]) {
      const { code, error } = await replay(...args);
      expect(error).toContain('a salvage that was not finished');
      expect(code).toBe(1);
    }
    expect(await replay('salvage', journal, '--out', out)).toMatchObject({ code: 0 });
    expect((await readdir(out)).sort()).toStrictEqual(whole);
    expect(await replay('verify', out)).toMatchObject({ code: 0 });
  });

  test('a journal of another version', async () => {
    const other = await spoiled('other', async (directory) => {
      for (const name of (await readdir(directory)).filter((each) => each.startsWith('segment-'))) {
        const db = openToWrite(join(directory, name));
        db.pragma('user_version = 99');
        db.pragma(`application_id = ${0x54616c00 + 99}`);
        db.close();
      }
    });
    const { code, error } = await replay('inspect', other);
    expect(code).toBe(1);
    expect(error).toContain('journal format 99, and this version of Tallyport reads 2');
  });

  test('a .tally file that is cut, altered, signed by someone else, or none', async () => {
    await writeKeyPair(at('gateway.pem'), makeKeyPair('ed25519'));
    await writeKeyPair(at('other.pem'), makeKeyPair('ed25519'));
    const file = at('depot.tally');
    expect(
      await replay('export', journal, '--out', file, '--sign', at('gateway.pem')),
    ).toMatchObject({ code: 0 });
    expect(await replay('verify', file, '--signer', at('gateway.pem.pub'))).toMatchObject({
      code: 0,
    });
    const stranger = await replay('verify', file, '--signer', at('other.pem.pub'));
    expect(stranger.code).toBe(3);
    expect(`${stranger.out}${stranger.error}`).toMatch(/signed by\s+SHA256:/u);
    const to = ['--to', 'nats://127.0.0.1:1'];
    const sent = await replay('send', file, ...to, '--signer', at('other.pem.pub'));
    expect(sent.code).toBe(1);
    const bytes = await readFile(file);
    await writeFile(at('cut.tally'), bytes.subarray(0, bytes.length / 2));
    expect((await replay('verify', at('cut.tally'))).code).toBe(3);
    expect((await replay('send', at('cut.tally'), ...to)).error).toMatch(/whole/u);
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
    await writeFile(at('altered.tally'), bytes);
    expect((await replay('verify', at('altered.tally'))).code).toBe(3);
    await mkdir(at('texts'));
    await writeFile(at('texts/none.tally'), 'hello');
    expect((await replay('verify', at('texts/none.tally'))).error).toContain('.tally');
    const again = await replay('export', journal, '--out', file);
    expect(again.code).toBe(1);
    expect(await contentsOf(journal)).toBe(untouched);
  });
});
