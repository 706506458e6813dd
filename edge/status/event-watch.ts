/** Listens to what the stages tell, and keeps of it how things stand: the link, and what went wrong. */
import { describe } from '#shared/errors.ts';

import type { JournalEvents } from '../journal/journal.ts';
import type { LinkEvents, UplinkEvents } from '../uplink/uplink.ts';

export type WatchedEvents = JournalEvents & LinkEvents & UplinkEvents;

/** How things stand. Times are of the monotonic clock. */
export type Watched = {
  readonly connected: boolean;
  readonly connectedChangedMs: number;
  readonly lastLinkError: { readonly reason: string; readonly atMs: number } | undefined;
  /** While the journal refuses events. */
  readonly fullReason: string | undefined;
  /** When events were given up for want of room, last. */
  readonly shedMs: number | undefined;
  /** Found since the start. */
  readonly damages: number;
  /** Why a batch is refused that no retry will bring in. */
  readonly refusedReason: string | undefined;
  /** Why events in the journal cannot be read. */
  readonly unreadableReason: string | undefined;
};

/** Far more than can be in flight. */
const REASONS_MAX = 1000;
/** Has no number. Where one is refused, so is everything; the next batch that is stored says that it is over. */
const HEARTBEAT = 0;

export class EventWatch {
  readonly #monotonic: () => number;
  #connected = false;
  #connectedChangedMs: number;
  #lastLinkError: Watched['lastLinkError'];
  #fullReason: string | undefined;
  #shedMs: number | undefined;
  #damages = 0;
  /** By the first number of the batch. */
  readonly #refused = new Map<number, string>();
  readonly #unreadable = new Map<number, string>();

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#connectedChangedMs = monotonic();
  }

  get watched(): Watched {
    return {
      connected: this.#connected,
      connectedChangedMs: this.#connectedChangedMs,
      lastLinkError: this.#lastLinkError,
      fullReason: this.#fullReason,
      shedMs: this.#shedMs,
      damages: this.#damages,
      refusedReason: firstOf(this.#refused),
      unreadableReason: firstOf(this.#unreadable),
    };
  }

  /** The same events, heard here on their way. */
  listenTo<Events extends WatchedEvents>(events: Events): Events {
    return { ...events, ...this.#linkTaps(events), ...this.#journalTaps(events) };
  }

  #linkTaps(
    events: WatchedEvents,
  ): LinkEvents & Pick<UplinkEvents, 'batchStored' | 'batchRefused'> {
    return {
      connected: (server) => {
        this.#turn(true);
        events.connected(server);
      },
      disconnected: (reason) => {
        this.#turn(false);
        this.#lastLinkError = { reason, atMs: this.#monotonic() };
        events.disconnected(reason);
      },
      receiptUnreadable: (reason) => events.receiptUnreadable(reason),
      batchStored: (batch) => {
        this.#refused.delete(HEARTBEAT);
        for (const reasons of [this.#refused, this.#unreadable]) {
          for (const seq of reasons.keys())
            if (seq >= batch.firstSeq && seq <= batch.lastSeq) reasons.delete(seq);
        }
        events.batchStored(batch);
      },
      batchRefused: (batch, error, retryMs) => {
        const seq = batch.lastSeq < batch.firstSeq ? HEARTBEAT : batch.firstSeq;
        if (error.kind === 'stop') note(this.#refused, seq, describe(error));
        events.batchRefused(batch, error, retryMs);
      },
    };
  }

  #journalTaps(events: WatchedEvents): JournalEvents & Pick<UplinkEvents, 'batchUnreadable'> {
    return {
      batchUnreadable: (firstSeq, error, retryMs) => {
        // What is tried again at once is being repaired.
        if (retryMs > 0) note(this.#unreadable, firstSeq, describe(error));
        events.batchUnreadable(firstSeq, error, retryMs);
      },
      journalDamaged: (report) => {
        this.#damages++;
        events.journalDamaged(report);
      },
      journalShed: (what) => {
        // What JetStream has is safe there.
        if (what.reason !== 'stored') this.#shedMs = this.#monotonic();
        events.journalShed(what);
      },
      journalFull: (isFull, reason) => {
        this.#fullReason = isFull ? reason : undefined;
        events.journalFull(isFull, reason);
      },
    };
  }

  #turn(connected: boolean): void {
    if (connected === this.#connected) return;
    this.#connected = connected;
    this.#connectedChangedMs = this.#monotonic();
  }
}

function note(reasons: Map<number, string>, seq: number, reason: string): void {
  if (reasons.size < REASONS_MAX || reasons.has(seq)) reasons.set(seq, reason);
}

function firstOf(reasons: ReadonlyMap<number, string>): string | undefined {
  return reasons.values().next().value;
}
