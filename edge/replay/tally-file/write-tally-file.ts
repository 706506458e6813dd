/** Writes a `.tally` file, or goes on with one. */
import type { KeyObject } from 'node:crypto';

import { BATCH_BYTES_MAX } from '#proto/batch/limits.ts';
import { assert } from '#shared/assert.ts';

import { Encryptor } from './cipher.ts';
import { Contents } from './contents.ts';
import { type Disk, type DiskFile, systemDisk } from './disk.ts';
import { alreadyThere, writeFailed } from './flaws.ts';
import { encodeFrame } from './frame.ts';
import { encodeHeader, encodeManifest, manifestOf } from './manifest.ts';
import { PartFile } from './part-file.ts';
import { fingerprintOf } from './public-key.ts';
import { FIRST_CHAIN, headOf, PREFIX, SEAL_BYTES, sha256 } from './record.ts';
import { type Leftover, readLeftover } from './resume.ts';
import { encodeSeal } from './seal.ts';
import type {
  ManifestFacts,
  TallyFileWritten,
  TallyFrame,
  TallyHeader,
  TallyManifest,
  WriteTallyFileOptions,
} from './tally-file.ts';

/**
 * Resolves when the file, under its own name, would survive a power cut. Rejects with a `TallyError`:
 * `tally-file-exists`, `tally-file-foreign`; `disk-full`, `tally-file-write` and `tally-file-unreadable`, after which
 * the same call goes on; or with what `source`, `manifestOf` or the signal reject with, and the same is true.
 */
export async function writeTallyFile(
  options: WriteTallyFileOptions,
  disk: Disk = systemDisk,
): Promise<TallyFileWritten> {
  const { path, encryptFor, signWith } = options;
  assert(isKey(signWith, 'ed25519', 'private'), 'a file is signed with an Ed25519 private key');
  assert(isKey(encryptFor, 'x25519', 'public'), 'a file is encrypted for an X25519 public key');
  const partPath = `${path}.part`;
  if (await onDisk(path, () => disk.exists(path))) throw alreadyThere(path);
  const written = await writePart(options, disk, partPath);
  await onDisk(path, () => disk.rename(partPath, path));
  return written;
}

async function writePart(
  options: WriteTallyFileOptions,
  disk: Disk,
  partPath: string,
): Promise<TallyFileWritten> {
  const { encryptFor, signWith, bytesExpected, onProgress, signal } = options;
  await using file = await onDisk(partPath, () => disk.openOrCreate(partPath));
  const header: TallyHeader = {
    ...options.header,
    ...(encryptFor === undefined ? undefined : { recipient: fingerprintOf(encryptFor) }),
  };
  const leftover = await readLeftover(file, { header, onProgress, signal });
  const part = new PartFile(file, disk, { bytes: leftover?.bytes ?? 0, bytesExpected });
  const bytesCut = leftover?.bytesCut ?? (await sizeOf(file));
  if (bytesCut > 0) await part.cutAt(leftover?.bytes ?? 0);
  try {
    const writer = await TallyWriter.start(part, leftover ?? header, encryptFor);
    const resumedAfter = writer.contents.position;
    for await (const frame of options.source(resumedAfter)) {
      signal?.throwIfAborted();
      await writer.frame(frame);
      const { frames, events } = writer.contents;
      onProgress?.({ phase: 'writing', frames, events, bytes: part.bytes });
    }
    signal?.throwIfAborted();
    const manifest = await writer.finish(await options.manifestOf(), signWith);
    return {
      header: leftover?.header ?? header,
      manifest,
      signer: signWith === undefined ? undefined : fingerprintOf(signWith),
      bytes: part.bytes,
      resumedAfter,
      bytesCut,
    };
  } catch (error) {
    await part.keep();
    throw error;
  }
}

/** Puts one record behind the other. */
class TallyWriter {
  readonly contents: Contents;
  readonly #part: PartFile;
  readonly #encryptor: Encryptor | undefined;
  #chain: Buffer;

  private constructor(
    part: PartFile,
    { contents, chain }: Pick<Leftover, 'contents' | 'chain'>,
    encryptor: Encryptor | undefined,
  ) {
    this.contents = contents;
    this.#part = part;
    this.#chain = chain;
    this.#encryptor = encryptor;
  }

  /** Begins a file with its header, or goes on with what was left. */
  static async start(
    part: PartFile,
    from: Leftover | TallyHeader,
    encryptFor: KeyObject | undefined,
  ): Promise<TallyWriter> {
    const leftover = 'contents' in from ? from : await begin(part, from);
    const { headerChain } = leftover;
    const encryptor = encryptFor === undefined ? undefined : new Encryptor(encryptFor, headerChain);
    return new TallyWriter(part, leftover, encryptor);
  }

  async frame(frame: TallyFrame): Promise<void> {
    assert(frame.bytes.length <= BATCH_BYTES_MAX, 'a frame is a batch that can be published');
    const number = this.contents.frames;
    const disorder = this.contents.add(frame);
    assert(disorder === undefined, `frame ${number} is in order: ${disorder}`);
    const parts = encodeFrame(number, frame, { before: this.#chain, encryptor: this.#encryptor });
    this.#chain = await appendRecord(this.#part, this.#chain, parts);
  }

  /** Manifest and seal. The manifest counts only what is on the disk for certain. */
  async finish(facts: ManifestFacts, signWith: KeyObject | undefined): Promise<TallyManifest> {
    await this.#part.sync();
    const { bytes } = this.#part;
    const manifest = manifestOf(this.contents, { facts, bytes, chain: this.#chain });
    const body = encodeManifest(manifest);
    const head = headOf('manifest', body.length);
    this.#chain = await appendRecord(this.#part, this.#chain, [head, body]);
    const keys = { encryptor: this.#encryptor, signWith };
    const seal = encodeSeal(bytes, this.#chain, keys);
    await appendRecord(this.#part, this.#chain, [headOf('seal', SEAL_BYTES), seal]);
    await this.#part.sync();
    return manifest;
  }
}

/** On the disk at once: a `.part` without its header cannot be told from any other. */
async function begin(
  part: PartFile,
  header: TallyHeader,
): Promise<Pick<Leftover, 'contents' | 'chain' | 'headerChain'>> {
  const body = encodeHeader(header);
  await part.append([PREFIX]);
  const chain = await appendRecord(part, FIRST_CHAIN, [headOf('header', body.length), body]);
  await part.sync();
  return { contents: new Contents(), chain, headerChain: chain };
}

/** Answers the record's chain. */
async function appendRecord(
  part: PartFile,
  before: Buffer,
  parts: readonly Uint8Array[],
): Promise<Buffer> {
  const chain = sha256(before, ...parts);
  await part.append([...parts, chain]);
  return chain;
}

async function sizeOf(file: DiskFile): Promise<number> {
  return await onDisk(file.path, () => file.size());
}

async function onDisk<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw writeFailed(path, error, { written: 0, expected: undefined, free: undefined });
  }
}

function isKey(key: KeyObject | undefined, use: string, type: string): boolean {
  return key === undefined || (key.asymmetricKeyType === use && key.type === type);
}
