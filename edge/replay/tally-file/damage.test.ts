import { describe, expect, test } from 'vitest';

import { must } from '#shared/assert.ts';
import type { TallyError } from '#shared/errors.ts';

import { openTallyFile, salvageTallyFile, verifyTallyFile } from './read-tally-file.ts';
import { headOf, MARK, MAGIC, sha256 } from './format.ts';
import type { TallyFrame } from './tally-file.ts';
import { MemoryDisk } from './testing/memory-disk.ts';
import { batchOf, FACTS, frameOf, framesOf, HEADER, sourceOf } from './testing/samples.ts';
import { writeTallyFile } from './write-tally-file.ts';

const path = '/stick/gw-1.tally';
const frames = framesOf(6);
const good = await bytesOf(frames);
/** Where each record begins: header, six frames, manifest, seal. */
const offsets = recordOffsets(good);

async function bytesOf(of: readonly TallyFrame[]): Promise<Buffer> {
  const disk = new MemoryDisk();
  const source = sourceOf(of);
  await writeTallyFile({ path, header: HEADER, source, manifestOf: () => FACTS }, disk);
  return disk.get(path);
}

function recordOffsets(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = 12; at < bytes.length; at += 9 + bytes.readUInt32LE(at + 5) + 32) found.push(at);
  return found;
}

function offsetOf(record: number): number {
  return must(offsets[record], `record ${record}`);
}

function diskWith(bytes: Buffer): MemoryDisk {
  const disk = new MemoryDisk();
  disk.set(path, bytes);
  return disk;
}

function flipped(at: number, bytes = good): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 0x10, at);
  return copy;
}

/** What opening, and reading to the end, comes to. */
async function readAll(bytes: Buffer): Promise<readonly TallyFrame[]> {
  await using file = await openTallyFile(path, {}, diskWith(bytes));
  return await Array.fromAsync(file.frames());
}

async function salvage(
  bytes: Buffer,
): Promise<{ frames: TallyFrame[]; problems: readonly Error[] }> {
  await using file = await salvageTallyFile(path, {}, diskWith(bytes));
  const problems: Error[] = [];
  const found = await Array.fromAsync(file.frames((problem) => problems.push(problem)));
  return { frames: found, problems };
}

