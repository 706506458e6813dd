/** A group as it comes from the thread that acknowledges: what one commit writes. */
import type { ClockReading } from '../clock/clock.ts';
import { cut, type Block } from './block.ts';

export type Group = {
  readonly records: Uint8Array;
  readonly count: number;
  /** Events removed, by rule. */
  readonly filtered: Readonly<Record<string, number>>;
  readonly clock: ClockReading;
  readonly messageKeys: Float64Array;
};

/** Its blocks, the first of which begins with `firstSeq`; `filtered` are the accounts of the epoch with it. */
export function blocksOf(
  { records, clock, messageKeys }: Group,
  { firstSeq, filtered }: { readonly firstSeq: number; readonly filtered: Group['filtered'] },
): Block[] {
  const { buffer, byteOffset, byteLength } = messageKeys;
  return [
    ...cut({
      firstSeq,
      filtered: JSON.stringify(filtered),
      clock,
      messageKeys: new Uint8Array(buffer, byteOffset, byteLength),
      records,
    }),
  ];
}
