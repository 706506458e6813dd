/**
 * The side of the devices: what takes their messages, the embedded broker and the depot's own, and what a message goes
 * through on its way into the journal. Composed here, because parts of it change with the config while it runs.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';

import type { Environment } from '#shared/secret.ts';

import type { GatewayClock } from './clock/clock.ts';
import type { EdgeConfig } from './config.ts';
import type { Command } from './decode/formats.ts';
import { openDecoder } from './decode/open-decoder.ts';
import type { EdgeEvents } from './events.ts';
import { isRedelivery } from './filter/redelivery.ts';
import { createFilter } from './filter/rules.ts';
import { openBroker, type Broker } from './ingest/aedes-broker.ts';
import { ExternalBrokers } from './ingest/brokers/external-brokers.ts';
import type { ExternalBroker } from './ingest/ingest.ts';
import type { Journal } from './journal/journal.ts';
import { recentEvents } from './journal/recent-events.ts';
import { LiveRules, type RuleSet } from './live-rules.ts';
import { pipeline } from './pipeline.ts';

export type DevicesParts = {
  readonly clock: GatewayClock;
  readonly journal: Journal;
  /** 0 up to but not including 1. */
  readonly random: () => number;
  /** Where the config's secrets may be. */
  readonly env: Environment;
  readonly events: EdgeEvents;
};

/** Disposing of it stops taking messages, then lets the rules give away what they hold back. */
export type Devices = AsyncDisposable & {
  readonly sources: { readonly ingest: Broker; readonly brokers: readonly ExternalBroker[] };
  /** Takes up what of another config can change while messages flow. */
  reconfigure(next: EdgeConfig): Promise<void>;
};

export async function openDevices(config: EdgeConfig, parts: DevicesParts): Promise<Devices> {
  const { clock, journal, events } = parts;
  await using stack = new AsyncDisposableStack();
  const { packetBytesMax } = config.mqtt;
  const brokers = new ExternalBrokers(config.brokers, {
    ...parts,
    gateway: config.gateway,
    packetBytesMax,
  });
  const own: { broker?: Broker } = {};
  const send = (command: Command): void => {
    if (command.source === undefined) own.broker?.publish(command.topic, command.payload);
    else brokers.send(command);
  };
  const rulesOf = (next: EdgeConfig): RuleSet => ruleSet(next, { clock, events, send });
  const rules = stack.use(
    new LiveRules(rulesOf(config), {
      clock,
      journal,
      recent: () => recentEvents(journalDirectory(config), journal, clock),
    }),
  );
  const accept = pipeline({
    decode: rules.decode,
    isCopy: (message, found) => isRedelivery(message, found, (key) => journal.knows(key)),
    filter: rules,
    clock,
    journal,
  });
  const broker = stack.use(await openBroker({ ...config.mqtt, clock, accept, events }));
  own.broker = broker;
  stack.use(brokers);
  brokers.open(accept);

  const owned = stack.move();
  return {
    sources: { ingest: broker, brokers: brokers.all },
    reconfigure: async (next) => {
      // The files that it names may have changed, whatever the config says.
      await broker.reload();
      broker.setAccess(next.mqtt.access);
      await rules.replace(rulesOf(next));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type RuleParts = {
  readonly clock: GatewayClock;
  readonly events: EdgeEvents;
  readonly send: (command: Command) => void;
};

/** What a message goes through by the config. */
function ruleSet(config: EdgeConfig, { clock, events, send }: RuleParts): RuleSet {
  const decoder = openDecoder(config, { clock, send });
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

/** Names the rules that events come through; it stands with them. */
export function ruleVersionOf({ filters }: EdgeConfig): string {
  return filters.length === 0
    ? 'none'
    : `sha256:${hash('sha256', JSON.stringify(filters)).slice(0, 16)}`;
}
