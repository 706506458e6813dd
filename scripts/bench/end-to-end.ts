/** The whole system as real processes: MQTT to stored in JetStream, and to visible in the API. */
import { connectAsync } from 'mqtt';

import { systemClock } from '#shared/clock.ts';
import { freePort } from '#shared/testing/free-port.ts';
import { startNatsServer } from '#shared/testing/nats-server.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { untilListening } from '../start/ports.ts';
import { percentile, round } from './figures.ts';
import { generateLoad } from './load.ts';
import { REFERENCE_MIX } from './mix.ts';
import { startTally } from './processes.ts';
import { countStored } from './stored-count.ts';

export type EndToEndFigures = {
  readonly storedPerSecond: number;
  readonly visiblePerSecond: number;
  /** One scan after the other, nothing else going on. */
  readonly visibleMsP50: number;
  readonly visibleMsP99: number;
  /** The same beside 10 000 messages a second. */
  readonly visibleLoadedMsP50: number;
  readonly visibleLoadedMsP99: number;
};

const START_TIMEOUT_MS = 60_000;
const DRAIN_TIMEOUT_MS = 300_000;
const MS_PER_S = 1000;
const LOADED_PER_SECOND = 10_000;
const CONNECTIONS = 20;

export async function benchEndToEnd({
  messages,
  probes,
}: {
  messages: number;
  probes: number;
}): Promise<EndToEndFigures> {
  await using dir = await tempDir('bench-e2e');
  await using nats = await startNatsServer();
  const [mqttPort, httpPort] = [await freePort(), await freePort()];
  await using _cloud = await startTally(
    'cloud',
    { dataDir: `${dir.path}/cloud`, http: { port: httpPort }, nats: { servers: [nats.url] } },
    dir.path,
  );
  await using _edge = await startTally(
    'edge',
    {
      site: 'bench',
      gateway: 'gw-1',
      dataDir: `${dir.path}/edge`,
      mqtt: { port: mqttPort },
      uplink: { servers: [nats.url] },
    },
    dir.path,
  );
  const api = `http://127.0.0.1:${httpPort}`;
  await untilListening(mqttPort, systemClock, AbortSignal.timeout(START_TIMEOUT_MS));
  await until('the API to be ready', async () => (await fetch(`${api}/readyz`)).ok, {
    timeoutMs: START_TIMEOUT_MS,
  });

  const idle = await probe({ mqttPort, api, probes, name: 'idle' });
  console.log('idle probed');
  const loading = generateLoad({
    port: mqttPort,
    connections: CONNECTIONS,
    messages: LOADED_PER_SECOND * 20,
    payloads: REFERENCE_MIX,
    rate: LOADED_PER_SECOND,
  });
  const loaded = await probe({ mqttPort, api, probes: Math.min(probes, 100), name: 'loaded' });
  const before = (await loading).sent + probes + Math.min(probes, 100);
  await untilApplied(api, before);
  console.log('loaded probed');

  const start = performance.now();
  const [, storedS] = await Promise.all([
    generateLoad({ port: mqttPort, connections: CONNECTIONS, messages, payloads: REFERENCE_MIX }),
    countStored(nats.url, before + messages, DRAIN_TIMEOUT_MS).then(
      () => (performance.now() - start) / MS_PER_S,
    ),
  ]);
  await untilApplied(api, before + messages);
  const visibleS = (performance.now() - start) / MS_PER_S;
  return {
    storedPerSecond: Math.round(messages / storedS),
    visiblePerSecond: Math.round(messages / visibleS),
    visibleMsP50: round(percentile(idle, 0.5)),
    visibleMsP99: round(percentile(idle, 0.99)),
    visibleLoadedMsP50: round(percentile(loaded, 0.5)),
    visibleLoadedMsP99: round(percentile(loaded, 0.99)),
  };
}

/** Scans one parcel after the other; milliseconds from each publish to the parcel in the API. */
async function probe(options: {
  mqttPort: number;
  api: string;
  probes: number;
  name: string;
}): Promise<number[]> {
  const client = await connectAsync(`mqtt://127.0.0.1:${options.mqttPort}`, {
    clientId: `probe-${options.name}`,
  });
  const times: number[] = [];
  for (let i = 0; i < options.probes; i++) {
    const parcel = `PROBE-${options.name}-${i}`;
    const start = performance.now();
    await client.publishAsync('scan/probe', JSON.stringify({ data: parcel }), { qos: 1 });
    const look = async (): Promise<boolean> =>
      (await fetch(`${options.api}/v1/parcels/${parcel}`)).ok;
    await until(`parcel ${parcel}`, look, { intervalMs: 2, timeoutMs: 30_000 });
    times.push(performance.now() - start);
  }
  await client.endAsync();
  return times;
}

async function untilApplied(api: string, count: number): Promise<void> {
  const applied = async (): Promise<boolean> => {
    const answer = await fetch(`${api}/v1/gateways/gw-1`);
    const gateway = (await answer.json()) as { accounts?: { delivered?: number } };
    return (gateway.accounts?.delivered ?? 0) >= count;
  };
  await until(`${count} events to be applied`, applied, {
    timeoutMs: DRAIN_TIMEOUT_MS,
    intervalMs: 50,
  });
}
