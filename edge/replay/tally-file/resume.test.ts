import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { tempDir } from '#shared/testing/temp-dir.ts';

import { makeKeyPair } from './keys.ts';
import { openTallyFile, verifyTallyFile } from './read-tally-file.ts';
import type {
  TallyFrame,
  TallyHeader,
  TallyPosition,
  WriteTallyFileOptions,
} from './tally-file.ts';
import { MemoryDisk } from './testing/memory-disk.ts';
import {
  batchOf,
  bulkFrame,
  FACTS,
  frameOf,
  framesOf,
  HEADER,
  sourceOf,
} from './testing/samples.ts';
import { writeTallyFile } from './write-tally-file.ts';

const path = '/stick/gw-1.tally';
const partPath = `${path}.part`;
const frames = framesOf(8);

function optionsFor(own: Partial<WriteTallyFileOptions> = {}): WriteTallyFileOptions {
  return { path, header: HEADER, source: sourceOf(frames), manifestOf: () => FACTS, ...own };
}

async function wholeFile(): Promise<Buffer> {
  const disk = new MemoryDisk();
  await writeTallyFile(optionsFor(), disk);
  return disk.get(path);
}

/** A disk with the `.part` of a run that was interrupted after `count` frames. */
async function interrupted(
  count: number,
  own: Partial<WriteTallyFileOptions> = {},
): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  async function* source(): AsyncGenerator<TallyFrame> {
    for (const frame of frames.slice(0, count)) yield await Promise.resolve(frame);
    throw new Error('the card is gone');
  }
  await expect(writeTallyFile(optionsFor({ ...own, source }), disk)).rejects.toThrow(
    'the card is gone',
  );
  return disk;
}

describe('an interrupted run is gone on with', () => {
  test('G3, G8: the source is asked for what follows, and the file is the same as without the interruption', async () => {
    const disk = await interrupted(3);
    const asked: (TallyPosition | undefined)[] = [];
    const source: WriteTallyFileOptions['source'] = (resumeAfter) => {
      asked.push(resumeAfter);
      return sourceOf(frames)(resumeAfter);
    };
    const written = await writeTallyFile(optionsFor({ source }), disk);
    const position = { epoch: 'e1', seq: frames[2]?.lastSeq };
    expect(asked).toStrictEqual([position]);
    expect(written).toMatchObject({ resumedAfter: position, bytesCut: 0 });
    expect(disk.get(path)).toStrictEqual(await wholeFile());
    expect(await disk.exists(partPath)).toBe(false);
  });

  test('the header of the first run stays', async () => {
    const disk = await interrupted(2);
    const header = { ...HEADER, madeAtMs: HEADER.madeAtMs + 1000, tool: '1.2.4' };
    const written = await writeTallyFile(optionsFor({ header }), disk);
    expect(written.header).toStrictEqual(HEADER);
    expect(disk.get(path)).toStrictEqual(await wholeFile());
  });

  test('from wherever it was cut', async () => {
    const whole = await wholeFile();
    for (let length = 0; length <= whole.length; length += length < 400 ? 1 : 37) {
      const disk = new MemoryDisk();
      disk.set(partPath, whole.subarray(0, length));
      await writeTallyFile(optionsFor(), disk);
      expect([length, disk.get(path).equals(whole)]).toStrictEqual([length, true]);
    }
  });

  test('a power cut that leaves zeros or garbage where nothing was synced', async () => {
    const disk = await interrupted(5);
    const whole = await wholeFile();
    disk.powerCut(partPath, (bytes, synced) => {
      expect(synced).toBe(bytes.length);
      return Buffer.concat([bytes.subarray(0, bytes.length - 30), Buffer.alloc(4096)]);
    });
    const { bytesCut } = await writeTallyFile(optionsFor(), disk);
    expect(bytesCut).toBeGreaterThan(4096);
    expect(disk.get(path)).toStrictEqual(whole);
  });

  test('what was altered, and all behind it, is written again', async () => {
    const disk = await interrupted(6);
    const part = disk.get(partPath);
    part.writeUInt8(part.readUInt8(part.length >> 1) ^ 1, part.length >> 1);
    const { resumedAfter, bytesCut } = await writeTallyFile(optionsFor(), disk);
    expect(resumedAfter?.epoch).toBe('e1');
    expect(bytesCut).toBeGreaterThan(0);
    expect(disk.get(path)).toStrictEqual(await wholeFile());
  });

  test('encrypted, with a key that the first run did not leave behind', async () => {
    const cloud = makeKeyPair('x25519');
    const encryptFor = cloud.publicKey;
    const disk = await interrupted(3, { encryptFor });
    await writeTallyFile(optionsFor({ encryptFor }), disk);
    await using file = await openTallyFile(path, { decryptWith: cloud.privateKey }, disk);
    expect(await Array.fromAsync(file.frames())).toStrictEqual(frames);
  });

  test('when the source ends at once, because all was there', async () => {
    const disk = await interrupted(8);
    await writeTallyFile(optionsFor(), disk);
    expect(disk.get(path)).toStrictEqual(await wholeFile());
  });

  test('G3: heartbeats behind the last event, which the source gives again, are there once', async () => {
    const heartbeats = [
      frameOf(batchOf('e0', 5, 0)),
      ...frames.slice(0, 4),
      frameOf(batchOf('e1', 100, 0)),
      frameOf(batchOf('e2', 1, 0)),
      frameOf(batchOf('e2', 1, 3)),
      frameOf(batchOf('e2', 4, 0)),
    ];
    for (let count = 0; count <= heartbeats.length; count++) {
      const disk = new MemoryDisk();
      async function* source(): AsyncGenerator<TallyFrame> {
        for (const frame of heartbeats.slice(0, count)) yield await Promise.resolve(frame);
        throw new Error('the card is gone');
      }
      await expect(writeTallyFile(optionsFor({ source }), disk)).rejects.toThrow('the card');
      await writeTallyFile(optionsFor({ source: sourceOf(heartbeats) }), disk);
      await using file = await openTallyFile(path, {}, disk);
      expect(await Array.fromAsync(file.frames())).toStrictEqual(heartbeats);
    }
  });

  test('a manifest that cannot be had is no loss', async () => {
    const disk = new MemoryDisk();
    const manifestOf = (): never => {
      throw new Error('accounts are gone');
    };
    await expect(writeTallyFile(optionsFor({ manifestOf }), disk)).rejects.toThrow('accounts');
    await writeTallyFile(optionsFor(), disk);
    expect(disk.get(path)).toStrictEqual(await wholeFile());
  });
});

