import { access } from 'node:fs/promises';
import { connect } from 'node:net';

import { describe, expect, test } from 'vitest';

import { startNatsServer } from './nats-server.ts';
import { tempDir } from './temp-dir.ts';

describe('a nats-server for tests', () => {
  test('answers with JetStream, syncing every write, and is gone with its files when disposed of', async () => {
    let storeDir: string;
    let port: number;
    {
      await using server = await startNatsServer();
      ({ storeDir, port } = server);
      const jsz = await (await fetch(`${server.monitorUrl}/jsz?config=true`)).json();
      expect(jsz).toMatchObject({
        config: { sync_always: true, store_dir: `${storeDir}/jetstream` },
      });
      expect(await greeting(port)).toMatch(/^INFO \{/u);
    }
    await expect(access(storeDir)).rejects.toThrow('ENOENT');
    await expect(greeting(port)).rejects.toThrow('ECONNREFUSED');
  });

  test('comes back on the same port and store after a kill -9', async () => {
    await using dir = await tempDir();
    {
      await using server = await startNatsServer({ storeDir: dir.path });
      const { url, pid } = server;
      await server.kill();
      await expect(greeting(server.port)).rejects.toThrow('ECONNREFUSED');
      await server.restart();
      expect(server.url).toBe(url);
      expect(server.pid).not.toBe(pid);
      expect(await greeting(server.port)).toMatch(/^INFO \{/u);
    }
    await access(dir.path);
  });

  test('says why it does not start', async () => {
    await expect(startNatsServer({ config: 'no_such_setting: 1' })).rejects.toThrow(
      'no_such_setting',
    );
  });
});

/** The first bytes that a server sends to a new connection. */
function greeting(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(chunk.toString());
    });
  });
}
