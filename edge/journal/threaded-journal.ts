/**
 * The journal on the thread that acknowledges: gathers groups, hands them to the writer thread, settles.
 *
 * ```
 *   append append append      ← this group gathers while the last one is written
 *   [ group in the writer's hands ] → fsync → settle all of it
 * ```
 */
import { Worker } from 'node:worker_threads';

import { must } from '#shared/assert.ts';
import { describe, TallyError } from '#shared/errors.ts';
import type { Range } from '#shared/ranges.ts';

import { betterReading, isStep, type ClockReading, type GatewayClock } from '../clock/clock.ts';
import type { FromWriter, OpenedEpoch, ToWriter, WriterFault } from './journal-messages.ts';
import type {
  EpochJournal,
  Journal,
  JournalAccounts,
  JournalEvents,
  JournalOptions,
  JournalParts,
  JournalStats,
  Outcome,
  Settled,
} from './journal.ts';
import { PastEpoch } from './past-epoch.ts';
import { RecentKeys } from './recent-keys.ts';
import { RecordWriter } from './record-writer.ts';
import { writeRecord } from './record.ts';

/** What a group begins with; a buffer that grew comes back from the writer and is filled again. */
const GROUP_BYTES_HINT = 16 * 1024;
const SPARE_BUFFERS_MAX = 2;
/** A group is handed over in parts of about this size, so that a commit stays small beside a WAL. */
const GROUP_BYTES_MAX = 1024 * 1024;
/** How often what is applied is written down: forgetting a second of it costs sending it again. */
const APPLIED_INTERVAL_MS = 1000;
/** The writer keeps a few megabytes of rows; a small heap keeps the gateway small (G7). */
const WRITER_HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 } as const;

/** Opens the journal, or throws the `TallyError` that says why it cannot be used. */
export async function openJournal(options: JournalOptions, parts: JournalParts): Promise<Journal> {
  const worker = new Worker(new URL('./journal-worker.ts', import.meta.url), {
    workerData: options,
    resourceLimits: WRITER_HEAP,
  });
  // What was damaged, and what was shed for it, is told before the journal is open.
  const early: FromWriter[] = [];
  const first = Promise.withResolvers<FromWriter>();
  const hear = (message: FromWriter): void => {
    if (message.type === 'opened' || message.type === 'unusable') first.resolve(message);
    else early.push(message);
  };
  worker.on('message', hear);
  worker.once('error', first.reject);
  const opened = await first.promise;
  worker.off('message', hear);
  worker.off('error', first.reject);
  if (opened.type !== 'opened') {
    await worker.terminate();
    throw opened.type === 'unusable'
      ? errorOf(opened.fault)
      : new TallyError('stop', 'journal-unusable', 'the journal did not open');
  }
  for (const message of early) {
    if (message.type === 'damaged') parts.events.journalDamaged(message.report);
    if (message.type === 'shed') parts.events.journalShed(message.what);
  }
  return new ThreadedJournal(worker, opened, parts);
}

class Group {
  readonly writer: RecordWriter;
  /** How the clock stands while it gathers. */
  readonly clock: ClockReading;
  readonly settled: Settled[] = [];
  readonly filtered: Record<string, number> = {};
  readonly messageKeys: number[] = [];
  count = 0;
  /** The earliest receive time of its events. */
  sinceMs = Number.POSITIVE_INFINITY;

  constructor(buffer: ArrayBuffer, clock: ClockReading) {
    this.writer = new RecordWriter(buffer);
    this.clock = clock;
  }
}

class ThreadedJournal implements Journal {
  readonly epoch: string;
  readonly appliedAtOpen: readonly Range[];
  readonly pastEpochs: readonly EpochJournal[];
  readonly failed: Promise<never>;
  readonly #worker: Worker;
  readonly #listeners: (() => void)[] = [];
  readonly #ended: Promise<void>;
  readonly #recentKeys = new RecentKeys();
  /** Of the messages that are not on disk yet, with the group that will bring them there. */
  readonly #pendingKeys = new Map<number, Group>();
  #fail: (error: TallyError) => void = () => {};
  #accounts: JournalAccounts;
  #gathering: Group;
  readonly #clock: GatewayClock;
  readonly #events: JournalEvents;
  readonly #boots: BootReadings;
  readonly #asked = new Map<number, (answer: FromWriter) => void>();
  #lastAsked = 0;
  #isFull = false;
  readonly #spare: ArrayBuffer[] = [];
  /** Groups in the writer's hands, oldest first. */
  readonly #writing: Group[] = [];
  #flushing = false;
  #fault: TallyError | undefined;
  /** By epoch, what is not written down yet. */
  readonly #applied = new Map<string, readonly Range[]>();
  readonly #stored = new Map<string, readonly Range[]>();
  readonly #appliedTimer: NodeJS.Timeout;

