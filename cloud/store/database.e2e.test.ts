import fc from 'fast-check';
import { describe, expect } from 'vitest';

import { TallyError } from '#shared/errors.ts';

import {
  boolArray,
  byteaArray,
  float8Array,
  int8Array,
  jsonbArray,
  textArray,
  timestamptzArray,
} from './array-param.ts';
import { openDatabase } from './open-database.ts';
import { databaseTest, ENGINES } from './testing/database-test.ts';
import { formatTimestamp } from './timestamp.ts';

describe.each(ENGINES)('the database on %s', (engine) => {
  const check = databaseTest(engine);

  check('values come back as JavaScript holds them best', async ({ db }) => {
    const rows = await db.query(
      `SELECT 9007199254740991::int8 AS whole, 0.1::float8 + 0.2::float8 AS float, 7::int4 AS small, true AS yes,
              '2026-11-23T08:00:00.123Z'::timestamptz AS time, '{"b":[1,null],"a":"x"}'::jsonb AS json,
              '\\x00ff10'::bytea AS bytes, 'ä𝄞"\\,{}' AS text, NULL AS nothing`,
    );
    expect(rows).toStrictEqual([
      {
        whole: Number.MAX_SAFE_INTEGER,
        float: 0.1 + 0.2,
        small: 7,
        yes: true,
        time: Date.UTC(2026, 10, 23, 8, 0, 0, 123),
        json: { a: 'x', b: [1, null] },
        bytes: new Uint8Array([0, 255, 16]),
        text: 'ä𝄞"\\,{}',
        nothing: null,
      },
    ]);
  });

  check('a whole number beyond 2^53 is a fault, not a rounded number', async ({ db }) => {
    await expect(db.query('SELECT 9007199254740993::int8')).rejects.toThrow('beyond 2^53');
    expect(await db.query('SELECT 1 AS one')).toStrictEqual([{ one: 1 }]);
  });

  check('parameters come back as they went', async ({ db }) => {
    const rows = await db.query(
      'SELECT $1::text AS text, $2::float8 AS float, $3::int8 AS whole, $4::bool AS yes, $5::jsonb AS json, $6::bytea AS bytes, $7::text AS nothing',
      [
        'a"\\b',
        5e-324,
        -Number.MAX_SAFE_INTEGER,
        false,
        '[1,{"ä":2}]',
        new Uint8Array([1, 0, 255]),
        null,
      ],
    );
    expect(rows).toStrictEqual([
      {
        text: 'a"\\b',
        float: 5e-324,
        whole: -Number.MAX_SAFE_INTEGER,
        yes: false,
        json: [1, { ä: 2 }],
        bytes: new Uint8Array([1, 0, 255]),
        nothing: null,
      },
    ]);
  });

  check(
    'every millisecond that a calendar holds comes back exactly, as text and in an array',
    async ({ db }) => {
      const time = fc.oneof(
        fc.integer({ min: Date.UTC(-4712, 0, 1), max: 8.64e15 }),
        fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 0, 1) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(time, { minLength: 1, maxLength: 50 }), async (times) => {
          const [row] = await db.query<{ time: number }>('SELECT $1::timestamptz AS time', [
            formatTimestamp(times[0] ?? 0),
          ]);
          expect(row?.time).toBe(times[0]);
          const rows = await db.query<{ time: number }>(
            'SELECT unnest($1::timestamptz[]) AS time',
            [timestamptzArray(times)],
          );
          expect(rows.map((each) => each.time)).toStrictEqual(times);
        }),
      );
    },
  );

  check('whole columns go in as arrays and come out the same, nulls included', async ({ db }) => {
    const columns = {
      text: ['', 'a', undefined, 'NULL', '{"\\', 'ä𝄞', '\n\t'],
      int8: [0, 1, undefined, -1, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 2 ** 32],
      float8: [0, 0.1, undefined, 5e-324, -Number.MAX_VALUE, 1e21, 3],
      bool: [true, false, undefined, true, true, false, false],
      bytea: [
        new Uint8Array(),
        new Uint8Array([0]),
        undefined,
        ...Array.from({ length: 4 }, (_, i) => new Uint8Array([255, i])),
      ],
      jsonb: [
        {},
        [],
        undefined,
        { a: null },
        { 'ä"': ['x', 1.5, true] },
        [[]],
        { b: { c: 1e300 } },
      ],
    };
    const rows = await db.query(
      `SELECT unnest($1::text[]) AS text, unnest($2::int8[]) AS int8, unnest($3::float8[]) AS float8,
              unnest($4::bool[]) AS bool, unnest($5::bytea[]) AS bytea, unnest($6::jsonb[]) AS jsonb`,
      [
        textArray(columns.text),
        int8Array(columns.int8),
        float8Array(columns.float8),
        boolArray(columns.bool),
        byteaArray(columns.bytea),
        jsonbArray(columns.jsonb),
      ],
    );
    const expected = columns.text.map((_, i) =>
      Object.fromEntries(
        Object.entries(columns).map(([name, values]) => [name, values[i] ?? null]),
      ),
    );
    expect(rows).toStrictEqual(expected);
  });

  check('several statements in one query give the rows of the last', async ({ db }) => {
    expect(await db.query('SELECT 1 AS one; SELECT 2 AS two')).toStrictEqual([{ two: 2 }]);
  });

  check(
    'an error of a statement carries its SQLSTATE, and the database goes on',
    async ({ db }) => {
      await expect(db.query('SELECT 1/0')).rejects.toMatchObject({ code: '22012' });
      await expect(db.query('SELECT nonsense')).rejects.toMatchObject({ code: '42703' });
      expect(await db.query('SELECT 1 AS one')).toStrictEqual([{ one: 1 }]);
    },
  );

  check(
    'a transaction that resolves is committed, and gives what it ran gave',
    async ({ options }) => {
      const db = await openDatabase(options);
      const result = await db.transaction(async (tx) => {
        await tx.query('CREATE TABLE t (a int)');
        await tx.query('INSERT INTO t VALUES ($1)', [7]);
        return 'done';
      });
      expect(result).toBe('done');
      expect(await db.query('SELECT a FROM t')).toStrictEqual([{ a: 7 }]);
      await db[Symbol.asyncDispose]();
      await using again = await openDatabase(options);
      expect(await again.query('SELECT a FROM t')).toStrictEqual([{ a: 7 }]);
    },
  );

  check('a transaction that throws leaves nothing, and throws what was thrown', async ({ db }) => {
    await db.query('CREATE TABLE t (a int)');
    const failure = new Error('no');
    const failing = db.transaction(async (tx) => {
      await tx.query('INSERT INTO t VALUES (1)');
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect(await db.query('SELECT a FROM t')).toStrictEqual([]);
  });

  check(
    'a transaction that ignored the error of a statement is not committed, and says so',
    async ({ db }) => {
      await db.query('CREATE TABLE t (a int)');
      const careless = db.transaction(async (tx) => {
        await tx.query('INSERT INTO t VALUES (1)');
        await tx.query('SELECT 1/0').catch(() => {});
      });
      await expect(careless).rejects.toThrow('was ignored');
      expect(await db.query('SELECT a FROM t')).toStrictEqual([]);
    },
  );

  check('a commit that a deferred constraint refuses throws', async ({ db }) => {
    await db.query('CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)');
    const doubling = db.transaction(async (tx) => {
      await tx.query('INSERT INTO t VALUES (1), (1)');
    });
    await expect(doubling).rejects.toMatchObject({ code: '23505' });
    expect(await db.query('SELECT a FROM t')).toStrictEqual([]);
  });

  check('transactions and queries that come at once do not mix', async ({ db }) => {
    await db.query('CREATE TABLE t (a int)');
    const adding = Array.from({ length: 8 }, (_, a) =>
      db.transaction(async (tx) => {
        await tx.query('INSERT INTO t VALUES ($1)', [a]);
        await tx.query('SELECT pg_sleep(0.01)');
        if (a % 2 === 0) throw new Error('no');
      }),
    );
    const reading = Array.from({ length: 8 }, () => db.query<{ a: number }>('SELECT a FROM t'));
    await Promise.allSettled(adding);
    for (const rows of await Promise.all(reading)) {
      expect(rows.filter(({ a }) => a % 2 === 0)).toStrictEqual([]);
    }
    expect(await db.query('SELECT a FROM t ORDER BY a')).toStrictEqual(
      [1, 3, 5, 7].map((a) => ({ a })),
    );
  });

  check('a database that was closed is not available', async ({ options }) => {
    const db = await openDatabase(options);
    await db[Symbol.asyncDispose]();
    const error = await db.query('SELECT 1').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TallyError);
    expect(error).toMatchObject({ kind: 'retry', code: 'database-unavailable' });
  });
});
