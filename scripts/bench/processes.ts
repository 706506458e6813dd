/** The real processes of a system under measurement, in a directory of their own. */
import { writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { stringify } from 'yaml';

const TALLY = fileURLToPath(new URL('../tally.js', import.meta.url));
const STOP_GRACE_MS = 10_000;

export type TallyProcess = AsyncDisposable & { readonly pid: number };

/** `tally SIDE run` with the config, which is written to `directory`. What it logs goes to standard error when it fails. */
export async function startTally(
  side: 'edge' | 'cloud',
  config: object,
  directory: string,
): Promise<TallyProcess> {
  const file = join(directory, `${side}.yaml`);
  await writeFile(file, stringify(config));
  const child = spawn(process.execPath, [TALLY, side, 'run', '--config', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (child.pid === undefined) throw new Error(`${side} did not start`);
  return { pid: child.pid, [Symbol.asyncDispose]: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(timer);
}

const KILOBYTES_A_MEGABYTE = 1024;

/** The memory that the process holds now, in megabytes (`VmRSS`). */
export function rssMb(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line?.[1]) / KILOBYTES_A_MEGABYTE);
}

/** The most memory that the process has held so far, in megabytes (`VmHWM`). */
export function peakRssMb(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line?.[1]) / KILOBYTES_A_MEGABYTE);
}
