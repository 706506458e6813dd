/**
 * A journal in numbers, for the estimator: events come in and go out at rates that the test sets. Its bytes move as real
 * ones do: a segment grows with its log and shrinks when it is sealed, and is freed whole, when all of it is applied.
 */
import type { EpochStats } from '../../journal/journal.ts';
import type { FlowStats } from '../flow-meter.ts';

export type SimulatedOptions = {
  readonly bytesMax: number;
  readonly segmentBytesMax: number;
  readonly recordBytes: number;
  /** Bytes of a sealed segment for each byte of its records. */
  readonly sealedFactor: number;
  /** The same while it is open and its log grows. */
  readonly openFactor: number;
};

export type Rates = { readonly inPerS: number; readonly outPerS: number };

const EPOCH = {
  epoch: 'a',
  isCurrent: true,
  filtered: {},
  stored: 0,
  shed: {},
  shedRanges: [],
} as const;

export class SimulatedJournal {
  readonly #options: SimulatedOptions;
  /** The last number of each sealed segment; all hold as many events. */
  readonly #sealed: number[] = [];
  readonly #segmentEvents: number;
  #head = 0;
  #applied = 0;

  constructor(options: SimulatedOptions) {
    this.#options = options;
    const { segmentBytesMax, recordBytes, openFactor } = options;
    this.#segmentEvents = Math.floor(segmentBytesMax / (recordBytes * openFactor));
  }

  /** The same journal, for looking ahead. */
  copy(): SimulatedJournal {
    const copy = new SimulatedJournal(this.#options);
    copy.#sealed.push(...this.#sealed);
    copy.#head = this.#head;
    copy.#applied = this.#applied;
    return copy;
  }

  get pending(): number {
    return Math.floor(this.#head) - Math.floor(this.#applied);
  }

  get isFull(): boolean {
    return this.#bytes >= this.#options.bytesMax;
  }

  pass(seconds: number, { inPerS, outPerS }: Rates): void {
    this.#head += inPerS * seconds;
    this.#applied = Math.min(this.#head, this.#applied + outPerS * seconds);
    for (let first = this.#openFirst; this.#head - first >= this.#segmentEvents;) {
      first += this.#segmentEvents;
      this.#sealed.push(first);
    }
    // The newest sealed one stays.
    while (this.#sealed.length > 1 && (this.#sealed[0] ?? 0) <= this.#applied) this.#sealed.shift();
  }

  stats(): FlowStats {
    const { recordBytes, bytesMax } = this.#options;
    const headSeq = Math.floor(this.#head);
    const applied = Math.floor(this.#applied);
    const epoch: EpochStats = {
      ...EPOCH,
      headSeq,
      received: headSeq,
      applied,
      pending: this.pending,
    };
    const none = { events: 0, bytes: 0 };
    return {
      epochs: [epoch],
      classes: {
        telemetry: { events: this.pending, bytes: this.pending * recordBytes },
        status: none,
        raw: none,
        custody: none,
      },
      bytes: this.#bytes,
      bytesMax,
      segments: this.#sealed.length + 1,
      commits: {
        commits: headSeq,
        events: headSeq,
        recordBytes: headSeq * recordBytes,
        bytesWritten: 0,
        commitMsP50: 0,
        commitMsP99: 0,
      },
    };
  }

  get #openFirst(): number {
    return this.#sealed.at(-1) ?? 0;
  }

  get #bytes(): number {
    const { recordBytes, sealedFactor, openFactor, segmentBytesMax } = this.#options;
    const open = (this.#head - this.#openFirst) * recordBytes * openFactor;
    const sealed = this.#sealed.length * this.#segmentEvents * recordBytes * sealedFactor;
    // The reserve is there from the start.
    return Math.round(open + sealed + segmentBytesMax);
  }
}