describe('G11: what is not ours is refused, and not touched', () => {
  const cases: [string, Partial<TallyHeader>][] = [
    ['site', { site: 'depot-8' }],
    ['gateway', { gateway: 'gw-2' }],
    ['journal', { journal: 'e9' }],
  ];
  test.each(cases)('a .part of another %s', async (field, other) => {
    const disk = await interrupted(3);
    const before = Buffer.from(disk.get(partPath));
    const header = { ...HEADER, ...other };
    await expect(writeTallyFile(optionsFor({ header }), disk)).rejects.toMatchObject({
      code: 'tally-file-foreign',
      message: expect.stringContaining(`its ${field} is `) as string,
    });
    expect(disk.get(partPath)).toStrictEqual(before);
  });

  test('a .part for another recipient, or in the clear', async () => {
    const disk = await interrupted(3);
    const encryptFor = makeKeyPair('x25519').publicKey;
    const refusal = { code: 'tally-file-foreign' };
    await expect(writeTallyFile(optionsFor({ encryptFor }), disk)).rejects.toMatchObject(refusal);
  });

  test('something else of that name, and the .part of a newer version', async () => {
    const disk = new MemoryDisk();
    disk.set(partPath, Buffer.from('my thesis'));
    await expect(writeTallyFile(optionsFor(), disk)).rejects.toMatchObject({
      code: 'tally-file-foreign',
    });
    expect(disk.get(partPath).toString()).toBe('my thesis');
    const newer = await wholeFile();
    newer.writeUInt32LE(2, 8);
    disk.set(partPath, newer);
    await expect(writeTallyFile(optionsFor(), disk)).rejects.toMatchObject({
      code: 'tally-file-newer',
    });
    expect(disk.get(partPath)).toStrictEqual(newer);
  });
});

