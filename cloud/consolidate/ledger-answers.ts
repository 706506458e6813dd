/** Answers gateways that ask where their journal stands, from what is committed (`receipt.proto`). */
import { decodeLedgerRequest, type LedgerRequest } from '#proto/ledger-request.ts';
import { encodeReceipt } from '#proto/receipt.ts';
import type { Clock } from '#shared/clock.ts';
import { TallyError } from '#shared/errors.ts';
import { ledgerSubject } from '#shared/names.ts';

import type { Queryable } from '../store/store.ts';
import type { LedgerQuestion, Streams } from '../streams/streams.ts';
import type { LedgerEvents, ReadModel } from './consolidate.ts';

export type LedgerAnswersParts = {
  readonly db: Queryable;
  readonly readModel: Pick<ReadModel, 'readLedgers'>;
  readonly streams: Pick<Streams, 'askedLedgers'>;
  readonly clock: Clock;
  readonly events: LedgerEvents;
};

/** Questions that are answered by one query. */
const QUESTIONS_MAX = 64;
const AGAIN_AFTER_MS = 1000;

export class LedgerAnswers {
  readonly #parts: LedgerAnswersParts;

  constructor(parts: LedgerAnswersParts) {
    this.#parts = parts;
  }

  /**
   * Answers until the signal aborts. While it cannot, the questions are the other processes'. Rejects only with
   * what an operator must mend.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { streams, clock, events } = this.#parts;
    while (!signal.aborted) {
      try {
        using questions = streams.askedLedgers();
        while (!signal.aborted) await this.#answer(await questions.take(QUESTIONS_MAX, signal));
      } catch (error) {
        if (!(error instanceof TallyError) || error.kind !== 'retry') throw error;
        events.notAnswering(error, AGAIN_AFTER_MS);
        await clock.sleep(AGAIN_AFTER_MS, signal);
      }
    }
  }

  async #answer(questions: readonly LedgerQuestion[]): Promise<void> {
    const { db, readModel, events } = this.#parts;
    const asked: { readonly request: LedgerRequest; readonly question: LedgerQuestion }[] = [];
    const refused: string[] = [];
    for (const question of questions) {
      const request = requestOf(question);
      if (typeof request === 'string') refused.push(request);
      else asked.push({ request, question });
    }
    if (refused[0] !== undefined) events.ignoredQuestions(refused.length, refused[0]);
    if (asked.length === 0) return;
    const ledgers = await readModel.readLedgers(
      db,
      asked.map(({ request }) => request),
    );
    for (const [i, { request, question }] of asked.entries()) {
      const applied = [...(ledgers[i] ?? [])];
      question.reply(encodeReceipt({ ...request, applied, incarnation: '', streamSeq: 0 }));
    }
  }
}

/** The request, or why it is none that is answered (G11). */
function requestOf({ subject, data }: LedgerQuestion): LedgerRequest | string {
  try {
    const request = decodeLedgerRequest(data);
    if (subject === ledgerSubject(request.gateway)) return request;
    return `subject: expected ${ledgerSubject(request.gateway)}, the request's own gateway`;
  } catch (error) {
    if (error instanceof TallyError && error.kind === 'input') return error.message;
    throw error;
  }
}
