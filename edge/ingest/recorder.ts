import type { TallyError } from '#shared/errors.ts';

import type { IngestEvents, Peer, Refusal } from './ingest.ts';

/** The broker's own words are cut: they may quote what came in. */
const DETAIL_CHARACTERS_MAX = 200;

/** Counts what happens, and tells of what is worth telling. */
export class Recorder {
  readonly #events: IngestEvents;
  readonly #messages: [number, number, number] = [0, 0, 0];
  readonly #refused: Partial<Record<Refusal, number>> = {};
  #withheld = 0;

  constructor(events: IngestEvents) {
    this.#events = events;
  }

  counts(): {
    messages: readonly [number, number, number];
    withheld: number;
    refused: Readonly<Partial<Record<Refusal, number>>>;
  } {
    return {
      messages: [...this.#messages],
      withheld: this.#withheld,
      refused: { ...this.#refused },
    };
  }

  message(qos: 0 | 1 | 2): void {
    this.#messages[qos]++;
  }

  connected(peer: Peer): void {
    this.#events.deviceConnected(peer);
  }

  disconnected(peer: Peer): void {
    this.#events.deviceDisconnected(peer);
  }

  refused(peer: Peer, refusal: Refusal, detail?: string): void {
    this.#refused[refusal] = (this.#refused[refusal] ?? 0) + 1;
    this.#events.deviceRefused(peer, refusal, detail?.slice(0, DETAIL_CHARACTERS_MAX));
  }

  /** Every message counts; only the first of a connection is told. */
  withheld(peer: Peer, error: TallyError, isFirst: boolean): void {
    this.#withheld++;
    if (isFirst) this.#events.ackWithheld(peer, error);
  }

  failed(error: unknown): void {
    this.#events.ingestFailed(error);
  }
}
