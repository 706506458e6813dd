/** A real gateway on a machine that begins in 1970: libfaketime lies to it about the wall clock, never about the monotonic. */
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';

import { decodeBatch } from '#proto/batch/decode.ts';
import type { Event } from '#shared/event.ts';
import { INGEST_STREAM, ingestSubject } from '#shared/names.ts';
import { startChild, type Child } from '#shared/testing/child.ts';
import { freePort } from '#shared/testing/free-port.ts';
import { startNatsServer, type TestNatsServer } from '#shared/testing/nats-server.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

const TALLY = fileURLToPath(new URL('../tally.ts', import.meta.url));
const LIBRARY = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].find((path) => existsSync(path));

const SITE = 'berlin';
const GATEWAY = 'gw-1';
const SCANS = 5;
/** A clock that was never set says that it is this late after 1970 began. */
const UNSET_MS = 600_000;
/** Two clocks are not read at one moment, least of all on a busy machine. */
const APART_MS = 50;
const START = { timeoutMs: 60_000, intervalMs: 100 } as const;
const LONG_MS = 240_000;

type Machine = {
  /** What the wall clock says more than the real one. */
  setClock(aheadMs: number): Promise<void>;
  startGateway(): Promise<Child>;
  readonly sourceFile: string;
  readonly mqttPort: number;
};

async function machineIn(directory: string, natsPort: number, library: string): Promise<Machine> {
  const [timeFile, configFile] = [join(directory, 'faketime'), join(directory, 'edge.yaml')];
  const sourceFile = join(directory, 'synchronised');
  const mqttPort = await freePort();
  await writeFile(
    configFile,
    stringify({
      site: SITE,
      gateway: GATEWAY,
      dataDir: join(directory, 'data'),
      mqtt: { port: mqttPort },
      clock: { source: sourceFile },
      uplink: { servers: [`nats://127.0.0.1:${natsPort}`], heartbeatMs: 500 },
    }),
  );
  return {
    sourceFile,
    mqttPort,
    setClock: async (aheadMs) => {
      // Put in its place whole: it is read at every look at the clock.
      await writeFile(`${timeFile}.new`, `${aheadMs < 0 ? '' : '+'}${aheadMs / 1000}\n`);
      await rename(`${timeFile}.new`, timeFile);
    },
    startGateway: () =>
      startChild(process.execPath, [TALLY, 'edge', 'run', '--config', configFile], {
        env: {
          ...process.env,
          LD_PRELOAD: library,
          FAKETIME_TIMESTAMP_FILE: timeFile,
          FAKETIME_NO_CACHE: '1',
          DONT_FAKE_MONOTONIC: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
      }),
  };
}

/** Publishes scans without a time of their own at QoS 1; when, by the real clock, the last was acknowledged. */
async function publishScans(port: number, prefix: string): Promise<number> {
  const client = await until(
    'the gateway to take devices',
    () => connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'ring-1', reconnectPeriod: 0 }),
    START,
  );
  for (let i = 0; i < SCANS; i++)
    await client.publishAsync('scan/ring-1', JSON.stringify({ data: `${prefix}-${i}` }), {
      qos: 1,
    });
  await client.endAsync();
  return Date.now();
}

/** The events that JetStream has, when it has `count` of them. */
async function eventsOf(nats: TestNatsServer, count: number): Promise<Event[]> {
  const connection = await connect({ servers: nats.url });
  try {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({
      name: INGEST_STREAM,
      subjects: [ingestSubject('*', '*')],
      storage: 'memory',
    });
    const consumer = await jetstream(connection).consumers.get(INGEST_STREAM);
    const bySeq = new Map<number, Event>();
    const messages = await consumer.consume();
    for await (const message of messages) {
      const { firstSeq, events } = decodeBatch(message.data);
      for (const [i, event] of events.entries()) bySeq.set(firstSeq + i, event);
      if (bySeq.size >= count) break;
    }
    return [...bySeq].sort(([a], [b]) => a - b).map(([, event]) => event);
  } finally {
    await connection.close();
  }
}

test(
  'G10 clock: a real gateway that began in 1970 sends the right times once its clock was set, also after a kill -9, when the cloud comes at last',
  async (context) => {
    if (LIBRARY === undefined)
      return context.skip('libfaketime is not installed: apt-get install faketime');
    await using dir = await tempDir('clock');
    const natsPort = await freePort();
    const machine = await machineIn(dir.path, natsPort, LIBRARY);

    const firstMs = Date.now();
    const behindMs = firstMs - UNSET_MS;
    await machine.setClock(-behindMs);
    {
      await using gateway = await machine.startGateway();
      await publishScans(machine.mqttPort, 'unset').catch((cause: unknown) => {
        throw new Error(gateway.log, { cause });
      });
      expect(gateway.log).toContain('"trust":"unset"');
    }
    await using gateway = await machine.startGateway();
    const unsetMs = await publishScans(machine.mqttPort, 'again');

    await machine.setClock(0);
    await writeFile(machine.sourceFile, '');
    await until('the clock to be believed', () => gateway.log.includes('"to":"synced"'), START);
    // Nothing is published from here on: what was taken is corrected by itself.
    await using nats = await startNatsServer({ port: natsPort });
    const events = await eventsOf(nats, 2 * SCANS);

    expect(events.map((event) => (event.kind === 'scan' ? event.data : event.kind))).toStrictEqual(
      ['unset', 'again'].flatMap((prefix) =>
        Array.from({ length: SCANS }, (_, i) => `${prefix}-${i}`),
      ),
    );
    for (const event of events) {
      expect(event.receiveTimeMs).toBeGreaterThan(firstMs - APART_MS);
      expect(event.receiveTimeMs).toBeLessThan(unsetMs + APART_MS);
      expect(event).toMatchObject({ timeQuality: 'receive', eventTimeMs: event.receiveTimeMs });
      expect(event.clock).toMatchObject({ trust: 'synced' });
      expect(Math.abs(Number(event.clock?.correctionMs) - behindMs)).toBeLessThan(APART_MS);
    }
    expect(new Set(events.map(({ clock }) => clock?.bootId)).size).toBe(1);
    expect(gateway.log.match(/the clock was set/gu)).toHaveLength(1);
  },
  LONG_MS,
);
