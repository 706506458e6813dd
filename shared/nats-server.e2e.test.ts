import { join } from 'node:path';

import { expect, test } from 'vitest';

import { TallyError } from './errors.ts';
import { findNatsServer } from './nats-server.ts';
import { tempDir } from './testing/temp-dir.ts';

test('a machine without any nats-server gets a real one, and needs no network the second time', async ({
  skip,
}) => {
  await using dir = await tempDir('cache');
  const machine = { path: dir.path, cacheDir: join(dir.path, 'cache') };
  const first = await findNatsServer(machine).catch((error: unknown) => {
    if (error instanceof TallyError && error.code === 'server-not-found') return error;
    throw error;
  });
  if (first instanceof TallyError) return skip(`no network: ${first.message}`);
  expect(first.path).toBe(join(machine.cacheDir, 'nats-server'));
  expect(await findNatsServer({ ...machine, origins: [] })).toEqual(first);
}, 300_000);
