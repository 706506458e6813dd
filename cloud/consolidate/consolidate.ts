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
 *   (gateway, epoch), and only when the ledger did not have it. There is no time window.
 * - G5 any-order: what is written depends on the set of batches, not on their order, number or cut.
 * - G2 no-loss: a message is acknowledged after the commit; a receipt is sent after the commit. A crash
 *   anywhere in between delivers the message again, and the ledger finds it.
 * - G4 accounts: the gateway's statement with the highest count wins, whenever it comes. What is missing below
 *   the highest sequence number heard of is known by the commit that shows it.
 * - G11 isolation: a batch is applied only when the subject it came on is its own gateway's.
 * - G12 complete-until: a watermark counts when everything below it is applied or shed.
 */
import type { Batch, ShedRange, Watermark } from '#proto/batch/batch.ts';
import type { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';

import type { Queryable } from '../store/store.ts';

/** The ledger and the accounts of one journal, as far as the cloud has heard. */
export type EpochState = {
  readonly gateway: string;
  readonly epoch: string;
  readonly site: string;
  /** The ledger (G3). */
  readonly applied: RangeSet;
  /** Given up by the gateway and not applied; ascending, disjoint. */
  readonly shed: readonly ShedRange[];
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

/** What of an epoch's sequence numbers is applied or shed. */
export function accountedFor({ applied, shed }: Pick<EpochState, 'applied' | 'shed'>): RangeSet {
  if (shed.length === 0) return applied;
  const both = RangeSet.of(applied);
  for (const { first, last } of shed) both.add(first, last);
  return both;
}

/** What is neither applied nor shed, up to the highest sequence number heard of; ascending (G4). */
export function missingRanges(state: Pick<EpochState, 'applied' | 'shed' | 'headSeq'>): Range[] {
  return state.headSeq === 0 ? [] : accountedFor(state).gaps(1, state.headSeq);
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

/** A stream, and when it was made, as the server says it. */
export type StreamKey = { readonly stream: string; readonly incarnation: string };

/** What consolidation writes, inside the transaction that is handed in. */
export type ReadModel = {
  /** The states of these epochs, made where they are new, locked until the transaction ends; in an order that never deadlocks. */
  lockEpochs(tx: Queryable, keys: readonly EpochKey[]): Promise<EpochState[]>;
  saveEpochs(tx: Queryable, states: readonly EpochState[]): Promise<void>;
  /** Rejects when an event is there already: the ledger was asked before (G3). */
  insertEvents(tx: Queryable, rows: readonly EventRow[]): Promise<void>;
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
