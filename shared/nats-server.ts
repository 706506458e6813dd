/**
 * Finding a nats-server to run, without root and without changing the system. In this order:
 *
 * 1. `nats-server` on PATH, if it is new enough;
 * 2. the cache: one binary, `<cacheDir>/nats-server`;
 * 3. the pinned upstream release, its checksum verified;
 * 4. Debian's package, its signature verified by apt.
 *
 * What 3 and 4 bring is put into the cache, so that only the first start needs the network.
 *
 * Promises
 * - Nothing is trusted before it ran and said a supported version.
 * - The cache changes by one rename of a finished binary: a start that is killed, or that races another,
 *   leaves the old state or the new one.
 * - With a binary from 1 or 2 no network is touched.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, TallyError } from './errors.ts';
import { debianPackage } from './nats-server/debian-package.ts';
import { install } from './nats-server/install.ts';
import type { NatsServerOrigin } from './nats-server/origin.ts';
import { upstreamRelease } from './nats-server/upstream-release.ts';
import { isSupported, SUPPORTED_SINCE, versionOf } from './nats-server/version.ts';

export type NatsServer = {
  /** Of the executable, absolute. */
  readonly path: string;
  /** `2.15.1` */
  readonly version: string;
};

export type FindNatsServerOptions = {
  /** The value of the environment's PATH. */
  readonly path: string;
  readonly cacheDir: string;
  /** Takes one line about each step that makes the caller wait. */
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Where to get it when it is neither on PATH nor in the cache. Default: upstream, then Debian. */
  readonly origins?: readonly NatsServerOrigin[];
};

/** `.cache/nats-server` in the project. */
export function defaultCacheDir(): string {
  return fileURLToPath(new URL('../.cache/nats-server', import.meta.url));
}

/**
 * Rejects with the code `server-not-found` when there is none and none can be had; the message says what to
 * do. When the signal aborts it rejects with the signal's reason.
 */
export async function findNatsServer(options: FindNatsServerOptions): Promise<NatsServer> {
  const signal = options.signal ?? new AbortController().signal;
  const present = [
    ...options.path.split(delimiter).filter((dir) => dir !== ''),
    options.cacheDir,
  ].map(binaryIn);
  for (const binary of present) {
    const server = await trusted(binary, signal);
    if (server !== undefined) return server;
  }
  return await fetchIntoCache(options, signal);
}

function binaryIn(dir: string): string {
  return resolve(dir, 'nats-server');
}

/** The binary as a server, when it runs here and is new enough. */
async function trusted(path: string, signal: AbortSignal): Promise<NatsServer | undefined> {
  const version = await versionOf(path, signal);
  return version !== undefined && isSupported(version) ? { path, version } : undefined;
}

async function fetchIntoCache(
  {
    cacheDir,
    log = () => {},
    origins = [upstreamRelease(), debianPackage()],
  }: FindNatsServerOptions,
  signal: AbortSignal,
): Promise<NatsServer> {
  const failures: string[] = [];
  for (const origin of origins) {
    log(`nats-server: fetching ${origin.name}`);
    try {
      const server = await fetchFrom(origin, cacheDir, signal);
      if (server !== undefined) {
        log(`nats-server: ${server.version} is now at ${server.path}`);
        return server;
      }
      failures.push(`${origin.name}: has none that runs here and is new enough`);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`${origin.name}: ${describe(error)}`);
    }
    log(`nats-server: no luck with ${failures.at(-1)}`);
  }
  throw new TallyError('stop', 'server-not-found', advice(cacheDir, failures));
}

async function fetchFrom(
  origin: NatsServerOrigin,
  cacheDir: string,
  signal: AbortSignal,
): Promise<NatsServer | undefined> {
  await mkdir(cacheDir, { recursive: true });
  // Inside the cache, so that installing is a rename within one file system.
  const dir = await mkdtemp(join(cacheDir, 'fetch-'));
  try {
    for await (const fetched of origin.fetch(dir, signal)) {
      const server = await trusted(fetched, signal);
      if (server === undefined) continue;
      await install(fetched, binaryIn(cacheDir));
      return { path: binaryIn(cacheDir), version: server.version };
    }
    return undefined;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function advice(cacheDir: string, failures: readonly string[]): string {
  return [
    `there is no nats-server ${SUPPORTED_SINCE} or newer here, and none could be fetched:`,
    ...failures.map((failure) => `  - ${failure}`),
    'Any one of these mends it:',
    `  - put a nats-server ${SUPPORTED_SINCE} or newer on PATH`,
    `  - put its binary at ${binaryIn(cacheDir)}`,
    '  - start once with a network; later starts need none',
  ].join('\n');
}
