/** A server process that belongs to a test: it never outlives it, and its last words are kept. */
import { spawn, type SpawnOptions } from 'node:child_process';

import { must } from '../assert.ts';

const LOG_BYTES_MAX = 64 * 1024;

export type Child = AsyncDisposable & {
  readonly pid: number;
  /** Undefined while it runs, then how it ended: `exit code 1`, `SIGKILL`. */
  readonly ended: string | undefined;
  /** The last 64 KiB of what it wrote to standard output and standard error. */
  readonly log: string;
  /** Sends the signal. Resolves when the process has ended, or at once for a signal that only stops or continues it. */
  kill(signal: NodeJS.Signals): Promise<void>;
};

/** Rejects when the program cannot be started. Disposing kills it with SIGKILL and waits for its end. */
export async function startChild(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Child> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });

  let log = '';
  const keep = (chunk: Buffer): void => {
    log = (log + chunk.toString()).slice(-LOG_BYTES_MAX);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  let ended: string | undefined;
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const end = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = signal ?? `exit code ${code}`;
      process.removeListener('exit', killWithUs);
      resolve();
    });
  });

  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (ended !== undefined) return;
    child.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await end;
  }

  return {
    pid: must(child.pid, 'the pid of a process that was spawned'),
    get ended() {
      return ended;
    },
    get log() {
      return log;
    },
    kill,
    [Symbol.asyncDispose]: () => kill('SIGKILL'),
  };
}
