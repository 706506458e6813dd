/** An epoch that ended: nothing is appended to it, it is only sent and forgotten. */
import type { Range } from '#shared/ranges.ts';

import type { EpochJournal, JournalAccounts } from './journal.ts';

export type PastEpochParts = Pick<
  EpochJournal,
  'epoch' | 'setApplied' | 'setStored' | 'salvage'
> & {
  readonly applied: readonly Range[];
  readonly accounts: JournalAccounts;
};

export class PastEpoch implements EpochJournal {
  readonly epoch: string;
  readonly appliedAtOpen: readonly Range[];
  readonly setApplied: EpochJournal['setApplied'];
  readonly setStored: EpochJournal['setStored'];
  readonly salvage: EpochJournal['salvage'];
  readonly #accounts: JournalAccounts;

  constructor(parts: PastEpochParts) {
    this.epoch = parts.epoch;
    this.appliedAtOpen = parts.applied;
    this.setApplied = parts.setApplied;
    this.setStored = parts.setStored;
    this.salvage = parts.salvage;
    this.#accounts = parts.accounts;
  }

  accounts(): JournalAccounts {
    return this.#accounts;
  }

  /** Nothing more comes, so nothing is claimed beyond what it holds. */
  watermark(): { seq: number; timeMs: number } {
    return { seq: this.#accounts.headSeq + 1, timeMs: 0 };
  }

  onCommit(): void {}
}
