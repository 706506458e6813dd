/** A dead gateway's buffer is carried home by a field tech, and the gateway comes back: everything once, and accounted for. */
import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { cp, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { tempDir } from '#shared/testing/temp-dir.ts';

import { generateLoad } from '../bench/load.ts';
import { REFERENCE_MIX } from '../bench/mix.ts';
import { startSystem, type Gateway } from './system.ts';

const TALLY = fileURLToPath(new URL('../tally.ts', import.meta.url));
const EVENTS = 200_000;
const LONG_MS = 420_000;

type Ran = {
  readonly code: number;
  readonly json: Record<string, unknown>;
  readonly error: string;
};

/** `tally replay … --json`. */
async function replay(...args: string[]): Promise<Ran> {
  return await new Promise((resolve) => {
    execFile(
      process.execPath,
      [TALLY, 'replay', ...args, '--json'],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code ?? 1);
        const json = stdout === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
        resolve({ code, json, error: stderr });
      },
    );
  });
}

async function damage(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => /^segment-.+\.db$/u.test(name)).sort();
  const name = names[Math.floor(names.length / 2)] ?? '';
  await using file = await open(join(directory, name), 'r+');
  const { size } = await file.stat();
  await file.write(randomBytes(30_000), 0, 30_000, Math.floor(size / 3));
  return name;
}

test(
  'G2 no-loss, G3 once, G4 accounts, G8 salvage: what is whole of a damaged copy comes home by file and by directory, and the gateway that comes back brings the rest; each event is there once',
  async () => {
    await using dir = await tempDir('rescue');
    await using system = await startSystem();
    await system.nats.kill();
    const load = await generateLoad({
      port: system.mqttPort,
      connections: 20,
      messages: EVENTS,
      payloads: REFERENCE_MIX,
    });
    expect(load.acked).toBe(EVENTS);
    await system.edge.kill();

    const copy = join(dir.path, 'copy');
    await cp(system.journalDirectory, copy, { recursive: true });
    const damaged = await damage(copy);
    const verified = await replay('verify', copy);
    expect(verified.code).toBe(3);
    expect(JSON.stringify(verified.json['problems'])).toContain(damaged);
    const lost = Object.values(verified.json['lost'] as Record<string, [number, number][]>).flat();
    const lostCount = lost.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    expect(lostCount).toBeGreaterThan(0);
    expect(lostCount).toBeLessThan(3000);

    await system.nats.restart();
    await system.untilReady();
    const clean = join(dir.path, 'clean');
    const file = join(dir.path, 'depot.tally');
    expect((await replay('salvage', copy, '--out', clean)).code).toBe(3);
    expect((await replay('verify', clean)).code).toBe(0);
    const exported = await replay('export', clean, '--out', file);
    expect(exported).toMatchObject({ code: 0, json: { manifest: { events: EVENTS - lostCount } } });
    const to = ['--to', system.nats.url];
    expect((await replay('send', file, ...to, '--dry-run')).json).toMatchObject({
      sent: EVENTS - lostCount,
      alreadyApplied: 0,
    });
    const sent = await replay('send', file, ...to);
    expect(sent).toMatchObject({ code: 0, json: { applied: EVENTS - lostCount, refused: 0 } });
    const again = await replay('send', copy, ...to);
    expect(again.json).toMatchObject({ alreadyApplied: EVENTS - lostCount, sent: 0 });

    const missing = await system.get<Gateway>('/v1/gateways/gw-1');
    expect(missing?.missing).toStrictEqual(lost.map(([first, last]) => ({ first, last })));
    await system.edge.start();
    const gateway = await system.untilClosed(EVENTS, 180);
    expect(gateway.missing).toStrictEqual([]);
    expect(gateway.accounts.delivered).toBe(EVENTS);
  },
  LONG_MS,
);

test(
  'G4 accounts, G8 salvage: what the disk of a gateway lost is named by the cloud, and the accounts close without it',
  async () => {
    await using system = await startSystem();
    await system.nats.kill();
    await generateLoad({
      port: system.mqttPort,
      connections: 20,
      messages: 40_000,
      payloads: REFERENCE_MIX,
    });
    await system.edge.kill();
    await damage(system.journalDirectory);
    await system.nats.restart();
    await system.edge.start();
    const gateway = await system.untilClosed(40_000, 120);
    const answer = await system.get<Gateway & { lost: { first: number; last: number }[] }>(
      '/v1/gateways/gw-1',
    );
    const lost = (answer?.lost ?? []).reduce((sum, { first, last }) => sum + last - first + 1, 0);
    expect(lost).toBeGreaterThan(0);
    expect(gateway.accounts.delivered).toBe(40_000 - lost);
    expect(gateway.accounts.shed).toStrictEqual({ damaged: lost });
  },
  LONG_MS,
);
