import { describe, expect, test } from 'vitest';

import { SendLedger } from './send-ledger.ts';

const RESEND_MS = 1000;

function ledgerOf(applied: [number, number][] = []): SendLedger {
  return new SendLedger({ applied, resendAfterMs: RESEND_MS });
}

function send(ledger: SendLedger, first: number, last: number, streamSeq: number): boolean {
  ledger.take(first, last);
  return ledger.noteStored(first, last, { streamSeq, duplicate: false });
}

const receiptAt = (
  streamSeq: number,
  applied: [number, number][],
  incarnation = 'a',
): Parameters<SendLedger['receipt']>[0] => ({
  epoch: 'e',
  streamSeq,
  applied,
  incarnation,
});

describe('the send ledger', () => {
  test('G2 no-loss: what is neither in flight, stored nor applied is pending, oldest first', () => {
    const ledger = ledgerOf([[1, 3]]);
    expect(ledger.pending(0)).toBeUndefined();
    expect(ledger.pending(3)).toBeUndefined();
    expect(ledger.pending(10)).toStrictEqual([4, 10]);
    ledger.take(4, 6);
    expect(ledger.pending(10)).toStrictEqual([7, 10]);
    ledger.release(5, 6);
    expect(ledger.pending(10)).toStrictEqual([5, 10]);
  });

  test('counts what is stored and what is applied, each once', () => {
    const ledger = ledgerOf();
    send(ledger, 1, 10, 1);
    send(ledger, 11, 20, 2);
    expect([ledger.storedCount, ledger.appliedCount]).toStrictEqual([20, 0]);
    ledger.receipt(receiptAt(1, [[1, 10]]), 0);
    expect([ledger.storedCount, ledger.appliedCount]).toStrictEqual([20, 10]);
  });

  test('G2 no-loss: a stream whose numbers begin again has lost what it stored: all of it that is not applied is pending', () => {
    const ledger = ledgerOf();
    expect(send(ledger, 1, 10, 101)).toBe(false);
    expect(send(ledger, 11, 20, 102)).toBe(false);
    ledger.receipt(receiptAt(101, [[1, 10]]), 0);
    expect(send(ledger, 21, 30, 1)).toBe(true);
    expect(ledger.pending(30)).toStrictEqual([11, 20]);
  });

  test('G2 no-loss: a heartbeat is enough to notice', () => {
    const ledger = ledgerOf();
    send(ledger, 1, 10, 5);
    expect(ledger.noteStored(11, 10, { streamSeq: 1, duplicate: false })).toBe(true);
    expect(ledger.pending(10)).toStrictEqual([1, 10]);
  });

  test('a duplicate tells the place of the first copy and is no sign of a stream that began again', () => {
    const ledger = ledgerOf();
    send(ledger, 1, 10, 5);
    send(ledger, 11, 20, 6);
    expect(ledger.noteStored(1, 10, { streamSeq: 5, duplicate: true })).toBe(false);
    expect(ledger.pending(20)).toBeUndefined();
  });

  test('G2 no-loss: a stored batch that receipts pass over is sent again, after a while', () => {
    const ledger = ledgerOf();
    send(ledger, 1, 10, 1);
    send(ledger, 11, 20, 2);
    ledger.receipt(receiptAt(2, [[11, 20]]), 0);
    expect(ledger.pending(20)).toBeUndefined();
    ledger.receipt(receiptAt(2, [[11, 20]]), RESEND_MS - 1);
    expect(ledger.pending(20)).toBeUndefined();
    ledger.receipt(receiptAt(2, [[11, 20]]), RESEND_MS);
    expect(ledger.pending(20)).toStrictEqual([1, 10]);
  });

  test('a batch that the cloud cannot apply is sent again at growing intervals, not for ever every few seconds', () => {
    const ledger = ledgerOf();
    let nowMs = 0;
    const intervals: number[] = [];
    for (let streamSeq = 1; streamSeq < 6; streamSeq++) {
      send(ledger, 1, 10, streamSeq);
      const sinceMs = nowMs;
      while (ledger.pending(10) === undefined) {
        ledger.receipt(receiptAt(streamSeq + 1, []), nowMs);
        nowMs += 100;
      }
      intervals.push(Math.round((nowMs - sinceMs) / RESEND_MS));
    }
    expect(intervals).toStrictEqual([1, 2, 4, 8, 16]);
  });

  test('a batch behind the receipt in the stream is not passed over: its turn has not come', () => {
    const ledger = ledgerOf();
    send(ledger, 1, 10, 1);
    send(ledger, 11, 20, 2);
    ledger.receipt(receiptAt(1, [[1, 10]]), 0);
    ledger.receipt(receiptAt(1, [[1, 10]]), RESEND_MS * 10);
    expect(ledger.pending(20)).toBeUndefined();
  });

  test('G2 no-loss: a receipt from another incarnation of the stream makes what the first one stored pending', () => {
    const ledger = ledgerOf();
    send(ledger, 1, 10, 1);
    ledger.receipt(receiptAt(0, []), 0);
    ledger.receipt(receiptAt(0, [], 'b'), 1);
    expect(ledger.pending(10)).toStrictEqual([1, 10]);
  });

  test('G3 once: what the cloud applied while the gateway was away is not sent', () => {
    const ledger = ledgerOf();
    ledger.receipt(
      receiptAt(9, [
        [1, 4],
        [8, 9],
      ]),
      0,
    );
    expect(ledger.pending(12)).toStrictEqual([5, 7]);
    expect(ledger.isApplied(8, 9)).toBe(true);
    expect(ledger.isApplied(7, 9)).toBe(false);
  });
});
