/** Where each sequence number of the epoch is: pending, in flight, stored, applied. Pure bookkeeping. */
import { RangeSet, type Range } from '#shared/ranges.ts';

import type { Receipt, StoredAt } from './uplink.ts';

type StoredBatch = {
  readonly first: number;
  readonly last: number;
  readonly streamSeq: number;
  overtakenAtMs: number | undefined;
};

/** From ten seconds to most of an hour. */
const DOUBLINGS_MAX = 8;

export class SendLedger {
  /** In flight, stored or applied: everything that `take` passes over. */
  readonly #taken = new RangeSet();
  readonly #applied = new RangeSet();
  readonly #stored = new Set<StoredBatch>();
  /** What of them is in JetStream and not applied. */
  readonly #storedSeqs = new RangeSet();
  readonly #resendAfterMs: number;
  /** By first sequence number, how often a batch was sent again because receipts passed it over. */
  readonly #resends = new Map<number, number>();
  #incarnation: string | undefined;
  #lastStreamSeq = 0;

  constructor(options: { readonly applied: readonly Range[]; readonly resendAfterMs: number }) {
    this.#resendAfterMs = options.resendAfterMs;
    for (const [first, last] of options.applied) {
      this.#taken.add(first, last);
      this.#applied.add(first, last);
    }
  }

  get applied(): Range[] {
    return [...this.#applied];
  }

  /** How many of 1 to `headSeq` are applied. */
  get appliedCount(): number {
    return this.#applied.size;
  }

  /** How many are known to be in the stream or beyond. */
  get storedCount(): number {
    let count = this.#applied.size;
    for (const { first, last } of this.#stored) count += last - first + 1;
    return count;
  }

  /** What is known to be in the stream and is not applied. */
  get stored(): Range[] {
    return [...this.#storedSeqs];
  }

  /** The oldest pending run up to `headSeq`, still pending; `undefined` when there is none. */
  pending(headSeq: number): Range | undefined {
    return headSeq === 0 ? undefined : this.#taken.gaps(1, headSeq)[0];
  }

  /** Puts a range in flight. */
  take(first: number, last: number): void {
    this.#taken.add(first, last);
  }

  /** Puts a range back that was taken and not sent. */
  release(first: number, last: number): void {
    for (const [from, to] of this.#applied.gaps(first, last)) this.#taken.remove(from, to);
  }

  isApplied(first: number, last: number): boolean {
    return this.#applied.covers(first, last);
  }

  /** Notes that the stream stored a batch, or a heartbeat, which has no range. Answers whether the stream has lost what it acknowledged before. */
  noteStored(first: number, last: number, at: StoredAt): boolean {
    const rolledBack = !at.duplicate && at.streamSeq <= this.#lastStreamSeq;
    if (rolledBack) this.#forgetStored();
    if (!at.duplicate) this.#lastStreamSeq = at.streamSeq;
    for (const [from, to] of last < first ? [] : this.#applied.gaps(first, last)) {
      this.#storedSeqs.add(from, to);
      this.#stored.add({
        first: from,
        last: to,
        streamSeq: at.streamSeq,
        overtakenAtMs: undefined,
      });
    }
    return rolledBack;
  }

  /**
   * Takes a receipt. Batches that stand before it in the stream and are not applied `resendAfterMs` after that
   * was first seen are pending again; so is everything stored in a stream that is no longer there.
   */
  receipt(receipt: Receipt, nowMs: number): void {
    for (const [first, last] of receipt.applied) {
      this.#applied.add(first, last);
      this.#taken.add(first, last);
      this.#storedSeqs.remove(first, last);
    }
    if (this.#incarnation !== undefined && this.#incarnation !== receipt.incarnation)
      this.#forgetStored();
    this.#incarnation = receipt.incarnation;
    for (const batch of this.#stored) {
      if (this.#applied.covers(batch.first, batch.last)) this.#done(batch);
      else if (batch.streamSeq >= receipt.streamSeq) continue;
      else if (batch.overtakenAtMs === undefined) batch.overtakenAtMs = nowMs;
      else if (nowMs - batch.overtakenAtMs >= this.#patienceMs(batch)) this.#sendAgain(batch);
    }
  }

  #done(batch: StoredBatch): void {
    this.#stored.delete(batch);
    this.#resends.delete(batch.first);
  }

  /** A batch that the cloud cannot apply, for whatever reason, is not sent every few seconds for ever. */
  #patienceMs(batch: StoredBatch): number {
    return this.#resendAfterMs * 2 ** Math.min(this.#resends.get(batch.first) ?? 0, DOUBLINGS_MAX);
  }

  #sendAgain(batch: StoredBatch): void {
    this.#resends.set(batch.first, (this.#resends.get(batch.first) ?? 0) + 1);
    this.#forget(batch);
  }

  #forgetStored(): void {
    this.#lastStreamSeq = 0;
    for (const batch of this.#stored) this.#forget(batch);
  }

  #forget(batch: StoredBatch): void {
    this.#stored.delete(batch);
    this.#storedSeqs.remove(batch.first, batch.last);
    this.release(batch.first, batch.last);
  }
}
