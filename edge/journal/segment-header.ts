/** What is needed to read a segment on its own: its one row of `segment`. */
import { crc32 } from 'node:zlib';

import type { SegmentName } from './segment-file.ts';

export type SegmentHeader = SegmentName & {
  readonly site: string;
  readonly gateway: string;
  readonly firstSeq: number;
  /** JSON: events removed by rule, of the epoch, before the first block. */
  readonly filtered: string;
  readonly ruleVersion: string;
};

export function headerChecksum(header: SegmentHeader): number {
  const { epoch, number, site, gateway, firstSeq, filtered, ruleVersion } = header;
  return crc32(JSON.stringify([epoch, number, site, gateway, firstSeq, filtered, ruleVersion]));
}
