/** Gateways: their journals, and how complete each is. */
import type { Gateway, GatewayEpoch } from '../api/api.ts';
import { accountsOf } from './accounts.ts';
import { accountedFor, missingRanges } from '../consolidate/consolidate.ts';
import { textArray } from './array-param.ts';
import { type EpochRow, epochOf } from './epoch-rows.ts';
import type { Queryable } from './store.ts';

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
  const found = await selectEpochs(
    db,
    rows.map((row) => row.gateway),
  );
  const byGateway = Object.groupBy(found, ({ gateway }) => gateway);
  return rows.map((row) => {
    const epochs = byGateway[row.gateway] ?? [];
    return {
      gateway: row.gateway,
      site: row.site,
      epoch: row.epoch,
      accounts: accountsOf(epochs.map(epochOf)),
      completeUntilMs: row.complete_until,
      epochs: epochs.map(gatewayEpochOf),
    };
  });
}

type HeardEpochRow = EpochRow & { readonly first_heard: number; readonly last_heard: number };

async function selectEpochs(db: Queryable, gateways: readonly string[]): Promise<HeardEpochRow[]> {
  return await db.query<HeardEpochRow>(
    `SELECT gateway, epoch, site, applied::text, shed, head_seq, received, filtered, stored,
            claim_seq, claim_time, complete_until, first_heard, last_heard
     FROM gateway_epoch
     WHERE gateway = ANY ($1::text[])
     ORDER BY gateway, claim_time DESC NULLS LAST, epoch DESC`,
    [textArray(gateways)],
  );
}

function gatewayEpochOf(row: HeardEpochRow): GatewayEpoch {
  const state = epochOf(row);
  return {
    epoch: row.epoch,
    site: row.site,
    accounts: accountsOf([state]),
    headSeq: row.head_seq,
    stored: row.stored,
    accountedTo: accountedFor(state).runFrom(1),
    missing: missingRanges(state),
    lowWatermarkMs: row.claim_time,
    completeUntilMs: row.complete_until,
    firstHeardMs: row.first_heard,
    lastHeardMs: row.last_heard,
  };
}
