/** Who wrote a file, and who can read it. */
import { createPublicKey } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { must } from '#shared/assert.ts';

import { fingerprintOf, makeKeyPair } from './keys.ts';
import { openTallyFile, salvageTallyFile, verifyTallyFile } from './read-tally-file.ts';
import { headOf, sha256 } from './format.ts';
import { encodeSeal } from './ending.ts';
import type { WriteTallyFileOptions } from './tally-file.ts';
import { MemoryDisk } from './testing/memory-disk.ts';
import { batchOf, FACTS, frameOf, framesOf, HEADER, sourceOf } from './testing/samples.ts';
import { writeTallyFile } from './write-tally-file.ts';

const path = '/stick/gw-1.tally';
const frames = framesOf(6);
const gateway = makeKeyPair('ed25519');
const cloud = makeKeyPair('x25519');
const stranger = makeKeyPair('ed25519');

async function written(own: Partial<WriteTallyFileOptions>): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const options = { path, header: HEADER, source: sourceOf(frames), manifestOf: () => FACTS };
  await writeTallyFile({ ...options, ...own }, disk);
  return disk;
}

describe('the signature', () => {
  test('names its signer, whether or not one is expected', async () => {
    const disk = await written({ signWith: gateway.privateKey });
    const signer = fingerprintOf(gateway.publicKey);
    for (const options of [{}, { signedBy: gateway.publicKey }]) {
      await using file = await openTallyFile(path, options, disk);
      expect(file.signer).toBe(signer);
      expect(await Array.fromAsync(file.frames())).toStrictEqual(frames);
      expect(await verifyTallyFile(path, options, disk)).toMatchObject({ signer, problems: [] });
    }
  });

  test('G11: a missing one, and one by somebody else, is refused, and it is said whose it is', async () => {
    const signedBy = gateway.publicKey;
    const wanted = fingerprintOf(signedBy);
    const cases = [
      [await written({}), `nobody signed it, and ${wanted} should have`],
      [
        await written({ signWith: stranger.privateKey }),
        `it is signed by ${fingerprintOf(stranger.publicKey)}, and should be by ${wanted}`,
      ],
    ] as const;
    for (const [disk, why] of cases) {
      const message = expect.stringContaining(why) as string;
      const refusal = { code: 'tally-file-signature', message };
      await expect(openTallyFile(path, { signedBy }, disk)).rejects.toMatchObject(refusal);
      const report = await verifyTallyFile(path, { signedBy }, disk);
      expect(report.problems).toMatchObject([refusal]);
      expect(report.signer).toBeUndefined();
    }
  });

  test('one that was made for another manifest is refused, whoever is expected', async () => {
    const disk = await written({ signWith: gateway.privateKey });
    const bytes = disk.get(path);
    const sealAt = bytes.length - 153 - 41;
    const chain = bytes.subarray(sealAt - 32, sealAt);
    const offset = Number(bytes.readBigUInt64LE(sealAt + 9));
    const keys = { encryptor: undefined, signWith: gateway.privateKey };
    const other = encodeSeal(offset, sha256(chain), keys);
    const head = headOf('seal', other.length);
    const end = 12 + 9 + bytes.readUInt32LE(17) + 32;
    const seal = sha256(bytes.subarray(end - 32, end), chain, head, other);
    const forged = [bytes.subarray(0, sealAt), head, other, seal];
    disk.set(path, Buffer.concat(forged));
    for (const options of [{}, { signedBy: gateway.publicKey }]) {
      await expect(openTallyFile(path, options, disk)).rejects.toMatchObject({
        code: 'tally-file-signature',
        message: expect.stringContaining('is not of what is in the file') as string,
      });
    }
  });

  test('G11: not one frame is handed out that the expected signer did not sign', async () => {
    const signed = (await written({ signWith: gateway.privateKey })).get(path);
    const forgedFrames = frames.with(0, frameOf(batchOf('e1', 1, 3, { lane: 'fresh' })));
    const forged = (await written({ source: sourceOf(forgedFrames) })).get(path);
    // The frames of one, each with its right chain, and the manifest and seal of the other.
    const endOf = (bytes: Buffer): number =>
      Number(bytes.readBigUInt64LE(bytes.length - 153 - 41 + 9));
    expect(endOf(forged)).toBe(endOf(signed));
    const chimera = Buffer.concat([
      forged.subarray(0, endOf(forged) - 32),
      signed.subarray(endOf(signed) - 32),
    ]);
    const disk = new MemoryDisk();
    disk.set(path, chimera);
    await expect(openTallyFile(path, { signedBy: gateway.publicKey }, disk)).rejects.toMatchObject({
      code: 'tally-file-altered',
    });
  });
});

