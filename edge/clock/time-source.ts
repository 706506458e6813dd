/** Who says that the wall clock is right: asked, never waited for long, and never believed for a clock that was set since. */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

import type { Clock } from '#shared/clock.ts';

/** Whoever keeps the wall clock right. */
export type TimeSource = {
  /** Whether it says that the clock is right. Whatever keeps it from saying so counts as no. */
  confirms(signal: AbortSignal): Promise<boolean>;
  /** The clock was set: what was said before counts no longer. */
  forget(): void;
};

/** `auto`, `none`, or the path of a file. */
export type TimeSourceName = string;

/** What a source looks at. */
export type TimeSourceParts = {
  readonly clock: Clock;
  /** When the file was written last; rejects where there is none. */
  readonly modifiedMs: (path: string) => Promise<number>;
  /** What `timedatectl` says of the kernel's clock; rejects where it cannot be run, or does not answer in time. */
  readonly askSystem: (signal: AbortSignal) => Promise<string>;
};

const TIMESYNCD_MARK = '/run/systemd/timesync/synchronized';
/** It is touched each time a server was heard, at most 34 minutes apart; after so long it is left over. */
const MARK_AGE_MS_MAX = 3 * 3_600_000;
const ASK_INTERVAL_MS = 30_000;
const ASK_TIMEOUT_MS = 2000;

export function timeSource(name: TimeSourceName, parts: TimeSourceParts): TimeSource {
  if (name === 'none') return { confirms: () => Promise.resolve(false), forget: () => {} };
  return name === 'auto' ? new SystemSource(parts) : fileSource(name, parts);
}

export function systemTimeSourceParts(clock: Clock): TimeSourceParts {
  return {
    clock,
    modifiedMs: async (path) => (await stat(path)).mtimeMs,
    askSystem: async (signal) => {
      const { stdout } = await run('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], {
        timeout: ASK_TIMEOUT_MS,
        killSignal: 'SIGKILL',
        signal,
      });
      return stdout;
    },
  };
}

const run = promisify(execFile);

/** It is there while the clock is right: whoever makes the file answers for that, also after a step. */
function fileSource(path: string, { modifiedMs }: TimeSourceParts): TimeSource {
  return {
    confirms: () =>
      modifiedMs(path).then(
        () => true,
        () => false,
      ),
    forget: () => {},
  };
}

/**
 * What systemd knows: timesyncd by the file that it touches, anything else that tells the kernel (chrony and ntpd do)
 * by `timedatectl`, which is asked now and then only: it is a process and a message to a service. A container has
 * neither, unless the file is mounted into it.
 */
class SystemSource implements TimeSource {
  readonly #parts: TimeSourceParts;
  /** When the file was touched last, and last before the clock was set. */
  #mark: number | undefined;
  #markBeforeStep: number | undefined;
  #answer = false;
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: TimeSourceParts) {
    this.#parts = parts;
  }

  async confirms(signal: AbortSignal): Promise<boolean> {
    return (await this.#isMarked()) || (await this.#isKernelSynced(signal));
  }

  forget(): void {
    this.#markBeforeStep = this.#mark;
    this.#answer = false;
  }

  async #isMarked(): Promise<boolean> {
    const { clock, modifiedMs } = this.#parts;
    try {
      this.#mark = await modifiedMs(TIMESYNCD_MARK);
    } catch {
      // Not there: no server was heard in this boot, or something else keeps the time.
      return false;
    }
    const ageMs = Math.abs(clock.now() - this.#mark);
    return this.#mark !== this.#markBeforeStep && ageMs <= MARK_AGE_MS_MAX;
  }

  async #isKernelSynced(signal: AbortSignal): Promise<boolean> {
    const { clock, askSystem } = this.#parts;
    const nowMs = clock.monotonic();
    if (nowMs - this.#askedMs < ASK_INTERVAL_MS) return this.#answer;
    this.#askedMs = nowMs;
    this.#answer = false;
    try {
      this.#answer = (await askSystem(signal)).trim() === 'yes';
    } catch {
      // There is no systemd here, or it does not answer.
    }
    return this.#answer;
  }
}
