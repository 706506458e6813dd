/** What the thread that acknowledges and the thread that writes say to each other. */
import type { ErrorCode, ErrorKind } from '#shared/errors.ts';
import type { Range } from '#shared/ranges.ts';

import type { JournalAccounts, JournalOptions } from './journal.ts';

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
      readonly received: number;
      readonly filtered: Readonly<Record<string, number>>;
      /** Transferred. */
      readonly messageKeys: Float64Array<ArrayBuffer>;
    }
  | { readonly type: 'applied'; readonly ranges: readonly Range[] }
  | { readonly type: 'close' };

export type WriterFault = {
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly message: string;
};

/** From the writer: `opened` once, then one `committed` or `refused` a commit, in their order. */
export type FromWriter =
  | {
      readonly type: 'opened';
      readonly epoch: string;
      readonly applied: readonly Range[];
      readonly accounts: JournalAccounts;
      readonly messageKeys: Float64Array;
    }
  | { readonly type: 'unusable'; readonly fault: WriterFault }
  | {
      readonly type: 'committed';
      readonly accounts: JournalAccounts;
      /** Transferred back, to be filled again. */
      readonly records: ArrayBuffer;
    }
  | { readonly type: 'refused'; readonly fault: WriterFault };
