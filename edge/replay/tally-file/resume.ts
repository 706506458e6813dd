/** What an interrupted run has left in `FILE.tally.part`: whether it is ours, and up to where it is whole. */
import { TallyError } from '#shared/errors.ts';

import type { Contents } from './contents.ts';
import type { DiskFile } from './disk.ts';
import { foreign, unreadable } from './flaws.ts';
import { FrameWalk } from './frame-walk.ts';
import { HEADER_BYTES_MAX } from './limits.ts';
import { type Opening, readOpening } from './opening.ts';
import type { TallyHeader, TallyProgress } from './tally-file.ts';

/** Where to go on. */
export type Leftover = {
  readonly header: TallyHeader;
  readonly headerChain: Buffer;
  readonly contents: Contents;
  /** What is whole; all behind it is to be cut. */
  readonly bytes: number;
  readonly bytesCut: number;
  /** Of the last whole record. */
  readonly chain: Buffer;
};

/** Undefined when nothing was left that is of any worth. Rejects with `tally-file-foreign` when it is not ours. */
export async function readLeftover(
  file: DiskFile,
  {
    header,
    onProgress,
    signal,
  }: {
    readonly header: TallyHeader;
    readonly onProgress: ((progress: TallyProgress) => void) | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Leftover | undefined> {
  const opening = await openLeftover(file);
  if (opening === undefined) return undefined;
  refuseForeign(file.path, opening.header, header);
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
  try {
    for await (const { end } of walk.frames()) {
      const { frames, events } = walk.contents;
      onProgress?.({ phase: 'checking', frames, events, bytes: end });
    }
  } catch (error) {
    // What is not whole is written again. The stick itself failing is another matter.
    if (!(error instanceof TallyError) || !MENDED_BY_WRITING.has(error.code)) throw error;
  }
  const { offset, chain } = walk.wholeEnd;
  return {
    header: opening.header,
    headerChain: opening.chain,
    contents: walk.contents,
    bytes: offset,
    bytesCut: opening.size - offset,
    chain,
  };
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
