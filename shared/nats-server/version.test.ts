import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { writeFakeNatsServer } from '../testing/fake-nats-server.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { compareVersions, isSupported, versionOf } from './version.ts';

describe('versions of nats-server', () => {
  test.each([
    ['2.10.22', false],
    ['2.10.23', true],
    ['2.9.99', false],
    ['2.11.0', true],
    ['2.15.1', true],
    ['1.99.99', false],
    ['10.0.0', true],
  ])('%s is supported: %s', (version, expected) => {
    expect(isSupported(version)).toBe(expected);
  });

  test('they compare as numbers, part by part', () => {
    expect(compareVersions('2.9.10', '2.10.9')).toBeLessThan(0);
    expect(compareVersions('2.10.9', '2.10.9')).toBe(0);
    expect(compareVersions('3.0.0', '2.99.99')).toBeGreaterThan(0);
  });

  test('a binary says its own', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'nats-server');
    await writeFakeNatsServer(path, '2.10.27');
    expect(await versionOf(path)).toBe('2.10.27');
  });

  test('what is absent, not executable, not a program or something else has none', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'nats-server');
    expect(await versionOf(path)).toBeUndefined();
    await writeFile(path, 'half a download');
    expect(await versionOf(path)).toBeUndefined();
    await chmod(path, 0o755);
    expect(await versionOf(path)).toBeUndefined();
    await writeFile(path, '#!/bin/sh\necho "GNU bash, version 5.2"\n');
    expect(await versionOf(path)).toBeUndefined();
    await writeFile(path, '#!/bin/sh\necho "nats-server: v2.15.1"; exit 3\n');
    expect(await versionOf(path)).toBeUndefined();
  });
});
