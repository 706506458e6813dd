/**
 * apt without root: a source list, package lists and cache of its own in one directory, so that the system's
 * package state stays as it is. Archive signatures are checked as ever.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Runs a program to its end and gives its standard output; rejects when it cannot be run or fails. */
export type RunCommand = (
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal },
) => Promise<string>;

export type PrivateAptOptions = {
  /** Exists and is empty. */
  readonly dir: string;
  /** The lines of a `sources.list`; absent for the system's own sources. */
  readonly sources?: string;
  readonly run: RunCommand;
  readonly signal: AbortSignal;
};

/** Downloads the newest version of the package that the sources have, and gives the directory it was unpacked to. */
export async function downloadPackage(name: string, options: PrivateAptOptions): Promise<string> {
  const debs = join(options.dir, 'debs');
  await updateAndGet(['download', name], debs, options);
  const [deb] = await debsIn(debs);
  if (deb === undefined) throw new Error(`apt-get downloaded no package ${name}`);
  return await unpack([deb], options);
}

/** The same with every package that it depends on and that is not installed here, all unpacked to one directory. */
export async function downloadWithDependencies(
  name: string,
  options: PrivateAptOptions,
): Promise<string> {
  const archives = join(options.dir, 'cache/archives');
  const args = ['install', '--download-only', '--no-install-recommends', '-y', name];
  await updateAndGet(args, options.dir, options);
  const debs = await debsIn(archives);
  if (debs.length === 0) throw new Error(`apt-get downloaded no package ${name}`);
  return await unpack(debs, options);
}

async function updateAndGet(
  args: readonly string[],
  cwd: string,
  options: PrivateAptOptions,
): Promise<void> {
  const { dir, run, signal } = options;
  const config = join(dir, 'apt.conf');
  for (const subdir of ['lists/partial', 'cache/archives/partial', 'debs', 'unpacked']) {
    await mkdir(join(dir, subdir), { recursive: true });
  }
  const sourceList = join(dir, 'sources.list');
  if (options.sources !== undefined) await writeFile(sourceList, options.sources);
  await writeFile(config, aptConfig(dir, options.sources === undefined ? undefined : sourceList));

  // The system's sources may have an archive that is gone: that matters only if the package then is not found.
  const [update] = await Promise.allSettled([
    run('apt-get', ['-c', config, '-q', 'update'], { cwd: dir, signal }),
  ]);
  await run('apt-get', ['-c', config, '-q', ...args], { cwd, signal }).catch((error: unknown) => {
    throw update.status === 'rejected' ? update.reason : error;
  });
}

async function debsIn(dir: string): Promise<string[]> {
  const files = await readdir(dir);
  return files.filter((file) => file.endsWith('.deb')).map((file) => join(dir, file));
}

async function unpack(
  debs: readonly string[],
  { dir, run, signal }: PrivateAptOptions,
): Promise<string> {
  const unpacked = join(dir, 'unpacked');
  for (const deb of debs) await run('dpkg-deb', ['-x', deb, unpacked], { cwd: dir, signal });
  return unpacked;
}

/**
 * Read after the system's configuration, whose proxy and certificates stay in force. What could reach outside
 * `dir`, or prefer other versions, is cleared. Root would otherwise become `_apt`, who may not write to `dir`.
 */
function aptConfig(dir: string, sourceList: string | undefined): string {
  const lines = [
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '#clear APT::Default-Release;',
    `Dir::State::lists "${join(dir, 'lists')}";`,
    `Dir::Cache "${join(dir, 'cache')}";`,
    'Dir::Etc::Preferences "/dev/null";',
    'Dir::Etc::PreferencesParts "/dev/null";',
    'APT::Sandbox::User "root";',
    // Nothing is installed: whoever installs something meanwhile is not in the way.
    'Debug::NoLocking "true";',
    'APT::Get::AllowUnauthenticated "false";',
    'Acquire::AllowInsecureRepositories "false";',
    'Acquire::Languages "none";',
    'Acquire::http::Timeout "10";',
    'Acquire::https::Timeout "10";',
    'Acquire::Retries "1";',
  ];
  if (sourceList !== undefined) {
    lines.push(`Dir::Etc::SourceList "${sourceList}";`, 'Dir::Etc::SourceParts "/dev/null";');
  }
  return `${lines.join('\n')}\n`;
}
