import { expect, test } from 'vitest';

import { decodeBatch } from '#proto/batch/decode.ts';
import { AssertionError } from '#shared/assert.ts';
import { TallyError } from '#shared/errors.ts';

import { openTallyFile, verifyTallyFile } from './read-tally-file.ts';
import type { TallyProgress } from './tally-file.ts';
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
const manifestOf = (): typeof FACTS => FACTS;

test('what was written is read: header, manifest, every batch byte for byte', async () => {
  const disk = new MemoryDisk();
  const frames = framesOf(8);
  const written = await writeTallyFile(
    { path, header: HEADER, source: sourceOf(frames), manifestOf },
    disk,
  );
  await using file = await openTallyFile(path, {}, disk);
  expect(file.header).toStrictEqual(HEADER);
  expect(file.signer).toBeUndefined();
  expect(file.manifest).toStrictEqual(written.manifest);
  expect(file.bytes).toBe(written.bytes);
  expect(disk.get(path)).toHaveLength(written.bytes);
  expect(await Array.fromAsync(file.frames())).toStrictEqual(frames);
  // Each call begins at the first frame.
  expect(await Array.fromAsync(file.frames())).toStrictEqual(frames);
  expect(await verifyTallyFile(path, {}, disk)).toMatchObject({
    frames: 8,
    events: 24,
    decoded: true,
    problems: [],
    problemCount: 0,
  });
});

test('the manifest says of each epoch what is there, and what is not', async () => {
  const disk = new MemoryDisk();
  const source = sourceOf(framesOf(8));
  const { manifest } = await writeTallyFile({ path, header: HEADER, source, manifestOf }, disk);
  expect(manifest).toMatchObject({ frames: 8, events: 24, unreadableCount: 1 });
  expect(manifest.unreadable).toStrictEqual(FACTS.unreadable);
  const ranges = [
    [1, 6],
    [12, 17],
  ];
  expect(manifest.epochs).toStrictEqual([
    { ...FACTS.epochs[0], events: 12, firstSeq: 1, lastSeq: 17, ranges, rangeCount: 2 },
    {
      epoch: 'e2',
      events: 12,
      firstSeq: 1,
      lastSeq: 12,
      ranges: [[1, 12]],
      rangeCount: 1,
      shed: [],
      lost: [],
    },
  ]);
});

test('a file without frames is whole too, and an epoch without events keeps its accounts', async () => {
  const disk = new MemoryDisk();
  await writeTallyFile({ path, header: HEADER, source: sourceOf([]), manifestOf }, disk);
  const report = await verifyTallyFile(path, {}, disk);
  expect(report.problems).toStrictEqual([]);
  expect(report.manifest?.epochs).toMatchObject([
    { epoch: 'e1', events: 0, firstSeq: 0, rangeCount: 0, accounts: { received: 60 } },
  ]);
});

test('a batch whose events were all shed, and a heartbeat, are frames', async () => {
  const disk = new MemoryDisk();
  const shed = batchOf('e1', 1, 0, {
    lastSeq: 9,
    shed: [{ first: 1, last: 9, reason: 'disk-full' }],
  });
  const frames = [frameOf(shed), frameOf(batchOf('e1', 10, 0))];
  await writeTallyFile({ path, header: HEADER, source: sourceOf(frames), manifestOf }, disk);
  const report = await verifyTallyFile(path, {}, disk);
  expect(report).toMatchObject({ frames: 2, events: 0, problems: [] });
  expect(report.manifest?.epochs[0]).toMatchObject({ ranges: [[1, 9]], events: 0 });
});

test('frames out of order are a fault of the program', async () => {
  const [first, second] = [frameOf(batchOf('e1', 1, 3)), frameOf(batchOf('e1', 3, 3))];
  for (const frames of [
    [first, second],
    [second, first],
    [first, frameOf(batchOf('e2', 1, 1)), frameOf(batchOf('e1', 9, 1))],
  ]) {
    const source = sourceOf(frames);
    const options = { path, header: HEADER, source, manifestOf };
    await expect(writeTallyFile(options, new MemoryDisk())).rejects.toThrow(/in order/u);
  }
});

test('a frame that no reader would take is a fault of the program', async () => {
  const good = frameOf(batchOf('e1', 1, 3));
  for (const bad of [
    { epoch: 'Epoch 1' },
    { epoch: '' },
    { events: 4 },
    { firstSeq: 0 },
    { lastSeq: 2 ** 53 },
    { bytes: new Uint8Array(1024 * 1024) },
  ]) {
    const source = sourceOf([{ ...good, ...bad }]);
    const writing = writeTallyFile({ path, header: HEADER, source, manifestOf }, new MemoryDisk());
    await expect(writing).rejects.toThrow(AssertionError);
  }
});

test('G7: however much could not be read, and however it is told, the manifest is written and read', async () => {
  const disk = new MemoryDisk();
  const unreadable = Array.from({ length: 1200 }, (_, i) => ({
    what: `segment ${i}`,
    why: 'x'.repeat(20_000),
  }));
  const facts = { ...FACTS, unreadable };
  const source = sourceOf(framesOf(2));
  await writeTallyFile({ path, header: HEADER, source, manifestOf: () => facts }, disk);
  await using file = await openTallyFile(path, {}, disk);
  expect(file.manifest.unreadableCount).toBe(1200);
  expect(file.manifest.unreadable).toHaveLength(1000);
});

