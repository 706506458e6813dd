/** The epochs of a directory, in memory: what of each is applied, stored, shed. The current one is the last. */
import { must } from '#shared/assert.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';
import type { ShedReason } from '#shared/shed.ts';

import type { EpochRecord, ShedCounts } from './state.ts';

export class Epoch {
  readonly epoch: string;
  readonly createdMs: number;
  readonly applied: RangeSet;
  stored: RangeSet;
  ended: EpochRecord['ended'];
  shed: ShedCounts;

  constructor(record: EpochRecord) {
    this.epoch = record.epoch;
    this.createdMs = record.createdMs;
    this.applied = RangeSet.of(record.applied);
    this.stored = RangeSet.of(record.stored);
    this.ended = record.ended;
    this.shed = record.shed;
  }

  static begin(epoch: string, nowMs: number): Epoch {
    return new Epoch({
      epoch,
      createdMs: nowMs,
      ended: undefined,
      applied: [],
      stored: [],
      shed: {},
    });
  }

  get record(): EpochRecord {
    const { epoch, createdMs, ended, applied, stored, shed } = this;
    return { epoch, createdMs, ended, applied: [...applied], stored: [...stored], shed };
  }

  apply(ranges: readonly Range[]): void {
    for (const [first, last] of ranges) {
      this.applied.add(first, last);
      // What is applied need not be remembered as stored too.
      this.stored.remove(first, last);
    }
  }

  /** Whether a range is in JetStream or beyond. */
  isStored(first: number, last: number): boolean {
    return this.applied.gaps(first, last).every(([from, to]) => this.stored.covers(from, to));
  }

  addShed(counts: ShedCounts): void {
    this.shed = sumShed([this.shed, counts]);
  }
}

export class Epochs {
  readonly #epochs: Epoch[];

  constructor(epochs: readonly Epoch[]) {
    this.#epochs = [...epochs];
  }

  get current(): Epoch {
    return must(this.#epochs.at(-1), 'the current epoch');
  }

  get all(): readonly Epoch[] {
    return this.#epochs;
  }

  find(epoch: string): Epoch | undefined {
    return this.#epochs.find((each) => each.epoch === epoch);
  }

  /** Ends the current one and begins another. */
  begin(next: Epoch, ended: NonNullable<EpochRecord['ended']>): void {
    this.current.ended = ended;
    this.#epochs.push(next);
  }

  forget(epoch: string): void {
    this.#epochs.splice(
      this.#epochs.findIndex((each) => each.epoch === epoch),
      1,
    );
  }
}

export function sumShed(counts: readonly ShedCounts[]): ShedCounts {
  const sum: Partial<Record<ShedReason, number>> = {};
  for (const each of counts) {
    for (const [reason, count] of Object.entries(each) as [ShedReason, number][])
      sum[reason] = (sum[reason] ?? 0) + count;
  }
  return sum;
}
