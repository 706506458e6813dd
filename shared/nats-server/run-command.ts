import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { RunCommand } from './private-apt.ts';

const COMMAND_MS_MAX = 180_000;

const execute = promisify(execFile);

/** Runs a program with a time limit; what apt says is wrong becomes the message. */
export const runCommand: RunCommand = async (command, args, { cwd, signal }) => {
  try {
    const { stdout } = await execute(command, args, {
      cwd,
      signal,
      timeout: COMMAND_MS_MAX,
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    signal.throwIfAborted();
    throw failure(command, error);
  }
};

/** apt writes pages, and Node would quote them all: its first line with `E:` says what is wrong. */
function failure(command: string, error: unknown): unknown {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const reason = /^E: (.+)$/mu.exec(stderr)?.[1];
  return reason === undefined ? error : new Error(`${command}: ${reason}`);
}
