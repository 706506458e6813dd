/**
 * Streams: what the cloud side asks of JetStream, and what gateways ask of the cloud side beside it.
 *
 * Promises
 * - Declared, never silently changed: a stream that is missing is made as `declarations.ts` says; one that
 *   differs is an error that lists the fields, and stays as it is.
 * - G2 no-loss: `TALLY_INGEST` is a file, discards *new* messages when it is full (the gateways keep them), and
 *   has limits retention: it is the source of truth that the read model is rebuilt from.
 * - The database owns the cursor: the consumer is made anew from it whenever it is gone, and may be deleted at
 *   any time. A message is delivered again until it is acknowledged; order is not promised.
 * - G7 bounded: at most `unackedMax` messages are delivered and not acknowledged, and at most
 *   `QUESTIONS_WAITING_MAX` questions wait.
 */

/** A batch as it was delivered. */
export type IngestMessage = {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly streamSeq: number;
  /** Nothing of it will be asked for again. */
  ack(): void;
};

/** Delivered messages, and which stream they are of. */
export type Delivery = {
  /** When the stream was made (RFC 3339): a stream that was made again is another one. */
  readonly incarnation: string;
  /**
   * The messages that are there, oldest first, at least one and at most `max`; none when `signal` aborts.
   * Rejects with a `TallyError` of kind `retry` when the stream or its consumer went away: subscribe again.
   */
  take(max: number, signal: AbortSignal): Promise<IngestMessage[]>;
};

/**
 * Where to start: the last message, from `firstSeq` on without a gap, that the read model has of this incarnation
 * of the stream; `firstSeq - 1` when it has none. `firstSeq` is the oldest message that the stream still holds.
 */
export type StartAfter = (incarnation: string, firstSeq: number) => Promise<number>;

/** A batch that cannot be applied, kept for people. */
export type DeadLetter = {
  readonly gateway: string;
  readonly reason: string;
  readonly incarnation: string;
  readonly streamSeq: number;
  readonly subject: string;
  readonly data: Uint8Array;
};

/** Questions beyond these are dropped: a gateway that gets no answer asks again. */
export const QUESTIONS_WAITING_MAX = 1024;

/** What a gateway asks of its ledger, on `ctl.v1.<gateway>.ledger`. Whether it is one is for the taker to see. */
export type LedgerQuestion = {
  readonly subject: string;
  readonly data: Uint8Array;
  reply(receipt: Uint8Array): void;
};

/** Questions as they come. Disposing leaves them to the other processes. */
export type LedgerQuestions = Disposable & {
  /**
   * The questions that are there, at least one and at most `max`; none when `signal` aborts. Rejects with a
   * `TallyError` of kind `retry` when no more will come: ask for them again, not at once.
   */
  take(max: number, signal: AbortSignal): Promise<LedgerQuestion[]>;
};

/** The connection to JetStream, which comes back by itself. */
export type Streams = AsyncDisposable & {
  /** Makes and checks the streams; rejects with `stream-mismatch`. */
  verify(): Promise<void>;
  subscribe(startAfter: StartAfter): Promise<Delivery>;
  /** Resolves when the entry is stored. The same entry is stored once. */
  deadLetter(entry: DeadLetter): Promise<void>;
  /** Tells a gateway; it hears, or asks again. */
  publishReceipt(gateway: string, receipt: Uint8Array): void;
  /** Of several processes on one server, each question comes to one. */
  askedLedgers(): LedgerQuestions;
};
