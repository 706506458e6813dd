/**
 * Sends batches into JetStream and waits for the cloud's word on them. What the cloud has already is not sent; what is sent
 * twice is taken once (G3), so a send that was interrupted is simply begun again.
 */
import type { Clock } from '#shared/clock.ts';
import { backoffMs } from '#shared/backoff.ts';
import { TallyError } from '#shared/errors.ts';
import { batchMessageId } from '#shared/names.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';

import type { Link } from '../uplink/uplink.ts';
import type { TallyFrame } from './tally-file/tally-file.ts';

export type SendParts = {
  readonly gateway: string;
  readonly link: Pick<Link, 'publish' | 'ledger'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (receipt: SendReceipt) => void;
};

export type SendOptions = {
  /** Says what would be sent, and sends nothing. */
  readonly dryRun: boolean;
  /** Events a second, at most. */
  readonly rate?: number | undefined;
};

/** What became of the events, and the cloud's word for it. */
export type SendReceipt = {
  /** Events of the source. */
  events: number;
  /** Events that the cloud had before. */
  alreadyApplied: number;
  /** Events that the stream took; with `--dry-run` those that it would be given. */
  sent: number;
  /** Events that the stream refuses, with its reason. */
  refused: number;
  refusals: string[];
  /** Events that were sent and that the cloud says it has applied. */
  applied: number;
  /** What was sent and is in the stream, and not applied yet. */
  readonly waiting: { readonly epoch: string; readonly ranges: readonly Range[] }[];
};

/** Batches on their way at once. */
const WINDOW = 16;
const RETRY = { firstMs: 200, maxMs: 10_000 } as const;
const TRIES_MAX = 8;
const ASKS_MAX = 4;
const ASK_EVERY_MS = 300;
/** So long without the cloud applying anything more, and it is not waited for. */
const PATIENCE_MS = 20_000;

export async function send(
  frames: AsyncIterable<TallyFrame> | Iterable<TallyFrame>,
  options: SendOptions,
  parts: SendParts,
): Promise<SendReceipt> {
  return await new Sender(options, parts).run(frames);
}

type SentBatch = Pick<TallyFrame, 'firstSeq' | 'lastSeq' | 'events'>;

