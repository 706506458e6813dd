/** Writes a `.tally` file, or goes on with one. */
import type { KeyObject } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { BATCH_BYTES_MAX } from '#proto/batch/limits.ts';
import { assert } from '#shared/assert.ts';
import { TallyError } from '#shared/errors.ts';

import { Encryptor } from './cipher.ts';
import { encodeSeal } from './ending.ts';
import { alreadyThere, foreign, unreadable, writeFailed } from './flaws.ts';
import { FIRST_CHAIN, HEADER_BYTES_MAX, headOf, PREFIX, SEAL_BYTES, sha256 } from './format.ts';
import { FrameWalk } from './frame-walk.ts';
import { encodeFrame } from './frame.ts';
import { fingerprintOf } from './keys.ts';
import { Contents, encodeHeader, encodeManifest, manifestOf } from './manifest.ts';
import { type Disk, type DiskFile, PartFile, systemDisk } from './part-file.ts';
import { type Opening, readOpening } from './record-source.ts';
import type {
  ManifestFacts,
  TallyFileWritten,
  TallyFrame,
  TallyHeader,
  TallyManifest,
  WriteTallyFileOptions,
} from './tally-file.ts';

const BREATH_MS = 20;

/**
 * Resolves when the file, under its own name, would survive a power cut. Rejects with a `TallyError`:
 * `tally-file-exists`, `tally-file-foreign`, `tally-file-busy`; `disk-full`, `tally-file-write` and `tally-file-unreadable`, after which
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
  await using _lock = await onDisk(partPath, () => disk.lock(partPath));
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
  const recipient = encryptFor === undefined ? undefined : fingerprintOf(encryptFor);
  const wanted = { ...options.header, ...(recipient === undefined ? undefined : { recipient }) };
  const leftover = await readLeftover(file, { wanted, onProgress, signal });
  const size = await onDisk(partPath, () => file.size());
  const bytes = leftover?.bytes ?? 0;
  const part = new PartFile(file, disk, { bytes, bytesExpected });
  if (size > bytes) await part.cutAt(bytes);
  try {
    const start = leftover ?? (await begin(part, wanted));
    const writer = new TallyWriter(part, start, encryptFor);
    const resumedAfter = writer.contents.position;
    const breath = new Breath();
    for await (const frame of options.source(resumedAfter)) {
      await breath.take();
      signal?.throwIfAborted();
      await writer.frame(frame);
      const { frames, events } = writer.contents;
      onProgress?.({ phase: 'writing', frames, events, bytes: part.bytes });
    }
    signal?.throwIfAborted();
    const manifest = await writer.finish(await options.manifestOf(), signWith);
    return {
      header: start.header,
      manifest,
      signer: signWith === undefined ? undefined : fingerprintOf(signWith),
      bytes: part.bytes,
      resumedAfter,
      bytesCut: size - bytes,
    };
  } catch (error) {
    await part.keep();
    throw error;
  }
}

/** A journal is read without waiting: signals, among them Ctrl-C, are heard only where we pause. */
class Breath {
  #lastMs = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#lastMs < BREATH_MS) return;
    await nextTurn();
    this.#lastMs = performance.now();
  }
}

/** Where the first frame of a run goes. */
type Start = {
  readonly header: TallyHeader;
  readonly headerChain: Buffer;
  readonly contents: Contents;
  /** How long the file is. */
  readonly bytes: number;
  /** Of the last record. */
  readonly chain: Buffer;
};

/** Puts one record behind the other. */
class TallyWriter {
  readonly contents: Contents;
  readonly #part: PartFile;
  readonly #headerChain: Buffer;
  readonly #encryptor: Encryptor | undefined;
  #chain: Buffer;

  constructor(part: PartFile, from: Start, encryptFor: KeyObject | undefined) {
    const { contents, chain, headerChain } = from;
    this.contents = contents;
    this.#part = part;
    this.#chain = chain;
    this.#headerChain = headerChain;
    this.#encryptor = encryptFor === undefined ? undefined : new Encryptor(encryptFor, headerChain);
  }

