/** Reads a `.tally` file: a whole one, what is whole of a damaged one, or all of it to list what is wrong. */
import type { KeyObject } from 'node:crypto';

import { decodeBatch } from '#proto/batch/decode.ts';
import { assert, must } from '#shared/assert.ts';
import { describe, TallyError } from '#shared/errors.ts';

import { Decryptor } from './cipher.ts';
import { decodeEnding, type Ending, findEnding, proofProblem, signerOf } from './ending.ts';
import { altered, needsKey, unreadable, wrongKey } from './flaws.ts';
import { PROBLEMS_LISTED_MAX } from './format.ts';
import { FrameWalk, type WalkOptions } from './frame-walk.ts';
import { fingerprintOf } from './keys.ts';
import type { StoredFrame } from './frame.ts';
import { type Disk, type DiskFile, systemDisk } from './part-file.ts';
import { type Opening, readOpening } from './record-source.ts';
import type {
  ReadTallyFileOptions,
  SalvagedTallyFile,
  TallyFile,
  TallyFileReport,
  TallyFrame,
  TallyHeader,
  TallyProgress,
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
  await using opened = new AsyncDisposableStack();
  const walk = await openWalk(opened, path, { ...options, disk });
  const ending = await readEnding(walk);
  if (options.signedBy !== undefined) await walkAll(walk);
  const held = opened.move();
  return {
    header: walk.opening.header,
    manifest: ending.manifest,
    signer: signerOf(ending),
    bytes: walk.opening.size,
    frames: () => readFrames({ ...walk, onFlaw: refuse }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
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
  await using opened = new AsyncDisposableStack();
  const walk = await openWalk(opened, path, { ...options, signedBy: undefined, disk });
  const held = opened.move();
  return {
    header: walk.opening.header,
    frames: (onProblem) => readFrames({ ...walk, onFlaw: onProblem }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

type Walk = Omit<WalkOptions, 'onFlaw'>;

/** Opens the file, whose end is `opened`'s business, and reads whose it is. */
async function openWalk(
  opened: AsyncDisposableStack,
  path: string,
  { disk, decryptWith, signedBy, signal }: ReadTallyFileOptions & { readonly disk: Disk },
): Promise<Walk> {
  let file: DiskFile;
  try {
    file = opened.use(await disk.open(path));
  } catch (error) {
    throw unreadable(path, error);
  }
  const opening = await readOpening(file);
  const decryptor = decryptorOf(path, opening, decryptWith);
  return { file, opening, decryptor, signedBy, signal };
}

/** Throws `tally-file-encrypted` when the key is not the one that the file is for. A file in the clear needs none. */
function decryptorOf(
  path: string,
  { header: { recipient }, chain }: Opening,
  decryptWith: KeyObject | undefined,
): Decryptor | undefined {
  if (decryptWith === undefined || recipient === undefined) return undefined;
  const isFit = decryptWith.asymmetricKeyType === 'x25519' && decryptWith.type === 'private';
  assert(isFit, 'a file is decrypted with an X25519 private key');
  const given = fingerprintOf(decryptWith);
  if (given !== recipient) throw wrongKey(path, recipient, given);
  return new Decryptor(decryptWith, chain);
}

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

/**
 * Reports what is whole and what is not. Batches are decoded too, and are of the gateway, the epoch and the range that
 * the file says (G11). Rejects only where there is nothing to report on: not a `.tally` file, of a newer format, its
 * header damaged, unreadable, or the wrong private key.
 */
export async function verifyTallyFile(
  path: string,
  options: ReadTallyFileOptions & {
    readonly onProgress?: ((progress: TallyProgress) => void) | undefined;
  } = {},
  disk: Disk = systemDisk,
): Promise<TallyFileReport> {
  await using opened = new AsyncDisposableStack();
  const parts = await openWalk(opened, path, { ...options, disk });
  const { header, size } = parts.opening;
  const problems: TallyError[] = [];
  let problemCount = 0;
  const onFlaw = (flaw: TallyError): void => {
    problemCount++;
    if (problems.length < PROBLEMS_LISTED_MAX) problems.push(flaw);
  };
  const walk = new FrameWalk({ ...parts, onFlaw });
  const { contents } = walk;
  for await (const frame of walk.frames()) {
    const why = frame.bytes === undefined ? undefined : batchProblem(frame, frame.bytes, header);
    if (why !== undefined) {
      onFlaw(altered(path, { where: `frame ${frame.number}`, offset: frame.offset, why }));
    }
    const { frames, events } = contents;
    options.onProgress?.({ phase: 'checking', frames, events, bytes: frame.end });
  }
  const { ending } = walk;
  return {
    header,
    manifest: ending?.manifest,
    signer: ending === undefined || !walk.isProven ? undefined : signerOf(ending),
    frames: contents.frames,
    events: contents.events,
    bytes: size,
    decoded: header.recipient === undefined || parts.decryptor !== undefined,
    problems,
    problemCount,
  };
}

/** Why the batch is not the one that its frame says it is. */
function batchProblem(
  frame: StoredFrame,
  bytes: Uint8Array,
  header: TallyHeader,
): string | undefined {
  let batch;
  try {
    batch = decodeBatch(bytes);
  } catch (error) {
    if (!(error instanceof TallyError)) throw error;
    return `its batch cannot be decoded: ${describe(error)}`;
  }
  for (const field of ['site', 'gateway'] as const) {
    if (batch[field] !== header[field]) return `its batch is of ${field} ${batch[field]}`;
  }
  for (const field of ['epoch', 'firstSeq', 'lastSeq'] as const) {
    if (batch[field] !== frame[field]) return `its batch has ${field} ${batch[field]}`;
  }
  return batch.events.length === frame.events
    ? undefined
    : `its batch has ${batch.events.length} events`;
}
