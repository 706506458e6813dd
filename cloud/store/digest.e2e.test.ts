import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { RangeSet } from '#shared/ranges.ts';
import { event } from '#shared/testing/arbitrary-event.ts';

import type { EventRow } from '../consolidate/consolidate.ts';
import { digest } from './digest.ts';
import { lockEpochs, saveEpochs } from './gateway-epochs.ts';
import { insertEvents } from './insert-events.ts';
import type { Database } from './store.ts';
import { databaseTest, ENGINES } from './testing/database-test.ts';

/** Several gateways' events, of all kinds, and many at the same time. */
const ROWS: readonly EventRow[] = fc.sample(event, { numRuns: 400, seed: 42 }).map((each, i) => ({
  gateway: ['gw-1', 'gw1', 'gw-a'][i % 3] ?? '',
  epoch: i % 7 === 0 ? 'e-2' : 'e1',
  seq: i + 1,
  event: each,
}));

/** Writes the rows in their order, a few to a transaction, with the ledger. */
async function write(
  db: Database,
  rows: readonly EventRow[],
  rowsPerTransaction: number,
): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerTransaction) {
    const chunk = rows.slice(from, from + rowsPerTransaction);
    await db.transaction(async (tx) => {
      const states = await lockEpochs(
        tx,
        chunk.map((row) => ({ ...row, site: 'berlin' })),
      );
      await insertEvents(tx, chunk);
      const seqs = (gateway: string, epoch: string): (readonly [number, number])[] =>
        chunk
          .filter((row) => row.gateway === gateway && row.epoch === epoch)
          .map(({ seq }) => [seq, seq]);
      await saveEpochs(
        tx,
        states.map((state) => ({
          ...state,
          accounted: RangeSet.of(seqs(state.gateway, state.epoch)),
        })),
      );
    });
  }
}

/** Each makes another read model of the same one. */
const CHANGES = [
  'SELECT 1',
  `UPDATE scan SET data = data || ' ' WHERE seq = (SELECT min(seq) FROM scan)`,
  'UPDATE position SET lat = 1.25',
  `UPDATE reading SET readings = '[]' WHERE seq = (SELECT max(seq) FROM reading)`,
  'DELETE FROM status WHERE seq = (SELECT max(seq) FROM status)',
  `UPDATE raw_event SET payload = payload || '\\x00'`,
  `UPDATE scan SET boot_id = '0123456789ab'`,
  'UPDATE position SET monotonic_ms = 1',
  `UPDATE reading SET clock_trust = 'none'`,
  'UPDATE status SET clock_correction_ms = 1',
  `UPDATE gateway_epoch SET accounted = accounted + '{[100000,100001)}'`,
  `UPDATE gateway_epoch SET filtered = '{"dup": 1}'`,
  `UPDATE gateway_epoch SET shed_counts = '{"raw": 1}'`,
  `INSERT INTO shed_range SELECT gateway, epoch, 7, 8, 'raw' FROM gateway_epoch`,
  `INSERT INTO shed_range SELECT gateway, epoch, 7, 8, 'void' FROM gateway_epoch`,
  `INSERT INTO shed_range SELECT gateway, epoch, 7, 9, 'raw' FROM gateway_epoch`,
];

/** Of `ROWS`, by engine: what all that ran have to agree on. */
const digests = new Map<string, string>();

describe.each(ENGINES)('the digest on %s', (engine) => {
  const check = databaseTest(engine);

  check(
    'G5 any-order: the same events in any order and in any cut give the same digest',
    async ({ db }) => {
      const cases = fc.sample(
        fc.record({
          rows: fc.shuffledSubarray([...ROWS], { minLength: ROWS.length }),
          cut: fc.integer({ min: 20, max: 200 }),
        }),
        { numRuns: 5, seed: 1 },
      );
      for (const { rows, cut } of cases) {
        await db.query(
          'TRUNCATE gateway_epoch, shed_range, scan, position, reading, status, raw_event',
        );
        await write(db, rows, cut);
        const found = await digest(db);
        expect(found).toMatch(/^[0-9a-f]{64}$/u);
        expect(found).toBe(digests.get(engine) ?? found);
        digests.set(engine, found);
      }
    },
  );

  check(
    'it does not depend on when something was recorded, or how often written',
    async ({ db }) => {
      await write(db, ROWS.slice(0, 50), 50);
      const before = await digest(db);
      await db.query(
        `UPDATE scan SET recorded_at = 'epoch';
       UPDATE gateway_epoch SET first_heard = 'epoch', last_heard = 'epoch', version = version + 7`,
      );
      expect(await digest(db)).toBe(before);
    },
  );

  check('it changes with any of what it covers', async ({ db }) => {
    const found = new Set<string>();
    for (const change of CHANGES) {
      await db.query(
        'TRUNCATE gateway_epoch, shed_range, scan, position, reading, status, raw_event',
      );
      await write(db, ROWS.slice(0, 100), 100);
      await db.query(change);
      found.add(await digest(db));
    }
    expect(found.size).toBe(CHANGES.length);
  });
});

test('G5 any-order: every engine gives the same digest', () => {
  expect(new Set(digests.values()).size).toBe(1);
});
