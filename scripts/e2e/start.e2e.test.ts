/** `npm start` as a newcomer runs it. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

import { connectAsync } from 'mqtt';
import { expect, test, vi } from 'vitest';

import { freePort } from '#shared/testing/free-port.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

const START = fileURLToPath(new URL('../start.ts', import.meta.url));
const READY_TIMEOUT_MS = 90_000;
vi.setConfig({ testTimeout: 240_000 });

const STOP_LIMIT_MS = 10_000;

type Run = AsyncDisposable & {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly mqttPort: number;
  readonly httpPort: number;
};

async function start(...extra: string[]): Promise<Run> {
  const dir = await tempDir('start');
  const [mqttPort, httpPort, natsPort] = [await freePort(), await freePort(), await freePort()];
  const ports = ['--mqtt-port', mqttPort, '--http-port', httpPort, '--nats-port', natsPort].map(
    String,
  );
  const child = spawn(process.execPath, [START, '--data-dir', dir.path, ...ports, ...extra], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    child,
    output: () => output,
    mqttPort,
    httpPort,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGINT');
        await ended;
      }
      await dir[Symbol.asyncDispose]();
    },
  };
}

function untilSaid(run: Run, words: RegExp): Promise<string> {
  return until(`"${words.source}" in the output`, () => words.exec(run.output())?.[0], {
    timeoutMs: READY_TIMEOUT_MS,
  });
}

function exitCodeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** The processes that the system runs, by what stands in their command lines. */
function pidOf(run: Run, name: string): number {
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(run.child.pid)], {
    encoding: 'utf8',
  });
  const line = children.split('\n').find((each) => each.includes(name));
  return Number(line?.trim().split(' ')[0]);
}

test('a scan that is published is served; a process that dies is started again; Ctrl-C ends all of it in time, also one that hangs', async () => {
  await using run = await start('--simulate', '20');
  expect(await untilSaid(run, /^ready .*$/mu)).toMatch(
    /^ready mqtt:\/\/127\.0\.0\.1:\d+ http:\/\/127\.0\.0\.1:\d+ nats:\/\/127\.0\.0\.1:\d+$/u,
  );
  const client = await connectAsync(`mqtt://127.0.0.1:${run.mqttPort}`);
  await client.publishAsync('scan/ring-1', JSON.stringify({ data: '(00)047129788924872741' }), {
    qos: 1,
  });
  await client.endAsync(true);
  const parcel = `http://127.0.0.1:${run.httpPort}/v1/parcels/047129788924872741`;
  await until('the parcel to be served', async () => (await fetch(parcel)).ok);

  process.kill(pidOf(run, 'cloud run'), 'SIGKILL');
  await untilSaid(run, /cloud ended \(SIGKILL\), starting it again/u);
  await until('the API to be back', async () => (await fetch(parcel)).ok, {
    timeoutMs: READY_TIMEOUT_MS,
  });

  process.kill(pidOf(run, 'edge run'), 'SIGSTOP');
  const ended = exitCodeOf(run.child);
  const since = performance.now();
  run.child.kill('SIGINT');
  const code = await ended;
  expect(performance.now() - since).toBeLessThan(STOP_LIMIT_MS);
  expect(code).toBe(0);
  expect(run.output()).toContain('edge does not end: killed');
});

test('a port that is in use is named, with the flag that changes it, and nothing is started', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await using run = await start('--http-port', String(port));
  const code = await exitCodeOf(run.child);
  expect(code).toBe(1);
  expect(run.output()).toContain(
    `port ${port} (HTTP) is in use: choose another with --http-port PORT`,
  );
  server.close();
});
