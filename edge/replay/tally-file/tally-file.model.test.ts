/** What must hold for any file, any damage, and any interruption. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';

import { makeKeyPair } from './keys.ts';
import { openTallyFile, salvageTallyFile, verifyTallyFile } from './read-tally-file.ts';
import type { TallyFrame, WriteTallyFileOptions } from './tally-file.ts';
import { MemoryDisk } from './testing/memory-disk.ts';
import { FACTS, framesOf, HEADER, sourceOf } from './testing/samples.ts';
import { writeTallyFile } from './write-tally-file.ts';

const path = '/stick/gw-1.tally';
const partPath = `${path}.part`;
const gateway = makeKeyPair('ed25519');
const cloud = makeKeyPair('x25519');

/** In the clear, signed, encrypted, both. */
const protection = fc
  .record({ isSigned: fc.boolean(), isEncrypted: fc.boolean() })
  .map(({ isSigned, isEncrypted }) => ({
    signWith: isSigned ? gateway.privateKey : undefined,
    encryptFor: isEncrypted ? cloud.publicKey : undefined,
  }));

/** Frames of any bytes: epochs one after the other, each ascending, with gaps and heartbeats. */
const anyFrames: fc.Arbitrary<TallyFrame[]> = fc
  .uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,12}$/u), { maxLength: 3 })
  .chain((epochs) =>
    fc.tuple(
      ...epochs.map((epoch) =>
        fc
          .array(
            fc.record({
              gap: fc.oneof(fc.constant(0), fc.nat(1000), fc.constant(2 ** 40)),
              span: fc.nat(9000),
              shed: fc.nat(9000),
              bytes: fc.uint8Array({ maxLength: 300 }),
            }),
            { maxLength: 8 },
          )
          .map((steps) => {
            let next = 1;
            return steps.map(({ gap, span, shed, bytes }): TallyFrame => {
              const firstSeq = next + gap;
              next = firstSeq + span;
              const events = Math.min(8192, Math.max(0, span - shed));
              return { epoch, firstSeq, lastSeq: next - 1, events, bytes };
            });
          }),
      ),
    ),
  )
  .map((perEpoch) => perEpoch.flat().filter(isNoRepeatedHeartbeat));

function isNoRepeatedHeartbeat(
  { epoch, firstSeq, lastSeq }: TallyFrame,
  index: number,
  all: readonly TallyFrame[],
): boolean {
  const before = all[index - 1];
  return (
    lastSeq >= firstSeq ||
    before?.epoch !== epoch ||
    before.firstSeq !== firstSeq ||
    before.lastSeq >= before.firstSeq
  );
}

function optionsFor(own: Partial<WriteTallyFileOptions>): WriteTallyFileOptions {
  return { path, header: HEADER, source: sourceOf([]), manifestOf: () => FACTS, ...own };
}

async function readBack(disk: MemoryDisk): Promise<TallyFrame[]> {
  await using file = await openTallyFile(path, { decryptWith: cloud.privateKey }, disk);
  return await Array.fromAsync(file.frames());
}

test('any frames come back as they were, whatever protects them', async () => {
  await fc.assert(
    fc.asyncProperty(anyFrames, protection, async (frames, keys) => {
      const disk = new MemoryDisk();
      const { manifest } = await writeTallyFile(
        optionsFor({ source: sourceOf(frames), ...keys }),
        disk,
      );
      expect(await readBack(disk)).toStrictEqual(frames);
      expect(manifest.events).toBe(frames.reduce((sum, { events }) => sum + events, 0));
      for (const { epoch, ranges } of manifest.epochs) {
        const covered = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
        const spans = frames.filter((frame) => frame.epoch === epoch);
        expect(covered).toBe(spans.reduce((sum, f) => sum + f.lastSeq - f.firstSeq + 1, 0));
      }
    }),
    { numRuns: 200 },
  );
});

/** One file for each kind of protection, made once. */
const samples = await Promise.all(
  [{}, { signWith: gateway.privateKey }, { encryptFor: cloud.publicKey }].map(async (keys) => {
    const disk = new MemoryDisk();
    await writeTallyFile(optionsFor({ source: sourceOf(framesOf(5)), ...keys }), disk);
    return disk.get(path);
  }),
);
const sample = fc.constantFrom(...samples);

/** Whether verifying and reading both say, in words of ours, that something is wrong. */
async function isNoticed(bytes: Uint8Array): Promise<boolean> {
  const disk = new MemoryDisk();
  disk.set(path, Buffer.from(bytes));
  const problems = await verifyTallyFile(path, {}, disk).then(
    (report) => report.problems,
    (error: unknown) => [error],
  );
  const refusal = await readBack(disk).then(
    () => undefined,
    (error: unknown) => error,
  );
  return problems.length > 0 && [...problems, refusal].every((each) => each instanceof TallyError);
}

