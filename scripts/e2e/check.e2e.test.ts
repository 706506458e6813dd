/** `tally edge check`: a config explained, and new rules tried on what a running gateway holds. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { stringify } from 'yaml';
import { expect, test } from 'vitest';

import { tempDir } from '#shared/testing/temp-dir.ts';

import { publishScans } from './devices.ts';
import { startSystem } from './system.ts';

const TALLY = fileURLToPath(new URL('../tally.ts', import.meta.url));
const LONG_MS = 120_000;
const run = promisify(execFile);

/** The exit code and what was printed. */
async function check(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await run(process.execPath, [TALLY, 'edge', 'check', ...args])) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

test(
  'new rules are tried on what a running gateway holds, which goes on as before',
  async () => {
    await using system = await startSystem({ cloudRunning: false });
    await using dir = await tempDir('check');
    const scans = { port: system.mqttPort, connections: 2, inFlight: 8, prefix: 'C' };
    await publishScans({ ...scans, scansEach: 50 });
    const next = join(dir.path, 'next.yaml');
    const config = {
      site: 'berlin',
      gateway: 'gw-1',
      dataDir: join(system.journalDirectory, '..'),
      filters: [
        { name: 'late-ones', match: { device: 'ring-0' }, drop: { when: 'deviceSeq >= 10' } },
        { name: 'no-positions', drop: { when: 'kind == "position"' } },
      ],
    };
    await writeFile(next, stringify(config));
    const told = await check('--config', next, '--replay', '24h', '--json');
    expect(JSON.parse(told.stdout)).toMatchObject({
      events: 100,
      removed: 40,
      kept: 60,
      rules: [
        { name: 'late-ones', seen: 50, removed: 40, removedByKind: { scan: 40 } },
        { name: 'no-positions', removed: 0 },
      ],
    });
    const shown = await check('--config', next, '--replay', '24h');
    expect(shown.stdout).toMatch(/late-ones +50 +40 +80\.0 +10 +scan 40/u);
    expect(shown.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    await publishScans({ ...scans, scansEach: 50, prefix: 'D' });
    const explained = await check('--config', next);
    expect(explained.stdout).toContain('1 late-ones: of ring-0: removed when deviceSeq >= 10');
  },
  LONG_MS,
);

test('a config that is refused is told with its lines and exit code 1, a schema needs no config', async () => {
  await using dir = await tempDir('check');
  const bad = join(dir.path, 'bad.yaml');
  await writeFile(
    bad,
    'site: berlin\ngateway: gw-1\ndataDir: /d\nfilters:\n  - name: x\n    drop: { when: "1 +" }\n',
  );
  const refused = await check('--config', bad);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/bad\.yaml:6: filters\.0\.drop\.when: expected /u);
  const { stdout } = await check('--schema');
  expect(JSON.parse(stdout)).toMatchObject({
    type: 'object',
    required: ['site', 'gateway', 'dataDir'],
  });
});
