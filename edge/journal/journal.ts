/**
 * The journal: the gateway's durable memory, a directory of SQLite segments.
 *
 * ```
 *   segments   [ 1 … applied, unlinked ]  0007 │ 0008 │ 0009 │ 0010 (open)
 *   seq                                   ▲applied   ▲stored            ▲head
 * ```
 *
 * Promises
 * - G1 durable-ack: `settled()` of an append is called only after its events and the counts of the rules that
 *   removed events are on disk: one SQLite transaction, WAL, `synchronous=FULL`. When the disk cannot take
 *   them, `settled(error)`; never a fallback to memory.
 * - Sequence: every kept event gets the next whole number of the epoch, without gaps, in the order of the
 *   appends. A failed commit gives none away.
 * - G4 accounts: the counts change in the transaction of the events that they count. After any crash,
 *   received = headSeq + the sum of filtered.
 * - Group commit: a commit takes what was appended while the last one was written. No commit waits for company.
 * - G2 no-loss: a segment is unlinked only when every event of it is applied.
 * - G7 bounded: beyond `bytesMax` of segments an append is refused (`journal-full`) until segments are applied.
 * - G8 salvage: a commit that the disk has damaged is noticed by its checksum and never sent as something else.
 * - G9 safe-config: events are sent as they were stored; a config that is refused is refused before the journal
 *   is opened.
 * - One process: a second one on the same directory is refused.
 *
 * The caller's thread is never blocked by the disk: a worker thread writes.
 */
import type { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';
import type { Range } from '#shared/ranges.ts';

/** What became of one message. */
export type Outcome = {
  /** The events to keep. */
  readonly kept: readonly Event[];
  /** For each event removed, the rule that did it. */
  readonly removed: readonly string[];
  /** Tells a message that is sent again from one that is new: a whole number below 2^53. */
  readonly messageKey?: number;
};

/** Calls back once: without an argument when the outcome is durable, with the error when it is not. */
export type Settled = (error?: TallyError) => void;

/** The durable accounts of the epoch (G4). */
export type JournalAccounts = {
  readonly received: number;
  readonly filtered: Readonly<Record<string, number>>;
  readonly headSeq: number;
};

/** Where the journal is, and how much room it may take. */
export type JournalOptions = {
  readonly directory: string;
  /** All segments together. */
  readonly bytesMax: number;
  /** A segment is sealed when its records reach this. */
  readonly segmentBytesMax: number;
};

/** The open journal. Disposing commits what was appended, and closes. */
export type Journal = AsyncDisposable & {
  readonly epoch: string;
  /** What was applied when the journal was opened: everything below its oldest event, and what the state says. */
  readonly appliedAtOpen: readonly Range[];
  append(outcome: Outcome, settled: Settled): void;
  /**
   * Whether a message with this key is on disk or on its way there: one of the last tens of thousands, also after a
   * restart (G3).
   */
  knows(messageKey: number): boolean;
  /** For a key that is known: calls back when the message is on disk, or with the error when it could not be. */
  afterCommitOf(messageKey: number, settled: Settled): void;
  /** As of the last commit. */
  accounts(): JournalAccounts;
  /**
   * A claim that holds for ever (G12): every event received before `timeMs` has a sequence number below `seq`.
   * `nowMs` is the wall clock that messages are stamped with.
   */
  watermark(nowMs: number): { readonly seq: number; readonly timeMs: number };
  /** Tells what the cloud has applied, all of it. Segments that are covered are unlinked, soon. */
  setApplied(ranges: readonly Range[]): void;
  /** Calls `listener` after each commit. */
  onCommit(listener: () => void): void;
  /** Rejects when the journal can go on no longer; never resolves. */
  readonly failed: Promise<never>;
};
