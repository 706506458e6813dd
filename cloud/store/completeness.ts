/** Until when the read model is complete (G12). */
import type { Completeness } from '../api/api.ts';
import type { Queryable } from './store.ts';

/**
 * A gateway holds the others back when it is further behind than this: more than the seconds between two words
 * of a gateway that has nothing to say.
 */
const HELD_BACK_AFTER_MS = 15_000;
const HELD_BACK_BY_MAX = 100;

/**
 * How complete the read model is at least. It only grows: whoever asks this first and for events after it may
 * say this of the events.
 */
export async function readCompleteness(db: Queryable): Promise<Completeness> {
  const rows = await selectFurthestBehind(db);
  const newest = rows[0]?.newest ?? null;
  const isHoldingBack = ({ complete_until }: Row): boolean =>
    complete_until === null || (newest !== null && newest - complete_until > HELD_BACK_AFTER_MS);
  return {
    completeUntilMs: rows[0]?.complete_until ?? null,
    heldBackBy: rows.filter(isHoldingBack).map((row) => ({
      gateway: row.gateway,
      site: row.site,
      completeUntilMs: row.complete_until,
    })),
  };
}

type Row = {
  readonly gateway: string;
  readonly site: string;
  readonly complete_until: number | null;
  readonly newest: number | null;
};

async function selectFurthestBehind(db: Queryable): Promise<Row[]> {
  return await db.query<Row>(
    `SELECT gateway, site, complete_until, max(complete_until) OVER () AS newest
     FROM gateway_completeness
     ORDER BY complete_until NULLS FIRST, gateway
     LIMIT $1`,
    [HELD_BACK_BY_MAX],
  );
}
