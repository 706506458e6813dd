/** The loop that takes messages, applies them in one transaction, acknowledges and answers. */
import { encodeReceipt } from '#proto/receipt.ts';
import type { Clock } from '#shared/clock.ts';
import { describe, TallyError } from '#shared/errors.ts';
import { INGEST_STREAM } from '#shared/names.ts';
import type { Range } from '#shared/ranges.ts';
import { retry } from '#shared/retry.ts';

import type { Database, Queryable } from '../store/store.ts';
import type { Delivery, IngestMessage, Streams } from '../streams/streams.ts';
import {
  type ConsolidatorEvents,
  type EpochPart,
  type EpochState,
  type EventRow,
  keyOf,
  type ReadModel,
  type ReceivedBatch,
} from './consolidate.ts';
import { mergeBatch } from './merge-batch.ts';
import { gatewayOf, readBatches, type Poisoned } from './read-batches.ts';

export type ConsolidatorParts = {
  readonly db: Database;
  readonly readModel: ReadModel;
  readonly streams: Streams;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: ConsolidatorEvents;
  /** Messages of one transaction. */
  readonly messagesMax: number;
};

/** The messages of a transaction end where this many events and tombstones are reached (G7). */
const ENTRIES_MAX = 4096;
const RETRY = { firstMs: 100, maxMs: 5000 } as const;

export class Consolidator {
  readonly #parts: ConsolidatorParts;
  #consuming = false;

  constructor(parts: ConsolidatorParts) {
    this.#parts = parts;
  }

  /** Whether messages are being taken: the stream, its consumer and the database are there. */
  get consuming(): boolean {
    return this.#consuming;
  }

  /** Applies until the signal aborts. Rejects only with what an operator must mend. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random, events } = this.#parts;
    while (!signal.aborted) {
      const delivery = await retry(() => this.#subscribe(), {
        ...RETRY,
        clock,
        random,
        signal,
        onRetry: (error, retryMs) => events.waiting(error, retryMs),
      });
      if (delivery !== undefined) await this.#consume(delivery, signal);
    }
  }

  async #subscribe(): Promise<Delivery> {
    const { streams, db, readModel } = this.#parts;
    await streams.verify();
    return await streams.subscribe(async (incarnation, firstSeq) => {
      const processed = await readModel.readCursor(db, { stream: INGEST_STREAM, incarnation });
      return processed.runFrom(firstSeq);
    });
  }

  /** Takes and applies until the stream, its consumer or the database goes away. */
  async #consume(delivery: Delivery, signal: AbortSignal): Promise<void> {
    this.#consuming = true;
    try {
      while (!signal.aborted)
        await this.#apply(await delivery.take(this.#parts.messagesMax, signal), delivery);
    } catch (error) {
      if (!(error instanceof TallyError) || error.kind !== 'retry') throw error;
      // What was delivered and not acknowledged comes again.
      this.#parts.events.waiting(error, 0);
    } finally {
      this.#consuming = false;
    }
  }

  async #apply(messages: readonly IngestMessage[], delivery: Delivery): Promise<void> {
    for (const part of inParts(messages)) {
      for (const each of part.poisoned) await this.#setAside(each, delivery);
      const states = await this.#commitOrSplit(part, delivery);
      for (const message of part.messages) message.ack();
      this.#answer(states, part.batches, delivery);
    }
  }

  /** Commits a part; where the database refuses its data, each batch by itself, so that one harms no neighbour. */
  async #commitOrSplit(part: Part, delivery: Delivery): Promise<EpochState[]> {
    try {
      return await this.#commit(part, delivery);
    } catch (error) {
      if (!isDataRefused(error)) throw error;
      const [message] = part.messages;
      if (part.messages.length === 1 && message !== undefined) {
        const poisoned = { message, reason: `the database refuses the batch: ${describe(error)}` };
        await this.#setAside(poisoned, delivery);
        return await this.#commit(
          { messages: part.messages, batches: [], poisoned: [poisoned] },
          delivery,
        );
      }
      const states: EpochState[] = [];
      for (const each of part.messages)
        states.push(...(await this.#commitOrSplit(readPart([each]), delivery)));
      return states;
    }
  }

  /** One transaction (G3): the events that are not applied yet, the ledger, what is shed, the accounts, the cursor. */
  async #commit({ batches, messages }: Part, { incarnation }: Delivery): Promise<EpochState[]> {
    const rows: EventRow[] = [];
    const { db, readModel, events } = this.#parts;
    const states = await db.transaction(async (tx) => {
      const locked = await lockParts(tx, readModel, batches);
      const merged = new Map(locked.map((state) => [keyOf(state), state]));
      rows.length = 0;
      for (const { batch } of batches) {
        const state = merged.get(keyOf(batch));
        if (state === undefined) throw new RangeError(`epoch ${keyOf(batch)} is not locked`);
        const result = mergeBatch(state, batch);
        merged.set(keyOf(batch), result.state);
        rows.push(...result.rows);
      }
      await readModel.insertEvents(tx, rows);
      await readModel.saveEpochs(tx, [...merged.values()]);
      const changes = locked.map((state) => ({
        ...state,
        before: state.shed,
        after: merged.get(keyOf(state))?.shed ?? [],
      }));
      await readModel.saveShed(tx, changes);
      const processed = messages.map(({ streamSeq }): Range => [streamSeq, streamSeq]);
      await readModel.saveCursor(tx, { stream: INGEST_STREAM, incarnation }, processed);
      return [...merged.values()];
    });
    events.applied(rows.length, batches.length);
    return states;
  }

  /** A receipt for each epoch, after the commit (G2). */
  #answer(
    states: readonly EpochState[],
    batches: readonly ReceivedBatch[],
    { incarnation }: Delivery,
  ): void {
    for (const state of states) {
      const own = batches.filter(({ batch }) => keyOf(batch) === keyOf(state));
      const receipt = encodeReceipt({
        gateway: state.gateway,
        epoch: state.epoch,
        applied: [...state.accounted],
        incarnation,
        streamSeq: own.reduce((max, { streamSeq }) => Math.max(max, streamSeq), 0),
      });
      this.#parts.streams.publishReceipt(state.gateway, receipt);
    }
  }

  async #setAside({ message, reason }: Poisoned, { incarnation }: Delivery): Promise<void> {
    const gateway = gatewayOf(message.subject);
    const { subject, data, streamSeq } = message;
    await this.#parts.streams.deadLetter({
      gateway,
      reason,
      incarnation,
      streamSeq,
      subject,
      data,
    });
    this.#parts.events.poisoned(gateway, streamSeq, reason);
  }
}

