/** The accounts of every epoch of a journal's image, as its gateway would tell them. */
import type { Accounts } from '#proto/batch/batch.ts';

import { epochFindings, segmentsOf, type JournalImage } from './journal-image.ts';

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
