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
import { TallyError } from '#shared/errors.ts';
import type { Range } from '#shared/ranges.ts';

import type { FromWriter, ToWriter, WriterFault } from './journal-messages.ts';
import type { Journal, JournalAccounts, JournalOptions, Outcome, Settled } from './journal.ts';
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
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const worker = new Worker(new URL('./journal-worker.ts', import.meta.url), {
    workerData: options,
    resourceLimits: WRITER_HEAP,
  });
  const opened = await new Promise<FromWriter>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (opened.type !== 'opened') {
    await worker.terminate();
    throw opened.type === 'unusable'
      ? errorOf(opened.fault)
      : new TallyError('stop', 'journal-unusable', 'the journal did not open');
  }
  return new ThreadedJournal(worker, opened);
}

class Group {
  readonly writer: RecordWriter;
  readonly settled: Settled[] = [];
  readonly filtered: Record<string, number> = {};
  readonly messageKeys: number[] = [];
  count = 0;
  received = 0;
  /** The earliest receive time of its events. */
  sinceMs = Number.POSITIVE_INFINITY;

  constructor(buffer: ArrayBuffer) {
    this.writer = new RecordWriter(buffer);
  }
}

class ThreadedJournal implements Journal {
  readonly epoch: string;
  readonly appliedAtOpen: readonly Range[];
  readonly failed: Promise<never>;
  readonly #worker: Worker;
  readonly #listeners: (() => void)[] = [];
  readonly #ended: Promise<void>;
  readonly #recentKeys = new RecentKeys();
  /** Of the messages that are not on disk yet, with the group that will bring them there. */
  readonly #pendingKeys = new Map<number, Group>();
  #fail: (error: TallyError) => void = () => {};
  #accounts: JournalAccounts;
  #gathering = new Group(new ArrayBuffer(GROUP_BYTES_HINT));
  readonly #spare: ArrayBuffer[] = [];
  /** Groups in the writer's hands, oldest first. */
  readonly #writing: Group[] = [];
  #flushing = false;
  #fault: TallyError | undefined;
  #applied: readonly Range[] | undefined;
  readonly #appliedTimer: NodeJS.Timeout;

  constructor(worker: Worker, opened: Extract<FromWriter, { type: 'opened' }>) {
    this.#worker = worker;
    this.epoch = opened.epoch;
    this.appliedAtOpen = opened.applied;
    this.#accounts = opened.accounts;
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

  append({ kept, removed, messageKey }: Outcome, settled: Settled): void {
    if (this.#fault !== undefined) {
      settled(this.#fault);
      return;
    }
    const group = this.#gathering;
    for (const event of kept) {
      const start = group.writer.openFrame();
      writeRecord(group.writer, event);
      group.writer.closeFrame(start);
      if (event.receiveTimeMs < group.sinceMs) group.sinceMs = event.receiveTimeMs;
    }
    for (const rule of removed) group.filtered[rule] = (group.filtered[rule] ?? 0) + 1;
    group.count += kept.length;
    group.received += kept.length + removed.length;
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
    const sinceMs = this.#writing.reduce(
      (least, group) => Math.min(least, group.sinceMs),
      this.#gathering.sinceMs,
    );
    return { seq: this.#accounts.headSeq + 1, timeMs: Math.min(sinceMs, nowMs) };
  }

  setApplied(ranges: readonly Range[]): void {
    this.#applied = ranges;
  }

  onCommit(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#appliedTimer);
    this.#flush();
    this.#sendApplied();
    this.#send({ type: 'close' });
    await this.#ended;
  }

  #flush(): void {
    const group = this.#gathering;
    if (group.settled.length === 0) return;
    const { buffer, length } = group.writer.finish();
    this.#gathering = new Group(this.#spare.pop() ?? new ArrayBuffer(GROUP_BYTES_HINT));
    this.#writing.push(group);
    const { count, received, filtered } = group;
    const messageKeys = Float64Array.from(group.messageKeys);
    this.#send(
      { type: 'commit', records: buffer, length, count, received, filtered, messageKeys },
      [buffer, messageKeys.buffer],
    );
  }

  #answered(message: FromWriter): void {
    // After a fault nobody waits for an answer any more.
    if (this.#fault !== undefined) return;
    if (message.type !== 'committed' && message.type !== 'refused') return;
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
    if (this.#writing.length === 0) this.#flush();
    for (const settled of group.settled) settled(fault);
    if (fault?.kind === 'stop') this.#stop(fault);
    if (fault === undefined) for (const listener of this.#listeners) listener();
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
    if (this.#applied === undefined) return;
    this.#send({ type: 'applied', ranges: this.#applied });
    this.#applied = undefined;
  }

  #send(message: ToWriter, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}

function errorOf({ kind, code, message }: WriterFault): TallyError {
  return new TallyError(kind, code, message);
}
