/** The uplink at work: one loop that cuts batches, and one delivery for each batch in flight. */
import type { Accounts } from '#proto/batch/batch.ts';
import { backoffMs } from '#shared/backoff.ts';
import type { Clock } from '#shared/clock.ts';
import { describe, TallyError } from '#shared/errors.ts';
import { batchMessageId } from '#shared/names.ts';
import { Signal } from '#shared/signal.ts';

import type { EpochJournal } from '../journal/journal.ts';
import type { ClockReading } from '../clock/clock.ts';
import { SendLedger } from './send-ledger.ts';
import type { BatchMaker, Link, OutboundBatch, UplinkEvents } from './uplink.ts';

export type UplinkSettings = {
  readonly gateway: string;
  readonly windowBatches: number;
  readonly batchEventsMax: number;
  /** How long a batch waits for company. */
  readonly lingerMs: number;
  readonly heartbeatMs: number;
  /** How long a stored batch may be passed over by receipts before it is sent again. */
  readonly resendAfterMs: number;
  /** Nothing more is appended to the epoch. */
  readonly isPast: boolean;
};

export type UplinkParts = {
  readonly journal: EpochJournal;
  /** For each boot of the gateway the clock reading to correct its times by. */
  readonly boots: () => readonly ClockReading[];
  readonly maker: BatchMaker;
  readonly link: Link;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: UplinkEvents;
};

/** For acknowledgements that are on their way when the gateway stops. */
const STOP_WAIT_MS = 1000;
const RETRY = { firstMs: 100, maxMs: 10_000 } as const;
/** For what only an operator can mend; it may be mended while we wait. */
const REFUSED_RETRY_MS = 30_000;

export class SendLoop {
  readonly #settings: UplinkSettings;
  readonly #parts: UplinkParts;
  readonly #ledger: SendLedger;
  readonly #deliveries = new Set<Promise<void>>();
  /** Raised when there may be something to do. */
  readonly #wake = new Signal();
  #pendingSinceMs: number | undefined;
  #lastSentMs: number;
  #heartbeats = 0;
  #greet = false;
  /** Where the journal was repaired last. */
  #lastSalvaged = 0;
  #fault: TallyError | undefined;

