/** Reads a `.tally` file: a whole one, or what is whole of a damaged one. */
import type { KeyObject } from 'node:crypto';

import { assert, must } from '#shared/assert.ts';
import { TallyError } from '#shared/errors.ts';

import { Decryptor } from './cipher.ts';
import { type Disk, type DiskFile, systemDisk } from './disk.ts';
import { decodeEnding, type Ending, findEnding, proofProblem, signerOf } from './ending.ts';
import { altered, needsKey, unreadable, wrongKey } from './flaws.ts';
import { FrameWalk, type WalkOptions } from './frame-walk.ts';
import type { StoredFrame } from './frame.ts';
import { type Opening, readOpening } from './opening.ts';
import type {
  ReadTallyFileOptions,
  SalvagedTallyFile,
  TallyFile,
  TallyFrame,
} from './tally-file.ts';

/**
 * Opens a file that has its manifest, which it checks; the frames are checked as they are read. With `signedBy` all
 * of the file is read and checked first, so that not one frame of somebody else is handed out: the signature stands
 * at the end. Rejects with a `TallyError` that says what is wrong and what to do.
 */
export async function openTallyFile(
  path: string,
  options: ReadTallyFileOptions = {},
  disk: Disk = systemDisk,
): Promise<TallyFile> {
  const file = await openFile(path, disk);
  try {
    const opening = await readOpening(file);
    const decryptor = decryptorOf(path, opening, options.decryptWith);
    const walk = { file, opening, decryptor, signedBy: options.signedBy, signal: options.signal };
    const ending = await readEnding(walk);
    if (options.signedBy !== undefined) await walkAll(walk);
    const { header, size } = opening;
    return {
      header,
      manifest: ending.manifest,
      signer: signerOf(ending),
      bytes: size,
      frames: () => readFrames({ ...walk, onFlaw: refuse }),
      [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
    };
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Opens a file of which only the header need be whole. There is no `signedBy`: a signature vouches for the whole
 * file, and of a part nobody can say who wrote it.
 */
export async function salvageTallyFile(
  path: string,
  options: Omit<ReadTallyFileOptions, 'signedBy'> = {},
  disk: Disk = systemDisk,
): Promise<SalvagedTallyFile> {
  const file = await openFile(path, disk);
  try {
    const opening = await readOpening(file);
    const decryptor = decryptorOf(path, opening, options.decryptWith);
    const walk = {
      file,
      opening,
      decryptor,
      signedBy: undefined,
      signal: options.signal,
    };
    return {
      header: opening.header,
      frames: (onProblem) => readFrames({ ...walk, onFlaw: onProblem }),
      [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
    };
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

export async function openFile(path: string, disk: Disk): Promise<DiskFile> {
  try {
    return await disk.open(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Throws `tally-file-encrypted` when the key is not the one that the file is for. A file in the clear needs none. */
export function decryptorOf(
  path: string,
  { header: { recipient }, chain }: Opening,
  decryptWith: KeyObject | undefined,
): Decryptor | undefined {
  if (decryptWith === undefined || recipient === undefined) return undefined;
  const isFit = decryptWith.asymmetricKeyType === 'x25519' && decryptWith.type === 'private';
  assert(isFit, 'a file is decrypted with an X25519 private key');
  const given = Decryptor.fingerprint(decryptWith);
  if (given !== recipient) throw wrongKey(path, recipient, given);
  return new Decryptor(decryptWith, chain);
}

type Walk = Omit<WalkOptions, 'onFlaw'>;

async function readEnding(walk: Walk): Promise<Ending> {
  const { path } = walk.file;
  const records = await findEnding(walk.file, walk.opening);
  if (records === undefined) {
    // The end is not there: only the way to it tells why.
    await walkAll({ ...walk, signedBy: undefined, decryptor: undefined });
    const offset = walk.opening.size;
    throw altered(path, { where: 'the seal', offset, why: 'it is not at the end' });
  }
  const ending = decodeEnding(path, records, walk.opening);
  if (ending instanceof TallyError) throw ending;
  const problem = proofProblem(path, ending, walk);
  if (problem !== undefined) throw problem;
  return ending;
}

async function walkAll(options: Omit<WalkOptions, 'onFlaw'>): Promise<void> {
  // Each step checks; there is nothing else to do.
  // oxlint-disable-next-line no-unused-vars
  for await (const _ of new FrameWalk({ ...options, onFlaw: refuse }).frames());
}

function refuse(flaw: TallyError): never {
  throw flaw;
}

async function* readFrames(options: WalkOptions): AsyncGenerator<TallyFrame> {
  const { file, opening, decryptor } = options;
  const { recipient } = opening.header;
  if (recipient !== undefined && decryptor === undefined) throw needsKey(file.path, recipient);
  for await (const frame of new FrameWalk(options).frames()) yield publicFrame(frame);
}

function publicFrame({ epoch, firstSeq, lastSeq, events, bytes }: StoredFrame): TallyFrame {
  return { epoch, firstSeq, lastSeq, events, bytes: must(bytes, 'the batch of a frame') };
}
