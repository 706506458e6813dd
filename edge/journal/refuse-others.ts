/** What is not ours to open is refused before anything is touched. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { TallyError } from '#shared/errors.ts';

import { segmentPath, UNFINISHED_FILE, type SegmentName } from './segment-file.ts';
import { isOtherFormat, peekFormat, readSegmentImage } from './segment-image.ts';

/** Throws where a segment was written by another version of Tallyport, or the newest by another gateway. */
export function refuseOthers(
  directory: string,
  names: readonly SegmentName[],
  gateway: string,
): void {
  assertFinished(directory);
  for (const name of names) assertFormat(directory, name);
  const newest = names.at(-1);
  const header = newest === undefined ? undefined : readSegmentImage(directory, newest).header;
  if (header === undefined || header.gateway === gateway) return;
  // Under a new name its events would be taken for others than those that were sent under the old one.
  throw new TallyError(
    'stop',
    'journal-unusable',
    `${directory}: the journal of gateway ${header.gateway}, and this is ${gateway}. Name the gateway as it was until ` +
      'everything is applied, or move the directory away and bring its events home with "tally replay send"',
  );
}

/** Throws where a salvage was interrupted: what is there looks whole, and is not all. */
export function assertFinished(directory: string): void {
  if (!existsSync(join(directory, UNFINISHED_FILE))) return;
  throw new TallyError(
    'stop',
    'journal-unusable',
    `${directory}: left by a salvage that was not finished. Run the same "tally replay salvage" again`,
  );
}

function assertFormat(directory: string, name: SegmentName): void {
  const image = peekFormat(directory, name);
  if (image === undefined || !isOtherFormat({ format: image })) return;
  throw new TallyError(
    'stop',
    'journal-unusable',
    `${segmentPath(directory, name)}: journal format ${image}; another version of Tallyport wrote it. ` +
      'Run that version, or bring its events home with its "tally replay"',
  );
}
