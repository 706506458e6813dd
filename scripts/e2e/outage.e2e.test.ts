/** The main job under the faults that it is made for, on real processes: verdicts come from the devices' own ledgers. */
import { rm } from 'node:fs/promises';

import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, test } from 'vitest';

import { INGEST_STREAM } from '#shared/names.ts';
import { until } from '#shared/testing/until.ts';

import { publishScans, type ScanLedger } from './devices.ts';
import { startSystem, type Gateway, type System } from './system.ts';

const SCANS = { connections: 20, inFlight: 20, scansEach: 500 } as const;
const LONG_MS = 240_000;

/** Every acknowledged scan is served, once. Asks for each parcel, a few at a time. */
async function expectServedOnce(system: System, { acknowledged }: ScanLedger): Promise<void> {
  const labels = [...acknowledged];
  const wrong: string[] = [];
  const ask = async (): Promise<void> => {
    for (let label = labels.pop(); label !== undefined; label = labels.pop()) {
      const page = await system.get<{ items: unknown[] }>(`/v1/parcels/${label}/events`);
      if (page?.items.length !== 1) wrong.push(`${label}: ${page?.items.length ?? 'not found'}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  expect(wrong).toStrictEqual([]);
}

describe('nothing that was acknowledged is lost, nothing is served twice', () => {
  test(
    'G1 durable-ack, G2 no-loss, G3 once, G4 accounts: the gateway and then the NATS server are killed -9 under load',
    async () => {
      await using system = await startSystem();
      const total = SCANS.connections * SCANS.scansEach;
      const faults: Promise<void>[] = [];
      const ledger = await publishScans({
        ...SCANS,
        port: system.mqttPort,
        prefix: 'kill',
        onAck: (acknowledged) => {
          if (acknowledged === 3000) faults.push(system.edge.crash());
          if (acknowledged === 6000)
            faults.push(system.nats.kill().then(() => system.nats.restart()));
        },
      });
      await Promise.all(faults);
      expect(faults).toHaveLength(2);
      expect(ledger.acknowledged.size).toBe(total);
      const gateway = await system.untilClosed(total);
      expect(gateway.missing).toStrictEqual([]);
      expect(gateway.accounts.delivered).toBe(total);
      await expectServedOnce(system, ledger);
    },
    LONG_MS,
  );

  test(
    'G2 no-loss: with the NATS server away ingest goes on, and the backlog drains by itself when it is back',
    async () => {
      await using system = await startSystem();
      await system.nats.kill();
      const ledger = await publishScans({
        ...SCANS,
        scansEach: 100,
        port: system.mqttPort,
        prefix: 'away',
      });
      expect(ledger.acknowledged.size).toBe(2000);
      await system.nats.restart();
      await system.untilClosed(2000);
      await expectServedOnce(system, ledger);
    },
    LONG_MS,
  );

  test(
    'G2 no-loss: the consumer is deleted while it has batches to deliver',
    async () => {
      await using system = await startSystem();
      const publishing = publishScans({
        ...SCANS,
        scansEach: 200,
        port: system.mqttPort,
        prefix: 'consumer',
      });
      await until(
        'the first scans to be applied',
        async () => {
          const gateway = await system.get<Gateway>('/v1/gateways/gw-1');
          return (gateway?.accounts.delivered ?? 0) > 0;
        },
        { timeoutMs: 60_000 },
      );
      const connection = await connect({ servers: system.nats.url });
      const manager = await jetstreamManager(connection);
      await manager.consumers.delete(INGEST_STREAM, 'consolidate');
      await connection.close();
      const ledger = await publishing;
      const gateway = await system.untilClosed(4000);
      expect(gateway.accounts.delivered).toBe(4000);
      await expectServedOnce(system, ledger);
    },
    LONG_MS,
  );

  test(
    'G2 no-loss: JetStream comes back empty, with batches that it had acknowledged and nobody had applied',
    async () => {
      await using system = await startSystem();
      const before = await publishScans({
        ...SCANS,
        scansEach: 50,
        port: system.mqttPort,
        prefix: 'applied',
      });
      await system.untilClosed(1000);
      await system.cloud.kill();
      const stored = await publishScans({
        ...SCANS,
        scansEach: 50,
        port: system.mqttPort,
        prefix: 'stored',
      });
      await untilStored(system.nats.url, 1);
      await system.nats.kill();
      await rm(system.nats.storeDir, { recursive: true });
      await system.nats.restart();
      await system.cloud.start();
      const gateway = await system.untilClosed(2000);
      expect(gateway.accounts.delivered).toBe(2000);
      await expectServedOnce(system, before);
      await expectServedOnce(system, stored);
    },
    LONG_MS,
  );

  test(
    'G2 no-loss, G3 once: the cloud side is killed -9 again and again while it applies',
    async () => {
      await using system = await startSystem();
      let killed = 0;
      const faults: Promise<void>[] = [];
      const ledger = await publishScans({
        ...SCANS,
        scansEach: 200,
        port: system.mqttPort,
        prefix: 'cloud',
        onAck: (acknowledged) => {
          if (acknowledged !== 1000 && acknowledged !== 2500) return;
          killed++;
          faults.push(system.cloud.crash());
        },
      });
      await Promise.all(faults);
      expect(killed).toBe(2);
      const gateway = await system.untilClosed(4000);
      expect(gateway.accounts.delivered).toBe(4000);
      await expectServedOnce(system, ledger);
    },
    LONG_MS,
  );
});

/** Waits until the stream has messages that the consumer has not acknowledged. */
async function untilStored(url: string, messages: number): Promise<void> {
  const connection = await connect({ servers: url });
  const manager = await jetstreamManager(connection);
  for (;;) {
    const { num_pending: pending } = await manager.consumers.info(INGEST_STREAM, 'consolidate');
    if (pending >= messages) break;
  }
  await connection.close();
}
