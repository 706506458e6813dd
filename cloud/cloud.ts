/**
 * The cloud side, in the order in which a batch flows:
 *
 * ```
 *   TALLY_INGEST ─► streams ─► consolidate ─► store ─► api ─► HTTP
 *        ▲ ack after commit, receipt to the gateway ◄──┤
 *   ctl.v1.<gateway>.ledger: where does my journal stand? ◄──┘
 * ```
 */
import { join } from 'node:path';

import type { Clock } from '#shared/clock.ts';
import type { TallyError } from '#shared/errors.ts';
import type { Logger } from '#shared/logger.ts';
import { retry } from '#shared/retry.ts';
import { runTogether } from '#shared/run-together.ts';

import { listen } from './api/listen.ts';
import { buildApi } from './api/build-api.ts';
import { ingestAgeMaxMs, type CloudConfig } from './config.ts';
import { Consolidator } from './consolidate/consolidator.ts';
import { LedgerAnswers } from './consolidate/ledger-answers.ts';
import { cloudEvents } from './events.ts';
import { openDatabase, type OpenDatabaseOptions } from './store/open-database.ts';
import { queriesOf } from './store/queries.ts';
import { readModel } from './store/read-model.ts';
import { openNatsStreams } from './streams/nats-streams.ts';

export type CloudParts = {
  readonly clock: Clock;
  /** 0 up to but not including 1. */
  readonly random: () => number;
  readonly log: Logger;
};

const RETRY = { firstMs: 100, maxMs: 5000 } as const;
/** Messages of one transaction: enough to share its cost, few enough not to keep a query waiting. */
const MESSAGES_MAX = 32;

/** Runs the cloud side until the signal aborts; rejects when it cannot go on. The API answers before NATS does. */
export async function runCloud(
  config: CloudConfig,
  parts: CloudParts,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random, log } = parts;
  const events = cloudEvents(log);
  const retrying = {
    ...RETRY,
    clock,
    random,
    signal,
    onRetry: (error: TallyError, retryMs: number) => events.waiting(error, retryMs),
  };
  await using stack = new AsyncDisposableStack();

  const db = await retry(() => openDatabase(databaseOf(config)), retrying);
  if (db === undefined) return;
  stack.use(db);
  let isConsuming = (): boolean => false;
  const api = buildApi({
    queries: queriesOf(db),
    probes: { consolidating: () => isConsuming() },
    log,
  });
  stack.defer(async () => await api.close());
  events.listening(config.http.host, await listen(api, config.http));

  const streams = await retry(
    () =>
      openNatsStreams({
        servers: config.nats.servers,
        unackedMax: config.nats.unackedMax,
        settings: { ...config.streams, ingestAgeMaxMs: ingestAgeMaxMs(config) },
      }),
    retrying,
  );
  if (streams === undefined) return;
  stack.use(streams);
  const consolidator = new Consolidator({
    db,
    readModel,
    streams,
    clock,
    random,
    events,
    messagesMax: MESSAGES_MAX,
  });
  isConsuming = () => consolidator.consuming;
  const answers = new LedgerAnswers({ db, readModel, streams, clock, events });
  await runTogether([consolidator, answers], signal);
}

/** A server where one is named, else embedded. */
function databaseOf({ databaseUrl, dataDir }: CloudConfig): OpenDatabaseOptions {
  return databaseUrl === undefined ? { directory: join(dataDir, 'store') } : { url: databaseUrl };
}