  constructor(
    worker: Worker,
    opened: Extract<FromWriter, { type: 'opened' }>,
    parts: JournalParts,
  ) {
    this.#worker = worker;
    this.#clock = parts.clock;
    this.#events = parts.events;
    this.#gathering = new Group(new ArrayBuffer(GROUP_BYTES_HINT), parts.clock.reading());
    const current = must(opened.epochs.at(-1), 'the current epoch');
    this.epoch = current.epoch;
    this.appliedAtOpen = current.applied;
    this.#accounts = current.accounts;
    this.pastEpochs = opened.epochs.slice(0, -1).map((each) => this.#pastEpoch(each));
    this.#boots = new BootReadings(opened.boots);
    this.#recentKeys.addAll(opened.messageKeys);
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Whoever waits for it hears; nobody waiting is no fault of the process.
    this.failed.catch(() => {});
    this.#ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.once('exit', () =>
      this.#stop(new TallyError('stop', 'journal-write', 'the journal thread ended')),
    );
    worker.on('message', (message: FromWriter) => this.#answered(message));
    worker.on('error', (cause) =>
      this.#stop(new TallyError('stop', 'journal-write', 'the journal thread died', { cause })),
    );
    this.#appliedTimer = setInterval(() => this.#sendApplied(), APPLIED_INTERVAL_MS);
    this.#appliedTimer.unref();
  }

  append({ kept, classes, removed, messageKey }: Outcome, settled: Settled): void {
    if (this.#fault !== undefined) {
      settled(this.#fault);
      return;
    }
    const group = this.#groupNow();
    for (let i = 0; i < kept.length; i++) {
      const event = kept[i];
      if (event === undefined) break;
      const start = group.writer.openFrame();
      writeRecord(group.writer, event, classes?.[i]);
      group.writer.closeFrame(start);
      if (event.receiveTimeMs < group.sinceMs) group.sinceMs = event.receiveTimeMs;
    }
    for (const rule of removed) group.filtered[rule] = (group.filtered[rule] ?? 0) + 1;
    group.count += kept.length;
    if (messageKey !== undefined) {
      group.messageKeys.push(messageKey);
      this.#pendingKeys.set(messageKey, group);
    }
    group.settled.push(settled);
    if (group.writer.length >= GROUP_BYTES_MAX) this.#flush();
    else if (this.#writing.length === 0 && !this.#flushing) {
      // After the sockets that are readable now have been read: their messages share the commit.
      this.#flushing = true;
      setImmediate(() => {
        this.#flushing = false;
        if (this.#writing.length === 0) this.#flush();
      });
    }
  }

  knows(messageKey: number): boolean {
    return this.#recentKeys.has(messageKey) || this.#pendingKeys.has(messageKey);
  }

  afterCommitOf(messageKey: number, settled: Settled): void {
    const group = this.#pendingKeys.get(messageKey);
    if (this.#fault !== undefined) settled(this.#fault);
    else if (group === undefined) settled();
    else group.settled.push(settled);
  }

  accounts(): JournalAccounts {
    return this.#accounts;
  }

  watermark(nowMs: number): { seq: number; timeMs: number } {
    // What a clock says that is known to be wrong is claimed of no time.
    if (this.#clock.reading().trust === 'unset')
      return { seq: this.#accounts.headSeq + 1, timeMs: 0 };
    const sinceMs = this.#writing.reduce(
      (least, group) => Math.min(least, group.sinceMs),
      this.#gathering.sinceMs,
    );
    return { seq: this.#accounts.headSeq + 1, timeMs: Math.min(sinceMs, nowMs) };
  }

  setApplied(ranges: readonly Range[]): void {
    this.#applied.set(this.epoch, ranges);
  }

  setStored(ranges: readonly Range[]): void {
    this.#stored.set(this.epoch, ranges);
  }

  async salvage(seq: number): Promise<void> {
    await this.#salvage(this.epoch, seq);
  }

  boots(): readonly ClockReading[] {
    return this.#boots.all;
  }

  setRules(version: string): void {
    this.#flush();
    this.#send({ type: 'rules', version });
  }

  async stats(): Promise<JournalStats> {
    const answer = await this.#ask((id) => ({ type: 'stats', id }));
    if (answer.type !== 'stats')
      throw new TallyError('stop', 'journal-write', 'the journal thread ended');
    return answer.stats;
  }

  onCommit(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#appliedTimer);
    // A group may hold nothing but what was appended since the last one went.
    this.#flush();
    this.#sendApplied();
    this.#send({ type: 'close' });
    await this.#ended;
  }

  #flush(): void {
    if (this.#gathering.settled.length === 0) return;
    // Asked first: whoever hears of a change may append to the group that still gathers.
    const reading = this.#clock.reading();
    const group = this.#gathering;
    const { buffer, length } = group.writer.finish();
    const { count, filtered, clock } = group;
    this.#gathering = new Group(this.#spare.pop() ?? new ArrayBuffer(GROUP_BYTES_HINT), reading);
    this.#writing.push(group);
    const messageKeys = Float64Array.from(group.messageKeys);
    this.#send({ type: 'commit', records: buffer, length, count, filtered, clock, messageKeys }, [
      buffer,
      messageKeys.buffer,
    ]);
  }

  /** The group that gathers. All of it is stamped by one setting of the clock: what comes after a step is in the next one. */
  #groupNow(): Group {
    const reading = this.#clock.reading();
    const known = this.#boots.note(reading);
    if (known !== undefined) this.#send({ type: 'boot', reading: known });
    if (reading !== this.#gathering.clock) this.#flush();
    if (reading === this.#gathering.clock) return this.#gathering;
    const { buffer } = this.#gathering.writer.finish();
    this.#gathering = new Group(buffer, reading);
    return this.#gathering;
  }

  #pastEpoch({ epoch, applied, accounts }: OpenedEpoch): EpochJournal {
    return new PastEpoch({
      epoch,
      applied,
      accounts,
      setApplied: (ranges) => this.#applied.set(epoch, ranges),
      setStored: (ranges) => this.#stored.set(epoch, ranges),
      salvage: (seq) => this.#salvage(epoch, seq),
    });
  }

  async #salvage(epoch: string, seq: number): Promise<void> {
    await this.#ask((id) => ({ type: 'salvage', id, epoch, seq }));
  }

  async #ask(question: (id: number) => ToWriter): Promise<FromWriter> {
    if (this.#fault !== undefined) throw this.#fault;
    const id = ++this.#lastAsked;
    const { promise, resolve } = Promise.withResolvers<FromWriter>();
    this.#asked.set(id, resolve);
    this.#send(question(id));
    return await Promise.race([promise, this.failed]);
  }

  #answered(message: FromWriter): void {
    // After a fault nobody waits for an answer any more.
    if (this.#fault !== undefined) return;
    switch (message.type) {
      case 'damaged':
        this.#events.journalDamaged(message.report);
        return;
      case 'shed':
        this.#events.journalShed(message.what);
        return;
      case 'salvaged':
      case 'stats':
        this.#asked.get(message.id)?.(message);
        this.#asked.delete(message.id);
        return;
      case 'committed':
      case 'refused':
        this.#settle(message);
        break;
      default:
    }
  }

  #settle(message: Extract<FromWriter, { type: 'committed' | 'refused' }>): void {
    const group = must(this.#writing.shift(), 'the group that was answered');
    if (message.type === 'committed') {
      this.#accounts = message.accounts;
      this.#recentKeys.addAll(group.messageKeys);
      this.#keepSpare(message.records);
    }
    for (const key of group.messageKeys) {
      if (this.#pendingKeys.get(key) === group) this.#pendingKeys.delete(key);
    }
    const fault = message.type === 'refused' ? errorOf(message.fault) : undefined;
    this.#noteFull(fault);
    if (this.#writing.length === 0) this.#flush();
    for (const settled of group.settled) settled(fault);
    if (fault?.kind === 'stop') this.#stop(fault);
    if (fault === undefined) for (const listener of this.#listeners) listener();
  }

  /** The alarm is raised once, and taken back once. */
  #noteFull(fault: TallyError | undefined): void {
    const isFull = fault?.code === 'journal-full';
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#events.journalFull(isFull, fault === undefined ? '' : describe(fault));
  }

  /** Memory for the next groups: at load they are all about as long. An uncommonly long one is let go. */
  #keepSpare(buffer: ArrayBuffer): void {
    const isCommon = buffer.byteLength <= 2 * GROUP_BYTES_MAX;
    if (isCommon && this.#spare.length < SPARE_BUFFERS_MAX) this.#spare.push(buffer);
  }

  /** The journal takes no more: whatever waits is refused, and the owner is told. */
  #stop(fault: TallyError): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    const waiting = [...this.#writing.splice(0), this.#gathering].flatMap((group) =>
      group.settled.splice(0),
    );
    for (const settled of waiting) settled(fault);
    this.#fail(fault);
  }

  #sendApplied(): void {
    for (const [epoch, ranges] of this.#stored) this.#send({ type: 'stored', epoch, ranges });
    this.#stored.clear();
    for (const [epoch, ranges] of this.#applied) this.#send({ type: 'applied', epoch, ranges });
    this.#applied.clear();
  }

  #send(message: ToWriter, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}

/** The reading to correct by, for each boot (G10). */
class BootReadings {
  readonly #best: Map<string, ClockReading>;
  #last: ClockReading | undefined;

  constructor(known: readonly ClockReading[]) {
    this.#best = new Map(known.map((reading) => [reading.bootId, reading]));
  }

  get all(): readonly ClockReading[] {
    return [...this.#best.values()];
  }

  /** Notes a reading, and answers it when it is news. */
  note(reading: ClockReading): ClockReading | undefined {
    if (reading === this.#last) return undefined;
    this.#last = reading;
    const known = this.#best.get(reading.bootId);
    if (known !== undefined && betterReading(known, reading) === known) return undefined;
    if (known !== undefined && known.trust === reading.trust && !isStep(known, reading))
      return undefined;
    this.#best.set(reading.bootId, reading);
    return reading;
  }
}

function errorOf({ kind, code, message }: WriterFault): TallyError {
  return new TallyError(kind, code, message);
}
