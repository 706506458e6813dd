import fc from 'fast-check';
import { describe, expect } from 'vitest';

import type { Batch, ShedRange } from '#proto/batch/batch.ts';
import { encodeBatch } from '#proto/batch/encode.ts';
import { systemClock } from '#shared/clock.ts';

import { Consolidator } from '../consolidate/consolidator.ts';
import {
  arbitraryShedBatch,
  batchOfTold,
  TOLD_HEAD,
} from '../consolidate/testing/arbitrary-shed-batch.ts';
import { memoryStreams } from '../streams/memory-streams.fixture.ts';
import { digest } from './digest.ts';
import { readGateway } from './gateways.ts';
import { readModel } from './read-model.ts';
import { readShed, saveShed } from './shed-ranges.ts';
import type { Database, Queryable } from './store.ts';
import { databaseTest, ENGINES } from './testing/database-test.ts';

const KEY = { gateway: 'gw-1', epoch: 'e1' };

/** Applies the batches as the cloud does, so many to a transaction. */
async function consolidate(
  db: Database,
  batches: readonly Batch[],
  messagesMax = 1,
): Promise<void> {
  const stopping = new AbortController();
  const messages = batches.map((batch, i) => ({
    streamSeq: i + 1,
    subject: 'ingest.v1.berlin.gw-1',
    data: encodeBatch(batch),
  }));
  const streams = memoryStreams(messages, (count) => {
    if (count >= messages.length) stopping.abort();
  });
  const fail = (...facts: unknown[]): never => {
    throw new Error(`the consolidator stumbled: ${facts.join(' ')}`);
  };
  const events = { applied: () => {}, poisoned: fail, waiting: fail };
  const parts = { db, readModel, streams, clock: systemClock, random: Math.random, events };
  await new Consolidator({ ...parts, messagesMax }).run(stopping.signal);
}

async function rowsOf(db: Database): Promise<ShedRange[]> {
  return await db.query<ShedRange>(
    `SELECT first_seq AS first, last_seq AS last, reason
     FROM shed_range WHERE gateway = 'gw-1' AND epoch = 'e1' ORDER BY first_seq`,
  );
}

/** Every second number thinned, `count` of them. */
async function thin(db: Database, count: number): Promise<void> {
  await db.query(
    `INSERT INTO gateway_epoch (gateway, epoch, site, accounted, shed_counts, head_seq)
     VALUES ('gw-1', 'e1', 'berlin', int8multirange(int8range(1, ${count * 2 + 1})), '{"thinned": ${count}}', ${count * 2});
     INSERT INTO shed_range (gateway, epoch, first_seq, last_seq, reason)
     SELECT 'gw-1', 'e1', i * 2, i * 2, 'thinned' FROM generate_series(1, ${count}) AS i`,
  );
}

type Touched = { readonly read: number; readonly written: number };

/** Rows of `shed_range` so far, by the connection's own count, which goes on over transactions. */
async function touchedBy(tx: Queryable): Promise<Touched> {
  const [row] = await tx.query<Touched>(
    `SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS read, n_tup_ins + n_tup_upd + n_tup_del AS written
     FROM pg_stat_xact_user_tables WHERE relname = 'shed_range'`,
  );
  return row ?? { read: 0, written: 0 };
}