test('any flipped bit is noticed', async () => {
  await fc.assert(
    fc.asyncProperty(sample, fc.nat(), fc.nat(7), async (whole, at, bit) => {
      const bytes = Buffer.from(whole);
      const index = at % bytes.length;
      bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << bit), index);
      expect(await isNoticed(bytes)).toBe(true);
    }),
    { numRuns: 1500 },
  );
});

test('a flipped bit is noticed in whatever byte it is', async () => {
  const disk = new MemoryDisk();
  const keys = { signWith: gateway.privateKey, encryptFor: cloud.publicKey };
  await writeTallyFile(optionsFor({ source: sourceOf(framesOf(1)), ...keys }), disk);
  const whole = disk.get(path);
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at);
    expect([at, await isNoticed(bytes)]).toStrictEqual([at, true]);
  }
});

test('any truncation is noticed', async () => {
  const [whole] = samples;
  for (let length = 0; length < (whole?.length ?? 0); length++) {
    expect(await isNoticed(whole?.subarray(0, length) ?? Buffer.alloc(0))).toBe(true);
  }
});

test('anything put in, taken out or written over is noticed', async () => {
  const change = fc.record({
    at: fc.nat(),
    remove: fc.nat(200),
    put: fc.uint8Array({ maxLength: 200 }),
  });
  await fc.assert(
    fc.asyncProperty(sample, change, async (whole, { at, remove, put }) => {
      const index = at % whole.length;
      const bytes = Buffer.concat([whole.subarray(0, index), put, whole.subarray(index + remove)]);
      fc.pre(!bytes.equals(whole));
      expect(await isNoticed(bytes)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('G8: salvage hands out only frames that were written, and all that damage does not touch', async () => {
  const frames = framesOf(12);
  const disk = new MemoryDisk();
  await writeTallyFile(optionsFor({ source: sourceOf(frames) }), disk);
  const whole = disk.get(path);
  const headerEnd = 12 + 9 + whole.readUInt32LE(17) + 32;
  const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(damage, async (flips) => {
      const bytes = Buffer.from(whole);
      for (const [at, mask] of flips) {
        const index = headerEnd + (at % (bytes.length - headerEnd));
        bytes.writeUInt8(bytes.readUInt8(index) ^ mask, index);
      }
      disk.set(path, bytes);
      await using file = await salvageTallyFile(path, {}, disk);
      const found = await Array.fromAsync(file.frames(() => undefined));
      for (const frame of found) expect(frames).toContainEqual(frame);
      expect(found.length).toBeGreaterThanOrEqual(frames.length - 2 * flips.length);
    }),
    { numRuns: 300 },
  );
});

test('any bytes are read to an end, or refused', async () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc
      .uint8Array({ maxLength: 2000 })
      .map((bytes) => Buffer.concat([samples[0]?.subarray(0, 300) ?? bytes, bytes])),
  );
  await fc.assert(
    fc.asyncProperty(garbage, async (bytes) => {
      expect(await isNoticed(bytes)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('G3, G8: killed at any byte, any number of times, it ends as one that was never interrupted', async () => {
  const someFrames = fc.oneof(fc.constant(framesOf(7)), anyFrames);
  const kills = fc.array(fc.nat(1500), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(kills, protection, someFrames, async (budgets, keys, frames) => {
      const disk = new MemoryDisk();
      const options = optionsFor({ source: sourceOf(frames), ...keys });
      for (const budget of budgets) {
        disk.bytesLeft = budget;
        await writeTallyFile(options, disk).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'disk-full' });
        });
        if (await disk.exists(path)) break;
        // What was never synced may be there, or zeros, or not at all.
        disk.powerCut(partPath, (bytes, synced) =>
          budget % 3 === 0
            ? bytes
            : Buffer.concat([bytes.subarray(0, synced), Buffer.alloc(budget % 3 === 1 ? 100 : 0)]),
        );
      }
      disk.bytesLeft = Number.POSITIVE_INFINITY;
      if (!(await disk.exists(path))) await writeTallyFile(options, disk);
      expect(await readBack(disk)).toStrictEqual(frames);
      const fresh = new MemoryDisk();
      await writeTallyFile(options, fresh);
      if (keys.encryptFor === undefined) expect(disk.get(path).equals(fresh.get(path))).toBe(true);
      const report = await verifyTallyFile(path, { decryptWith: cloud.privateKey }, disk);
      // Any bytes are no batch, which is nothing that an interruption does.
      const { problems } = report;
      expect(problems.filter(({ message }) => !message.includes('its batch'))).toStrictEqual([]);
    }),
    { numRuns: 150 },
  );
});
