import { describe, expect } from 'vitest';

import { RangeSet } from '#shared/ranges.ts';

import type { EpochState } from '../consolidate/consolidate.ts';
import { readCompleteness } from './completeness.ts';
import { lockEpochs, saveEpochs } from './gateway-epochs.ts';
import { readGateway } from './gateways.ts';
import type { Database } from './store.ts';
import { databaseTest, ENGINES } from './testing/database-test.ts';

const NOON_MS = Date.UTC(2026, 10, 23, 12);

type Heard = Partial<EpochState> & { readonly gateway: string; readonly epoch?: string };

/** An epoch of which all is applied, complete until noon, unless said otherwise. */
async function hear(db: Database, ...all: readonly Heard[]): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { gateway, epoch = 'e1', ...fields } of all) {
      const [state] = await lockEpochs(tx, [{ gateway, epoch, site: `site-of-${gateway}` }]);
      if (state === undefined) return;
      const whole = { accounted: RangeSet.of([[1, 10]]), headSeq: 10, completeUntilMs: NOON_MS };
      await saveEpochs(tx, [
        { ...state, ...whole, claim: { seq: 11, timeMs: NOON_MS }, ...fields },
      ]);
    }
  });
}

describe.each(ENGINES)('completeness on %s', (engine) => {
  const check = databaseTest(engine);

  check('G12 complete-until: without gateways nothing is said to be complete', async ({ db }) => {
    expect(await readCompleteness(db)).toStrictEqual({ completeUntilMs: null, heldBackBy: [] });
  });

  check('G12 complete-until: it is the least over the gateways', async ({ db }) => {
    await hear(db, { gateway: 'gw-1' }, { gateway: 'gw-2', completeUntilMs: NOON_MS - 3000 });
    expect(await readCompleteness(db)).toStrictEqual({
      completeUntilMs: NOON_MS - 3000,
      heldBackBy: [],
    });
  });

  check('G12 complete-until: gateways far behind are named, the furthest first', async ({ db }) => {
    await hear(
      db,
      { gateway: 'gw-1' },
      { gateway: 'gw-2', completeUntilMs: NOON_MS - 15_001 },
      { gateway: 'gw-3', completeUntilMs: NOON_MS - 60_000 },
      { gateway: 'gw-4', completeUntilMs: NOON_MS - 15_000 },
    );
    const named = (gateway: string, behindMs: number): object => ({
      gateway,
      site: `site-of-${gateway}`,
      completeUntilMs: NOON_MS - behindMs,
    });
    expect(await readCompleteness(db)).toStrictEqual({
      completeUntilMs: NOON_MS - 60_000,
      heldBackBy: [named('gw-3', 60_000), named('gw-2', 15_001)],
    });
  });

  check(
    'G12 complete-until: a gateway of which nothing can be said holds everything back',
    async ({ db }) => {
      const silent = { claim: { seq: 0, timeMs: 0 }, completeUntilMs: undefined };
      await hear(db, { gateway: 'gw-1' }, { gateway: 'gw-2', ...silent });
      expect(await readCompleteness(db)).toStrictEqual({
        completeUntilMs: null,
        heldBackBy: [{ gateway: 'gw-2', site: 'site-of-gw-2', completeUntilMs: null }],
      });
    },
  );

  check(
    'G12 complete-until: an old journal of which nothing is missing does not count',
    async ({ db }) => {
      const old = {
        gateway: 'gw-1',
        epoch: 'a',
        claim: { seq: 11, timeMs: 1000 },
        completeUntilMs: 1000,
      };
      await hear(db, old, { gateway: 'gw-1', epoch: 'b' });
      expect((await readCompleteness(db)).completeUntilMs).toBe(NOON_MS);
      expect(await readGateway(db, 'gw-1')).toMatchObject({ epoch: 'b', completeUntilMs: NOON_MS });
    },
  );

  check(
    'G12 complete-until: an old journal of which something is missing counts',
    async ({ db }) => {
      const old = {
        gateway: 'gw-1',
        epoch: 'b',
        claim: { seq: 11, timeMs: 1000 },
        completeUntilMs: 1000,
      };
      await hear(db, { ...old, headSeq: 11 }, { gateway: 'gw-1', epoch: 'a' });
      expect((await readCompleteness(db)).completeUntilMs).toBe(1000);
      expect(await readGateway(db, 'gw-1')).toMatchObject({ epoch: 'a', completeUntilMs: 1000 });
    },
  );

  check('G12 complete-until: what was shed is not missing', async ({ db }) => {
    const old = {
      gateway: 'gw-1',
      epoch: 'a',
      claim: { seq: 11, timeMs: 1000 },
      completeUntilMs: 1000,
    };
    await hear(
      db,
      {
        ...old,
        accounted: RangeSet.of([[1, 10]]),
        shedCounts: { raw: 3 },
      },
      { gateway: 'gw-1', epoch: 'b' },
    );
    expect((await readCompleteness(db)).completeUntilMs).toBe(NOON_MS);
  });

  check('G4 accounts: what is missing is named, and the accounts add up', async ({ db }) => {
    await hear(db, {
      gateway: 'gw-1',
      accounted: RangeSet.of([
        [1, 3],
        [5, 6],
        [9, 9],
      ]),
      shedCounts: { raw: 2 },
      headSeq: 12,
      received: 17,
      filtered: { dup: 4, 'dead-band': 1 },
      stored: 8,
    });
    const gateway = await readGateway(db, 'gw-1');
    expect(gateway?.accounts).toStrictEqual({
      received: 17,
      delivered: 4,
      filtered: { dup: 4, 'dead-band': 1 },
      shed: { raw: 2 },
      pending: 6,
    });
    expect(gateway?.epochs[0]).toMatchObject({
      accountedTo: 3,
      headSeq: 12,
      stored: 8,
      missing: [
        [4, 4],
        [7, 8],
        [10, 12],
      ],
    });
  });

  check('G4 accounts: those of a gateway are the sums over its epochs', async ({ db }) => {
    await hear(
      db,
      { gateway: 'gw-1', epoch: 'a', received: 12, filtered: { dup: 2 } },
      {
        gateway: 'gw-1',
        epoch: 'b',
        received: 13,
        filtered: { dup: 1, __proto__x: 2 },
        headSeq: 11,
      },
      { gateway: 'gw-2', received: 10 },
    );
    expect((await readGateway(db, 'gw-1'))?.accounts).toStrictEqual({
      received: 25,
      delivered: 20,
      filtered: { dup: 3, __proto__x: 2 },
      shed: {},
      pending: 1,
    });
  });
});
