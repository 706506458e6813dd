/** The accounts of every epoch of a journal's image, as its gateway would tell them. */
import type { Accounts } from '#proto/batch/batch.ts';

import { entriesOf } from './block.ts';
import { epochFindings, segmentsOf, type JournalImage } from './journal-image.ts';
import { readRecord } from './record.ts';

export function accountsOf(image: JournalImage): Map<string, Accounts> {
  const accounts = new Map<string, Accounts>();
  const newest = new Map(image.segments.map((name) => [name.epoch, name]));
  for (const [epoch, name] of newest) {
    for (const found of segmentsOf({ ...image, segments: [name] })) {
      const { headSeq, filtered, applied, stored } = epochFindings(image, epoch, found);
      const byRule = JSON.parse(filtered) as Record<string, number>;
      const removed = Object.values(byRule).reduce((sum, count) => sum + count, 0);
      accounts.set(epoch, {
        received: headSeq + removed,
        filtered: byRule,
        headSeq,
        stored: applied.size + stored.size,
      });
    }
  }
  return accounts;
}

/** About how many numbers its segments hold. */
export function numbersIn(image: JournalImage): number {
  const heads = [...accountsOf(image)].map(([epoch, { headSeq }]) => {
    const applied = image.state?.epochs.find((each) => each.epoch === epoch)?.applied[0];
    return applied?.[0] === 1 ? headSeq - applied[1] : headSeq;
  });
  return heads.reduce((sum, count) => sum + Math.max(0, count), 0);
}

/** When the newest event was taken by a clock that a source had confirmed, milliseconds since 1970, if any of the newest segment was. */
export function newestConfirmedMs(image: JournalImage): number | undefined {
  for (const found of segmentsOf({ ...image, segments: image.segments.slice(-1) })) {
    const block = found.blocks.findLast(
      ({ clock, count }) => clock.trust === 'synced' && count > 0,
    );
    const entries = block === undefined ? [] : [...entriesOf(block)];
    const last = entries.findLast((entry) => entry.type === 'event');
    if (last !== undefined) return readRecord(last.record).receiveTimeMs;
  }
  return undefined;
}
