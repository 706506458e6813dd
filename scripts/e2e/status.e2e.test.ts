/** `tally edge status` against a real gateway, as a person and a script run it. */
import { execFile } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';

import { startChild, type Child } from '#shared/testing/child.ts';
import { freePort } from '#shared/testing/free-port.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';
import { VERSION } from '#shared/version.ts';

import { openStatusServer } from '../../edge/status/status-server.ts';
import { statusSchema, type Status } from '../../edge/status/status.ts';
import { troubledStatus } from '../../edge/status/testing/example-status.ts';

const TALLY = fileURLToPath(new URL('../tally.ts', import.meta.url));
const START = { timeoutMs: 30_000, intervalMs: 100 };
const EVENTS = 50;
/** Nothing listens there: ports below 1024 are not handed out. */
const NO_NATS = 'nats://127.0.0.1:9';

type Ended = { readonly code: number; readonly out: string; readonly err: string };

function status(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [TALLY, 'edge', 'status', ...args], (error, out, err) => {
      const code = error === null ? 0 : error.code;
      resolve({ code: typeof code === 'number' ? code : -1, out, err });
    });
  });
}

/** A directory for a gateway that nobody has started, with the config that it would run with. */
async function depot() {
  const dir = await tempDir('status');
  const [mqttPort, port] = [await freePort(), await freePort()];
  const writeConfig = async (name: string, changes: object = {}): Promise<string> => {
    const file = join(dir.path, name);
    const settings = {
      site: 'berlin',
      gateway: 'gw-1',
      dataDir: dir.path,
      mqtt: { port: mqttPort },
      uplink: { servers: [NO_NATS] },
      status: { port },
    };
    await writeFile(file, stringify({ ...settings, ...changes }));
    return file;
  };
  return {
    config: await writeConfig('edge.yaml'),
    writeConfig,
    journal: join(dir.path, 'journal'),
    mqttPort,
    port,
    read: async (path: string) => await (await fetch(`http://127.0.0.1:${port}${path}`)).text(),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}

function run(config: string): Promise<Child> {
  return startChild(process.execPath, [TALLY, 'edge', 'run', '--config', config]);
}

/** Resolves when the gateway has acknowledged them. */
async function publish(mqttPort: number, events: number): Promise<void> {
  const device = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { clientId: 'ring-1' });
  for (let i = 0; i < events; i++)
    await device.publishAsync('scan/ring-1', JSON.stringify({ data: `P${i}` }), { qos: 1 });
  await device.endAsync(true);
}

/** What `--json` prints, once it tells of so many scans. */
async function statusWith(config: string, events: number): Promise<Status> {
  return await until(
    'the events to be told',
    async () => {
      const { code, out } = await status('--config', config, '--json');
      expect(code).toBe(0);
      const document = statusSchema.parse(JSON.parse(out));
      return document.journal.classes.custody.events === events && document;
    },
    START,
  );
}

/** Every file below, and when it was changed last. */
async function filesOf(directory: string): Promise<Record<string, number>> {
  const names = (await readdir(directory, { recursive: true })).sort();
  const times = await Promise.all(names.map((name) => stat(join(directory, name))));
  return Object.fromEntries(names.map((name, i) => [name, times[i]?.mtimeMs ?? 0]));
}

