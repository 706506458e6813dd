import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { writeFakeNatsServer } from '../testing/fake-nats-server.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { type Release, type ReleaseLimits, upstreamRelease } from './upstream-release.ts';
import { versionOf } from './version.ts';

const run = promisify(execFile);

const LIMITS: ReleaseLimits = { answerMsMax: 300, downloadMsMax: 300, bytesMax: 1024 * 1024 };

describe('the upstream release', () => {
  test('is downloaded, checked and unpacked', async () => {
    await using world = await releaseServer((archive) => (_request, response) => {
      response.end(archive);
    });
    const [binary] = await world.fetch();
    expect(await versionOf(binary ?? '')).toBe('2.14.5');
  });

  test('follows a redirect, as a download from a release page is one', async () => {
    await using world = await releaseServer((archive) => (request, response) => {
      if (request.url === '/moved') response.end(archive);
      else response.writeHead(302, { location: '/moved' }).end();
    });
    expect(await world.fetch()).toHaveLength(1);
  });

  test('is refused when its checksum is another', async () => {
    await using world = await releaseServer((archive) => (_request, response) => {
      response.end(Buffer.concat([archive, Buffer.from('x')]));
    });
    await expect(world.fetch()).rejects.toThrow(`not ${world.sha256}`);
  });

  test('is refused when the server has none', async () => {
    await using world = await releaseServer(() => (_request, response) => {
      response.writeHead(404).end('no such release');
    });
    await expect(world.fetch()).rejects.toThrow('says 404');
  });

  test('is given up when the server does not answer', async () => {
    await using world = await releaseServer(() => () => {});
    await expect(world.fetch()).rejects.toThrow('did not answer in 300 ms');
  });

  test('is given up when the download stalls', async () => {
    await using world = await releaseServer((archive) => (_request, response) => {
      response.writeHead(200).write(archive.subarray(0, 10));
    });
    await expect(world.fetch()).rejects.toThrow('took more than 300 ms');
  });

  test('is given up when the connection breaks off', async () => {
    await using world = await releaseServer((archive) => (_request, response) => {
      response.writeHead(200, { 'content-length': archive.length });
      response.write(archive.subarray(0, 10), () => response.destroy());
    });
    await expect(world.fetch()).rejects.toThrow();
  });

  test('is given up when it is larger than a release can be', async () => {
    await using world = await releaseServer(() => (_request, response) => {
      response.end(Buffer.alloc(LIMITS.bytesMax + 1));
    });
    await expect(world.fetch()).rejects.toThrow('larger than');
  });

  test('is given up when the caller stops', async () => {
    await using world = await releaseServer(() => () => {});
    const stopped = new Error('stopped');
    await expect(world.fetch(AbortSignal.abort(stopped))).rejects.toThrow('stopped');
  });
});

/** A server on 127.0.0.1 that answers as told, and the release that it claims to have. */
async function releaseServer(answer: (archive: Buffer) => RequestListener) {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir('release'));
  await writeFakeNatsServer(
    join(dir.path, 'nats-server-v2.14.5-linux-amd64/nats-server'),
    '2.14.5',
  );
  const file = join(dir.path, 'release.tar.gz');
  await run('tar', ['-czf', file, '-C', dir.path, 'nats-server-v2.14.5-linux-amd64']);
  const archive = await readFile(file);

  const server = createServer(answer(archive)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const release: Release = {
    version: '2.14.5',
    url: `http://127.0.0.1:${port}/nats-server.tar.gz`,
    sha256: createHash('sha256').update(archive).digest('hex'),
    member: 'nats-server-v2.14.5-linux-amd64/nats-server',
  };
  const into = join(dir.path, 'into');
  await mkdir(into);
  const owned = stack.move();
  return {
    sha256: release.sha256,
    fetch: (signal = new AbortController().signal) =>
      Array.fromAsync(upstreamRelease(release, LIMITS).fetch(into, signal)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