describe('what is refused, and what is said', () => {
  test.each([
    ['text', Buffer.from('{"site":"depot-7"}\n')],
    ['a magic with one bit wrong', flipped(2)],
    [
      'a file that went through a transfer as text',
      Buffer.concat([Buffer.from('\u0089TALLY\n', 'latin1'), good.subarray(8)]),
    ],
  ])('%s is not a .tally file', async (_, bytes) => {
    const refusal = { code: 'tally-file-unknown', kind: 'input' };
    await expect(readAll(bytes)).rejects.toMatchObject(refusal);
    await expect(verifyTallyFile(path, {}, diskWith(bytes))).rejects.toMatchObject(refusal);
  });

  test('a newer format asks for an update', async () => {
    const newer = Buffer.from(good);
    newer.writeUInt32LE(2, MAGIC.length);
    await expect(readAll(newer)).rejects.toMatchObject({
      code: 'tally-file-newer',
      message: expect.stringContaining('made by a newer Tallyport') as string,
    });
  });

  test('a file that is not there asks for the name', async () => {
    await expect(openTallyFile('/stick/no.tally', {}, new MemoryDisk())).rejects.toMatchObject({
      code: 'tally-file-unreadable',
      message: expect.stringContaining('Check the name') as string,
    });
  });

  test('a cut file says how many events are whole, and what to do', async () => {
    const refused = readAll(good.subarray(0, offsetOf(4) + 20));
    await expect(refused).rejects.toMatchObject({
      code: 'tally-file-cut',
      kind: 'stop',
      message: expect.stringMatching(/9 events in 3 frames are whole.*copy it again/u) as string,
    });
    const report = await verifyTallyFile(path, {}, diskWith(good.subarray(0, offsetOf(4))));
    expect(report).toMatchObject({ manifest: undefined, frames: 3, events: 9, problemCount: 1 });
  });

  test('bytes after the end are told, with where they begin', async () => {
    for (const tail of [Buffer.from('x'), Buffer.alloc(5000, 'garbage'), good]) {
      await expect(readAll(Buffer.concat([good, tail]))).rejects.toMatchObject({
        code: 'tally-file-trailing',
        message: expect.stringContaining(
          `${tail.length} bytes follow its end, at byte ${good.length}`,
        ) as string,
      });
    }
  });

  test('an altered byte is named by frame and offset, whatever of the frame it is in', async () => {
    const [from, to] = [offsetOf(3), offsetOf(4)];
    for (const at of [from, from + 4, from + 5, from + 7, from + 12, to - 40, to - 1]) {
      const message = expect.stringContaining(`frame 2, at byte ${from}, `) as string;
      await expect(readAll(flipped(at))).rejects.toMatchObject({
        code: 'tally-file-altered',
        message,
      });
    }
  });

  test('altered header, manifest and seal are named', async () => {
    const cases = [
      [offsetOf(0) + 20, 'the header'],
      [offsetOf(7) + 20, 'the manifest'],
      [offsetOf(8) + 20, 'the seal'],
    ] as const;
    for (const [at, where] of cases) {
      const message = expect.stringContaining(where) as string;
      await expect(readAll(flipped(at))).rejects.toMatchObject({
        code: 'tally-file-altered',
        message,
      });
    }
  });

  test('the frames before the damage are handed out, the damaged one is not', async () => {
    await using file = await openTallyFile(path, {}, diskWith(flipped(offsetOf(3) + 30)));
    const read: TallyFrame[] = [];
    await expect(async () => {
      for await (const frame of file.frames()) read.push(frame);
    }).rejects.toMatchObject({ code: 'tally-file-altered' });
    expect(read).toStrictEqual(frames.slice(0, 2));
  });
});

describe('what was put together by hand', () => {
  const record = (i: number): Buffer => good.subarray(offsetOf(i), offsets[i + 1] ?? good.length);
  const start = good.subarray(0, offsetOf(1));

  test.each([
    ['a frame left out', [1, 2, 4, 5, 6, 7, 8]],
    ['two frames exchanged', [1, 3, 2, 4, 5, 6, 7, 8]],
    ['a frame twice', [1, 2, 2, 3, 4, 5, 6, 7, 8]],
    ['the manifest twice', [1, 2, 3, 4, 5, 6, 7, 7, 8]],
    ['no manifest', [1, 2, 3, 4, 5, 6, 8]],
    ['no frames', [7, 8]],
  ])('%s is noticed', async (_, records) => {
    const bytes = Buffer.concat([start, ...records.map(record)]);
    await expect(readAll(bytes)).rejects.toMatchObject({ code: 'tally-file-altered' });
    const { problems } = await verifyTallyFile(path, {}, diskWith(bytes));
    expect(problems).not.toStrictEqual([]);
  });

  test('a manifest that lists other frames is noticed, though every chain is right', async () => {
    const other = await bytesOf(frames.slice(0, 5));
    const manifest = recordOffsets(other)[6] ?? 0;
    const body = other.subarray(manifest + 9, recordOffsets(other)[7] ?? 0).subarray(0, -32);
    const before = good.subarray(offsetOf(7) - 32, offsetOf(7));
    const head = headOf('manifest', body.length);
    const binding = good.subarray(offsetOf(1) - 32, offsetOf(1));
    const chain = sha256(binding, before, head, body);
    const seal = Buffer.from(good.subarray(offsetOf(8), -32));
    const ending = Buffer.concat([head, body, chain, seal, sha256(binding, chain, seal)]);
    const bytes = Buffer.concat([good.subarray(0, offsetOf(7)), ending]);
    await expect(readAll(bytes)).rejects.toMatchObject({
      message: expect.stringContaining('lists 5 frames, there are 6') as string,
    });
  });

  test('G7: a length beyond the limits is refused before memory is taken for it', async () => {
    for (const length of [0xffffffff, 100_000_000, 2_000_000]) {
      const bytes = Buffer.from(good);
      bytes.writeUInt32LE(length, offsetOf(2) + 5);
      const disk = diskWith(bytes);
      await using file = await openTallyFile(path, {}, disk);
      await expect(Array.fromAsync(file.frames())).rejects.toMatchObject({
        message: expect.stringContaining(`its length is ${length} bytes`) as string,
      });
      expect(disk.largestRead).toBeLessThan(2 * 1024 * 1024);
    }
  });
});

