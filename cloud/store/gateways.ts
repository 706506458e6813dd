/** Gateways: their journals, and how complete each is. */
import type { ShedRange } from '#proto/batch/batch.ts';
import { LOST_REASON } from '#shared/shed.ts';

import { type FullEpoch, type Gateway, type GatewayEpoch, LIMITS } from '../api/api.ts';
import { missingRanges } from '../consolidate/consolidate.ts';
import { accountsOf } from './accounts.ts';
import { textArray } from './array-param.ts';
import { type EpochRow, epochOf } from './epoch-rows.ts';
import type { Queryable } from './store.ts';

export async function readGateway(
  db: Queryable,
  gateway: string,
): Promise<Gateway<FullEpoch> | undefined> {
  const [row] = await db.query<GatewayRow>(
    'SELECT gateway, site, epoch, complete_until FROM gateway_completeness WHERE gateway = $1',
    [gateway],
  );
  const [found] = row === undefined ? [] : await withEpochs(db, [row]);
  if (found === undefined) return undefined;
  const byEpoch = Map.groupBy(await selectShed(db, gateway), ({ epoch }) => epoch);
  const epochs = found.epochs.map((epoch) => ({
    ...epoch,
    ...shedOf(byEpoch.get(epoch.epoch) ?? []),
  }));
  return { ...found, epochs };
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
    `SELECT gateway, epoch, site, accounted::text, shed_counts, head_seq, received, filtered, stored,
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
    accountedTo: state.accounted.runFrom(1),
    missing: missingRanges(state),
    lowWatermarkMs: row.claim_time,
    completeUntilMs: row.complete_until,
    firstHeardMs: row.first_heard,
    lastHeardMs: row.last_heard,
  };
}

type ShedRow = {
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
  readonly reason: string;
  /** Whether it is of the first that were lost, rather than of the first of all. */
  readonly is_lost: boolean;
};

/** Of each epoch the first ranges, and the first of those that were lost: each found by its index. */
async function selectShed(db: Queryable, gateway: string): Promise<ShedRow[]> {
  return await db.query<ShedRow>(
    `SELECT g.epoch, s.first_seq AS first, s.last_seq AS last, s.reason, s.is_lost
     FROM gateway_epoch AS g
     CROSS JOIN LATERAL (
       (SELECT first_seq, last_seq, reason, false AS is_lost
        FROM shed_range
        WHERE gateway = g.gateway AND epoch = g.epoch
        ORDER BY first_seq
        LIMIT $2)
       UNION ALL
       (SELECT first_seq, last_seq, reason, true AS is_lost
        FROM shed_range
        WHERE gateway = g.gateway AND epoch = g.epoch AND reason = '${LOST_REASON}'
        ORDER BY first_seq
        LIMIT $2)
     ) AS s
     WHERE g.gateway = $1
     ORDER BY g.epoch, s.first_seq`,
    [gateway, LIMITS.shedRangesMax],
  );
}

function shedOf(rows: readonly ShedRow[]): Pick<FullEpoch, 'shedRanges' | 'lost'> {
  const rangesOf = (isLost: boolean): ShedRange[] =>
    rows
      .filter((row) => row.is_lost === isLost)
      .map(({ first, last, reason }) => ({ first, last, reason }));
  return { shedRanges: rangesOf(false), lost: rangesOf(true) };
}
