/** A process that builds its share of the images of a recording and judges each: one message in, one out. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Disk } from '#shared/testing/power-cut/disk.ts';
import { treeAfter, writeTree, type Cut } from '#shared/testing/power-cut/image.ts';
import { parseRecording } from '#shared/testing/power-cut/recording.ts';

import { judge, type Verdict } from './judge.ts';
import { withoutCommitSyncs } from './normal.ts';
import { Promises } from './promises.ts';

/** What a share is. */
export type Share = {
  readonly log: string;
  /** The directory that was recorded. */
  readonly recorded: string;
  readonly segmentBytesMax: number;
  /** Whether the syncs of the commits are left out, as `synchronous=NORMAL` does. */
  readonly isNormal: boolean;
  readonly cuts: readonly Cut[];
  /** Where images may be built, one at a time. */
  readonly scratch: string;
};

/** What became of one cut. */
export type Examined = { readonly cut: Cut; readonly verdict: Verdict };

process.once('message', (share: Share) => {
  void examine(share).then((examined) => process.send?.(examined, () => process.disconnect()));
});

async function examine(share: Share): Promise<Examined[]> {
  const all = parseRecording(await readFile(share.log), share.recorded);
  const operations = share.isNormal ? withoutCommitSyncs(all) : all;
  const disk = new Disk();
  const promised = new Promises();
  const image = join(share.scratch, 'image');
  const examined: Examined[] = [];
  for (const cut of share.cuts.toSorted((a, b) => a.at - b.at)) {
    for (const operation of operations.slice(disk.at, cut.at)) {
      disk.apply(operation);
      promised.hear(operation);
    }
    await writeTree(treeAfter(disk, cut), image);
    const { segmentBytesMax } = share;
    examined.push({ cut, verdict: await judge(image, { promised, segmentBytesMax }) });
    await rm(image, { recursive: true });
  }
  return examined;
}
