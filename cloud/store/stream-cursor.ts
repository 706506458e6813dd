/** How far a stream is dealt with: the database owns the cursor, not the consumer. */
import { type Range, RangeSet } from '#shared/ranges.ts';

import type { StreamKey } from '../consolidate/consolidate.ts';
import { formatMultirange, parseMultirange } from './multirange.ts';
import type { Queryable } from './store.ts';

/** The stream's sequence numbers that are dealt with; none of a stream that is new. */
export async function readCursor(
  db: Queryable,
  { stream, incarnation }: StreamKey,
): Promise<RangeSet> {
  const [row] = await db.query<{ processed: string }>(
    'SELECT processed::text FROM stream_cursor WHERE stream = $1 AND incarnation = $2',
    [stream, incarnation],
  );
  return row === undefined ? new RangeSet() : parseMultirange(row.processed);
}

/** Adds to the stream's sequence numbers that are dealt with. */
export async function saveCursor(
  tx: Queryable,
  { stream, incarnation }: StreamKey,
  processed: Iterable<Range>,
): Promise<void> {
  await tx.query(
    `INSERT INTO stream_cursor AS c (stream, incarnation, processed) VALUES ($1, $2, $3)
     ON CONFLICT (stream, incarnation) DO UPDATE SET processed = c.processed + excluded.processed`,
    [stream, incarnation, formatMultirange(processed)],
  );
}
