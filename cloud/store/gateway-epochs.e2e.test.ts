import fc from 'fast-check';
import { describe, expect } from 'vitest';

import { RangeSet } from '#shared/ranges.ts';

import type { EpochState } from '../consolidate/consolidate.ts';
import { lockEpochs, readLedgers, saveEpochs } from './gateway-epochs.ts';
import type { Database } from './store.ts';
import { readCursor, saveCursor } from './stream-cursor.ts';
import { databaseTest, ENGINES } from './testing/database-test.ts';

const KEY = { gateway: 'gw-1', epoch: 'e1', site: 'berlin' };

async function change(db: Database, epoch: string, fields: Partial<EpochState>): Promise<void> {
  await db.transaction(async (tx) => {
    const [state] = await lockEpochs(tx, [{ ...KEY, epoch }]);
    if (state !== undefined) await saveEpochs(tx, [{ ...state, ...fields }]);
  });
}

async function read(db: Database, epoch: string): Promise<EpochState | undefined> {
  return await db.transaction(async (tx) => (await lockEpochs(tx, [{ ...KEY, epoch }]))[0]);
}

const ranges = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 10_000 }), fc.nat(100))
    .map(([first, more]) => [first, first + more] as const),
);
const count = fc.oneof(fc.nat(1000), fc.constant(Number.MAX_SAFE_INTEGER));
const time = fc.integer({ min: 1, max: Date.UTC(2100, 0, 1) });

describe.each(ENGINES)('epochs on %s', (engine) => {
  const check = databaseTest(engine);

  check('an epoch that is new is empty, on its site', async ({ db }) => {
    const states = await db.transaction((tx) => lockEpochs(tx, [KEY]));
    expect(states).toStrictEqual([
      {
        ...KEY,
        accounted: new RangeSet(),
        shedCounts: {},
        headSeq: 0,
        received: 0,
        filtered: {},
        stored: 0,
        claim: { seq: 0, timeMs: 0 },
        completeUntilMs: undefined,
      },
    ]);
  });

  check('an epoch comes back as it was saved', async ({ db }) => {
    const state = fc.record({
      accounted: ranges.map((each) => RangeSet.of(each)),
      shedCounts: fc.dictionary(fc.constantFrom('raw', 'ä"\\', '', '__proto__'), count),
      headSeq: count,
      received: count,
      filtered: fc.dictionary(fc.constantFrom('dup', 'dead-band', '__proto__', 'ä'), count),
      stored: count,
      claim: fc.record({ seq: count.map((seq) => Math.max(seq, 1)), timeMs: time }),
      completeUntilMs: time,
    });
    let epochs = 0;
    await fc.assert(
      fc.asyncProperty(state, async (fields) => {
        const epoch = `e${++epochs}`;
        await change(db, epoch, fields);
        const { accounted, ...rest } = (await read(db, epoch)) ?? { accounted: [] };
        expect([...accounted]).toStrictEqual([...fields.accounted]);
        expect(rest).toEqual({ ...KEY, epoch, ...fields, accounted: undefined });
      }),
      { numRuns: 50 },
    );
  });

  check('G3 once: the ledger only grows, whatever is saved over it', async ({ db }) => {
    await change(db, 'e1', { accounted: RangeSet.of([[1, 5]]) });
    await change(db, 'e1', {
      accounted: RangeSet.of([
        [6, 7],
        [10, 12],
      ]),
    });
    const { accounted } = (await read(db, 'e1')) ?? { accounted: [] };
    expect([...accounted]).toStrictEqual([
      [1, 7],
      [10, 12],
    ]);
  });

  check('ledgers are read without a lock, and without making what is not there', async ({ db }) => {
    await change(db, 'e1', { accounted: RangeSet.of([[1, 5]]) });
    const keys = ['e2', 'e1', 'e1'].map((epoch) => ({ gateway: 'gw-1', epoch }));
    const ledgers = await db.transaction(async (tx) => {
      await lockEpochs(tx, [KEY]);
      // Embedded, there is one connection, which the transaction has.
      return await readLedgers(db.engine === 'pglite' ? tx : db, keys);
    });
    expect(ledgers.map((ledger) => [...ledger])).toStrictEqual([[], [[1, 5]], [[1, 5]]]);
    expect(await db.query('SELECT epoch FROM gateway_epoch')).toStrictEqual([{ epoch: 'e1' }]);
  });

  check('G12 complete-until: it never falls, whatever is saved over it', async ({ db }) => {
    await change(db, 'e1', { completeUntilMs: 2000 });
    await change(db, 'e1', { completeUntilMs: 1000 });
    await change(db, 'e1', { completeUntilMs: undefined });
    expect((await read(db, 'e1'))?.completeUntilMs).toBe(2000);
  });

  check('many epochs are locked and saved at once, each once, in one order', async ({ db }) => {
    const keys = ['gw-b', 'gw-a', 'gw-a', 'gw-', 'gw-b'].map((gateway) => ({ ...KEY, gateway }));
    await db.transaction(async (tx) => {
      const states = await lockEpochs(tx, keys);
      expect(states.map(({ gateway }) => gateway)).toStrictEqual(['gw-', 'gw-a', 'gw-b']);
      await saveEpochs(
        tx,
        states.map((state, i) => ({ ...state, headSeq: i + 1 })),
      );
    });
    const rows = await db.query(
      'SELECT gateway, head_seq, version FROM gateway_epoch ORDER BY gateway',
    );
    expect(rows).toStrictEqual([
      { gateway: 'gw-', head_seq: 1, version: 1 },
      { gateway: 'gw-a', head_seq: 2, version: 1 },
      { gateway: 'gw-b', head_seq: 3, version: 1 },
    ]);
  });

  check('an epoch that was not locked before is not saved silently', async ({ db }) => {
    const state = await read(db, 'e1');
    const saving = db.transaction((tx) =>
      saveEpochs(tx, state === undefined ? [] : [{ ...state, epoch: 'e2' }]),
    );
    await expect(saving).rejects.toThrow('every epoch was locked before');
  });

  check('transactions that want the same epochs take turns, and none is lost', async ({ db }) => {
    const keys = ['a', 'b', 'c'].map((epoch) => ({ ...KEY, epoch }));
    const adding = Array.from({ length: 12 }, (_, i) =>
      db.transaction(async (tx) => {
        const states = await lockEpochs(tx, i % 2 === 0 ? keys : keys.toReversed());
        await saveEpochs(
          tx,
          states.map((state) => ({ ...state, received: state.received + 1 })),
        );
      }),
    );
    await Promise.all(adding);
    const rows = await db.query('SELECT received FROM gateway_epoch');
    expect(rows).toStrictEqual(Array.from({ length: 3 }, () => ({ received: 12 })));
  });

  check('a cursor is empty for a stream that is new, and adds up', async ({ db }) => {
    const key = { stream: 'TALLY_INGEST', incarnation: '2026-11-23T08:00:00Z' };
    expect([...(await readCursor(db, key))]).toStrictEqual([]);
    await saveCursor(db, key, [[1, 3]]);
    await saveCursor(db, key, [
      [5, 5],
      [2, 4],
    ]);
    await saveCursor(db, key, []);
    expect([...(await readCursor(db, key))]).toStrictEqual([[1, 5]]);
    expect([...(await readCursor(db, { ...key, incarnation: 'another' }))]).toStrictEqual([]);
  });
});