class Sender {
  readonly #options: SendOptions;
  readonly #parts: SendParts;
  readonly #receipt: SendReceipt = {
    events: 0,
    alreadyApplied: 0,
    sent: 0,
    refused: 0,
    refusals: [],
    applied: 0,
    waiting: [],
  };
  /** By epoch, what the cloud had when it was asked first. */
  readonly #ledgers = new Map<string, RangeSet>();
  /** By epoch, the batches that the stream took. */
  readonly #sent = new Map<string, SentBatch[]>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #startedMs: number;
  #fault: Error | undefined;

  constructor(options: SendOptions, parts: SendParts) {
    this.#options = options;
    this.#parts = parts;
    this.#startedMs = parts.clock.monotonic();
  }

  async run(frames: AsyncIterable<TallyFrame> | Iterable<TallyFrame>): Promise<SendReceipt> {
    const { signal } = this.#parts;
    for await (const frame of frames) {
      signal.throwIfAborted();
      this.#throwFault();
      await this.#take(frame);
      this.#parts.onProgress(this.#receipt);
    }
    await Promise.all(this.#underWay);
    this.#throwFault();
    if (!this.#options.dryRun) await this.#awaitApplied();
    return this.#receipt;
  }

  async #take(frame: TallyFrame): Promise<void> {
    const { events, firstSeq, lastSeq, epoch } = frame;
    this.#receipt.events += events;
    const ledger = await this.#ledgerOf(epoch);
    if (lastSeq >= firstSeq && ledger.covers(firstSeq, lastSeq)) {
      this.#receipt.alreadyApplied += events;
      return;
    }
    if (this.#options.dryRun) {
      this.#receipt.sent += events;
      return;
    }
    await this.#pace();
    while (this.#underWay.size >= WINDOW) await Promise.race(this.#underWay);
    const delivery = this.#deliver(frame)
      .catch((error: unknown) => {
        this.#fault ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.#underWay.delete(delivery));
    this.#underWay.add(delivery);
  }

  async #ledgerOf(epoch: string): Promise<RangeSet> {
    const known = this.#ledgers.get(epoch);
    if (known !== undefined) return known;
    const ledger = RangeSet.of(await this.#ask(epoch));
    this.#ledgers.set(epoch, ledger);
    return ledger;
  }

  /** The cloud's word, which may be late in coming. */
  async #ask(epoch: string): Promise<readonly Range[]> {
    const { link, clock, random, signal } = this.#parts;
    for (let attempt = 1; ; attempt++) {
      try {
        return await link.ledger(epoch);
      } catch (error) {
        if (!(error instanceof TallyError)) throw error;
        signal.throwIfAborted();
        if (attempt === ASKS_MAX)
          throw new TallyError('stop', error.code, error.message, { cause: error.cause });
        await clock.sleep(backoffMs(attempt, { ...RETRY, random }), signal);
      }
    }
  }

  /** Waits as long as the rate wants. */
  async #pace(): Promise<void> {
    const { rate } = this.#options;
    const { clock, signal } = this.#parts;
    if (rate === undefined) return;
    const dueMs = this.#startedMs + (this.#receipt.sent * 1000) / rate;
    const earlyMs = dueMs - clock.monotonic();
    if (earlyMs > 0) await clock.sleep(earlyMs, signal);
  }

  async #deliver(frame: TallyFrame): Promise<void> {
    const { link, gateway, clock, random, signal } = this.#parts;
    const messageId = batchMessageId({ ...frame, gateway });
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        await link.publish({ ...frame, lane: 'backlog' }, messageId);
        this.#receipt.sent += frame.events;
        this.#note(frame);
        return;
      } catch (error) {
        if (!(error instanceof TallyError)) throw error;
        if (error.kind !== 'retry') {
          this.#receipt.refused += frame.events;
          this.#receipt.refusals.push(`${messageId}: ${error.message}`);
          return;
        }
        if (attempt === TRIES_MAX) throw notTaken(error);
        await clock.sleep(backoffMs(attempt, { ...RETRY, random }), signal);
      }
    }
  }

  #note({ epoch, firstSeq, lastSeq, events }: TallyFrame): void {
    const batches = this.#sent.get(epoch) ?? [];
    this.#sent.set(epoch, batches);
    batches.push({ firstSeq, lastSeq, events });
  }

  /** Asks the cloud until it has applied what was sent, or gets on no more. */
  async #awaitApplied(): Promise<void> {
    const { clock, signal, onProgress } = this.#parts;
    let patienceMs = clock.monotonic() + PATIENCE_MS;
    for (;;) {
      const before = this.#receipt.applied;
      this.#receipt.applied = 0;
      this.#receipt.waiting.length = 0;
      for (const [epoch, frames] of this.#sent)
        this.#count(epoch, frames, RangeSet.of(await this.#ask(epoch)));
      onProgress(this.#receipt);
      if (this.#receipt.waiting.length === 0) return;
      if (this.#receipt.applied > before) patienceMs = clock.monotonic() + PATIENCE_MS;
      if (clock.monotonic() >= patienceMs) return;
      await clock.sleep(ASK_EVERY_MS, signal);
      signal.throwIfAborted();
    }
  }

  #count(epoch: string, frames: readonly SentBatch[], ledger: RangeSet): void {
    const waiting = new RangeSet();
    for (const { firstSeq, lastSeq, events } of frames) {
      if (lastSeq < firstSeq || ledger.covers(firstSeq, lastSeq)) this.#receipt.applied += events;
      else for (const [first, last] of ledger.gaps(firstSeq, lastSeq)) waiting.add(first, last);
    }
    if (waiting.size > 0) this.#receipt.waiting.push({ epoch, ranges: [...waiting] });
  }

  #throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }
}

function notTaken(cause: TallyError): TallyError {
  return new TallyError(
    'stop',
    'stream-unavailable',
    'the stream does not take the batches now. The same command goes on from here',
    { cause },
  );
}
