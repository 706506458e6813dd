/** The end of a journal as it is found, and whether anything vouches for it (G3). */
import { lastSeqOf, type Block } from './block.ts';
import { disjoint, filteredOf, headOf, isBareStart, NO_COUNTS, startOf } from './examine.ts';
import type { SegmentName } from './segment-file.ts';
import { readSegmentImage, type SegmentImage } from './segment-image.ts';
import type { SealedSegment } from './state.ts';

/** What the witness says of an epoch: how far it came, and whether nothing beyond that was acknowledged. */
export type Vouch = (
  epoch: string,
) => { readonly headSeq: number; readonly isExact: boolean } | undefined;

/** The end of the current epoch. */
export type Tail = {
  readonly epoch: string;
  readonly image: SegmentImage | undefined;
  readonly blocks: readonly Block[];
  readonly firstSeq: number;
  /** The last number that is there. */
  readonly found: number;
  /** The last number that was given away, as far as anybody knows. */
  readonly headSeq: number;
  readonly filtered: string;
  /** Whether no number beyond `headSeq` was given away, for certain: a log that lost its end can look whole. */
  readonly isProven: boolean;
  /** A file that has no header yet, and nothing else. */
  readonly isBare: boolean;
};

export function examineTail(
  directory: string,
  name: SegmentName | undefined,
  known: {
    readonly epoch: string;
    /** No number of it was given away. */
    readonly isFresh: boolean;
    /** The sealed segment before it. */
    readonly before: SealedSegment | undefined;
    readonly vouch: Vouch;
  },
): Tail {
  const { epoch, before } = known;
  const sealedHead = before?.lastSeq ?? 0;
  const image = name === undefined ? undefined : readSegmentImage(directory, name);
  const blocks = image === undefined ? [] : trustedBlocks(image, known.vouch);
  const header = image?.header;
  const firstSeq = startOf(header, blocks, sealedHead);
  const found = image === undefined ? sealedHead : headOf(blocks, firstSeq);
  const vouched = known.vouch(epoch);
  const headSeq = Math.max(found, vouched?.headSeq ?? 0);
  return {
    epoch,
    image,
    blocks,
    firstSeq,
    found,
    headSeq,
    filtered: filteredOf(blocks) ?? header?.filtered ?? filteredAtEnd(directory, before),
    isProven: known.isFresh || vouched?.isExact === true,
    isBare: image !== undefined && headSeq === firstSeq - 1 && isBareStart(image),
  };
}

/**
 * The blocks that count: those of certain commits, and of the others those that the witness vouches for. Where it may be
 * behind, all of them: numbers are then not given away again.
 */
export function trustedBlocks(image: SegmentImage, vouch: Vouch): readonly Block[] {
  const vouched = vouch(image.name.epoch);
  const upTo = vouched?.isExact === true ? vouched.headSeq : Number.MAX_SAFE_INTEGER;
  const isTorn = image.walEnd !== 'whole';
  const believed = isTorn ? image.uncertain.filter((block) => lastSeqOf(block) <= upTo) : [];
  return disjoint([...image.blocks, ...believed]);
}

/** The accounts where a segment ends. */
export function filteredAtEnd(directory: string, segment: SealedSegment | undefined): string {
  if (segment === undefined) return NO_COUNTS;
  const image = readSegmentImage(directory, segment);
  return filteredOf(image.blocks) ?? image.header?.filtered ?? NO_COUNTS;
}