describe('G8: salvage', () => {
  test('of a whole file, all is there', async () => {
    expect(await salvage(good)).toStrictEqual({ frames, problems: [] });
  });

  test('a damaged body, length or mark costs its own frame', async () => {
    for (const at of [0, 5, 8, 30]) {
      const { frames: found, problems } = await salvage(flipped(offsetOf(3) + at));
      expect(found).toStrictEqual(frames.toSpliced(2, 1));
      expect(problems).toHaveLength(1);
    }
  });

  test('a damaged chain costs its own frame and the next', async () => {
    const { frames: found, problems } = await salvage(flipped(offsetOf(4) - 1));
    expect(found).toStrictEqual(frames.toSpliced(2, 2));
    expect(problems.length).toBeGreaterThan(0);
  });

  test('a hole, bytes that were put in, and a torn end are passed over', async () => {
    const [third, fourth] = [offsetOf(3), offsetOf(4)];
    const hole = Buffer.concat([good.subarray(0, third + 20), good.subarray(fourth - 5)]);
    expect((await salvage(hole)).frames).toStrictEqual(frames.toSpliced(2, 2));
    const more = Buffer.concat([good.subarray(0, third), MARK, good.subarray(third)]);
    // The frame behind goes on from a chain that is no longer before it.
    expect((await salvage(more)).frames).toStrictEqual(frames.toSpliced(2, 1));
    const torn = await salvage(good.subarray(0, fourth + 9));
    expect(torn.frames).toStrictEqual(frames.slice(0, 3));
    expect((torn.problems as TallyError[]).map(({ code }) => code)).toStrictEqual([
      'tally-file-cut',
    ]);
  });

  test('G11: a record that a device hid in the payload of an event is never taken for a frame', async () => {
    const other = new MemoryDisk();
    const header = { ...HEADER, madeAtMs: HEADER.madeAtMs - 1 };
    const hidden = sourceOf([frameOf(batchOf('forged', 1, 3))]);
    await writeTallyFile({ path, header, source: hidden, manifestOf: () => FACTS }, other);
    const carrier = { ...must(frames[1], 'a frame'), bytes: new Uint8Array(other.get(path)) };
    const bytes = await bytesOf(frames.with(1, carrier));
    const at = recordOffsets(bytes)[2] ?? 0;
    // Were it not for the header in every chain, this would be frame 0 of the other file.
    const found = await salvage(flipped(at + 12, bytes));
    expect(found.frames).toStrictEqual(frames.toSpliced(1, 1));
    expect((await salvage(bytes)).frames).toStrictEqual(frames.with(1, carrier));
  });

  test('verify lists each damaged place, and counts what is whole', async () => {
    const bytes = flipped(offsetOf(5) + 30, flipped(offsetOf(2) + 30));
    const report = await verifyTallyFile(path, {}, diskWith(bytes));
    expect(report).toMatchObject({ frames: 4, events: 12, problemCount: 2 });
    expect(report.problems.map(({ message }) => message)).toStrictEqual([
      expect.stringContaining(`frame 1, at byte ${offsetOf(2)}`),
      expect.stringContaining(`at byte ${offsetOf(5)}`),
    ]);
  });
});