/** The database, which notes how many rows of `shed_range` each transaction read and wrote. */
function counting(db: Database): Database & { readonly touched: Touched[] } {
  const touched: Touched[] = [];
  return {
    touched,
    engine: db.engine,
    query: (sql, params) => db.query(sql, params),
    transaction: (run) =>
      db.transaction(async (tx) => {
        const before = await touchedBy(tx);
        const result = await run(tx);
        const after = await touchedBy(tx);
        touched.push({ read: after.read - before.read, written: after.written - before.written });
        return result;
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Batches, and the same again in any order, each twice, some to a transaction. */
const journeys = fc.array(arbitraryShedBatch, { minLength: 1, maxLength: 25 }).chain((batches) =>
  fc.record({
    batches: fc.constant(batches),
    again: fc.shuffledSubarray([...batches, ...batches], { minLength: batches.length * 2 }),
    messagesMax: fc.integer({ min: 1, max: 6 }),
  }),
);

/** By engine, of the same batches: what all that ran have to agree on. */
const digests = new Map<string, string[]>();

describe.each(ENGINES)('shed ranges on %s', (engine) => {
  const check = databaseTest(engine);

  check(
    'G5 any-order: tombstones and events in any order, copies and cut give the same digest and the same rows',
    async ({ db }) => {
      const found: string[] = [];
      for (const { batches, again, messagesMax } of fc.sample(journeys, { numRuns: 8, seed: 3 })) {
        await db.query('TRUNCATE gateway_epoch, shed_range, stream_cursor, status');
        await consolidate(db, batches);
        const before = await digest(db);
        const rows = await rowsOf(db);
        await db.query('TRUNCATE gateway_epoch, shed_range, stream_cursor, status');
        await consolidate(db, again, messagesMax);
        expect(await rowsOf(db)).toStrictEqual(rows);
        expect(await digest(db)).toBe(before);
        found.push(before);
      }
      expect(found).toStrictEqual(digests.values().next().value ?? found);
      digests.set(engine, found);
    },
  );

  check(
    'G4 accounts: received = delivered + shed + pending at every moment, and the counts are those of the rows',
    async ({ db }) => {
      for (const batch of fc.sample(arbitraryShedBatch, { numRuns: 20, seed: 7 })) {
        await consolidate(db, [batch]);
        const accounts = (await readGateway(db, 'gw-1'))?.accounts;
        const [{ count: delivered } = { count: -1 }] = await db.query<{ count: number }>(
          'SELECT count(*) AS count FROM status',
        );
        const shed = await db.query<{ reason: string; count: number }>(
          'SELECT reason, sum(last_seq - first_seq + 1)::int8 AS count FROM shed_range GROUP BY reason',
        );
        const total = shed.reduce((sum, { count }) => sum + count, 0);
        expect(accounts).toEqual({
          received: TOLD_HEAD,
          delivered,
          filtered: {},
          shed: Object.fromEntries(shed.map(({ reason, count }) => [reason, count])),
          pending: TOLD_HEAD - delivered - total,
        });
      }
    },
  );

  check(
    'G7 bounded: a batch in the middle of 50 000 shed ranges reads and writes those around it',
    async ({ db }) => {
      await thin(db, 50_000);
      const counted = counting(db);
      // 50 000 is shed and 50 001 applied; here both were shed, for the lesser reason, and 50 002 comes after all.
      await consolidate(counted, [
        batchOfTold(50_000, ['raw', 'raw', null]),
        batchOfTold(100_001, ['thinned', 'thinned']),
        batchOfTold(100_003, []),
      ]);
      // One beside each of the two that change, and what they replace.
      expect(counted.touched).toStrictEqual([
        { read: expect.any(Number) as unknown, written: 2 },
        { read: expect.any(Number) as unknown, written: 1 },
        { read: 0, written: 0 },
      ]);
      expect(Math.max(...counted.touched.map(({ read }) => read))).toBeLessThanOrEqual(16);
      const rows = await db.query(
        `SELECT first_seq, last_seq, reason FROM shed_range
         WHERE first_seq BETWEEN 49998 AND 50004 OR first_seq >= 99998 ORDER BY first_seq`,
      );
      expect(rows).toStrictEqual([
        { first_seq: 49_998, last_seq: 49_998, reason: 'thinned' },
        { first_seq: 50_000, last_seq: 50_000, reason: 'raw' },
        { first_seq: 50_004, last_seq: 50_004, reason: 'thinned' },
        { first_seq: 99_998, last_seq: 99_998, reason: 'thinned' },
        { first_seq: 100_000, last_seq: 100_002, reason: 'thinned' },
      ]);
      expect((await readGateway(db, 'gw-1'))?.accounts).toMatchObject({
        delivered: 50_001,
        shed: { raw: 1, thinned: 50_000 },
      });
    },
  );

  check(
    'what lies around a range is what overlaps it or touches it, of its own journal',
    async ({ db }) => {
      const ranges = [
        { first: 1, last: 4, reason: 'raw' },
        { first: 6, last: 6, reason: 'raw' },
        { first: 9, last: 20, reason: 'void' },
        { first: 30, last: 31, reason: 'raw' },
      ];
      const of = (epoch: string, after: readonly ShedRange[]) => ({
        gateway: 'gw-1',
        epoch,
        before: [],
        after,
      });
      await db.transaction((tx) => saveShed(tx, [of('e1', ranges), of('e2', ranges.slice(0, 1))]));
      const around = async (...asked: (readonly [number, number])[]): Promise<number[]> => {
        const found = await readShed(
          db,
          asked.map(([firstSeq, lastSeq]) => ({ ...KEY, firstSeq, lastSeq })),
        );
        return (found.get('gw-1:e1') ?? []).map(({ first }) => first);
      };
      expect(await around([5, 5])).toStrictEqual([1, 6]);
      expect(await around([2, 3])).toStrictEqual([1]);
      expect(await around([8, 7], [22, 28])).toStrictEqual([]);
      expect(await around([21, 29])).toStrictEqual([9, 30]);
      expect(await around([10, 11], [15, 15])).toStrictEqual([9]);
      expect(await around([1, Number.MAX_SAFE_INTEGER])).toStrictEqual([1, 6, 9, 30]);
      expect(await around([32, Number.MAX_SAFE_INTEGER])).toStrictEqual([30]);
    },
  );
});
