/**
 * QoS 1 publishers to durable in the journal of a real gateway process, no cloud in reach: as it comes, or with routes to
 * look through, read points and filter rules, as a depot has them.
 */
import { systemClock } from '#shared/clock.ts';
import { freePort } from '#shared/testing/free-port.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { untilListening } from '../start/ports.ts';
import { round } from './figures.ts';
import { generateLoad } from './load.ts';
import { REFERENCE_MIX } from './mix.ts';
import { peakRssMb, startTally } from './processes.ts';

export type IngestFigures = {
  readonly eventsPerSecond: number;
  readonly ackMsP50: number;
  readonly ackMsP99: number;
  readonly rssMb: number;
};

const START_TIMEOUT_MS = 30_000;
/** The kernel refuses it at once: the gateway finds no cloud and goes on. */
const NO_SERVER = 'nats://127.0.0.1:9';

/** Rules that look at everything of the mix and remove next to nothing of it. */
const DEPOT = {
  timeZone: 'Europe/Berlin',
  formats: [
    { topic: 'zebra/{deviceId}/data', format: 'zebra' },
    { topic: 'owntracks/#', format: 'owntracks' },
  ],
  readPoints: [{ said: 'dock-02', location: 'hall-1', bizStep: 'arriving' }],
  filters: [
    { name: 'scanned-twice', match: { kind: 'scan' }, duplicates: { windowS: 2 } },
    { name: 'standing', match: { kind: 'position' }, deadband: { distanceM: 5, everyS: 1 } },
  ],
} as const;

export async function benchIngest({
  messages,
  connections,
  depot = false,
}: {
  messages: number;
  connections: number;
  depot?: boolean;
}): Promise<IngestFigures> {
  await using dir = await tempDir('bench-ingest');
  const port = await freePort();
  await using edge = await startTally(
    'edge',
    {
      site: 'bench',
      gateway: 'gw-1',
      dataDir: dir.path,
      mqtt: { port },
      uplink: { servers: [NO_SERVER] },
      ...(depot ? DEPOT : {}),
    },
    dir.path,
  );
  await untilListening(port, systemClock, AbortSignal.timeout(START_TIMEOUT_MS));
  await generateLoad({
    port,
    connections,
    messages: Math.ceil(messages / 10),
    payloads: REFERENCE_MIX,
  });
  const load = await generateLoad({ port, connections, messages, payloads: REFERENCE_MIX });
  if (load.acked !== messages) throw new Error(`${load.acked} of ${messages} were acknowledged`);
  console.log(
    `${messages} messages from ${connections} connections in ${load.seconds.toFixed(1)} s`,
  );
  return {
    eventsPerSecond: Math.round(load.perSecond),
    ackMsP50: round(load.ackMsP50),
    ackMsP99: round(load.ackMsP99),
    rssMb: peakRssMb(edge.pid),
  };
}
