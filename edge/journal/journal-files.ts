/** What a directory's files say of the journal in it, without opening it: nothing is written and nothing is locked. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { lastSeqOf } from './block.ts';
import { listSegments, segmentBytes } from './segment-file.ts';
import { readSegmentImage } from './segment-image.ts';
import { PID_FILE } from './state.ts';
import { readWitness } from './witness.ts';

export type JournalFiles = {
  readonly segments: number;
  /** Of the segments. */
  readonly bytes: number;
  /** Of the newest segment; `undefined` where there is none. */
  readonly epoch: string | undefined;
  /** The last number that is known to have been given to an event; 0 where none is. */
  readonly lastSeq: number;
  /** Whether the gateway that wrote it stopped in good order. */
  readonly isClosed: boolean;
  /** Of the gateway that has it open. */
  readonly pid: number | undefined;
};

/** `undefined` where there is no such directory, or it cannot be read. */
export function readJournalFiles(directory: string): JournalFiles | undefined {
  try {
    readdirSync(directory);
  } catch {
    return undefined;
  }
  const names = listSegments(directory);
  const newest = names.at(-1);
  const witness = readWitness(directory);
  const isSame = witness !== undefined && witness.epoch === newest?.epoch;
  const image = newest === undefined ? undefined : readSegmentImage(directory, newest);
  const last = image?.blocks.at(-1);
  return {
    segments: names.length,
    bytes: names.reduce((sum, name) => sum + segmentBytes(directory, name), 0),
    epoch: newest?.epoch,
    lastSeq: Math.max(
      isSame ? witness.headSeq : 0,
      last === undefined ? (image?.header?.firstSeq ?? 1) - 1 : lastSeqOf(last),
    ),
    isClosed: isSame && witness.isClosed,
    pid: holderOf(directory),
  };
}

/** The process that wrote its id there, if it is alive and a gateway: after a power cut the id may be another's. */
function holderOf(directory: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(directory, PID_FILE), 'utf8'));
    if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return args.includes('edge') && args.includes('run') ? pid : undefined;
  } catch {
    // No such file, or no such process.
    return undefined;
  }
}
