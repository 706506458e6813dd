import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const tallyJs = fileURLToPath(new URL('../tally.js', import.meta.url));

describe('the tally command', () => {
  test('runs under the Node of the project', async () => {
    const { stdout } = await run(process.execPath, [tallyJs, '--help']);
    expect(stdout).toContain('Usage: tally');
  });

  test('runs under an older Node of the host, with its exit codes', async ({ skip }) => {
    const node = await olderNode();
    if (node === undefined) return skip('there is no Node from 20 to 23 on PATH');
    const { stdout } = await run(node, [tallyJs, 'edge', '--help']);
    expect(stdout).toContain('Usage: tally edge');
    await expect(run(node, [tallyJs, 'nonesuch'])).rejects.toMatchObject({ code: 2 });
  });
});

async function olderNode(): Promise<string | undefined> {
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    const node = join(dir, 'node');
    const isThere = await access(node).then(
      () => true,
      () => false,
    );
    if (!isThere) continue;
    const { stdout } = await run(node, ['--version']);
    const major = Number(/^v(\d+)\./u.exec(stdout)?.[1]);
    if (major >= 20 && major < 24) return node;
  }
  return undefined;
}
