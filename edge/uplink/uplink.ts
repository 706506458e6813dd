/**
 * The uplink: brings the journal to JetStream, and keeps count of what has arrived.
 *
 * Each sequence number is in one of four places, and moves along or back:
 *
 * ```
 *            publish            JetStream's ack          applied receipt
 *   pending ────────► in flight ───────────────► stored ────────────────► applied
 *      ▲                                            │
 *      └── the stream was emptied, rolled back ◄────┘
 *          or passed over: send again
 * ```
 *
 * Promises
 * - G2 no-loss: an event is done with when the cloud has *applied* it. A stream that lost what it acknowledged
 *   is noticed (its sequence numbers begin again; a receipt from behind a stored batch does not name it) and the
 *   events are sent again. Publishing is tried for ever, with growing, jittered pauses.
 * - G3 once: sending again is always allowed; the cloud's ledger takes each sequence number once.
 * - G3 once: a journal that was put back to an older state is not used: its numbers would be given away twice.
 * - G7 bounded: at most `windowBatches` batches are held in memory.
 * - G8 salvage: what cannot be read is repaired and then sent, with tombstones for what is lost; nothing waits for it.
 * - G12 complete-until: each batch and each heartbeat carries a watermark that holds for ever.
 */
import type { Accounts, Lane, Watermark } from '#proto/batch/batch.ts';
import type { TallyError } from '#shared/errors.ts';
import type { Range } from '#shared/ranges.ts';

import type { ClockReading } from '../clock/clock.ts';

/** A batch as it goes out. */
export type OutboundBatch = {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly lane: Lane;
  /** Receive time of the first event, for operators; absent for a heartbeat. */
  readonly firstTimeMs?: number;
  readonly bytes: Uint8Array;
};

/** What to put into a batch, beside the events of the range. */
export type BatchRequest = {
  readonly epoch: string;
  readonly firstSeq: number;
  /** The batch ends here or before; firstSeq - 1 makes a heartbeat. */
  readonly lastSeq: number;
  readonly lane: Lane;
  readonly accounts: Accounts;
  /** The claim of a heartbeat. The claim of a batch with events is made from its last event. */
  readonly watermark: Watermark;
  /** For each boot of the gateway the clock reading to correct its times by (G10). */
  readonly boots: readonly ClockReading[];
};

/** Makes batches out of the journal, away from the thread that acknowledges. */
export type BatchMaker = AsyncDisposable & {
  /**
   * Rejects with a `TallyError`: `retry` when these events cannot be read now (`journal-damaged` where they must be salvaged
   * first), `stop` when no batch can be made again.
   */
  make(request: BatchRequest): Promise<OutboundBatch>;
};

/** Where a batch stands in the stream. `duplicate`: the stream had it already. */
export type StoredAt = { readonly streamSeq: number; readonly duplicate: boolean };

/** The cloud's word on what is applied of an epoch, all of it, as of the batch at `streamSeq`. */
export type Receipt = {
  readonly epoch: string;
  readonly applied: readonly Range[];
  readonly incarnation: string;
  readonly streamSeq: number;
};

/** The connection to JetStream. It connects and reconnects by itself, for ever. */
export type Link = AsyncDisposable & {
  readonly connected: boolean;
  /** Resolves when the stream has stored the batch; rejects with a `TallyError`: `retry`, or `stop` when no retry helps. */
  publish(batch: OutboundBatch, messageId: string): Promise<StoredAt>;
  /** What the cloud has of an epoch, asked now; rejects with a `TallyError` of kind `retry` or `stop` when nobody answers. */
  ledger(epoch: string): Promise<readonly Range[]>;
  onConnected(listener: () => void): void;
  onReceipt(listener: (receipt: Receipt) => void): void;
};

/** What the uplink tells of itself. */
export type UplinkEvents = {
  batchStored(batch: OutboundBatch): void;
  batchRefused(batch: OutboundBatch, error: TallyError, retryMs: number): void;
  /** The journal cannot be read there: damage, or no room to open it. The gateway goes on taking events. */
  batchUnreadable(firstSeq: number, error: TallyError, retryMs: number): void;
  receiptApplied(appliedCount: number): void;
  streamBeganAgain(): void;
};

/** What the link tells of itself. */
export type LinkEvents = {
  connected(server: string): void;
  disconnected(reason: string): void;
  receiptUnreadable(reason: string): void;
};
