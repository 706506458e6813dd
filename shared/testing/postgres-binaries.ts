import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string };

/** Where Debian and Ubuntu put the server's programs, which are not on PATH. */
const DEBIAN_ROOT = '/usr/lib/postgresql';

/** The server's programs from `path` (as in PATH), else the newest that Debian's packages installed, else null. */
export async function findPostgresBinaries(
  path: string,
  debianRoot = DEBIAN_ROOT,
): Promise<PostgresBinaries | null> {
  const versions = await readdir(debianRoot).catch(() => []);
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a));
  const dirs = [
    ...path.split(delimiter).filter((dir) => dir !== ''),
    ...newestFirst.map((version) => join(debianRoot, version, 'bin')),
  ];
  for (const dir of dirs) {
    const binaries = { initdb: join(dir, 'initdb'), postgres: join(dir, 'postgres') };
    if ((await isExecutable(binaries.initdb)) && (await isExecutable(binaries.postgres))) {
      return binaries;
    }
  }
  return null;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
