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
 * - G3 once: no number is given away twice. Where it is not certain which was the last, because the end of the log is
 *   damaged and nothing else vouches for it, a new epoch begins; the old one is drained beside it.
 * - G4 accounts: the counts change in the transaction of the events that they count. After any crash,
 *   received = headSeq + the sum of filtered.
 * - Group commit: a commit takes what was appended while the last one was written. No commit waits for company.
 * - G2 no-loss: a segment is unlinked only when every event of it is applied.
 * - G7 bounded: everything below the directory together stays within `bytesMax`, with room in it to thin a segment. When
 *   there is no room, limit or disk, segments that JetStream has go first, then events by class (`shedding.ts`), the
 *   oldest first; what may not go is refused (`journal-full`). Each number of an event that went stays as a tombstone
 *   with the reason, and is told to the cloud. Unlinking and thinning work on a full disk.
 * - G8 salvage: a sealed segment is held against its checksum when the journal is opened, and every block when it is
 *   read. A damaged file is set aside whole with a report; what is readable in it is served, and the rest is told to the
 *   cloud as `damaged`. The log of the open segment is read without SQLite first, which would take damage for its end.
 * - G9 safe-config: events are sent as they were stored; a config that is refused is refused before the journal
 *   is opened; the journal of another version, and that of another gateway, is refused and left alone.
 * - G10 clock: with every block stands how the gateway's clock stood. Nothing is ordered by it.
 * - One process: a second one on the same directory is refused, with the first one's process id.
 *
 * The caller's thread is never blocked by the disk: a worker thread writes.
 */
import type { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';
import type { EventClass } from '#shared/event-class.ts';
import type { Range } from '#shared/ranges.ts';

import type { ShedReason } from '#shared/shed.ts';

import type { ClockReading, GatewayClock } from '../clock/clock.ts';
import type { DamageReport } from './quarantine.ts';
import type { ClassCounts, ShedRange } from './segment-facts.ts';
import type { SheddingRules } from './shedding.ts';
import type { ShedCounts } from './state.ts';

/** What became of one message. */
export type Outcome = {
  /** The events to keep. */
  readonly kept: readonly Event[];
  /** Of each kept event, what it is worth when there is no room, where that is not as its kind says. */
  readonly classes?: readonly (EventClass | undefined)[];
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
  /** Whose events are kept from now on. */
  readonly site: string;
  readonly gateway: string;
  /** Everything below the directory. */
  readonly bytesMax: number;
  /** A segment is sealed when its files reach this … */
  readonly segmentBytesMax: number;
  /** … or when it is this old. */
  readonly segmentAgeMaxMs: number;
  readonly shedding: SheddingRules;
  /** The filter rules that events come through from now on; they stand with the segment. */
  readonly ruleVersion: string;
  /** How the clock stands when the journal is opened. */
  readonly clock: ClockReading;
};

/** What the journal tells of itself. None of it throws. */
export type JournalEvents = {
  /** Something was damaged and is repaired: what was lost is in the report. */
  journalDamaged(report: DamageReport): void;
  journalShed(what: {
    readonly segment: number;
    readonly reason: string;
    readonly bytesFreed: number;
  }): void;
  /** There is no room, or there is again: the alarm of a full journal. */
  journalFull(isFull: boolean, reason: string): void;
};

/** An epoch to send from. */
export type EpochJournal = {
  readonly epoch: string;
  /** What was applied when the journal was opened: everything below its oldest event, and what the state says. */
  readonly appliedAtOpen: readonly Range[];
  /** As of the last commit. */
  accounts(): JournalAccounts;
  /**
   * A claim that holds for ever (G12): every event received before `timeMs` has a sequence number below `seq`.
   * `nowMs` is the wall clock that messages are stamped with.
   */
  watermark(nowMs: number): { readonly seq: number; readonly timeMs: number };
  /** Tells what the cloud has applied, all of it. Segments that are covered are unlinked, soon. */
  setApplied(ranges: readonly Range[]): void;
  /** Tells what JetStream has that is not applied, all of it. */
  setStored(ranges: readonly Range[]): void;
  /** Repairs the segment with this event, which could not be read. Resolves when it can be tried again. */
  salvage(seq: number): Promise<void>;
  /** Calls `listener` after each commit. */
  onCommit(listener: () => void): void;
};

/** The open journal, whose current epoch it is itself. Disposing commits what was appended, and closes. */
export type Journal = AsyncDisposable &
  EpochJournal & {
    /** Epochs that ended and are not all applied, oldest first. */
    readonly pastEpochs: readonly EpochJournal[];
    append(outcome: Outcome, settled: Settled): void;
    /**
     * Whether a message with this key is on disk or on its way there: one of the last tens of thousands, also after a
     * restart (G3).
     */
    knows(messageKey: number): boolean;
    /** For a key that is known: calls back when the message is on disk, or with the error when it could not be. */
    afterCommitOf(messageKey: number, settled: Settled): void;
    /** Events that are appended from now on came through other rules: they go into a segment of their own. */
    setRules(version: string): void;
    /** For each boot of the machine the clock reading to correct its times by (G10). */
    boots(): readonly ClockReading[];
    stats(): Promise<JournalStats>;
    /** Rejects when the journal can go on no longer; never resolves. */
    readonly failed: Promise<never>;
  };

/** What the journal is opened with, beside its options. */
export type JournalParts = { readonly clock: GatewayClock; readonly events: JournalEvents };

/** One epoch in numbers. */
export type EpochStats = JournalAccounts & {
  readonly epoch: string;
  readonly isCurrent: boolean;
  readonly applied: number;
  /** In JetStream and not applied. */
  readonly stored: number;
  /** Given up, by reason; `damaged` is what the disk lost. */
  readonly shed: ShedCounts;
  /** Which they are, of segments that are still there: the first of them. */
  readonly shedRanges: readonly ShedRange[];
  /** Kept, and not applied. */
  readonly pending: number;
};

/** How the journal stands. */
export type JournalStats = {
  /** The current one last. */
  readonly epochs: readonly EpochStats[];
  /** Events that are pending, by class; of a segment that is applied in part, in proportion. */
  readonly classes: Readonly<Record<EventClass, ClassCounts>>;
  /** Receive time of the oldest pending event, about: by its place in its segment. */
  readonly oldestPendingMs: number | undefined;
  readonly bytes: number;
  readonly bytesMax: number;
  readonly segments: number;
  /** Whether the room for thinning is set aside on the disk. */
  readonly isReserveSetAside: boolean;
  /** Since the journal was opened. */
  readonly commits: CommitStats;
};

/** What commits took. */
export type CommitStats = {
  readonly commits: number;
  readonly events: number;
  /** Of records as they were appended. */
  readonly recordBytes: number;
  /** Written by this process, as the kernel counts it (`/proc/self/io`): pages of the log, of the files, of the state. */
  readonly bytesWritten: number;
  /** Of the last commits, milliseconds. */
  readonly commitMsP50: number;
  readonly commitMsP99: number;
};

/** A stretch of sequence numbers from the first that was asked for: its events, and what is no longer there. */
export type Stretch = {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly events: readonly Event[];
  readonly shed: readonly {
    readonly first: number;
    readonly last: number;
    readonly reason: ShedReason;
  }[];
};
