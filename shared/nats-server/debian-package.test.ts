import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { writeFakeNatsServer } from '../testing/fake-nats-server.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { debianPackage } from './debian-package.ts';
import type { RunCommand } from './private-apt.ts';
import { versionOf } from './version.ts';

const ARCHIVE = 'http://deb.debian.org/debian/';
const NEVER = new AbortController().signal;

describe("Debian's package", () => {
  test('comes from the newest suite of the archive, apt keeping to its own directory', async () => {
    await using world = await fakeApt({ packages: { [`${ARCHIVE} sid`]: '2.15.1' } });
    const [binary = ''] = await take(1, world.fetch());
    expect(await versionOf(binary)).toBe('2.15.1');
    expect(world.sourcesTried).toEqual([`${ARCHIVE} sid`]);
    expect(world.configs[0]).toContain(`Dir::State::lists "${world.dir}/`);
    expect(world.configs[0]).toContain('Dir::Etc::SourceParts "/dev/null"');
  });

  test('comes from the older suite when the caller did not like the newest', async () => {
    await using world = await fakeApt({
      packages: { [`${ARCHIVE} sid`]: '2.15.1', [`${ARCHIVE} stable`]: '2.10.27' },
    });
    const versions = [];
    for await (const binary of world.fetch()) versions.push(await versionOf(binary));
    expect(versions).toEqual(['2.15.1', '2.10.27']);
  });

  test("comes from this machine's own mirror of Debian when it has one", async () => {
    await using world = await fakeApt({
      indexTargets: [
        'Debian main http://mirror.example/debian/',
        'Debian contrib http://mirror.example/debian/',
        'Docker main http://docker.example/linux/debian/',
        'Debian main http://mirror.example/debian/',
      ],
      packages: { 'http://mirror.example/debian/ sid': '2.15.1' },
    });
    expect(await take(1, world.fetch())).toHaveLength(1);
    expect(world.sourcesTried).toEqual(['http://mirror.example/debian/ sid']);
  });

  test('comes from the archive when the own mirror has no such suite', async () => {
    await using world = await fakeApt({
      indexTargets: ['Debian main http://mirror.example/debian/'],
      packages: { [`${ARCHIVE} sid`]: '2.15.1' },
    });
    expect(await take(1, world.fetch())).toHaveLength(1);
    expect(world.sourcesTried).toEqual([
      'http://mirror.example/debian/ sid',
      'http://mirror.example/debian/ stable',
      `${ARCHIVE} sid`,
    ]);
  });

  test("is checked with the distribution's package of Debian's keys where they are not installed", async () => {
    await using world = await fakeApt({
      keyrings: ['/nowhere/keyring.gpg'],
      packages: { [`${ARCHIVE} sid`]: '2.15.1' },
    });
    expect(await take(1, world.fetch())).toHaveLength(1);
    expect(world.sources[0]).toContain(
      `signed-by=${world.dir}/keyring/unpacked/usr/share/keyrings/debian-archive-keyring.gpg`,
    );
  });

  test('is not to be had without a network, and each try says why', async () => {
    await using world = await fakeApt({ packages: {} });
    await expect(take(1, world.fetch())).rejects.toThrow(
      `${ARCHIVE} sid: Temporary failure resolving; ${ARCHIVE} stable: Temporary failure resolving`,
    );
  });

  test('is had although another source of the machine fails to update', async () => {
    await using dir = await tempDir('apt');
    const run: RunCommand = async (_command, args, { cwd }) => {
      if (args.at(-1) === 'update') throw new Error('E: some other archive is gone');
      if (args.includes('download')) await writeFile(join(cwd, 'nats-server.deb'), '');
      return '';
    };
    const origin = debianPackage({ run, keyrings: [dir.path] });
    expect(await take(1, origin.fetch(dir.path, NEVER))).toHaveLength(1);
  });

  test('is not to be had without apt', async () => {
    await using dir = await tempDir('apt');
    const run: RunCommand = () => Promise.reject(new Error('spawn apt-get ENOENT'));
    const origin = debianPackage({ run, keyrings: [dir.path] });
    await expect(take(1, origin.fetch(dir.path, NEVER))).rejects.toThrow('spawn apt-get ENOENT');
  });

  test('is given up at once when the caller stops', async () => {
    await using world = await fakeApt({ packages: {} });
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(take(1, world.fetch(stopped))).rejects.toThrow('stopped');
    expect(world.sourcesTried).toEqual([]);
  });
});

async function take<T>(count: number, items: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    if (taken.push(item) === count) break;
  }
  return taken;
}

type FakeApt = {
  /** What the machine's own sources are, as `<origin> <component> <archive>`. */
  readonly indexTargets?: readonly string[];
  /** Version of nats-server by `<archive> <suite>`. */
  readonly packages: Readonly<Record<string, string>>;
  readonly keyrings?: readonly string[];
};

/** An `apt-get` and a `dpkg-deb` that act as if the network had these packages. */
async function fakeApt({ indexTargets = [], packages, keyrings }: FakeApt) {
  const temp = await tempDir('apt');
  const sources: string[] = [];
  const configs: string[] = [];
  let version: string | undefined;

  const update = async (dir: string): Promise<void> => {
    configs.push(await readFile(join(dir, 'apt.conf'), 'utf8'));
    const sourceList = await readFile(join(dir, 'sources.list'), 'utf8').catch(() => undefined);
    if (sourceList === undefined) return;
    sources.push(sourceList);
    version = packages[sourceOf(sourceList)];
    if (version === undefined) throw new Error('Temporary failure resolving');
  };
  const download = async (name: string, dir: string): Promise<void> => {
    if (name === 'nats-server' && version === undefined) throw new Error('Unable to locate');
    await writeFile(join(dir, `${name}_1_amd64.deb`), '');
  };
  const unpack = async (deb: string, dir: string): Promise<void> => {
    if (deb.includes('nats-server')) {
      await writeFakeNatsServer(join(dir, 'usr/sbin/nats-server'), version ?? '');
    } else {
      await mkdir(join(dir, 'usr/share/keyrings'), { recursive: true });
      await writeFile(join(dir, 'usr/share/keyrings/debian-archive-keyring.gpg'), '');
    }
  };
  const run: RunCommand = async (command, args, { cwd, signal }) => {
    signal.throwIfAborted();
    const last = args.at(-1) ?? '';
    if (args[0] === 'indextargets') return indexTargets.join('\n');
    if (last === 'update') await update(cwd);
    else if (command === 'dpkg-deb') await unpack(args.at(-2) ?? '', last);
    else await download(last, cwd);
    return '';
  };

  const origin = debianPackage({ run, keyrings: keyrings ?? [temp.path] });
  return {
    dir: temp.path,
    sources,
    configs,
    get sourcesTried() {
      return sources.map(sourceOf);
    },
    fetch: (signal: AbortSignal = NEVER) => origin.fetch(temp.path, signal),
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}

/** `<archive> <suite>` of a line of a source list. */
function sourceOf(sourceList: string): string {
  return /\] (.+) main\n$/u.exec(sourceList)?.[1] ?? '';
}
