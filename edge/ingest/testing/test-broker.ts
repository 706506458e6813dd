/** A broker on a free port, with the rest of the gateway in the hands of the test. */
import { systemClock, type Clock } from '#shared/clock.ts';
import type { TallyError } from '#shared/errors.ts';

import { openBroker, type Broker } from '../aedes-broker.ts';
import type { AccessOptions, IngestOptions, Peer, Refusal } from '../ingest.ts';

/** A message that was accepted, copied, and what settles it. */
export type Held = {
  readonly topic: string;
  readonly payload: string;
  readonly clientId: string;
  /** Settles it; a second time it does nothing. */
  settle(error?: TallyError): void;
};

export type TestBroker = AsyncDisposable & {
  readonly broker: Broker;
  readonly port: number;
  /** In the order of their acceptance. */
  readonly held: Held[];
  readonly payloads: () => string[];
  readonly refusals: {
    readonly peer: Peer;
    readonly refusal: Refusal;
    readonly detail?: string | undefined;
  }[];
  readonly withheld: { readonly peer: Peer; readonly error: TallyError }[];
  readonly failures: unknown[];
  settleAll(error?: TallyError): void;
};

export type TestBrokerOptions = AccessOptions &
  Partial<
    Pick<IngestOptions, 'host' | 'packetBytesMax' | 'connectionsMax' | 'websocketPort' | 'clock'>
  > & {
    /** Whether messages settle at once. Default: they wait for the test. */
    readonly settles?: boolean;
  };

export async function openTestBroker({
  settles = false,
  ...options
}: TestBrokerOptions = {}): Promise<TestBroker> {
  const held: Held[] = [];
  const refusals: TestBroker['refusals'] = [];
  const withheld: TestBroker['withheld'] = [];
  const failures: unknown[] = [];
  const broker = await openBroker({
    host: '127.0.0.1',
    port: 0,
    packetBytesMax: 512 * 1024,
    connectionsMax: 2000,
    clock: systemClock,
    ...options,
    accept: ({ topic, payload, clientId }, settle) => {
      let isSettled = false;
      const once = (error?: TallyError): void => {
        if (!isSettled) settle(error);
        isSettled = true;
      };
      held.push({ topic, payload: Buffer.from(payload).toString(), clientId, settle: once });
      if (settles) once();
    },
    events: {
      deviceConnected: () => {},
      deviceDisconnected: () => {},
      deviceRefused: (peer, refusal, detail) => void refusals.push({ peer, refusal, detail }),
      ackWithheld: (peer, error) => void withheld.push({ peer, error }),
      ingestFailed: (error) => void failures.push(error),
    },
  });
  const settleAll = (error?: TallyError): void => {
    for (const each of held) each.settle(error);
  };
  return {
    broker,
    port: broker.mqttPort,
    held,
    payloads: () => held.map(({ payload }) => payload),
    refusals,
    withheld,
    failures,
    settleAll,
    [Symbol.asyncDispose]: async () => {
      settleAll();
      await broker[Symbol.asyncDispose]();
    },
  };
}

/** A clock that runs `factor` times as fast, so that nobody waits for seconds. */
export function fastClock(factor: number): Clock {
  return {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}
