/** A whole system of real processes for a test: each can be killed and started again. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { stringify } from 'yaml';

import { systemClock } from '#shared/clock.ts';
import { startChild, type Child } from '#shared/testing/child.ts';
import { freePort } from '#shared/testing/free-port.ts';
import { startNatsServer, type TestNatsServer } from '#shared/testing/nats-server.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { untilListening } from '../start/ports.ts';

const TALLY = fileURLToPath(new URL('../tally.ts', import.meta.url));
/** Making an embedded database takes seconds, on a busy machine many. */
const START_TIMEOUT_MS = 60_000;
const MS_PER_S = 1000;

/** `tally SIDE run`, which can die and come back. */
export type TallySide = AsyncDisposable & {
  start(): Promise<void>;
  /** Default SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Kills it with SIGKILL and starts it again. */
  crash(): Promise<void>;
  /** Writes its config anew, the sections given in place of what they were, and sends it SIGHUP. */
  reconfigure(sections: object): Promise<void>;
  /** Writes text in place of its config, and sends it SIGHUP. */
  reconfigureWith(text: string): Promise<void>;
  readonly log: string;
};

export type Gateway = {
  readonly closed: boolean;
  readonly accounts: {
    readonly received: number;
    readonly delivered: number;
    readonly filtered: Readonly<Record<string, number>>;
    readonly shed: Readonly<Record<string, number>>;
    readonly pending: number;
  };
  readonly missing: readonly unknown[];
};

export type System = AsyncDisposable & {
  readonly nats: TestNatsServer;
  readonly edge: TallySide;
  readonly cloud: TallySide;
  readonly mqttPort: number;
  readonly journalDirectory: string;
  /** Waits until the cloud side takes batches. */
  untilReady(): Promise<void>;
  /** Waits until devices can connect: after the gateway was started again. */
  untilListening(): Promise<void>;
  /** The JSON of an answer; `undefined` for one that is not 200. */
  get<T>(path: string): Promise<T | undefined>;
  /** Waits until the gateway's accounts are closed with at least `events` received, and answers them. */
  untilClosed(events: number, timeoutS?: number): Promise<Gateway>;
};

export type SystemOptions = {
  /** Of the gateway's config, beside what the system sets. */
  readonly uplink?: object;
  /** Whole sections of the gateway's config. */
  readonly edge?: object;
  /** Of its section `mqtt`, beside the port. */
  readonly mqtt?: object;
  /** Whether the cloud side is running from the start. Default true. */
  readonly cloudRunning?: boolean;
};

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir('system'));
  const nats = stack.use(await startNatsServer());
  const [mqttPort, httpPort] = [await freePort(), await freePort()];
  const api = `http://127.0.0.1:${httpPort}`;
  const servers = [nats.url];
  const edge = stack.use(
    await side('edge', dir.path, {
      site: 'berlin',
      gateway: 'gw-1',
      dataDir: join(dir.path, 'edge-data'),
      mqtt: { port: mqttPort, ...options.mqtt },
      // Tests wait for receipts and repairs: the intervals of a depot would make them long.
      uplink: { servers, heartbeatMs: 500, resendAfterMs: 1000, ...options.uplink },
      journal: { segmentBytesMax: 262_144 },
      // Several systems run at once.
      status: { port: 0 },
      ...options.edge,
    }),
  );
  const cloud = stack.use(
    await side('cloud', dir.path, {
      dataDir: join(dir.path, 'cloud-data'),
      http: { port: httpPort },
      nats: { servers },
      streams: { ingestBytesMax: '128MiB' },
    }),
  );
  await edge.start();
  if (options.cloudRunning !== false) await cloud.start();
  const listening = (): Promise<void> =>
    untilListening(mqttPort, systemClock, AbortSignal.timeout(START_TIMEOUT_MS));
  await listening();

  const get = async <T>(path: string): Promise<T | undefined> => {
    const answer = await fetch(api + path, { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
    return answer.ok ? ((await answer.json()) as T) : undefined;
  };
  const untilReady = async (): Promise<void> => {
    const isReady = async (): Promise<boolean> => (await get('/readyz')) !== undefined;
    await until('the cloud side to be ready', isReady, { timeoutMs: START_TIMEOUT_MS });
  };
  if (options.cloudRunning !== false) await untilReady();
  const untilClosed = (events: number, timeoutS = 90): Promise<Gateway> =>
    until(
      `the accounts to close at ${events} events`,
      async () => {
        const gateway = await get<Gateway>('/v1/gateways/gw-1');
        if (gateway?.closed === true && gateway.accounts.received >= events) return gateway;
        throw new Error(`they are ${JSON.stringify(gateway)}\n${edge.log}\n${cloud.log}`);
      },
      { timeoutMs: timeoutS * MS_PER_S, intervalMs: 100 },
    );
  const owned = stack.move();
  return {
    nats,
    edge,
    cloud,
    mqttPort,
    journalDirectory: join(dir.path, 'edge-data', 'journal'),
    untilReady,
    untilListening: listening,
    get,
    untilClosed,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function side(name: 'edge' | 'cloud', directory: string, config: object): Promise<TallySide> {
  const file = join(directory, `${name}.yaml`);
  await mkdir(directory, { recursive: true });
  await writeFile(file, stringify(config));
  let child: Child | undefined;
  const reconfigureWith = async (text: string): Promise<void> => {
    await writeFile(file, text);
    if (child !== undefined) process.kill(child.pid, 'SIGHUP');
  };
  const start = async (): Promise<void> => {
    child = await startChild(process.execPath, [TALLY, name, 'run', '--config', file]);
  };
  // One after the other: two restarts at once would leave a process that nobody knows.
  let last = Promise.resolve();
  return {
    start,
    reconfigure: (sections) => reconfigureWith(stringify({ ...config, ...sections })),
    reconfigureWith,
    kill: async (signal = 'SIGKILL') => child?.kill(signal),
    crash: () => {
      last = last.then(async () => {
        await child?.kill('SIGKILL');
        await start();
      });
      return last;
    },
    get log() {
      return child?.log ?? '';
    },
    [Symbol.asyncDispose]: async () => child?.[Symbol.asyncDispose](),
  };
}
