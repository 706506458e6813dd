import { expect, test } from 'vitest';

import { encodeLedgerRequest } from '#proto/ledger-request.ts';
import { decodeReceipt, type AppliedReceipt } from '#proto/receipt.ts';
import { systemClock } from '#shared/clock.ts';
import { ledgerSubject } from '#shared/names.ts';
import { RangeSet } from '#shared/ranges.ts';

import type { LedgerQuestion } from '../streams/streams.ts';
import { LedgerAnswers } from './ledger-answers.ts';

/** Asks all at once, and answers what came back and what was ignored. */
async function ask(
  questions: readonly { subject: string; data: Uint8Array }[],
): Promise<{ receipts: AppliedReceipt[]; ignored: string[] }> {
  const stopping = new AbortController();
  const receipts: AppliedReceipt[] = [];
  const ignored: string[] = [];
  let asked = questions.map((question): LedgerQuestion => ({
    ...question,
    reply: (bytes) => void receipts.push(decodeReceipt(bytes)),
  }));
  const answers = new LedgerAnswers({
    db: { query: () => Promise.reject(new Error('not used')) },
    readModel: {
      readLedgers: (_db, requests) =>
        Promise.resolve(
          requests.map(({ epoch }) => (epoch === 'known' ? RangeSet.of([[1, 7]]) : new RangeSet())),
        ),
    },
    streams: {
      askedLedgers: () => ({
        take: () => {
          const taken = asked;
          asked = [];
          if (taken.length === 0) stopping.abort();
          return Promise.resolve(taken);
        },
        [Symbol.dispose]: () => {},
      }),
    },
    clock: systemClock,
    events: {
      ignoredQuestions: (_count, reason) => void ignored.push(reason),
      notAnswering: () => {},
    },
  });
  await answers.run(stopping.signal);
  return { receipts, ignored };
}

const question = (gateway: string, epoch: string): { subject: string; data: Uint8Array } => ({
  subject: ledgerSubject(gateway),
  data: encodeLedgerRequest({ gateway, epoch }),
});

test('G2 no-loss: a gateway that asks hears what is accounted for, and nothing of a journal nobody heard of', async () => {
  const { receipts } = await ask([question('gw-1', 'known'), question('gw-1', 'unknown')]);
  expect(receipts.map(({ epoch, applied }) => ({ epoch, applied }))).toStrictEqual([
    { epoch: 'known', applied: [[1, 7]] },
    { epoch: 'unknown', applied: [] },
  ]);
});

test('G11 isolation: a question about another gateway than its subject, and what is no question, are not answered', async () => {
  const { receipts, ignored } = await ask([
    { ...question('gw-1', 'known'), subject: ledgerSubject('gw-2') },
    { subject: ledgerSubject('gw-1'), data: new Uint8Array([1, 2, 3]) },
    { subject: ledgerSubject('gw-1'), data: new Uint8Array(2000) },
  ]);
  expect(receipts).toStrictEqual([]);
  expect(ignored).toHaveLength(1);
});
