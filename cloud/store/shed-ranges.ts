/**
 * What the gateways gave up, a row a range. An epoch may have tens of thousands; what is read and written of them
 * here is what lies around the batches that a transaction applies (G7).
 */
import type { ShedRange } from '#proto/batch/batch.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';

import {
  type JournalKey,
  keyOf,
  type ShedChange,
  type JournalRange,
} from '../consolidate/consolidate.ts';
import { int8Array, textArray } from './array-param.ts';
import type { Queryable } from './store.ts';

/** Rows of one statement: a bound on the memory that a statement takes. */
const STATEMENT_ROWS_MAX = 8192;

type Row = JournalKey & {
  readonly first_seq: number;
  readonly last_seq: number;
  readonly reason: string;
};

/** The shed ranges that overlap or touch one of `around`, ascending, by `keyOf` their journal. */
export async function readShed(
  tx: Queryable,
  around: readonly JournalRange[],
): Promise<Map<string, ShedRange[]>> {
  const found = new Map<string, ShedRange[]>();
  const windows = windowsOf(around);
  if (windows.length === 0) return found;
  for (const row of await selectTouched(tx, windows)) {
    const ranges = found.get(keyOf(row)) ?? [];
    // One that touches two windows comes twice, one after the other.
    if (ranges.at(-1)?.first !== row.first_seq) ranges.push(rangeOf(row));
    found.set(keyOf(row), ranges);
  }
  return found;
}

/** Writes where `after` differs from `before`, which is what `readShed` found in this transaction. */
export async function saveShed(tx: Queryable, changes: readonly ShedChange[]): Promise<void> {
  const gone: Place[] = [];
  const written: Row[] = [];
  for (const { gateway, epoch, before, after } of changes) {
    const old = new Map(before.map((range) => [range.first, range]));
    for (const { first, last, reason } of after) {
      const same = old.get(first);
      old.delete(first);
      if (same?.last === last && same.reason === reason) continue;
      written.push({ gateway, epoch, first_seq: first, last_seq: last, reason });
    }
    for (const first of old.keys()) gone.push({ gateway, epoch, first_seq: first });
  }
  for (const chunk of chunksOf(gone)) await deleteRows(tx, chunk);
  for (const chunk of chunksOf(written)) await writeRows(tx, chunk);
}

type Window = { readonly key: JournalKey; readonly range: Range };

/** The ranges with the numbers beside them, each number once. */
function windowsOf(around: readonly JournalRange[]): Window[] {
  const byJournal = new Map<string, { key: JournalKey; wanted: RangeSet }>();
  for (const { gateway, epoch, firstSeq, lastSeq } of around) {
    if (lastSeq < firstSeq) continue;
    const key = { gateway, epoch };
    const journal = byJournal.get(keyOf(key)) ?? { key, wanted: new RangeSet() };
    journal.wanted.add(firstSeq - 1, Math.min(lastSeq + 1, Number.MAX_SAFE_INTEGER));
    byJournal.set(keyOf(key), journal);
  }
  return [...byJournal.values()].flatMap(({ key, wanted }) =>
    Array.from(wanted, (range) => ({ key, range })),
  );
}

/** Ranges are disjoint: those of a window begin in it, but for one, which is the last that begins before it. */
async function selectTouched(tx: Queryable, windows: readonly Window[]): Promise<Row[]> {
  return await tx.query<Row>(
    `SELECT s.gateway, s.epoch, s.first_seq, s.last_seq, s.reason
     FROM unnest($1::text[], $2::text[], $3::int8[], $4::int8[]) AS w (gateway, epoch, first_seq, last_seq)
     CROSS JOIN LATERAL (
       (SELECT gateway, epoch, first_seq, last_seq, reason
        FROM shed_range
        WHERE gateway = w.gateway AND epoch = w.epoch AND first_seq < w.first_seq
        ORDER BY first_seq DESC
        LIMIT 1)
       UNION ALL
       (SELECT gateway, epoch, first_seq, last_seq, reason
        FROM shed_range
        WHERE gateway = w.gateway AND epoch = w.epoch AND first_seq BETWEEN w.first_seq AND w.last_seq)
     ) AS s
     WHERE s.last_seq >= w.first_seq
     ORDER BY s.gateway, s.epoch, s.first_seq`,
    [
      textArray(windows.map(({ key }) => key.gateway)),
      textArray(windows.map(({ key }) => key.epoch)),
      int8Array(windows.map(({ range }) => range[0])),
      int8Array(windows.map(({ range }) => range[1])),
    ],
  );
}

type Place = Pick<Row, 'gateway' | 'epoch' | 'first_seq'>;

async function deleteRows(tx: Queryable, rows: readonly Place[]): Promise<void> {
  await tx.query(
    `DELETE FROM shed_range AS s
     USING unnest($1::text[], $2::text[], $3::int8[]) AS gone (gateway, epoch, first_seq)
     WHERE s.gateway = gone.gateway AND s.epoch = gone.epoch AND s.first_seq = gone.first_seq`,
    placesOf(rows),
  );
}

async function writeRows(tx: Queryable, rows: readonly Row[]): Promise<void> {
  await tx.query(
    `INSERT INTO shed_range (gateway, epoch, first_seq, last_seq, reason)
     SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::int8[]), unnest($4::int8[]), unnest($5::text[])
     ON CONFLICT (gateway, epoch, first_seq)
       DO UPDATE SET last_seq = excluded.last_seq, reason = excluded.reason`,
    [
      ...placesOf(rows),
      int8Array(rows.map((row) => row.last_seq)),
      textArray(rows.map((row) => row.reason)),
    ],
  );
}

function placesOf(rows: readonly Place[]): Uint8Array[] {
  return [
    textArray(rows.map((row) => row.gateway)),
    textArray(rows.map((row) => row.epoch)),
    int8Array(rows.map((row) => row.first_seq)),
  ];
}

function rangeOf({ first_seq, last_seq, reason }: Row): ShedRange {
  return { first: first_seq, last: last_seq, reason };
}

function* chunksOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += STATEMENT_ROWS_MAX)
    yield rows.slice(from, from + STATEMENT_ROWS_MAX);
}
