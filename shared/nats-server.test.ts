import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { TallyError } from './errors.ts';
import { findNatsServer, type NatsServer } from './nats-server.ts';
import type { NatsServerOrigin } from './nats-server/origin.ts';
import { writeFakeNatsServer } from './testing/fake-nats-server.ts';
import { tempDir } from './testing/temp-dir.ts';

describe('finding a nats-server', () => {
  test('one on PATH is taken, without a look at the network', async () => {
    await using world = await machine({ onPath: '2.10.23', cached: '2.15.1' });
    expect(await world.find()).toEqual({
      path: join(world.bin, 'nats-server'),
      version: '2.10.23',
    });
    expect(world.lines).toEqual([]);
  });

  test('one on PATH that is too old is passed over for a newer one further on', async () => {
    await using world = await machine({ onPath: '2.9.10' });
    await using other = await machine({ onPath: '2.12.0' });
    const server = await world.find({ path: `${world.bin}::${other.bin}` });
    expect(server.path).toBe(join(other.bin, 'nats-server'));
  });

  test('the cached one is taken, without a look at the network', async () => {
    await using world = await machine({ onPath: '2.9.10', cached: '2.15.1' });
    expect((await world.find()).path).toBe(join(world.cacheDir, 'nats-server'));
    expect(world.lines).toEqual([]);
  });

  test('one is fetched into the cache once, and found there afterwards', async () => {
    await using world = await machine({});
    const origin = originOf('2.15.1');
    const path = join(world.cacheDir, 'nats-server');
    expect(await world.find({ origins: [origin] })).toEqual({ path, version: '2.15.1' });
    expect(world.lines).toEqual([
      'nats-server: fetching a fake',
      `nats-server: 2.15.1 is now at ${path}`,
    ]);
    expect((await stat(path)).mode & 0o777).toBe(0o755);
    expect(await readdir(world.cacheDir)).toEqual(['nats-server']);
    expect(await world.find({ origins: [] })).toEqual({ path, version: '2.15.1' });
  });

  test('a cached one that does not run is replaced', async () => {
    await using world = await machine({ cached: 'not a version' });
    expect((await world.find({ origins: [originOf('2.15.1')] })).version).toBe('2.15.1');
  });

  test('a fetched one that is too old or does not run is not installed; the next is tried', async () => {
    await using world = await machine({});
    const origins = [originOf('2.9.10'), originOf('garbage'), originOf('2.8.0', '2.10.27')];
    expect((await world.find({ origins })).version).toBe('2.10.27');
    expect(world.lines).toContain(
      'nats-server: no luck with a fake: has none that runs here and is new enough',
    );
  });

  test('starts that race each other all end with a whole one', async () => {
    await using world = await machine({});
    const starts = Array.from({ length: 8 }, () => world.find({ origins: [originOf('2.15.1')] }));
    const servers = await Promise.all(starts);
    expect(new Set(servers.map(({ path }) => path))).toEqual(
      new Set([join(world.cacheDir, 'nats-server')]),
    );
    expect(await readdir(world.cacheDir)).toEqual(['nats-server']);
  });

  test('without one anywhere the error names what was tried and three ways out', async () => {
    await using world = await machine({});
    const origins = [failing('upstream', 'no route to host'), failing('Debian', 'no apt-get')];
    const error = await world.find({ origins }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TallyError);
    expect(error).toMatchObject({ kind: 'stop', code: 'server-not-found' });
    expect(String(error)).toContain('upstream: no route to host');
    expect(String(error)).toContain('Debian: no apt-get');
    expect(String(error)).toContain('put a nats-server 2.10.23 or newer on PATH');
    expect(String(error)).toContain(`put its binary at ${world.cacheDir}/nats-server`);
    expect(String(error)).toContain('start once with a network');
  });

  test('a cache that cannot be written is told, not thrown as it is', async () => {
    await using world = await machine({});
    const cacheDir = join(world.bin, 'nats-server');
    await writeFakeNatsServer(cacheDir, '2.9.10');
    const found = world.find({ cacheDir, origins: [originOf('2.15.1')] });
    await expect(found).rejects.toMatchObject({ code: 'server-not-found' });
    await expect(found).rejects.toThrow('EEXIST');
  });

  test('it stops with the reason of the signal', async () => {
    await using world = await machine({});
    const stop = new AbortController();
    const origin: NatsServerOrigin = {
      name: 'a slow one',
      async *fetch(_dir, signal) {
        stop.abort(new Error('stopped'));
        signal.throwIfAborted();
        yield '';
      },
    };
    await expect(world.find({ origins: [origin], signal: stop.signal })).rejects.toThrow('stopped');
    expect(await readdir(world.cacheDir)).toEqual([]);
  });
});

function originOf(...versions: string[]): NatsServerOrigin {
  return {
    name: 'a fake',
    async *fetch(dir) {
      for (const version of versions) {
        const path = join(dir, version, 'nats-server');
        await writeFakeNatsServer(path, version);
        yield path;
      }
    },
  };
}

function failing(name: string, reason: string): NatsServerOrigin {
  return {
    name,
    // oxlint-disable-next-line require-yield -- it fails before it has anything to give
    async *fetch() {
      throw new Error(reason);
    },
  };
}

type Machine = { readonly onPath?: string; readonly cached?: string };
type FindOptions = Partial<Parameters<typeof findNatsServer>[0]>;

/** A PATH of one directory and a cache, with fake servers of these versions in them. */
async function machine({ onPath, cached }: Machine) {
  const dir = await tempDir('machine');
  const bin = join(dir.path, 'bin');
  const cacheDir = join(dir.path, 'cache');
  await mkdir(bin);
  if (onPath !== undefined) await writeFakeNatsServer(join(bin, 'nats-server'), onPath);
  if (cached !== undefined) await writeFakeNatsServer(join(cacheDir, 'nats-server'), cached);
  const lines: string[] = [];
  const find = (options: FindOptions = {}): Promise<NatsServer> =>
    findNatsServer({
      path: bin,
      cacheDir,
      log: (line) => void lines.push(line),
      origins: [failing('the network', 'must not be touched')],
      ...options,
    });
  return { bin, cacheDir, lines, find, [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() };
}