test('a file that is there is not written over', async () => {
  const disk = new MemoryDisk();
  disk.set(path, Buffer.from('precious'));
  const options = { path, header: HEADER, source: sourceOf([]), manifestOf };
  await expect(writeTallyFile(options, disk)).rejects.toMatchObject({ code: 'tally-file-exists' });
  expect(disk.get(path).toString()).toBe('precious');
});

test('progress is told frame by frame', async () => {
  const disk = new MemoryDisk();
  const told: TallyProgress[] = [];
  const onProgress = (progress: TallyProgress): void => void told.push(progress);
  const source = sourceOf(framesOf(4));
  await writeTallyFile({ path, header: HEADER, source, manifestOf, onProgress }, disk);
  expect(told.map(({ phase, frames, events }) => [phase, frames, events])).toStrictEqual([
    ['writing', 1, 3],
    ['writing', 2, 6],
    ['writing', 3, 9],
    ['writing', 4, 12],
  ]);
  expect(told.map(({ bytes }) => bytes)).toStrictEqual(
    told.map(({ bytes }) => bytes).toSorted((a, b) => a - b),
  );
  const checked: TallyProgress[] = [];
  await verifyTallyFile(path, { onProgress: (progress) => checked.push(progress) }, disk);
  expect(checked.map(({ frames }) => frames)).toStrictEqual([1, 2, 3, 4]);
});

test('G7: a file much longer than the memory that it takes is written and read in pieces, and synced on the way', async () => {
  const disk = new MemoryDisk();
  const length = 900_000;
  const count = 60;
  async function* source(): AsyncGenerator<ReturnType<typeof bulkFrame>> {
    for (let i = 0; i < count; i++) yield await Promise.resolve(bulkFrame(i, length));
  }
  const longest: number[] = [];
  const openOrCreate = disk.openOrCreate.bind(disk);
  disk.openOrCreate = async (name) => {
    const file = await openOrCreate(name);
    return {
      ...file,
      write: async (bytes, position) => {
        longest.push(bytes.length);
        await file.write(bytes, position);
      },
    };
  };
  await writeTallyFile({ path, header: HEADER, source, manifestOf }, disk);
  expect(Math.max(...longest)).toBeLessThanOrEqual(1024 * 1024);
  expect(disk.syncs).toBeGreaterThan((count * length) / (17 * 1024 * 1024));
  await using file = await openTallyFile(path, {}, disk);
  let frames = 0;
  for await (const { bytes } of file.frames()) {
    expect(bytes).toHaveLength(length);
    frames++;
  }
  expect(frames).toBe(count);
  expect(disk.largestRead).toBeLessThan(2 * 1024 * 1024);
});

test('what the file holds is what the cloud decodes', async () => {
  const disk = new MemoryDisk();
  const batch = batchOf('e1', 1, 5);
  const source = sourceOf([frameOf(batch)]);
  await writeTallyFile({ path, header: HEADER, source, manifestOf }, disk);
  await using file = await openTallyFile(path, {}, disk);
  const [frame] = await Array.fromAsync(file.frames());
  expect(decodeBatch(frame?.bytes ?? new Uint8Array(0))).toStrictEqual(batch);
});

test('G11: a batch of another gateway, epoch or range than its frame says is found', async () => {
  const disk = new MemoryDisk();
  const good = frameOf(batchOf('e1', 1, 3));
  const frames = [
    frameOf(batchOf('e1', 1, 3, { gateway: 'gw-2' })),
    { ...good, firstSeq: 4, lastSeq: 6 },
    { ...good, epoch: 'e2', events: 2 },
    { ...good, epoch: 'e3', bytes: Buffer.from('no batch') },
  ];
  await writeTallyFile({ path, header: HEADER, source: sourceOf(frames), manifestOf }, disk);
  const { problems } = await verifyTallyFile(path, {}, disk);
  expect(problems.every((problem) => problem instanceof TallyError)).toBe(true);
  expect(problems.map(({ message }) => message)).toStrictEqual([
    expect.stringMatching(/frame 0, at byte \d+, .*its batch is of gateway gw-2/u),
    expect.stringMatching(/frame 1, .*its batch has firstSeq 1/u),
    expect.stringMatching(/frame 2, .*its batch has epoch e1/u),
    expect.stringMatching(/frame 3, .*its batch cannot be decoded/u),
  ]);
});

test('aborting keeps what was written, and tells the reason', async () => {
  const disk = new MemoryDisk();
  const frames = framesOf(6);
  const abort = new AbortController();
  const options = { path, header: HEADER, source: sourceOf(frames), manifestOf };
  const onProgress = (progress: TallyProgress): void => {
    if (progress.frames === 3) abort.abort(new Error('enough'));
  };
  const aborted = writeTallyFile({ ...options, onProgress, signal: abort.signal }, disk);
  await expect(aborted).rejects.toThrow('enough');
  const written = await writeTallyFile(options, disk);
  expect(written.resumedAfter).toStrictEqual({ epoch: 'e1', seq: frames[2]?.lastSeq });

  const reading = new AbortController();
  await using file = await openTallyFile(path, { signal: reading.signal }, disk);
  const read = file.frames();
  await read.next();
  reading.abort(new Error('stop'));
  await expect(read.next()).rejects.toThrow('stop');
});
