/**
 * Consolidate: applies what the gateways sent to the read model, each event once, in any order.
 *
 * ```
 *   take messages ─► decode ─► BEGIN, lock the epochs ─► what the ledger does not have ─► COMMIT ─► ack ─► receipt
 *                      │                                  events, ledger, accounts, cursor
 *                      └─ not a batch: TALLY_DLQ, then ack
 * ```
 *
 * Promises
 * - G3 once: an event is written in the transaction that adds its sequence number to the ledger of its
 *   (gateway, epoch), and only when the ledger did not have it as applied. There is no time window.
 * - G5 any-order: what is written depends on the set of batches, not on their order, number or cut. An event wins
 *   over a tombstone of the same number, and of two reasons the same one wins, whichever comes first.
 * - G2 no-loss: a message is acknowledged after the commit; a receipt is sent after the commit. A crash
 *   anywhere in between delivers the message again, and the ledger finds it.
 * - G4 accounts: the gateway's statement with the highest count wins, whenever it comes. What is missing below
 *   the highest sequence number heard of is known by the commit that shows it.
 * - G11 isolation: a batch is applied, and a question about a ledger answered, only when the subject it came on is
 *   its own gateway's.
 * - G7 bounded: of what an epoch gave up, tens of thousands of ranges, a transaction reads and writes those that
 *   its batches overlap or touch.
 * - G12 complete-until: a watermark counts when everything below it is applied or shed.
 */
import type { Batch, ShedRange, Watermark } from '#proto/batch/batch.ts';
import type { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';
import type { Range, RangeSet } from '#shared/ranges.ts';

import type { Queryable } from '../store/store.ts';

/** The ledger and the accounts of one journal, as far as the cloud has heard. */
export type EpochState = {
  readonly gateway: string;
  readonly epoch: string;
  readonly site: string;
  /** The ledger (G3): what is applied or shed; nearly always one range. */
  readonly accounted: RangeSet;
  /** How many of it are shed, by the reason; none is 0. */
  readonly shedCounts: Readonly<Record<string, number>>;
  /** The highest sequence number heard of. */
  readonly headSeq: number;
  readonly received: number;
  readonly filtered: Readonly<Record<string, number>>;
  readonly stored: number;
  /** The newest claim. */
  readonly claim: Watermark;
  /** Milliseconds since 1970; `undefined` while no claim has come true (G12). */
  readonly completeUntilMs: number | undefined;
};

/** An epoch with what batches need that are merged into it. */
export type EpochPart = EpochState & {
  /**
   * What the gateway gave up and is not applied: at least the ranges that the batches' ranges overlap or touch;
   * ascending, disjoint, each as long as it can be.
   */
  readonly shed: readonly ShedRange[];
};

/** What is neither applied nor shed, up to the highest sequence number heard of; ascending (G4). */
export function missingRanges({
  accounted,
  headSeq,
}: Pick<EpochState, 'accounted' | 'headSeq'>): Range[] {
  return headSeq === 0 ? [] : accounted.gaps(1, headSeq);
}

/** One event to write. */
export type EventRow = {
  readonly gateway: string;
  readonly epoch: string;
  readonly seq: number;
  readonly event: Event;
};

/** A batch with the place in the stream that it came from. */
export type ReceivedBatch = { readonly batch: Batch; readonly streamSeq: number };

/** Which journal, and whose. */
export type EpochKey = Pick<EpochState, 'gateway' | 'epoch' | 'site'>;

/** Which journal. */
export type JournalKey = Pick<EpochKey, 'gateway' | 'epoch'>;

/** What stands for a journal as the key of a map. */
export function keyOf({ gateway, epoch }: JournalKey): string {
  return `${gateway}:${epoch}`;
}

/** A range of a journal's sequence numbers, both included; none where `lastSeq` is one less. */
export type JournalRange = JournalKey & Pick<Batch, 'firstSeq' | 'lastSeq'>;

/** Shed ranges of one epoch, as they were read and as they are to be. */
export type ShedChange = JournalKey & {
  readonly before: readonly ShedRange[];
  readonly after: readonly ShedRange[];
};

/** A stream, and when it was made, as the server says it. */
export type StreamKey = { readonly stream: string; readonly incarnation: string };

/** What consolidation writes, inside the transaction that is handed in. */
export type ReadModel = {
  /** The states of these epochs, made where they are new, locked until the transaction ends; in an order that never deadlocks. */
  lockEpochs(tx: Queryable, keys: readonly EpochKey[]): Promise<EpochState[]>;
  saveEpochs(tx: Queryable, states: readonly EpochState[]): Promise<void>;
  /**
   * What is shed around: the ranges that overlap or touch one of `around`, ascending, by `keyOf` their journal.
   * Asked once the epochs are locked: before, somebody else may be writing them.
   */
  readShed(tx: Queryable, around: readonly JournalRange[]): Promise<Map<string, ShedRange[]>>;
  /** Writes where `after` differs. */
  saveShed(tx: Queryable, changes: readonly ShedChange[]): Promise<void>;
  /** Rejects when an event is there already: the ledger was asked before (G3). */
  insertEvents(tx: Queryable, rows: readonly EventRow[]): Promise<void>;
  /** What of each journal is applied or shed; nothing of one that is new. Locks nothing and makes nothing. */
  readLedgers(db: Queryable, keys: readonly JournalKey[]): Promise<RangeSet[]>;
  /** The stream's sequence numbers that are dealt with. */
  readCursor(db: Queryable, key: StreamKey): Promise<RangeSet>;
  /** Adds to them. */
  saveCursor(tx: Queryable, key: StreamKey, processed: Iterable<Range>): Promise<void>;
};

/** What the consolidator tells of itself. */
export type ConsolidatorEvents = {
  applied(eventCount: number, messageCount: number): void;
  poisoned(gateway: string, streamSeq: number, reason: string): void;
  waiting(error: TallyError, retryMs: number): void;
};

/** What is told of gateways that ask where their journal stands. */
export type LedgerEvents = {
  /** Questions that were no `LedgerRequest`, or not of the gateway that the subject names; `reason` is the first's. */
  ignoredQuestions(count: number, reason: string): void;
  /** Questions that are there are dropped: the gateways ask again. */
  notAnswering(error: TallyError, retryMs: number): void;
};