type Part = {
  readonly messages: IngestMessage[];
  readonly batches: ReceivedBatch[];
  readonly poisoned: Poisoned[];
};

/** The epochs of the batches, locked, with what is shed around the batches. */
async function lockParts(
  tx: Queryable,
  readModel: ReadModel,
  received: readonly ReceivedBatch[],
): Promise<EpochPart[]> {
  const batches = received.map(({ batch }) => batch);
  const states = await readModel.lockEpochs(tx, batches);
  // Of most epochs nothing is shed: that costs no question.
  const shedding = new Set(
    states.filter(({ shedCounts }) => Object.keys(shedCounts).length > 0).map(keyOf),
  );
  const shed = await readModel.readShed(
    tx,
    batches.filter((batch) => shedding.has(keyOf(batch))),
  );
  return states.map((state) => ({ ...state, shed: shed.get(keyOf(state)) ?? [] }));
}

/** The messages in parts of about `ENTRIES_MAX` events and tombstones. */
function* inParts(messages: readonly IngestMessage[]): Generator<Part> {
  let part: Part = { messages: [], batches: [], poisoned: [] };
  let entries = 0;
  for (const message of messages) {
    const { batches, poisoned } = readBatches([message]);
    part.messages.push(message);
    part.batches.push(...batches);
    part.poisoned.push(...poisoned);
    for (const { batch } of batches) entries += batch.events.length + batch.shed.length;
    if (entries < ENTRIES_MAX) continue;
    yield part;
    part = { messages: [], batches: [], poisoned: [] };
    entries = 0;
  }
  if (part.messages.length > 0) yield part;
}

function readPart(messages: IngestMessage[]): Part {
  return { messages, ...readBatches(messages) };
}

/** Whether a value of the batch cannot be stored: SQLSTATE class 22, data exception, 23, integrity, or 54, too large. */
function isDataRefused(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^(?:22|23|54)/u.test(error.code)
  );
}
