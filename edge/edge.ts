/**
 * The gateway, in the order in which an event flows:
 *
 * ```
 *   ingest ─► decode ─► filter ─► journal ─► uplink ─► TALLY_INGEST
 *      ▲ PUBACK after fsync ◄────────┘
 * ```
 */
import { join } from 'node:path';

import type { Clock } from '#shared/clock.ts';
import type { Logger } from '#shared/logger.ts';

import type { EdgeConfig } from './config.ts';
import { decodeGeneric } from './decode/generic.ts';
import { edgeEvents } from './events.ts';
import { passThrough } from './filter/pass-through.ts';
import { isRedelivery } from './filter/redelivery.ts';
import { openBroker, type Broker } from './ingest/aedes-broker.ts';
import { openJournal } from './journal/threaded-journal.ts';
import { pipeline } from './pipeline.ts';
import { startNatsLink } from './uplink/nats-link.ts';
import { SendLoop } from './uplink/send-loop.ts';
import { startBatchMaker } from './uplink/threaded-batch-maker.ts';

export type EdgeParts = {
  readonly clock: Clock;
  /** 0 up to but not including 1. */
  readonly random: () => number;
  readonly log: Logger;
  /** Called once devices can publish. */
  readonly ready?: (broker: Broker) => void;
};

/** Runs the gateway until the signal aborts; rejects when it cannot go on. Devices are served without a cloud. */
export async function runEdge(
  config: EdgeConfig,
  parts: EdgeParts,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random, log } = parts;
  const { site, gateway } = config;
  const directory = join(config.dataDir, 'journal');
  const events = edgeEvents(log);
  await using stack = new AsyncDisposableStack();

  const journal = stack.use(await openJournal({ ...config.journal, directory }));
  const { epoch } = journal;
  const maker = stack.use(
    startBatchMaker({
      directory,
      site,
      gateway,
      epoch,
      eventsMax: config.uplink.batchEventsMax,
      bytesMax: BATCH_RECORDS_BYTES_MAX,
    }),
  );
  const link = stack.use(
    startNatsLink({ servers: config.uplink.servers, site, gateway, epoch, clock, random, events }),
  );
  const uplink = new SendLoop(
    { ...config.uplink, gateway },
    { journal, maker, link, clock, random, events },
  );
  const broker = stack.use(
    await openBroker({
      ...config.mqtt,
      clock,
      accept: pipeline({
        decode: decodeGeneric,
        isCopy: (message, events) => isRedelivery(message, events, (key) => journal.knows(key)),
        filter: passThrough,
        journal,
      }),
      events,
    }),
  );

  parts.ready?.(broker);
  await Promise.race([uplink.run(signal), journal.failed]);
}

/** Journal records of one batch: encoded and compressed they are well below what a NATS message may have. */
const BATCH_RECORDS_BYTES_MAX = 512 * 1024;
