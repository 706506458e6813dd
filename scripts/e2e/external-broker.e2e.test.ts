/** A depot with a broker of its own: both it and the gateway are killed under load, and the cloud has each scan once. */
import { expect, test } from 'vitest';

import { startMosquitto } from '#shared/testing/mosquitto.ts';
import { until } from '#shared/testing/until.ts';

import {
  openLedgerPublisher,
  type LedgerPublisher,
} from '../../edge/ingest/testing/ledger-publisher.ts';
import { startSystem } from './system.ts';

const LONG_MS = 240_000;
const IN_FLIGHT = 4;
const MESSAGES = 50;
const QUESTIONS_AT_ONCE = 50;

const started = Date.parse('2026-11-23T08:00:00Z');

/** A scan with the device's own time, a millisecond after the one before. */
function scanOf(id: string): string {
  const number = Number(/\d+$/u.exec(id)?.[0]);
  return JSON.stringify({ time: new Date(started + number).toISOString(), data: id.toUpperCase() });
}

async function untilMore(publishers: readonly LedgerPublisher[]): Promise<void> {
  const enough = publishers.map(({ acked }) => acked.length + MESSAGES);
  await until(
    'more to be acknowledged',
    () => publishers.every(({ acked }, i) => acked.length >= (enough[i] ?? 0)),
    { timeoutMs: 60_000 },
  );
}

test(
  "G2 no-loss: what a depot's broker acknowledged is served once, although gateway and broker are killed under load",
  async ({ skip }) => {
    const [old, fresh] = [
      await startMosquitto({ quiet: true }),
      await startMosquitto({ quiet: true }),
    ];
    if (typeof old === 'string') return skip(old);
    if (typeof fresh === 'string') return skip(fresh);
    await using stack = new AsyncDisposableStack();
    stack.use(old);
    stack.use(fresh);
    const subscribe = [{ topic: 'scan/+', qos: 2 }];
    const system = stack.use(
      await startSystem({
        edge: {
          brokers: [
            { name: 'old', url: old.url, version: 4, subscribe },
            { name: 'fresh', url: fresh.url, version: 5, subscribe },
          ],
        },
      }),
    );
    const isConnected = (broker: string): boolean =>
      system.edge.log.includes(`"broker":"${broker}","isResumed"`);
    await until('both brokers to be connected', () => isConnected('old') && isConnected('fresh'));

    const publishers: LedgerPublisher[] = [];
    for (const qos of [1, 2] as const) {
      for (const [server, version] of [
        [old, 4],
        [fresh, 5],
      ] as const) {
        const name = `ring-${version}-qos${qos}`;
        const options = { url: server.url, version, qos, name, topic: `scan/${name}` };
        publishers.push(stack.use(await openLedgerPublisher({ ...options, payloadOf: scanOf })));
      }
    }
    for (const publisher of publishers) publisher.start(IN_FLIGHT);
    await untilMore(publishers);
    await system.edge.crash();
    await untilMore(publishers);
    await old.kill('SIGTERM');
    await system.edge.crash();
    await old.restart();
    await fresh.kill('SIGTERM');
    await fresh.restart();
    await untilMore(publishers);
    await Promise.all(publishers.map((publisher) => publisher.stop()));

    const acked = publishers.flatMap((publisher) => publisher.acked);
    const { accounts } = await system.untilClosed(acked.length, 120);
    const servedOf = async (id: string): Promise<number> =>
      (await system.get<{ items: unknown[] }>(`/v1/parcels/${id.toUpperCase()}/events`))?.items
        .length ?? 0;
    // What a device with QoS 1 had to send again is a second message for the broker.
    const resent = new Set(
      publishers.filter(({ qos }) => qos === 1).flatMap((publisher) => [...publisher.resent]),
    );
    const wrong: string[] = [];
    for (let at = 0; at < acked.length; at += QUESTIONS_AT_ONCE) {
      const ids = acked.slice(at, at + QUESTIONS_AT_ONCE);
      const served = await Promise.all(ids.map(servedOf));
      for (const [i, id] of ids.entries())
        if (served[i] !== 1 && !(served[i] === 2 && resent.has(id)))
          wrong.push(`${id}: ${served[i]}`);
    }
    expect(wrong).toEqual([]);
    expect(accounts).toMatchObject({ shed: {}, pending: 0 });
    expect(accounts.delivered).toBeLessThanOrEqual(acked.length + resent.size);
  },
  LONG_MS,
);