describe('encryption', () => {
  const recipient = fingerprintOf(cloud.publicKey);
  const encryptFor = cloud.publicKey;
  const decryptWith = cloud.privateKey;

  test('with the key, all is there; signed too', async () => {
    const disk = await written({ encryptFor, signWith: gateway.privateKey });
    await using file = await openTallyFile(
      path,
      { decryptWith, signedBy: gateway.publicKey },
      disk,
    );
    expect(file.header.recipient).toBe(recipient);
    expect(await Array.fromAsync(file.frames())).toStrictEqual(frames);
    const report = await verifyTallyFile(path, { decryptWith }, disk);
    expect(report).toMatchObject({ decoded: true, problems: [] });
  });

  test('without the key, header and counts are there, and no event is', async () => {
    const disk = await written({ encryptFor });
    await using file = await openTallyFile(path, {}, disk);
    expect(file.manifest).toMatchObject({ frames: 6, events: 18 });
    const message = expect.stringContaining(recipient) as string;
    await expect(file.frames().next()).rejects.toMatchObject({
      code: 'tally-file-encrypted',
      message,
    });
    const report = await verifyTallyFile(path, {}, disk);
    expect(report).toMatchObject({ events: 18, decoded: false, problems: [] });
    const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
    expect(disk.get(path).includes(zstdMagic)).toBe(false);
    expect((await written({})).get(path).includes(zstdMagic)).toBe(true);
  });

  test('another key is told from the right one', async () => {
    const disk = await written({ encryptFor });
    const other = makeKeyPair('x25519').privateKey;
    const message = expect.stringMatching(
      new RegExp(`${recipient}; the key given is `, 'u'),
    ) as string;
    const refusal = { code: 'tally-file-encrypted', message };
    for (const open of [openTallyFile, salvageTallyFile, verifyTallyFile]) {
      await expect(open(path, { decryptWith: other }, disk)).rejects.toMatchObject(refusal);
    }
  });

  test('a file in the clear is read with a key as well', async () => {
    const disk = await written({});
    await using file = await openTallyFile(path, { decryptWith }, disk);
    expect(await Array.fromAsync(file.frames())).toStrictEqual(frames);
  });

  test('frames that were left out, exchanged or altered, with every chain made anew, are noticed', async () => {
    const disk = await written({ encryptFor });
    const bytes = disk.get(path);
    const records = recordsOf(bytes);
    const altered = Buffer.from(must(records[3], 'a frame'));
    altered.writeUInt8(altered.readUInt8(altered.length - 1) ^ 1, altered.length - 1);
    const cases = {
      'left out': records.toSpliced(2, 1),
      exchanged: records.toSpliced(2, 2, must(records[3], ''), must(records[2], '')),
      altered: records.with(3, altered),
    };
    for (const [name, changed] of Object.entries(cases)) {
      disk.set(path, chained(bytes.subarray(0, 12), changed));
      const report = await verifyTallyFile(path, { decryptWith }, disk);
      const broken = report.problems.filter(({ message }) =>
        message.includes('encryption is broken'),
      );
      expect([name, broken.length > 0]).toStrictEqual([name, true]);
      // Who has no key still sees from the numbers that frame 1 is missing, or has changed places.
      const { problems } = await verifyTallyFile(path, {}, disk);
      const isMoved = problems.some(({ message }) => message.includes('frame 2 is there'));
      expect([name, isMoved]).toStrictEqual([name, name !== 'altered']);
    }
  });

  test('a manifest that somebody without the key of the run made is noticed', async () => {
    const disk = await written({ encryptFor });
    const bytes = disk.get(path);
    const records = recordsOf(bytes);
    const manifest = Buffer.from(
      must(records[7], 'the manifest').toString('latin1').replace('0007', '0008'),
      'latin1',
    );
    disk.set(path, chained(bytes.subarray(0, 12), records.with(7, manifest)));
    await expect(openTallyFile(path, { decryptWith }, disk)).rejects.toMatchObject({
      message: expect.stringContaining('encryption is broken') as string,
    });
  });

  test('no two runs encrypt with the same key', async () => {
    const [one, other] = [await written({ encryptFor }), await written({ encryptFor })];
    expect(one.get(path).equals(other.get(path))).toBe(false);
  });
});

test('keys of the wrong kind are a fault of the program', async () => {
  await expect(written({ signWith: cloud.privateKey })).rejects.toThrow('Ed25519 private key');
  await expect(written({ encryptFor: gateway.publicKey })).rejects.toThrow('X25519 public key');
  await expect(written({ encryptFor: cloud.privateKey })).rejects.toThrow('X25519 public key');
  expect(fingerprintOf(createPublicKey(gateway.privateKey))).toBe(
    fingerprintOf(gateway.privateKey),
  );
});

/** Each record without its chain. */
function recordsOf(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 12; at < bytes.length;) {
    const end = at + 9 + bytes.readUInt32LE(at + 5);
    found.push(bytes.subarray(at, end));
    at = end + 32;
  }
  return found;
}

/** The records, with their chains as anybody can compute them. */
function chained(prefix: Buffer, records: readonly Buffer[]): Buffer {
  const pieces = [prefix];
  let chain = sha256(prefix);
  let binding: Buffer = Buffer.alloc(0);
  for (const record of records) {
    chain = sha256(binding, chain, record);
    if (binding.length === 0) binding = chain;
    pieces.push(record, chain);
  }
  return Buffer.concat(pieces);
}
