/** Debian's own nats-server, unpacked from the package without installing it. Works on Ubuntu too. */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe } from '../errors.ts';
import type { NatsServerOrigin } from './origin.ts';
import { downloadPackage, type RunCommand } from './private-apt.ts';
import { runCommand } from './run-command.ts';

const ARCHIVE = 'http://deb.debian.org/debian/';

/** Newest first. The older one is for when the newest does not run here, on account of its libc. */
const SUITES = ['sid', 'stable'];

const KEYRINGS = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];

const ARCH_NAMES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

export type DebianOptions = {
  readonly run?: RunCommand;
  /** Where Debian's signing keys may be on this machine. */
  readonly keyrings?: readonly string[];
};

export function debianPackage(options: DebianOptions = {}): NatsServerOrigin {
  const run = options.run ?? runCommand;
  return {
    name: "Debian's package",
    async *fetch(dir, signal) {
      const arch = ARCH_NAMES[process.arch];
      if (arch === undefined) throw new Error(`there is none for ${process.arch}`);
      const keyring = await findKeyring(options.keyrings ?? KEYRINGS, { dir, run, signal });
      const failures: string[] = [];
      let found = false;
      for (const [index, source] of (await sourcesToTry({ dir, run, signal })).entries()) {
        try {
          const unpacked = await downloadPackage('nats-server', {
            dir: await subdir(dir, `source-${index}`),
            // Only the package index, and only of this architecture, whatever else the machine is set up to fetch.
            sources: `deb [arch=${arch} target=Packages signed-by=${keyring}] ${source} main\n`,
            run,
            signal,
          });
          found = true;
          yield join(unpacked, 'usr/sbin/nats-server');
        } catch (error) {
          signal.throwIfAborted();
          failures.push(`${source}: ${describe(error)}`);
        }
      }
      if (!found) throw new Error(failures.join('; '));
    },
  };
}

type Context = { readonly dir: string; readonly run: RunCommand; readonly signal: AbortSignal };

/** `<archive> <suite>` pairs: this machine's own Debian mirror first, as it may be the only one it can reach. */
async function sourcesToTry(context: Context): Promise<string[]> {
  const archives = new Set([...(await ownMirrors(context)), ARCHIVE]);
  return [...archives].flatMap((archive) => SUITES.map((suite) => `${archive} ${suite}`));
}

/** The archives in the system's sources that are Debian's. None on another distribution. */
async function ownMirrors({ dir, run, signal }: Context): Promise<string[]> {
  const format = '$(ORIGIN) $(COMPONENT) $(REPO_URI)';
  try {
    const output = await run(
      'apt-get',
      ['indextargets', '--format', format, 'Created-By: Packages'],
      {
        cwd: dir,
        signal,
      },
    );
    return [...output.matchAll(/^Debian main (https?:\S+)$/gmu)].map((match) => match[1] ?? '');
  } catch {
    // Then the archive itself is tried, and whatever is wrong with apt is told there.
    signal.throwIfAborted();
    return [];
  }
}

/** Debian's signing keys: installed, or else from the distribution's own package of them, signed by its own keys. */
async function findKeyring(candidates: readonly string[], context: Context): Promise<string> {
  const installed = await firstPresent(candidates);
  if (installed !== undefined) return installed;
  const unpacked = await downloadPackage('debian-archive-keyring', {
    ...context,
    dir: await subdir(context.dir, 'keyring'),
  });
  const unpackedKeyring = await firstPresent(KEYRINGS.map((path) => join(unpacked, path)));
  if (unpackedKeyring === undefined) throw new Error('debian-archive-keyring has no keyring');
  return unpackedKeyring;
}

async function firstPresent(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isPresent = await access(path).then(
      () => true,
      () => false,
    );
    if (isPresent) return path;
  }
  return undefined;
}

async function subdir(dir: string, name: string): Promise<string> {
  const path = join(dir, name);
  await mkdir(path);
  return path;
}