test('G4 accounts: a gateway that runs says what it holds, as a document, as metrics and as a table', async () => {
  await using it = await depot();
  await using edge = await run(it.config);
  await until('the gateway to answer', async () => (await it.read('/status')) !== '', START);
  await publish(it.mqttPort, EVENTS);

  const seen = await statusWith(it.config, EVENTS);
  expect(seen).toMatchObject({
    site: 'berlin',
    gateway: 'gw-1',
    version: VERSION,
    pid: edge.pid,
    link: { connected: false },
    ingest: { connections: 0, unsettled: 0, messages: [0, EVENTS, 0], withheld: 0 },
    commits: { events: EVENTS },
    problems: [],
  });
  expect(seen.link.lastError?.reason).toContain('refused');
  expect(seen.journal.epochs).toMatchObject([
    { isCurrent: true, received: EVENTS, headSeq: EVENTS, applied: 0, pending: EVENTS },
  ]);
  // The route's document, at another moment.
  const served = JSON.parse(await it.read('/status')) as object;
  expect(Object.keys(seen)).toEqual(Object.keys(served));
  expect(await it.read('/metrics')).toContain(
    `tally_edge_pending_events{class="custody"} ${EVENTS}`,
  );

  const table = await status('--config', it.config);
  expect(table).toMatchObject({ code: 0, err: '' });
  // Piped, so without colour.
  expect(table.out).not.toContain('\u001b');
  expect(table.out).toMatch(/^custody +50 /mu);
  expect(table.out.split('\n').every((line) => line.length <= 80)).toBe(true);

  const other = await status('--config', await it.writeConfig('2.yaml', { gateway: 'gw-2' }));
  expect(other.code).toBe(1);
  expect(other.err).toContain('answers for gateway gw-1 of site berlin, not for gw-2');
  const unserved = await it.writeConfig('3.yaml', { status: { port: 0 } });
  const silent = await status('--config', unserved);
  expect(silent.code).toBe(1);
  expect(silent.err).toContain(`the gateway runs (process ${edge.pid}) and cannot be asked`);
});

test('of a gateway that does not run its files tell, and stay as they are', async () => {
  await using it = await depot();
  const before = await status('--config', it.config);
  expect(before).toMatchObject({ code: 3, err: '' });
  expect(before.out).toContain(`no gateway runs: nothing listens on 127.0.0.1:${it.port}`);
  expect(before.out).toContain('there is no journal in');

  const edge = await run(it.config);
  await using _edge = edge;
  await until('the gateway to answer', async () => (await it.read('/status')) !== '', START);
  await publish(it.mqttPort, EVENTS);
  await edge.kill('SIGKILL');

  const files = await filesOf(it.journal);
  const after = await status('--config', it.config, '--json');
  expect(after.code).toBe(3);
  expect(JSON.parse(after.out)).toMatchObject({
    running: false,
    journal: { segments: 1, lastSeq: EVENTS, isClosed: false },
  });
  const words = await status('--config', it.config);
  expect(words.out).toContain(`last event ${EVENTS} of epoch `);
  expect(words.out).toContain(`next: tally edge run --config ${it.config}`);
  expect(await filesOf(it.journal)).toEqual(files);
});

test('a gateway whose status port is taken takes events all the same, and says so in its log', async () => {
  await using it = await depot();
  const config = await it.writeConfig('taken.yaml', { status: { port: it.mqttPort } });
  await using edge = await run(config);
  await until('the log to say so', () => edge.log.includes('the status is not served'), START);
  await publish(it.mqttPort, 1);
  expect(await status('--config', config)).toMatchObject({ code: 1 });
});

test('a gateway that needs a person is shown with what to do, and the exit code says so', async () => {
  await using it = await depot();
  const troubled = troubledStatus();
  await using _server = await openStatusServer({
    host: '127.0.0.1',
    port: it.port,
    status: async () => troubled,
    failed: () => {},
  });
  const { site, gateway } = troubled;
  const config = await it.writeConfig('troubled.yaml', { site, gateway });
  const { code, out } = await status('--config', config);
  expect(code).toBe(4);
  expect(out).toContain('next: check the network');
  expect(await status('--config', config, '--json')).toMatchObject({ code: 4, err: '' });
});

test('help teaches the exit codes and gives examples; a bad config is refused before anybody is asked', async () => {
  const { code, out } = await status('--help');
  expect(code).toBe(0);
  for (const words of ['Exit codes:', '4  it runs and needs a person', 'Examples:', '/metrics'])
    expect(out).toContain(words);
  await using it = await depot();
  const bad = await status(
    '--config',
    await it.writeConfig('bad.yaml', { status: { host: '0.0.0.0' } }),
  );
  expect(bad.code).toBe(1);
  expect(bad.err).toContain('status.host: expected 127.0.0.1, ::1 or localhost');
});
