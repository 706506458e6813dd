/** Versions of nats-server: which are supported, and asking a binary for its own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The first release that keeps its streams through a kill -9 (nats-server#6888). */
export const SUPPORTED_SINCE = '2.10.23';

const VERSION_TIMEOUT_MS = 10_000;

export function isSupported(version: string): boolean {
  return compareVersions(version, SUPPORTED_SINCE) >= 0;
}

/** Negative, zero or positive, as `a` is older than, the same as or newer than `b`; both `major.minor.patch`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What the binary says it is, `2.15.1`; undefined when it is absent, does not run here, or is something else. */
export async function versionOf(path: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], {
      timeout: VERSION_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    return /^nats-server: v(\d+\.\d+\.\d+)/u.exec(stdout)?.[1];
  } catch {
    // Absent, another machine's binary, a broken one: all the same to whoever looks for one that runs.
    signal?.throwIfAborted();
    return undefined;
  }
}
