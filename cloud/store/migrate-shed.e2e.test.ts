import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect } from 'vitest';

import { tempDir } from '#shared/testing/temp-dir.ts';

import { readGateway } from './gateways.ts';
import { migrate } from './migrate.ts';
import type { Database } from './store.ts';
import { databaseTest, ENGINES } from './testing/database-test.ts';

const FIRST = '0001-read-model.sql';

/** Puts the database back to the first schema, without data. */
async function startOver(db: Database): Promise<void> {
  await using dir = await tempDir('first-migration');
  await cp(fileURLToPath(new URL(`./migrations/${FIRST}`, import.meta.url)), join(dir.path, FIRST));
  await db.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await migrate(db, dir.path);
}

describe.each(ENGINES)('shed ranges of a database of the past, on %s', (engine) => {
  const check = databaseTest(engine);

  check(
    'G4 accounts, G9 safe-config: what was applied and shed is carried over, and the accounts say the same',
    async ({ db }) => {
      await startOver(db);
      await db.query(
        `INSERT INTO gateway_epoch (gateway, epoch, site, applied, shed, head_seq, accounted_to, received) VALUES
           ('gw-1', 'e1', 'berlin', '{[1,4),[7,8),[12,13)}',
            '[{"first": 4, "last": 4, "reason": "full"}, {"first": 5, "last": 6, "reason": "full"},
              {"first": 8, "last": 8, "reason": "ä\\"\\\\"}, {"first": 9, "last": 9, "reason": "full"},
              {"first": 15, "last": 20, "reason": "full"}]', 22, 9, 22),
           ('gw-1', 'e2', 'berlin', '{}', '[{"first": 1, "last": 3, "reason": "full"}]', 3, 3, 3),
           ('gw-2', 'e1', 'bremen', '{[1,4)}', '[]', 3, 3, 3)`,
      );
      await migrate(db);
      expect(
        await db.query(
          `SELECT gateway, epoch, accounted::text, accounted_to, shed_counts
           FROM gateway_epoch ORDER BY gateway, epoch`,
        ),
      ).toStrictEqual([
        {
          gateway: 'gw-1',
          epoch: 'e1',
          accounted: '{[1,10),[12,13),[15,21)}',
          accounted_to: 9,
          shed_counts: { full: 10, 'ä"\\': 1 },
        },
        {
          gateway: 'gw-1',
          epoch: 'e2',
          accounted: '{[1,4)}',
          accounted_to: 3,
          shed_counts: { full: 3 },
        },
        {
          gateway: 'gw-2',
          epoch: 'e1',
          accounted: '{[1,4)}',
          accounted_to: 3,
          shed_counts: {},
        },
      ]);
      const epochs = (await readGateway(db, 'gw-1'))?.epochs ?? [];
      expect(epochs.find(({ epoch }) => epoch === 'e1')).toMatchObject({
        accounts: { delivered: 5, shed: { full: 10, 'ä"\\': 1 }, pending: 6 },
        missing: [
          [10, 11],
          [13, 14],
          [21, 22],
        ],
        // Those that touched and had one reason are one.
        shedRanges: [
          { first: 4, last: 6, reason: 'full' },
          { first: 8, last: 8, reason: 'ä"\\' },
          { first: 9, last: 9, reason: 'full' },
          { first: 15, last: 20, reason: 'full' },
        ],
        lost: [],
      });
    },
  );
});
