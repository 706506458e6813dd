/** Gateways: their journals, and how complete each is. */
import type { EpochState } from '../consolidate/consolidate.ts';
import { textArray } from './array-param.ts';
import { type EpochRow, epochOf } from './epoch-rows.ts';
import type { Queryable } from './store.ts';

export type Gateway = {
  readonly gateway: string;
  /** Of the current epoch. */
  readonly site: string;
  /** The current epoch: the one with the newest claim. */
  readonly epoch: string;
  /** See `Completeness.completeUntilMs`. */
  readonly completeUntilMs: number | null;
  /** Newest claim first; the current one is the first. */
  readonly epochs: readonly HeardEpoch[];
};

export type HeardEpoch = EpochState & {
  readonly firstHeardMs: number;
  readonly lastHeardMs: number;
};

export async function readGateway(db: Queryable, gateway: string): Promise<Gateway | undefined> {
  const [row] = await db.query<GatewayRow>(
    'SELECT gateway, site, epoch, complete_until FROM gateway_completeness WHERE gateway = $1',
    [gateway],
  );
  return row === undefined ? undefined : (await withEpochs(db, [row]))[0];
}

/** In the order of their ids, those after `after`. */
export async function readGateways(
  db: Queryable,
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<Gateway[]> {
  const rows = await db.query<GatewayRow>(
    `SELECT gateway, site, epoch, complete_until
     FROM gateway_completeness
     WHERE gateway > $1
     ORDER BY gateway
     LIMIT $2`,
    [after, limit],
  );
  return await withEpochs(db, rows);
}

type GatewayRow = {
  readonly gateway: string;
  readonly site: string;
  readonly epoch: string;
  readonly complete_until: number | null;
};

async function withEpochs(db: Queryable, rows: readonly GatewayRow[]): Promise<Gateway[]> {
  const epochs = await readEpochs(
    db,
    rows.map((row) => row.gateway),
  );
  return rows.map((row) => ({
    gateway: row.gateway,
    site: row.site,
    epoch: row.epoch,
    completeUntilMs: row.complete_until,
    epochs: epochs[row.gateway] ?? [],
  }));
}

type HeardEpochRow = EpochRow & { readonly first_heard: number; readonly last_heard: number };

async function readEpochs(
  db: Queryable,
  gateways: readonly string[],
): Promise<Partial<Record<string, HeardEpoch[]>>> {
  const rows = await db.query<HeardEpochRow>(
    `SELECT gateway, epoch, site, applied::text, shed, head_seq, received, filtered, stored,
            claim_seq, claim_time, complete_until, first_heard, last_heard
     FROM gateway_epoch
     WHERE gateway = ANY ($1::text[])
     ORDER BY gateway, claim_time DESC NULLS LAST, epoch DESC`,
    [textArray(gateways)],
  );
  const epochs = rows.map((row) => ({
    ...epochOf(row),
    firstHeardMs: row.first_heard,
    lastHeardMs: row.last_heard,
  }));
  return Object.groupBy(epochs, ({ gateway }) => gateway);
}
