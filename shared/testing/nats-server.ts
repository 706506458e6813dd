/** A real nats-server for a test: JetStream with every write synced, on 127.0.0.1, gone when disposed of. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { defaultCacheDir, findNatsServer } from '../nats-server.ts';
import { type Child, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import { tempDir } from './temp-dir.ts';
import { until } from './until.ts';

/** Starting anew, on other ports, when somebody took one between the look and the start. */
const START_TRIES_MAX = 5;
const START_TIMEOUT_MS = 30_000;

export type NatsServerOptions = {
  /** JetStream's directory. Default: a temporary one, removed at the end. One that is given is kept. */
  readonly storeDir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Lines to add to the configuration, at its top level. */
  readonly config?: string;
  /** Lines to add to the `jetstream` block, such as `max_file_store: 1MB`. */
  readonly jetstream?: string;
};

export type TestNatsServer = AsyncDisposable & {
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** `http://127.0.0.1:<port>`, with `/healthz`, `/jsz` and the rest of the monitoring pages. */
  readonly monitorUrl: string;
  readonly storeDir: string;
  readonly pid: number;
  /** The last of what the server logged. */
  readonly log: string;
  /** Default SIGKILL. Resolves when the server has ended (at once for SIGSTOP and SIGCONT). */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same ports and store, after a SIGKILL when it still runs. Resolves when it answers. */
  restart(): Promise<void>;
};

/** Resolves when the server answers and JetStream is ready. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<TestNatsServer> {
  await using stack = new AsyncDisposableStack();
  const { path: binary } = await findNatsServer({
    cacheDir: process.env['NATS_SERVER_CACHE'] ?? defaultCacheDir(),
    path: process.env['PATH'] ?? '',
  });
  const dir = stack.use(await tempDir('nats'));
  const storeDir = options.storeDir ?? join(dir.path, 'store');
  await mkdir(storeDir, { recursive: true });

  const start = async (ports: Ports): Promise<Child> => {
    const configFile = join(dir.path, 'nats.conf');
    await writeFile(configFile, configText({ ...options, storeDir }, ports));
    return await startHealthy(binary, configFile, ports.monitor);
  };
  const { child, ports } = await startOnFreePorts(options.port, start);
  let server = child;
  const owned = stack.move();

  return {
    url: `nats://127.0.0.1:${ports.client}`,
    port: ports.client,
    monitorUrl: `http://127.0.0.1:${ports.monitor}`,
    storeDir,
    get pid() {
      return server.pid;
    },
    get log() {
      return server.log;
    },
    kill: (signal = 'SIGKILL') => server.kill(signal),
    async restart() {
      await server.kill('SIGKILL');
      server = await start(ports);
    },
    async [Symbol.asyncDispose]() {
      await server.kill('SIGKILL');
      await owned.disposeAsync();
    },
  };
}

type Ports = { readonly client: number; readonly monitor: number };

async function startOnFreePorts(
  clientPort: number | undefined,
  start: (ports: Ports) => Promise<Child>,
): Promise<{ child: Child; ports: Ports }> {
  for (let attempt = 1; ; attempt++) {
    const ports = { client: clientPort ?? (await freePort()), monitor: await freePort() };
    try {
      return { child: await start(ports), ports };
    } catch (error) {
      if (attempt === START_TRIES_MAX) throw error;
    }
  }
}

/** Rejects with what the server logged when it ends before it is well. */
async function startHealthy(
  binary: string,
  configFile: string,
  monitorPort: number,
): Promise<Child> {
  const child = await startChild(binary, ['--config', configFile]);
  try {
    await until('nats-server to answer', () => hasAnswered(child, monitorPort), {
      timeoutMs: START_TIMEOUT_MS,
    });
  } catch (error) {
    await child.kill('SIGKILL');
    throw error;
  }
  if (child.ended !== undefined) {
    throw new Error(`nats-server ended with ${child.ended}:\n${child.log}`);
  }
  return child;
}

/** Whether there is nothing left to wait for: the server says it is well, or it has ended. */
async function hasAnswered(child: Child, monitorPort: number): Promise<boolean> {
  if (child.ended !== undefined) return true;
  const response = await fetch(`http://127.0.0.1:${monitorPort}/healthz`, {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(2000),
  });
  await response.body?.cancel();
  return response.ok;
}

function configText(
  options: NatsServerOptions & { readonly storeDir: string },
  ports: Ports,
): string {
  return `
listen: "127.0.0.1:${ports.client}"
http: "127.0.0.1:${ports.monitor}"
jetstream {
  store_dir: ${JSON.stringify(options.storeDir)}
  sync_interval: always
  ${options.jetstream ?? ''}
}
${options.config ?? ''}
`;
}