  constructor(settings: UplinkSettings, parts: UplinkParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#lastSentMs = parts.clock.monotonic();
    this.#ledger = new SendLedger({
      applied: parts.journal.appliedAtOpen,
      resendAfterMs: settings.resendAfterMs,
    });
    parts.journal.onCommit(() => this.#wake.raise());
    parts.link.onConnected(() => {
      // The answer tells where the cloud stands: what it lost, and what it applied while we were away.
      this.#greet = true;
      this.#wake.raise();
    });
    parts.link.onReceipt((receipt) => {
      if (receipt.epoch !== parts.journal.epoch) return;
      this.#assertNotOlder(receipt.applied.at(-1)?.[1] ?? 0);
      if (this.#fault !== undefined) return;
      this.#ledger.receipt(receipt, parts.clock.monotonic());
      parts.journal.setApplied(this.#ledger.applied);
      parts.events.receiptApplied(this.#ledger.appliedCount);
      this.#wake.raise();
    });
  }

  /** The accounts as a batch carries them. */
  accounts(): Accounts {
    return { ...this.#parts.journal.accounts(), stored: this.#ledger.storedCount };
  }

  /** Sends until the signal aborts; then what is in flight is left to the next start. A past epoch ends when it is applied. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#isDone) {
      if (this.#fault !== undefined) throw this.#fault;
      const waitMs = await this.#step(signal);
      if (waitMs > 0) await this.#wake.wait(waitMs, this.#parts.clock, signal);
    }
    // A server that hangs must not hold the end up; what is not acknowledged is sent again after the next start.
    await Promise.race([Promise.all(this.#deliveries), this.#parts.clock.sleep(STOP_WAIT_MS)]);
  }

  /**
   * The cloud can have no more of this epoch than the journal gave numbers for, unless the journal was put back to an
   * older state. It would then give the same numbers to other events, and the cloud would take them for copies. A past epoch
   * gives no numbers any more: there it only means that what the gateway lost had arrived.
   */
  #assertNotOlder(appliedSeq: number): void {
    const { epoch } = this.#parts.journal;
    const { headSeq } = this.#parts.journal.accounts();
    if (this.#settings.isPast || appliedSeq <= headSeq) return;
    this.#fault ??= new TallyError(
      'stop',
      'journal-unusable',
      `the cloud has event ${appliedSeq} of journal ${epoch}, whose last is ${headSeq}: it is an older copy. ` +
        'Move its directory aside, so that a new journal is begun, and keep it: it may hold events that never arrived',
    );
    this.#wake.raise();
  }

  get #isDone(): boolean {
    const { headSeq } = this.#parts.journal.accounts();
    return this.#settings.isPast && (headSeq === 0 || this.#ledger.isApplied(1, headSeq));
  }

  /** Sends one batch, or answers how long nothing will have to be sent unless something happens. */
  async #step(signal: AbortSignal): Promise<number> {
    const { link, clock, journal } = this.#parts;
    const { windowBatches, heartbeatMs } = this.#settings;
    if (!link.connected || this.#deliveries.size >= windowBatches) return heartbeatMs;
    const now = clock.monotonic();
    const headSeq = journal.accounts().headSeq;
    const range = this.#ledger.pending(headSeq);
    const idleMs = now - this.#lastSentMs;
    if (this.#greet || (range === undefined && idleMs >= heartbeatMs)) {
      this.#greet = false;
      await this.#sendHeartbeat(headSeq, signal);
      return 0;
    }
    if (range === undefined) {
      this.#pendingSinceMs = undefined;
      return heartbeatMs - idleMs;
    }
    this.#pendingSinceMs ??= now;
    const lingerMs = this.#settings.lingerMs - (now - this.#pendingSinceMs);
    const [first, last] = range;
    if (last - first + 1 < this.#settings.batchEventsMax && lingerMs > 0) return lingerMs;
    this.#pendingSinceMs = undefined;
    await this.#sendRange(first, Math.min(last, first + this.#settings.batchEventsMax - 1), signal);
    return 0;
  }

  async #sendRange(first: number, last: number, signal: AbortSignal): Promise<void> {
    this.#ledger.take(first, last);
    const batch = await this.#make(first, last, signal);
    if (batch === undefined) return;
    if (batch.lastSeq < last) this.#ledger.release(batch.lastSeq + 1, last);
    this.#start(
      batch,
      batchMessageId({
        ...batch,
        gateway: this.#settings.gateway,
        epoch: this.#parts.journal.epoch,
      }),
      signal,
    );
  }

  /** The batch of the range; where the journal cannot be read, the range is pending again after a while. */
  async #make(
    first: number,
    last: number,
    signal: AbortSignal,
  ): Promise<OutboundBatch | undefined> {
    const { journal, maker, clock, events, boots } = this.#parts;
    const { headSeq } = journal.accounts();
    try {
      return await maker.make({
        epoch: journal.epoch,
        boots: boots(),
        firstSeq: first,
        lastSeq: last,
        lane: last === headSeq && !this.#settings.isPast ? 'fresh' : 'backlog',
        accounts: this.accounts(),
        watermark: { seq: first, timeMs: 0 },
      });
    } catch (error) {
      if (!(error instanceof TallyError) || error.kind !== 'retry') throw error;
      // Damage is repaired at once, and what is left is sent; where that did not help, a person is needed.
      const isNews = error.code === 'journal-damaged' && first !== this.#lastSalvaged;
      const retryMs = isNews ? 0 : REFUSED_RETRY_MS;
      events.batchUnreadable(first, error, retryMs);
      if (isNews) {
        this.#lastSalvaged = first;
        await journal.salvage(first);
      } else await clock.sleep(retryMs, signal);
      this.#ledger.release(first, last);
      return undefined;
    }
  }

  async #sendHeartbeat(headSeq: number, signal: AbortSignal): Promise<void> {
    const { journal, maker, clock } = this.#parts;
    const batch = await maker.make({
      epoch: journal.epoch,
      boots: [],
      firstSeq: headSeq + 1,
      lastSeq: headSeq,
      lane: 'fresh',
      accounts: this.accounts(),
      watermark: journal.watermark(clock.now()),
    });
    const messageId = `${this.#settings.gateway}:${journal.epoch}:heartbeat-${clock.now()}-${++this.#heartbeats}`;
    this.#start(batch, messageId, signal);
  }

  #start(batch: OutboundBatch, messageId: string, signal: AbortSignal): void {
    this.#lastSentMs = this.#parts.clock.monotonic();
    const delivery = this.#deliver(batch, messageId, signal).finally(() => {
      this.#deliveries.delete(delivery);
      this.#wake.raise();
    });
    this.#deliveries.add(delivery);
  }

  /** Publishes a batch until the stream has it. A heartbeat is tried once: the next one says more. */
  async #deliver(batch: OutboundBatch, messageId: string, signal: AbortSignal): Promise<void> {
    const { link, events, clock, random, journal } = this.#parts;
    const { firstSeq, lastSeq } = batch;
    const isHeartbeat = lastSeq < firstSeq;
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        const at = await link.publish(batch, messageId);
        if (this.#ledger.noteStored(firstSeq, lastSeq, at)) events.streamBeganAgain();
        if (!isHeartbeat) journal.setStored(this.#ledger.stored);
        events.batchStored(batch);
        return;
      } catch (error) {
        if (!(error instanceof TallyError))
          throw new Error(`publish failed: ${describe(error)}`, { cause: error });
        const retryMs =
          error.kind === 'stop' ? REFUSED_RETRY_MS : backoffMs(attempt, { ...RETRY, random });
        events.batchRefused(batch, error, retryMs);
        if (isHeartbeat) return;
        await clock.sleep(retryMs, signal);
        // Its receipt may have come though its acknowledgement did not.
        if (this.#ledger.isApplied(firstSeq, lastSeq)) return;
      }
    }
  }
}
