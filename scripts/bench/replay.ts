/** A dead gateway's million events: how fast they are looked through, carried away and brought home. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startNatsServer } from '#shared/testing/nats-server.ts';
import { freePort } from '#shared/testing/free-port.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { appendAll, openBenchJournal } from './journal-load.ts';
import { readMixEvents, REFERENCE_MIX } from './mix.ts';
import { startTally } from './processes.ts';
import { countStored } from './stored-count.ts';

export type ReplayFigures = {
  readonly inspectPerSecond: number;
  readonly exportPerSecond: number;
  /** Into JetStream, each batch fsynced there; the start of the command included. */
  readonly sendPerSecond: number;
  /** Until the cloud says that it has applied all of it. */
  readonly appliedPerSecond: number;
};

const TALLY = fileURLToPath(new URL('../tally.ts', import.meta.url));
const START_TIMEOUT_MS = 60_000;
const SEND_TIMEOUT_MS = 300_000;

export async function benchReplay(count: number): Promise<ReplayFigures> {
  await using dir = await tempDir('bench-replay');
  const journal = join(dir.path, 'journal');
  {
    await using open = await openBenchJournal(journal);
    await appendAll(open, await readMixEvents(REFERENCE_MIX), { count, inFlight: 20_000 });
  }
  console.log(`${count} events are in the journal`);
  const inspectS = await replay('inspect', journal);
  const exportS = await replay('export', journal, '--out', join(dir.path, 'journal.tally'));
  await using nats = await startNatsServer();
  const httpPort = await freePort();
  await using _cloud = await startTally(
    'cloud',
    { dataDir: join(dir.path, 'cloud'), http: { port: httpPort }, nats: { servers: [nats.url] } },
    dir.path,
  );
  const isReady = async (): Promise<boolean> =>
    (await fetch(`http://127.0.0.1:${httpPort}/readyz`)).ok;
  await until('the cloud side to be ready', isReady, { timeoutMs: START_TIMEOUT_MS });
  const start = performance.now();
  const [, sendS] = await Promise.all([
    replay('send', journal, '--to', nats.url),
    countStored(nats.url, count, SEND_TIMEOUT_MS).then(() => (performance.now() - start) / 1000),
  ]);
  const appliedS = (performance.now() - start) / 1000;
  return {
    inspectPerSecond: Math.round(count / inspectS),
    exportPerSecond: Math.round(count / exportS),
    sendPerSecond: Math.round(count / sendS),
    appliedPerSecond: Math.round(count / appliedS),
  };
}

/** Seconds that the command took, its start included. */
async function replay(...args: string[]): Promise<number> {
  const start = performance.now();
  await promisify(execFile)(process.execPath, [TALLY, 'replay', ...args, '--json'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return (performance.now() - start) / 1000;
}