  async frame(frame: TallyFrame): Promise<void> {
    assert(frame.bytes.length <= BATCH_BYTES_MAX, 'a frame is a batch that can be published');
    if (this.contents.isAgain(frame)) return;
    const number = this.contents.frames;
    const disorder = this.contents.add(frame);
    assert(disorder === undefined, `frame ${number} is in order: ${disorder}`);
    await this.#append(
      encodeFrame(number, frame, { before: this.#chain, encryptor: this.#encryptor }),
    );
  }

  /** Manifest and seal. The manifest counts only what is on the disk for certain. */
  async finish(facts: ManifestFacts, signWith: KeyObject | undefined): Promise<TallyManifest> {
    await this.#part.sync();
    const { bytes } = this.#part;
    const manifest = manifestOf(this.contents, { facts, bytes, chain: this.#chain });
    const body = encodeManifest(manifest);
    await this.#append([headOf('manifest', body.length), body]);
    const keys = { encryptor: this.#encryptor, signWith };
    await this.#append([headOf('seal', SEAL_BYTES), encodeSeal(bytes, this.#chain, keys)]);
    await this.#part.sync();
    return manifest;
  }

  async #append(parts: readonly Uint8Array[]): Promise<void> {
    this.#chain = sha256(this.#headerChain, this.#chain, ...parts);
    await this.#part.append([...parts, this.#chain]);
  }
}

/** On the disk at once: a `.part` without its header cannot be told from any other. */
async function begin(part: PartFile, header: TallyHeader): Promise<Start> {
  const body = encodeHeader(header);
  const head = headOf('header', body.length);
  const chain = sha256(FIRST_CHAIN, head, body);
  await part.append([PREFIX, head, body, chain]);
  await part.sync();
  return { header, headerChain: chain, contents: new Contents(), bytes: part.bytes, chain };
}

/**
 * What an interrupted run has left, up to where it is whole; undefined when that is nothing. Rejects with
 * `tally-file-foreign` when it is not ours.
 */
async function readLeftover(
  file: DiskFile,
  {
    wanted,
    onProgress,
    signal,
  }: Pick<WriteTallyFileOptions, 'onProgress' | 'signal'> & { readonly wanted: TallyHeader },
): Promise<Start | undefined> {
  const opening = await openLeftover(file);
  if (opening === undefined) return undefined;
  const { header, chain: headerChain } = opening;
  refuseForeign(file.path, header, wanted);
  const walk = new FrameWalk({
    file,
    opening,
    decryptor: undefined,
    signedBy: undefined,
    onFlaw(flaw) {
      throw flaw;
    },
    signal,
  });
  const { contents } = walk;
  try {
    const breath = new Breath();
    for await (const { end } of walk.frames()) {
      await breath.take();
      const { frames, events } = contents;
      onProgress?.({ phase: 'checking', frames, events, bytes: end });
    }
  } catch (error) {
    // What is not whole is written again. The stick itself failing is another matter.
    if (!(error instanceof TallyError) || !MENDED_BY_WRITING.has(error.code)) throw error;
  }
  const { offset: bytes, chain } = walk.wholeEnd;
  return { header, headerChain, contents, bytes, chain };
}

const MENDED_BY_WRITING: ReadonlySet<string> = new Set([
  'tally-file-altered',
  'tally-file-cut',
  'tally-file-signature',
  'tally-file-trailing',
]);

async function openLeftover(file: DiskFile): Promise<Opening | undefined> {
  try {
    return await readOpening(file);
  } catch (error) {
    if (!(error instanceof TallyError)) throw error;
    switch (error.code) {
      case 'tally-file-cut':
        return undefined;
      case 'tally-file-unknown':
        if (await isBlank(file)) return undefined;
        throw foreign(file.path, 'it is no .tally file');
      case 'tally-file-altered':
        throw foreign(file.path, 'its header is damaged');
      default:
        throw error;
    }
  }
}

/** Zeros only: what some file systems make of a header, when the power goes before it was synced. */
async function isBlank(file: DiskFile): Promise<boolean> {
  const bytes = Buffer.alloc(HEADER_BYTES_MAX);
  try {
    const read = await file.read(bytes, 0);
    return read === (await file.size()) && bytes.every((byte) => byte === 0);
  } catch (error) {
    throw unreadable(file.path, error);
  }
}

function refuseForeign(path: string, found: TallyHeader, wanted: TallyHeader): void {
  for (const field of ['site', 'gateway', 'journal', 'recipient'] as const) {
    if (found[field] === wanted[field]) continue;
    const is = found[field] ?? 'none';
    throw foreign(path, `its ${field} is ${is}, not ${wanted[field] ?? 'none'}`);
  }
}

async function onDisk<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw error instanceof TallyError ? error : writeFailed(path, error);
  }
}

function isKey(key: KeyObject | undefined, use: string, type: string): boolean {
  return key === undefined || (key.asymmetricKeyType === use && key.type === type);
}
