/** mosquitto and the gateway die and come back under load: what was acknowledged arrives, and arrives once. */
import { describe, expect, test, type TestContext } from 'vitest';

import { startMosquitto, type TestMosquitto } from '#shared/testing/mosquitto.ts';
import { until } from '#shared/testing/until.ts';

import { openLedgerPublisher, type LedgerPublisher } from './testing/ledger-publisher.ts';
import { openTestExternalBroker, type TestExternalBroker } from './testing/test-external-broker.ts';

const IN_FLIGHT = 20;
const LONG_MS = 120_000;

const VERSIONS = [{ version: 4 }, { version: 5 }] as const;

type Load = AsyncDisposable & {
  readonly publishers: readonly LedgerPublisher[];
  readonly acked: () => string[];
  untilAcked(more: number): Promise<void>;
  stop(): Promise<void>;
};

/** Two devices with QoS 1 and two with QoS 2, that publish without a pause. */
async function startLoad(url: string, version: 4 | 5, name = 'device'): Promise<Load> {
  await using stack = new AsyncDisposableStack();
  const publishers: LedgerPublisher[] = [];
  for (const [at, qos] of ([1, 2, 1, 2] as const).entries()) {
    publishers.push(
      stack.use(await openLedgerPublisher({ url, version, qos, name: `${name}-${at}-qos${qos}` })),
    );
  }
  for (const publisher of publishers) publisher.start(IN_FLIGHT);
  const acked = (): string[] => publishers.flatMap((publisher) => publisher.acked);
  const owned = stack.move();
  return {
    publishers,
    acked,
    untilAcked: async (more) => {
      const enough = publishers.map((publisher) => publisher.acked.length + more);
      await until(`${more} acknowledged of each device`, () =>
        publishers.every(({ acked: own }, i) => own.length >= (enough[i] ?? 0)),
      );
    },
    stop: async () => {
      await Promise.all(publishers.map((publisher) => publisher.stop()));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function mosquitto({ skip }: Pick<TestContext, 'skip'>): Promise<TestMosquitto> {
  const server = await startMosquitto({ quiet: true });
  return typeof server === 'string' ? skip(server) : server;
}

/** How often each payload was accepted, over all gateways. */
function countsOf(gateways: readonly TestExternalBroker[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const payload of gateways.flatMap((gateway) => gateway.payloads()))
    counts.set(payload, (counts.get(payload) ?? 0) + 1);
  return counts;
}

async function untilArrived(
  acked: readonly string[],
  gateways: readonly TestExternalBroker[],
): Promise<Map<string, number>> {
  await until(
    'what was acknowledged to have arrived',
    () => {
      const counts = countsOf(gateways);
      const missing = acked.filter((payload) => !counts.has(payload));
      if (missing.length > 0)
        throw new Error(`${missing.length} of ${acked.length} are missing: ${missing[0]}`);
      return true;
    },
    { timeoutMs: 30_000, intervalMs: 200 },
  );
  return countsOf(gateways);
}

const twice = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts].filter(([, count]) => count > 1).map(([payload]) => payload);

describe.for(VERSIONS)('with MQTT version $version', ({ version }) => {
  const open = ({ url }: TestMosquitto, options: object = {}): TestExternalBroker =>
    openTestExternalBroker({ config: { url, version }, settles: true, ...options });

  test(
    'G2 no-loss: a broker that is stopped and started again and again under load loses nothing, and everything arrives once',
    async (context) => {
      await using server = await mosquitto(context);
      await using gateway = open(server);
      await using load = await startLoad(server.url, version);
      for (let round = 0; round < 3; round++) {
        await load.untilAcked(200);
        // At the end mosquitto writes down what it has, so what it acknowledged is its promise.
        await server.kill('SIGTERM');
        await server.restart();
      }
      await load.untilAcked(200);
      await load.stop();
      const counts = await untilArrived(load.acked(), [gateway]);
      expect(twice(counts)).toEqual([]);
      expect(gateway.told.filter((what) => what === 'resumed')).toHaveLength(3);
    },
    LONG_MS,
  );
});
