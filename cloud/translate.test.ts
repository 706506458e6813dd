import { expect, test } from 'vitest';

import { encodeBatch } from '#proto/batch/encode.ts';

import { translate } from './translate.ts';

const BATCH = {
  site: 'berlin',
  gateway: 'gw-1',
  epoch: 'e',
  firstSeq: 5,
  lastSeq: 7,
  lane: 'fresh',
  accounts: { received: 7, filtered: {}, headSeq: 7, stored: 4 },
  watermark: { seq: 8, timeMs: 2000 },
  shed: [{ first: 6, last: 6, reason: 'full' }],
  events: [
    {
      kind: 'status',
      deviceId: 'd',
      eventTimeMs: 1000,
      receiveTimeMs: 2000,
      clock: { bootId: '3f2a9c81d04e', monotonicMs: 700, trust: 'unset', correctionMs: 500 },
      timeQuality: 'device',
      online: true,
    },
    {
      kind: 'raw',
      deviceId: '',
      eventTimeMs: 2000,
      receiveTimeMs: 2000,
      timeQuality: 'receive',
      reason: 'payload: expected JSON',
      topic: 'x',
      payload: new Uint8Array([1, 2]),
    },
  ],
} as const;

async function linesOf(...chunks: Uint8Array[]): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const line of translate(ReadableStream.from(chunks))) lines.push(JSON.parse(line));
  return lines;
}

test('a batch is one line about itself and one for each event, with its number', async () => {
  const bytes = encodeBatch(BATCH);
  const lines = await linesOf(bytes.subarray(0, 10), bytes.subarray(10));
  expect(lines).toMatchObject([
    {
      gateway: 'gw-1',
      firstSeq: 5,
      lastSeq: 7,
      count: 2,
      shed: [{ first: 6, last: 6, reason: 'full' }],
    },
    {
      seq: 5,
      kind: 'status',
      eventTime: '1970-01-01T00:00:01.000Z',
      receiveTime: '1970-01-01T00:00:02.000Z',
      clock: { bootId: '3f2a9c81d04e', monotonicMs: 700, trust: 'unset', correctionMs: 500 },
      online: true,
    },
    { seq: 7, kind: 'raw', payload: 'AQI=' },
  ]);
});

test('what is no batch is said to be none', async () => {
  await expect(linesOf(Buffer.from('hello'))).rejects.toThrow(
    'standard input is no batch: message: expected one zstd frame',
  );
});
