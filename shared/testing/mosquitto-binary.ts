/** Finding mosquitto to run in a test: on PATH, in the cache, or unpacked from the distribution's own packages. */
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe } from '../errors.ts';
import { downloadWithDependencies } from '../nats-server/private-apt.ts';
import { runCommand } from '../nats-server/run-command.ts';

export type MosquittoBinary = {
  readonly path: string;
  /** Where the libraries are that came with it, as `LD_LIBRARY_PATH` has them; empty: the system's are enough. */
  readonly libraries: string;
};

/** What there is, or why there is none: a machine without a network and without the package. */
export type MosquittoFound = MosquittoBinary | { readonly missing: string };

/** Debian puts the broker among the programs of an administrator, which are not always on PATH. */
const DEBIAN_DIRS = ['/usr/sbin', '/usr/local/sbin'];

const FETCH_MS_MAX = 180_000;

/** `.cache/mosquitto` in the project, or `MOSQUITTO_CACHE`. */
function cacheDir(): string {
  return (
    process.env['MOSQUITTO_CACHE'] ??
    fileURLToPath(new URL('../../.cache/mosquitto', import.meta.url))
  );
}

let finding: Promise<MosquittoFound> | undefined;

/** The first look decides for the process: a fetch takes half a minute. */
export async function findMosquitto(): Promise<MosquittoFound> {
  finding ??= find(process.env['PATH'] ?? '', cacheDir());
  return await finding;
}

async function find(path: string, cache: string): Promise<MosquittoFound> {
  const dirs = [...path.split(delimiter).filter((dir) => dir !== ''), ...DEBIAN_DIRS];
  for (const dir of dirs) {
    const binary = join(dir, 'mosquitto');
    if (await isExecutable(binary)) return { path: binary, libraries: '' };
  }
  try {
    const unpacked = join(cache, 'unpacked');
    if (!(await isExecutable(binaryIn(unpacked)))) await fetchInto(cache, unpacked);
    return { path: binaryIn(unpacked), libraries: await librariesIn(unpacked) };
  } catch (error) {
    return { missing: `mosquitto is neither on PATH nor to be had: ${describe(error)}` };
  }
}

async function fetchInto(cache: string, unpacked: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  // Inside the cache, so that what is finished comes to its place by one rename.
  const dir = await mkdtemp(join(cache, 'fetch-'));
  try {
    const signal = AbortSignal.timeout(FETCH_MS_MAX);
    const fetched = await downloadWithDependencies('mosquitto', { dir, run: runCommand, signal });
    // Of two that fetch at once the second finds the place taken, which is as good.
    await rename(fetched, unpacked).catch(async (error: unknown) => {
      if (!(await isExecutable(binaryIn(unpacked)))) throw error;
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function binaryIn(unpacked: string): string {
  return join(unpacked, 'usr/sbin/mosquitto');
}

/** `usr/lib/x86_64-linux-gnu` and its like, and `lib/…`, where a distribution still has it. */
async function librariesIn(unpacked: string): Promise<string> {
  const found: string[] = [];
  for (const lib of ['usr/lib', 'lib']) {
    const entries = await readdir(join(unpacked, lib)).catch(() => []);
    found.push(
      ...entries
        .filter((name) => name.includes('-linux-'))
        .map((name) => join(unpacked, lib, name)),
    );
  }
  return found.join(delimiter);
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
