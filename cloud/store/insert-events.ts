/** Events into their tables, thousands at a time. */
import type { Event, EventKind } from '#shared/event.ts';

import type { EventRow } from '../consolidate/consolidate.ts';
import {
  insertPositions,
  insertRaws,
  insertReadings,
  insertScans,
  insertStatuses,
  type RowOf,
} from './event-inserts.ts';
import type { Queryable } from './store.ts';

/** Rows of one statement: a bound on the memory that a statement takes. */
const STATEMENT_ROWS_MAX = 8192;

/**
 * Inserts the events, in any order. Rejects when one of them is there already (SQLSTATE 23505): the ledger is
 * asked before, in the same transaction, so this is a fault of the program (G3).
 */
export async function insertEvents(tx: Queryable, rows: readonly EventRow[]): Promise<void> {
  const byKind = Object.groupBy(rows, (row) => row.event.kind);
  await inChunks(ofKind(byKind, 'scan'), (chunk) => insertScans(tx, chunk));
  await inChunks(ofKind(byKind, 'position'), (chunk) => insertPositions(tx, chunk));
  await inChunks(ofKind(byKind, 'reading'), (chunk) => insertReadings(tx, chunk));
  await inChunks(ofKind(byKind, 'status'), (chunk) => insertStatuses(tx, chunk));
  await inChunks(ofKind(byKind, 'raw'), (chunk) => insertRaws(tx, chunk));
}

/** The rows of the group, whose events are all of its kind. */
function ofKind<K extends EventKind>(
  groups: Partial<Record<EventKind, EventRow[]>>,
  kind: K,
): RowOf<Extract<Event, { kind: K }>>[] {
  return (groups[kind] ?? []) as RowOf<Extract<Event, { kind: K }>>[];
}

async function inChunks<T>(
  rows: readonly T[],
  insert: (chunk: readonly T[]) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += STATEMENT_ROWS_MAX) {
    await insert(rows.slice(from, from + STATEMENT_ROWS_MAX));
  }
}
