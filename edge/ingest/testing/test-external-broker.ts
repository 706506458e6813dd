/** A connection to a depot's broker, with the rest of the gateway in the hands of the test. */
import { systemClock, type Clock } from '#shared/clock.ts';
import type { TallyError } from '#shared/errors.ts';

import { brokersConfigSchema } from '../brokers/brokers-config.ts';
import { openExternalBroker } from '../brokers/external-broker.ts';
import type { ExternalBroker, Message } from '../ingest.ts';
import { fastClock } from './test-broker.ts';

/** A message that was accepted, copied, and what settles it. */
export type HeldMessage = Omit<Message, 'payload'> & {
  readonly payload: string;
  /** It was settled without an error. */
  readonly isDurable: boolean;
  settle(error?: TallyError): void;
};

export type TestExternalBroker = AsyncDisposable & {
  readonly broker: ExternalBroker;
  /** In the order of their acceptance, copies among them. */
  readonly held: HeldMessage[];
  /** Of those that are durable, without what the journal knows for a copy: DUP, and a key that it has. */
  readonly payloads: () => string[];
  /** `connected`, `lost …`, `refused …`: what was told. */
  readonly told: string[];
  settleAll(error?: TallyError): void;
  /** From now on messages settle at once. */
  settleAtOnce(): void;
};

export type TestExternalBrokerOptions = {
  /** Of the config, beside the name. */
  readonly config: { readonly url: string } & Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly gateway?: string;
  readonly settles?: boolean;
  /** Default: one whose pauses are a fiftieth. */
  readonly clock?: Clock;
  readonly packetBytesMax?: number;
  readonly env?: Readonly<Record<string, string>>;
};

const FASTER = 50;

/** The pauses between tries are short; the silence of a broker is measured in real time. */
function impatientClock(): Clock {
  const fast = fastClock(FASTER);
  return { ...systemClock, sleep: (ms, signal) => fast.sleep(ms, signal) };
}

export function openTestExternalBroker(options: TestExternalBrokerOptions): TestExternalBroker {
  const { name = 'hall-1', gateway = 'gw-1', clock = impatientClock() } = options;
  const { packetBytesMax = 512 * 1024, env = {} } = options;
  const [config] = brokersConfigSchema.parse([
    { name, subscribe: [{ topic: 'depot/#', qos: 2 }], ...options.config },
  ]);
  if (config === undefined) throw new Error('there is no config');
  let settles = options.settles ?? false;
  const held: HeldMessage[] = [];
  const told: string[] = [];
  const broker = openExternalBroker({
    config,
    gateway,
    packetBytesMax,
    clock,
    random: () => 0,
    env,
    accept: (message, settled) => {
      let isSettled = false;
      let isDurable = false;
      held.push({
        ...message,
        payload: Buffer.from(message.payload).toString(),
        get isDurable() {
          return isDurable;
        },
        settle: (error) => {
          if (isSettled) return;
          isSettled = true;
          isDurable = error === undefined;
          settled(error);
        },
      });
      if (settles) held.at(-1)?.settle();
    },
    events: {
      brokerConnected: (_, isResumed) => void told.push(isResumed ? 'resumed' : 'connected'),
      brokerLost: (_, reason) => void told.push(`lost ${reason}`),
      brokerRefused: (_, reason) => void told.push(`refused ${reason}`),
    },
  });
  const settleAll = (error?: TallyError): void => {
    for (const each of held) each.settle(error);
  };
  return {
    broker,
    held,
    payloads: () => withoutCopies(held),
    told,
    settleAll,
    settleAtOnce: () => {
      settles = true;
      settleAll();
    },
    [Symbol.asyncDispose]: async () => {
      settleAll();
      await broker[Symbol.asyncDispose]();
    },
  };
}

/** As the pipeline does with the journal's keys: what says that it comes again, and came. */
function withoutCopies(held: readonly HeldMessage[]): string[] {
  const known = new Set<number>();
  return held
    .filter(({ messageKey, redelivered, isDurable }) => {
      if (messageKey === undefined) return true;
      const isCopy = redelivered === true && known.has(messageKey);
      if (isDurable) known.add(messageKey);
      return isDurable && !isCopy;
    })
    .map(({ payload }) => payload);
}
