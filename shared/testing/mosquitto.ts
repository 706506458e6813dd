/** A real mosquitto for a test, on 127.0.0.1, with what it keeps in a directory of its own, gone when disposed of. */
import { stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { startChild, type Child } from './child.ts';
import { freePort } from './free-port.ts';
import { findMosquitto } from './mosquitto-binary.ts';
import { tempDir } from './temp-dir.ts';
import { until } from './until.ts';

export type MosquittoOptions = {
  /** Lines to add to the configuration. */
  readonly config?: string;
  /** A listener that is written instead of the plain one; `PORT` stands for the port. */
  readonly listener?: string;
  /** Whether it logs no packets: under load. */
  readonly quiet?: boolean;
};

export type TestMosquitto = AsyncDisposable & {
  readonly port: number;
  /** `mqtt://127.0.0.1:<port>` */
  readonly url: string;
  readonly directory: string;
  readonly log: string;
  /** Default SIGKILL. Resolves when it has ended (at once for SIGSTOP and SIGCONT). */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Has it write down what it keeps, and resolves when that is done: what came before survives a SIGKILL. */
  save(): Promise<void>;
  /** Starts it again on the same port with what it kept, after a SIGKILL when it still runs. */
  restart(): Promise<void>;
};

const START_TRIES_MAX = 5;
const START_TIMEOUT_MS = 30_000;
const CONNECT_MS_MAX = 2000;

/** Resolves when it answers; to the reason as a text where there is no mosquitto. */
export async function startMosquitto(
  options: MosquittoOptions = {},
): Promise<TestMosquitto | string> {
  const binary = await findMosquitto();
  if ('missing' in binary) return binary.missing;
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir('mosquitto'));
  const file = join(dir.path, 'mosquitto.conf');
  const verbose = options.quiet === true ? [] : ['-v'];
  const start = async (port: number): Promise<Child> => {
    await writeFile(file, configText(dir.path, port, options));
    const env = { ...process.env, LD_LIBRARY_PATH: binary.libraries };
    const child = await startChild(binary.path, [...verbose, '-c', file], { env, cwd: dir.path });
    try {
      await until('mosquitto to listen', () => hasAnswered(child, port), {
        timeoutMs: START_TIMEOUT_MS,
      });
    } catch (error) {
      await child.kill('SIGKILL');
      throw error;
    }
    if (child.ended === undefined) return child;
    throw new Error(`mosquitto ended with ${child.ended}:\n${child.log}`);
  };
  const { port, child } = await startOnFreePort(start);
  let server = child;
  const owned = stack.move();
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    directory: dir.path,
    get log() {
      return server.log;
    },
    kill: (signal = 'SIGKILL') => server.kill(signal),
    async save() {
      const store = join(dir.path, 'mosquitto.db');
      const writtenMs = async (): Promise<number> =>
        (await stat(store).catch(() => undefined))?.mtimeMs ?? 0;
      const before = await writtenMs();
      // Not by `kill`, which waits for the end.
      process.kill(server.pid, 'SIGUSR1');
      await until(
        'mosquitto to have written what it keeps',
        async () => (await writtenMs()) > before,
      );
    },
    async restart() {
      await server.kill('SIGKILL');
      server = await until('mosquitto to start again', () => start(port), {
        timeoutMs: START_TIMEOUT_MS,
      });
    },
    async [Symbol.asyncDispose]() {
      await server.kill('SIGKILL');
      await owned.disposeAsync();
    },
  };
}

async function startOnFreePort(
  start: (port: number) => Promise<Child>,
): Promise<{ port: number; child: Child }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { port, child: await start(port) };
    } catch (error) {
      if (attempt === START_TRIES_MAX) throw error;
    }
  }
}

function configText(directory: string, port: number, options: MosquittoOptions): string {
  const { listener = 'listener PORT 127.0.0.1', config = '' } = options;
  return `
${listener.replaceAll('PORT', String(port))}
allow_anonymous true
persistence true
persistence_location ${directory}/
# Only when it is told, and when it ends: see save().
autosave_interval 0
max_queued_messages 0
max_inflight_messages 0
${process.getuid?.() === 0 ? 'user root' : ''}
${config}
`;
}

/** Whether there is nothing left to wait for: it takes connections, or it has ended. */
async function hasAnswered(child: Child, port: number): Promise<boolean> {
  if (child.ended !== undefined) return true;
  return await new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: CONNECT_MS_MAX });
    socket.once('connect', () => resolve(true));
    socket.once('error', reject);
    socket.once('timeout', () => reject(new Error('it does not take the connection')));
    for (const event of ['connect', 'timeout']) socket.once(event, () => socket.destroy());
  });
}
