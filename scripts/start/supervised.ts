/** One process that is to run: started, started again when it dies, stopped for good. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { backoffMs } from '#shared/backoff.ts';
import type { Clock } from '#shared/clock.ts';

export type SupervisedOptions = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** A Node process hears of our end through its channel; another is told by the kernel. */
  readonly isNode: boolean;
  readonly clock: Clock;
  readonly say: (line: string) => void;
};

const RESTART = { firstMs: 200, maxMs: 10_000 } as const;
/** A process that lived this long begins with short pauses again. */
const HEALTHY_MS = 30_000;

export class Supervised {
  readonly name: string;
  readonly #options: SupervisedOptions;
  readonly #stopping = new AbortController();
  #child: ChildProcess | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: SupervisedOptions) {
    this.#options = options;
    this.name = options.name;
  }

  /** Whether it runs at this moment. */
  get alive(): boolean {
    return (
      this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
    );
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Asks it to end, and kills it after `graceMs`, hung or not. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    this.#child?.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.#options.say(`${this.name} does not end: killed`);
      this.#child?.kill('SIGKILL');
    }, graceMs);
    await this.#running;
    clearTimeout(timer);
  }

  kill(): void {
    this.#stopping.abort();
    this.#child?.kill('SIGKILL');
  }

  async #run(): Promise<void> {
    const { clock, say, logFile } = this.#options;
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt++) {
      const startedMs = clock.monotonic();
      const end = await this.#once();
      if (this.#stopping.signal.aborted) return;
      if (clock.monotonic() - startedMs > HEALTHY_MS) attempt = 1;
      say(`${this.name} ended (${end}), starting it again; ${await lastWords(logFile)}`);
      await clock.sleep(
        backoffMs(attempt, { ...RESTART, random: Math.random }),
        this.#stopping.signal,
      );
    }
  }

  async #once(): Promise<string> {
    const { command, args, logFile, isNode } = this.#options;
    const log = createWriteStream(logFile, { flags: 'a' });
    const child = spawn(command, args, {
      // In a group of its own: Ctrl-C is for us, and we stop them in order.
      detached: true,
      stdio: isNode ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const end = await new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    log.end();
    return end;
  }
}

const LAST_WORDS_MAX = 300;

/** The last line of a log, where a process that cannot go on says why. */
async function lastWords(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  return `the last line of ${logFile}: ${last.length > LAST_WORDS_MAX ? `${last.slice(0, LAST_WORDS_MAX)}…` : last}`;
}
