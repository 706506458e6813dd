import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Batch } from '#proto/batch/batch.ts';
import { encodeBatch } from '#proto/batch/encode.ts';
import { decodeReceipt } from '#proto/receipt.ts';
import { systemClock } from '#shared/clock.ts';
import { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';
import { startPostgres, type TestPostgres } from '#shared/testing/postgres.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { digest } from '../store/digest.ts';
import { openDatabase } from '../store/open-database.ts';
import { readModel } from '../store/read-model.ts';
import type { Database } from '../store/store.ts';
import {
  memoryStreams,
  type MemoryMessage,
  type MemoryStreams,
} from '../streams/memory-streams.fixture.ts';
import { Consolidator } from './consolidator.ts';

function scanOf(seq: number): Event {
  const label = `P-${seq}`;
  return {
    kind: 'scan',
    deviceId: 'ring-1',
    eventTimeMs: 1_795_420_800_000 + seq,
    receiveTimeMs: 1_795_420_800_500 + seq,
    timeQuality: 'device',
    data: label,
    parcelId: label,
  };
}

function batchOf(first: number, last: number, fields: Partial<Batch> = {}): Batch {
  return {
    site: 'berlin',
    gateway: 'gw-1',
    epoch: 'e1',
    firstSeq: first,
    lastSeq: last,
    lane: 'fresh',
    accounts: { received: last, filtered: {}, headSeq: last, stored: 0 },
    watermark: { seq: last + 1, timeMs: 1_795_420_800_500 + last },
    shed: [],
    events: Array.from({ length: last - first + 1 }, (_, i) => scanOf(first + i)),
    ...fields,
  };
}

function messageOf(
  streamSeq: number,
  batch: Batch,
  subject = 'ingest.v1.berlin.gw-1',
): MemoryMessage {
  return { streamSeq, subject, data: encodeBatch(batch) };
}

/** Runs a consolidator until every message is acknowledged. */
async function consolidate(
  db: Database,
  messages: readonly MemoryMessage[],
): Promise<MemoryStreams> {
  const stopping = new AbortController();
  const streams = memoryStreams(messages, (count) => {
    if (count >= messages.length) stopping.abort();
  });
  const events = { applied: () => {}, poisoned: () => {}, waiting: () => {} };
  const parts = {
    db,
    readModel,
    streams,
    clock: systemClock,
    random: Math.random,
    events,
    messagesMax: 8,
  };
  await new Consolidator(parts).run(stopping.signal);
  return streams;
}

async function countScans(db: Database): Promise<number> {
  const [row] = await db.query<{ count: number }>('SELECT count(*) AS count FROM scan');
  return row?.count ?? 0;
}

describe.each(['pglite', 'postgres'] as const)('consolidating into %s', (engine) => {
  let server: TestPostgres | null = null;
  let databases = 0;
  beforeAll(async () => {
    if (engine === 'postgres') server = await startPostgres();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  /** A test with an empty database of its own; skipped where no PostgreSQL server is installed. */
  const check = test.extend<{ db: Database }>({
    db: async ({ skip }, use) => {
      if (engine === 'postgres' && server === null) skip('no PostgreSQL server is installed');
      await using dir = await tempDir('consolidate');
      const options =
        server === null
          ? { directory: dir.path }
          : { url: await server.createDatabase(`c${++databases}`) };
      await using db = await openDatabase(options);
      await use(db);
    },
  });

  check(
    'G2 no-loss: messages are acknowledged, and the gateway gets a receipt for all that is applied',
    async ({ db }) => {
      const streams = await consolidate(db, [
        messageOf(1, batchOf(1, 10)),
        messageOf(2, batchOf(21, 30)),
        messageOf(3, batchOf(11, 12)),
      ]);
      expect(streams.acknowledged).toStrictEqual([1, 2, 3]);
      const last = streams.receipts.at(-1);
      expect(decodeReceipt(last?.receipt ?? new Uint8Array())).toStrictEqual({
        gateway: 'gw-1',
        epoch: 'e1',
        applied: [
          [1, 12],
          [21, 30],
        ],
        incarnation: 'memory',
        streamSeq: 3,
      });
      expect(await countScans(db)).toBe(22);
    },
  );

  check(
    'G3 once: the same batches again, a week later, cut otherwise, change nothing',
    async ({ db }) => {
      await consolidate(db, [messageOf(1, batchOf(1, 100))]);
      const before = await digest(db);
      await consolidate(db, [
        messageOf(8, batchOf(1, 100)),
        messageOf(9, batchOf(40, 60)),
        messageOf(10, batchOf(1, 1)),
      ]);
      expect(await countScans(db)).toBe(100);
      expect(await digest(db)).toBe(before);
    },
  );

  check(
    'G3 once: an epoch is a world of its own: another journal begins at 1 again',
    async ({ db }) => {
      await consolidate(db, [
        messageOf(1, batchOf(1, 5)),
        messageOf(2, batchOf(1, 5, { epoch: 'e2' })),
      ]);
      expect(await countScans(db)).toBe(10);
    },
  );

  check(
    'a batch that is none is set aside with the reason, and its neighbours are applied',
    async ({ db }) => {
      const damaged = new Uint8Array(encodeBatch(batchOf(11, 20)));
      damaged.fill(0xff, damaged.length >> 1, (damaged.length >> 1) + 8);
      const streams = await consolidate(db, [
        messageOf(1, batchOf(1, 10)),
        { streamSeq: 2, subject: 'ingest.v1.berlin.gw-1', data: damaged },
        { streamSeq: 3, subject: 'ingest.v1.berlin.gw-1', data: Buffer.from('hello') },
        messageOf(4, batchOf(21, 30)),
      ]);
      expect(streams.acknowledged).toStrictEqual([1, 2, 3, 4]);
      expect(streams.deadLetters.map(({ streamSeq }) => streamSeq)).toContain(3);
      expect(streams.deadLetters.at(-1)).toMatchObject({
        gateway: 'gw-1',
        reason: 'message: expected one zstd frame',
      });
      expect(await countScans(db)).toBeGreaterThanOrEqual(20);
    },
  );

  check(
    'a dead letter from a gateway with an impossible name is set aside under none',
    async ({ db }) => {
      const subject = `ingest.v1.x.${'A'.repeat(4000)}`;
      const streams = await consolidate(db, [
        { streamSeq: 1, subject, data: Buffer.from('hi') },
        messageOf(2, batchOf(1, 10)),
      ]);
      expect(streams.deadLetters[0]?.gateway).toBe('unknown');
      expect(await countScans(db)).toBe(10);
    },
  );

  check(
    'G11 isolation: a batch that another gateway published under its own subject is not applied',
    async ({ db }) => {
      const streams = await consolidate(db, [
        messageOf(1, batchOf(1, 10), 'ingest.v1.berlin.gw-2'),
      ]);
      expect(streams.deadLetters[0]?.reason).toBe(
        "subject: expected ingest.v1.berlin.gw-1, the batch's own gateway",
      );
      expect(await countScans(db)).toBe(0);
    },
  );

  check('a batch that the database refuses is set aside alone', async ({ db }) => {
    await db.query("ALTER TABLE scan ADD CONSTRAINT no_seven CHECK (data <> 'P-7')");
    const streams = await consolidate(db, [
      messageOf(1, batchOf(1, 5)),
      messageOf(2, batchOf(6, 10)),
      messageOf(3, batchOf(11, 15)),
    ]);
    expect(streams.deadLetters.map(({ streamSeq }) => streamSeq)).toStrictEqual([2]);
    expect(streams.acknowledged).toStrictEqual([1, 2, 3]);
    expect(await countScans(db)).toBe(10);
  });

  check(
    'G4 accounts: the gateway row holds the ledger, the newest accounts and what is missing',
    async ({ db }) => {
      const newer = batchOf(8, 9, {
        accounts: { received: 20, filtered: { sampling: 8 }, headSeq: 12, stored: 9 },
      });
      await consolidate(db, [messageOf(1, newer), messageOf(2, batchOf(1, 5))]);
      const [state] = await db.transaction((tx) =>
        readModel.lockEpochs(tx, [{ gateway: 'gw-1', epoch: 'e1', site: 'berlin' }]),
      );
      expect(state).toMatchObject({
        headSeq: 12,
        received: 20,
        filtered: { sampling: 8 },
        stored: 9,
      });
      expect([...(state?.accounted ?? [])]).toStrictEqual([
        [1, 5],
        [8, 9],
      ]);
    },
  );

  check(
    'G2 no-loss: while the database is away nothing is acknowledged; when it is back all is applied',
    async ({ db }) => {
      let outage = 3;
      const flaky: Database = {
        engine: db.engine,
        query: (sql, params) => db.query(sql, params),
        transaction: (run) => {
          if (outage-- > 0)
            return Promise.reject(
              new TallyError('retry', 'database-unavailable', 'away', { retryAfterMs: 1 }),
            );
          return db.transaction(run);
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
      const streams = await consolidate(flaky, [messageOf(1, batchOf(1, 10))]);
      expect(outage).toBe(-1);
      expect(streams.acknowledged).toStrictEqual([1]);
      expect(await countScans(db)).toBe(10);
    },
  );
});
