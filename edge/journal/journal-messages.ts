/** What the thread that acknowledges and the thread that writes say to each other. */
import type { ErrorCode, ErrorKind } from '#shared/errors.ts';
import type { Range } from '#shared/ranges.ts';

import type { ClockReading } from '../clock/clock.ts';
import type { JournalAccounts, JournalOptions, JournalStats } from './journal.ts';
import type { DamageReport } from './quarantine.ts';

/** To the writer: how it starts (`workerData`). */
export type WriterOptions = JournalOptions;

/** To the writer. A `close` is answered by the thread's end. */
export type ToWriter =
  | {
      readonly type: 'commit';
      /** Transferred. */
      readonly records: ArrayBuffer;
      readonly length: number;
      readonly count: number;
      readonly filtered: Readonly<Record<string, number>>;
      readonly clock: ClockReading;
      /** Transferred. */
      readonly messageKeys: Float64Array<ArrayBuffer>;
    }
  | { readonly type: 'applied'; readonly epoch: string; readonly ranges: readonly Range[] }
  | { readonly type: 'stored'; readonly epoch: string; readonly ranges: readonly Range[] }
  | { readonly type: 'boot'; readonly reading: ClockReading }
  | { readonly type: 'rules'; readonly version: string }
  | { readonly type: 'salvage'; readonly id: number; readonly epoch: string; readonly seq: number }
  | { readonly type: 'stats'; readonly id: number }
  | { readonly type: 'close' };

export type WriterFault = {
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly message: string;
};

export type OpenedEpoch = {
  readonly epoch: string;
  readonly applied: readonly Range[];
  readonly accounts: JournalAccounts;
};

/** From the writer: `opened` once, then one `committed` or `refused` a commit, in their order. */
export type FromWriter =
  | {
      readonly type: 'opened';
      /** The current one last. */
      readonly epochs: readonly OpenedEpoch[];
      readonly messageKeys: Float64Array;
      readonly boots: readonly ClockReading[];
    }
  | { readonly type: 'unusable'; readonly fault: WriterFault }
  | {
      readonly type: 'committed';
      readonly accounts: JournalAccounts;
      /** Transferred back, to be filled again. */
      readonly records: ArrayBuffer;
    }
  | { readonly type: 'refused'; readonly fault: WriterFault }
  | { readonly type: 'damaged'; readonly report: DamageReport }
  | {
      readonly type: 'shed';
      readonly what: { segment: number; reason: string; bytesFreed: number };
    }
  | { readonly type: 'salvaged'; readonly id: number }
  | { readonly type: 'stats'; readonly id: number; readonly stats: JournalStats };
