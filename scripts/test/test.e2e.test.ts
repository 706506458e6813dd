import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { tempDir } from '#shared/testing/temp-dir.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const IMPORT = "import { beforeAll, expect, test } from 'vitest';\n";

describe('npm test', () => {
  test.each([
    ['all is well', "test('a', () => {}); test('b', () => {});", '2 passed, 0 failed', 0],
    [
      'one fails',
      "test('a', () => {}); test('b', () => expect(1).toBe(2));",
      '1 passed, 1 failed',
      1,
    ],
    [
      'one is skipped',
      "test('a', () => {}); test.skip('b', () => {});",
      '1 passed, 0 failed, 1 skipped',
      0,
    ],
    ['a file does not load', "test('a', () => {}); throw new Error('x');", '0 passed, 1 failed', 1],
    [
      'a hook throws',
      "beforeAll(() => { throw new Error('x'); }); test('a', () => {});",
      '0 passed, 1 failed, 1 skipped',
      1,
    ],
    [
      'an error is caught by no test',
      "test('a', async () => { setTimeout(() => { throw new Error('x'); }); await new Promise((done) => setTimeout(done, 50)); });",
      '1 passed, 1 failed',
      1,
    ],
  ])('ends with the counts when %s', async (_what, code, lastLine, exitCode) => {
    await using dir = await tempDir('vitest');
    await symlink(join(root, 'node_modules'), join(dir.path, 'node_modules'));
    await writeFile(join(dir.path, 'package.json'), '{"type": "module"}');
    await writeFile(join(dir.path, 'sample.test.ts'), IMPORT + code);
    const run = await npmTest(['--root', dir.path]);
    expect(run).toMatchObject({ lastLine, exitCode });
  });

  test('fails when there is nothing to run', async () => {
    await using dir = await tempDir('vitest');
    expect(await npmTest(['--root', dir.path])).toMatchObject({ exitCode: 1 });
  });
});

function npmTest(args: string[]): Promise<{ lastLine: string | undefined; exitCode: unknown }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/test.ts', ...args], { cwd: root }, (error, stdout) => {
      resolve({ lastLine: stdout.trimEnd().split('\n').at(-1), exitCode: error?.code ?? 0 });
    });
  });
}