describe('a disk that fails', () => {
  const bulk = Array.from({ length: 6 }, (_, i) => bulkFrame(i, 700_000));

  test('G7, G8: a full one is told with how much room is missing, and the same call goes on', async () => {
    const disk = new MemoryDisk();
    disk.bytesLeft = 2_500_000;
    disk.bytesFree = 1000;
    const options = optionsFor({ source: sourceOf(bulk), bytesExpected: 4_300_000 });
    await expect(writeTallyFile(options, disk)).rejects.toMatchObject({
      code: 'disk-full',
      kind: 'stop',
      message: expect.stringMatching(
        /about \d\.\d MB more are needed.*the same command goes on/u,
      ) as string,
    });
    await expect(openTallyFile(partPath, {}, disk)).rejects.toMatchObject({
      code: 'tally-file-cut',
    });
    disk.bytesLeft = Number.POSITIVE_INFINITY;
    const { resumedAfter, manifest } = await writeTallyFile(options, disk);
    expect(resumedAfter).toStrictEqual({ epoch: 'e1', seq: 3 });
    expect(manifest).toMatchObject({ frames: 6, events: 6 });
  });

  test.each([
    ['EIO', 'If the stick was pulled'],
    ['EFBIG', 'exFAT'],
  ])('%s says what to do, and nothing is lost', async (code, hint) => {
    const disk = new MemoryDisk();
    disk.bytesLeft = 1_500_000;
    disk.failure = code;
    const options = optionsFor({ source: sourceOf(bulk) });
    await expect(writeTallyFile(options, disk)).rejects.toMatchObject({
      code: 'tally-file-write',
      message: expect.stringContaining(hint) as string,
    });
    disk.bytesLeft = Number.POSITIVE_INFINITY;
    expect(await writeTallyFile(options, disk)).toMatchObject({ resumedAfter: { seq: 2 } });
  });

  test('one that fails even for the first byte, or cannot be opened, is told as such', async () => {
    const disk = new MemoryDisk();
    disk.bytesLeft = 0;
    await expect(writeTallyFile(optionsFor(), disk)).rejects.toMatchObject({ code: 'disk-full' });
    await expect(
      writeTallyFile(optionsFor({ path: '/proc/no/such/place.tally' })),
    ).rejects.toMatchObject({ code: 'tally-file-write' });
  });
});

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}

/** A file system of one megabyte; undefined, and why, where it cannot be had. */
function mountTiny(at: string): string | undefined {
  mkdirSync(at);
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tally', at);
    return undefined;
  } catch (error) {
    return `needs the right to mount: ${String(error)}`;
  }
}

describe('on a real file system', () => {
  test('the file is nobody else’s to read, and complete', async () => {
    await using dir = await tempDir('tally-file');
    const own = { path: join(dir.path, 'a.tally') };
    await writeTallyFile(optionsFor(own));
    expect(readFileSync(own.path)).toStrictEqual(await wholeFile());
    expect(statSync(own.path).mode & 0o777).toBe(0o600);
    expect((await verifyTallyFile(own.path)).problems).toStrictEqual([]);
  });

  test('G7: ENOSPC is told, and gone on from when there is room', async (context) => {
    await using dir = await tempDir('tally-file');
    const at = join(dir.path, 'tiny');
    const why = mountTiny(at);
    if (why !== undefined) context.skip(why);
    try {
      const ballast = join(at, 'ballast');
      writeFileSync(ballast, Buffer.alloc(500_000));
      const source = sourceOf(Array.from({ length: 9 }, (_, i) => bulkFrame(i, 80_000)));
      const options = optionsFor({ path: join(at, 'a.tally'), source, bytesExpected: 722_000 });
      await expect(writeTallyFile(options)).rejects.toMatchObject({
        code: 'disk-full',
        message: expect.stringMatching(/about 0\.[23] MB more are needed/u) as string,
      });
      rmSync(ballast);
      const { resumedAfter } = await writeTallyFile(options);
      expect(resumedAfter?.seq).toBeGreaterThan(3);
      expect((await openedFrames(options.path)).length).toBe(9);
    } finally {
      run('umount', at);
    }
  });
});

async function openedFrames(path: string): Promise<TallyFrame[]> {
  await using file = await openTallyFile(path);
  return await Array.fromAsync(file.frames());
}
