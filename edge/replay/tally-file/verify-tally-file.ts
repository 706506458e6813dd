/** Looks at every byte of a `.tally` file, and lists all that is wrong with it. */
import { decodeBatch } from '#proto/batch/decode.ts';
import { describe, TallyError } from '#shared/errors.ts';

import { type Disk, systemDisk } from './disk.ts';
import { signerOf } from './ending.ts';
import { altered } from './flaws.ts';
import { FrameWalk } from './frame-walk.ts';
import type { StoredFrame } from './frame.ts';
import { PROBLEMS_LISTED_MAX } from './limits.ts';
import { decryptorOf, openFile } from './open-tally-file.ts';
import { readOpening } from './opening.ts';
import type {
  ReadTallyFileOptions,
  TallyFileReport,
  TallyHeader,
  TallyProgress,
} from './tally-file.ts';

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
  await using file = await openFile(path, disk);
  const opening = await readOpening(file);
  const { header } = opening;
  const decryptor = decryptorOf(path, opening, options.decryptWith);
  const problems: TallyError[] = [];
  let problemCount = 0;
  const onFlaw = (flaw: TallyError): void => {
    problemCount++;
    if (problems.length < PROBLEMS_LISTED_MAX) problems.push(flaw);
  };
  const { signedBy, signal } = options;
  const walk = new FrameWalk({ file, opening, decryptor, signedBy, onFlaw, signal });
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
    bytes: opening.size,
    decoded: header.recipient === undefined || decryptor !== undefined,
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
