/**
 * The gateway, in the order in which an event flows:
 *
 * ```
 *   ingest ─► decode ─► filter ─► journal ─► uplink ─► TALLY_INGEST
 *      ▲ PUBACK after fsync ◄────────┘
 * ```
 *
 * What the depot's own brokers deliver takes the same way as what devices publish here.
 */
import { hash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';

import type { Clock } from '#shared/clock.ts';
import type { Logger } from '#shared/logger.ts';
import type { Environment } from '#shared/secret.ts';
import { VERSION } from '#shared/version.ts';

import { ClockChanges } from './clock/clock-changes.ts';
import { readBoot, type Boot, type ClockReading } from './clock/clock.ts';
import { openGatewayClock } from './clock/gateway-clock.ts';
import { systemTimeSourceParts, timeSource } from './clock/time-source.ts';
import type { EdgeConfig } from './config.ts';
import { openDecoder } from './decode/open-decoder.ts';
import { edgeEvents, type EdgeEvents } from './events.ts';
import { isRedelivery } from './filter/redelivery.ts';
import { createFilter } from './filter/rules.ts';
import { openBroker, type Broker } from './ingest/aedes-broker.ts';
import { ExternalBrokers } from './ingest/external-brokers.ts';
import type { ExternalBroker } from './ingest/ingest.ts';
import type { JournalOptions } from './journal/journal.ts';
import { openJournal } from './journal/threaded-journal.ts';
import { recentEvents } from './journal/recent-events.ts';
import { readWitness, witnessPath } from './journal/witness.ts';
import { LiveRules, type RuleSet } from './live-rules.ts';
import { pipeline } from './pipeline.ts';
import { assertLive } from './reload.ts';
import { EventWatch } from './status/event-watch.ts';
import { serveStatus, type ServeStatusOptions } from './status/serve-status.ts';
import { startNatsLink } from './uplink/nats-link.ts';
import { SendLoop } from './uplink/send-loop.ts';
import { startBatchMaker } from './uplink/threaded-batch-maker.ts';

export type EdgeParts = {
  /** The machine's. */
  readonly clock: Clock;
  /** 0 up to but not including 1. */
  readonly random: () => number;
  readonly log: Logger;
  /** Where the config's secrets may be. */
  readonly env: Environment;
  /** Called once devices can publish. */
  readonly ready?: (gateway: RunningGateway) => void;
};

/** A gateway whose devices can publish. */
export type RunningGateway = {
  readonly broker: Broker;
  /**
   * Takes up another config between two messages, or throws a `TallyError` and stays with the one it has (G9): what needs
   * a restart is named.
   */
  reconfigure(next: EdgeConfig): Promise<void>;
};

/** Runs the gateway until the signal aborts; rejects when it cannot go on. Devices are served without a cloud. */
export async function runEdge(
  config: EdgeConfig,
  parts: EdgeParts,
  signal: AbortSignal,
): Promise<void> {
  const { log } = parts;
  const watch = new EventWatch(() => parts.clock.monotonic());
  const events = watch.listenTo(edgeEvents(log));
  await using stack = new AsyncDisposableStack();

  const boot = await readBoot();
  const clock = stack.use(
    await openGatewayClock({
      clock: parts.clock,
      boot,
      source: timeSource(config.clock.source, systemTimeSourceParts(parts.clock)),
      events,
      floorMs: newestMs(journalDirectory(config), boot),
    }),
  );
  const journal = stack.use(
    await openJournal(journalOptions(config, clock.reading()), { clock, events }),
  );
  const running: Running = { ...parts, config, clock, journal, events, stack };
  const uplinks = startUplinks(running);
  const { broker, brokers, replaceRules } = await openIngest(running);

  stack.use(
    await serveStatus(
      statusOptions(config, {
        clock,
        journal,
        ingest: broker,
        brokers,
        watch,
        events,
      }),
    ),
  );

  let current = config;
  parts.ready?.({
    broker,
    reconfigure: async (next) => {
      assertLive(current, next);
      // The files that it names may have changed, whatever the config says.
      await broker.reload();
      await replaceRules(next);
      current = next;
      log.level = next.log.level;
    },
  });
  await Promise.race([Promise.all(uplinks.map((uplink) => uplink.run(signal))), journal.failed]);
}

/** What the ends of the gateway are made of. */
type Running = Pick<EdgeParts, 'random' | 'env'> & {
  readonly config: EdgeConfig;
  readonly clock: Awaited<ReturnType<typeof openGatewayClock>>;
  readonly journal: Awaited<ReturnType<typeof openJournal>>;
  readonly events: EdgeEvents;
  readonly stack: AsyncDisposableStack;
};

/** From the journal to the cloud: a loop for each epoch, and what they share. */
function startUplinks({ config, clock, random, journal, events, stack }: Running): SendLoop[] {
  const { site, gateway } = config;
  const maker = stack.use(
    startBatchMaker({
      directory: journalDirectory(config),
      site,
      gateway,
      eventsMax: config.uplink.batchEventsMax,
      bytesMax: BATCH_RECORDS_BYTES_MAX,
    }),
  );
  const link = stack.use(
    startNatsLink({ servers: config.uplink.servers, site, gateway, clock, random, events }),
  );
  // The journal knows the clock by what is appended: a group of nothing tells it where no message comes.
  const clockChanges = stack.use(
    new ClockChanges(clock, () => journal.append({ kept: [], removed: [] }, () => {})),
  );
  const boots = (): readonly ClockReading[] => {
    clockChanges.tell();
    return journal.boots();
  };
  return [...journal.pastEpochs, journal].map(
    (epoch) =>
      new SendLoop(
        { ...config.uplink, gateway, isPast: epoch !== journal },
        { journal: epoch, boots, maker, link, clock, random, events },
      ),
  );
}

/** From the devices and the depot's brokers to the journal. */
async function openIngest({
  config,
  clock,
  random,
  env,
  journal,
  events,
  stack,
}: Running): Promise<{
  readonly broker: Broker;
  readonly brokers: readonly ExternalBroker[];
  readonly replaceRules: (next: EdgeConfig) => Promise<void>;
}> {
  const { packetBytesMax } = config.mqtt;
  const brokers = new ExternalBrokers(config.brokers, {
    gateway: config.gateway,
    packetBytesMax,
    clock,
    random,
    env,
    events,
  });
  const ruleParts = { clock, events, brokers };
  const rules = stack.use(
    new LiveRules(ruleSet(config, ruleParts), {
      clock,
      journal,
      recent: () => recentEvents(journalDirectory(config), journal, clock),
    }),
  );
  const accept = pipeline({
    decode: rules.decode,
    isCopy: (message, decoded) => isRedelivery(message, decoded, (key) => journal.knows(key)),
    filter: rules,
    clock,
    journal,
  });
  const broker = stack.use(await openBroker({ ...config.mqtt, clock, accept, events }));
  stack.use(brokers);
  brokers.open(accept);
  return {
    broker,
    brokers: brokers.all,
    replaceRules: (next) => rules.replace(ruleSet(next, ruleParts)),
  };
}

type RuleParts = {
  readonly clock: Clock;
  readonly events: EdgeEvents;
  readonly brokers: ExternalBrokers;
};

/** What a message goes through by the config. */
function ruleSet(config: EdgeConfig, { clock, events, brokers }: RuleParts): RuleSet {
  const decoder = openDecoder(config, { clock, send: (command) => brokers.send(command) });
  const filter = createFilter(config.filters, {
    onFault: (...fault) => events.ruleFaulted(...fault),
  });
  return {
    version: ruleVersionOf(config),
    decode: decoder.decode,
    filter,
    [Symbol.asyncDispose]: () => decoder[Symbol.asyncDispose](),
  };
}

/** Where a gateway keeps its journal. */
export function journalDirectory({ dataDir }: Pick<EdgeConfig, 'dataDir'>): string {
  return join(dataDir, 'journal');
}

/**
 * When an earlier boot of the machine wrote to the journal last: time has not gone back since. Of our own boot nothing is
 * taken for known: there, the offsets tell more.
 */
function newestMs(directory: string, { bootId }: Boot): number | undefined {
  const witness = readWitness(directory);
  if (witness === undefined || witness.bootId === bootId) return undefined;
  return statSync(witnessPath(directory), { throwIfNoEntry: false })?.mtimeMs;
}

function journalOptions(config: EdgeConfig, clock: ClockReading): JournalOptions {
  const { bytesMax, segmentBytesMax, segmentHoursMax, shedding } = config.journal;
  return {
    site: config.site,
    gateway: config.gateway,
    directory: journalDirectory(config),
    bytesMax,
    segmentBytesMax,
    segmentAgeMaxMs: segmentHoursMax * MS_PER_HOUR,
    shedding,
    ruleVersion: ruleVersionOf(config),
    clock,
  };
}

/** Names the rules that events come through; it stands with them. */
function ruleVersionOf({ filters }: EdgeConfig): string {
  return filters.length === 0
    ? 'none'
    : `sha256:${hash('sha256', JSON.stringify(filters)).slice(0, 16)}`;
}

function statusOptions(
  { site, gateway, status }: EdgeConfig,
  parts: Omit<ServeStatusOptions, 'host' | 'port' | 'site' | 'gateway' | 'version'>,
): ServeStatusOptions {
  return { ...status, site, gateway, version: VERSION, ...parts };
}

const MS_PER_HOUR = 3_600_000;

/** Journal records of one batch: encoded and compressed they are well below what a NATS message may have. */
const BATCH_RECORDS_BYTES_MAX = 512 * 1024;
