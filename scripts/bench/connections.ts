/** Many connections on one gateway: what those cost that say nothing, and whether those that publish are served alike. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { systemClock } from '#shared/clock.ts';
import { freePort } from '#shared/testing/free-port.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { untilListening } from '../start/ports.ts';
import { round } from './figures.ts';
import { generateLoad } from './load.ts';
import { encodeConnect } from './load-packets.ts';
import { rssMb, startTally } from './processes.ts';

export type ConnectionsFigures = {
  readonly idle: number;
  /** Of the whole gateway, with all of them open. */
  readonly idleRssMb: number;
  /** What they added, kilobytes each. */
  readonly kilobytesEach: number;
  readonly active: number;
  readonly eventsPerSecond: number;
  /** How far the one that got the fewest, and the most, acknowledgements was from the mean, percent. */
  readonly leastBelowPercent: number;
  readonly mostAbovePercent: number;
};

const START_TIMEOUT_MS = 30_000;
const NO_SERVER = 'nats://127.0.0.1:9';
/** At once; a gateway that starts after a power cut sees no fewer. */
const CONNECTING = 200;
/** Garbage of the connecting is collected meanwhile. */
const CALM_MS = 5000;
const IN_FLIGHT = 10;

export async function benchConnections({
  idle,
  active,
  seconds,
}: {
  idle: number;
  active: number;
  seconds: number;
}): Promise<ConnectionsFigures> {
  await using dir = await tempDir('bench-connections');
  const port = await freePort();
  await using edge = await startTally(
    'edge',
    {
      site: 'bench',
      gateway: 'gw-1',
      dataDir: dir.path,
      mqtt: { port, connectionsMax: idle + active + 10 },
      uplink: { servers: [NO_SERVER] },
    },
    dir.path,
  );
  await untilListening(port, systemClock, AbortSignal.timeout(START_TIMEOUT_MS));
  await sleep(CALM_MS);
  const before = rssMb(edge.pid);
  const sockets = await openIdle(port, idle);
  await sleep(CALM_MS);
  const after = rssMb(edge.pid);
  console.log(`${idle} idle connections: ${before} MB before, ${after} MB with them`);
  for (const socket of sockets) socket.destroy();

  const load = await generateLoad({ port, connections: active, seconds, inFlight: IN_FLIGHT });
  const mean = load.acked / active;
  console.log(
    `${active} publishers: ${load.ackedLeast} to ${load.ackedMost} acknowledgements each, ${mean.toFixed(0)} in the mean`,
  );
  return {
    idle,
    idleRssMb: after,
    kilobytesEach: round(((after - before) * 1024) / idle),
    active,
    eventsPerSecond: Math.round(load.perSecond),
    leastBelowPercent: round((1 - load.ackedLeast / mean) * 100),
    mostAbovePercent: round((load.ackedMost / mean - 1) * 100),
  };
}

async function openIdle(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const next = Math.min(CONNECTING, count - sockets.length);
    const opened = await Promise.all(
      Array.from({ length: next }, (_, i) => openOne(port, `idle-${sockets.length + i}`)),
    );
    sockets.push(...opened);
  }
  return sockets;
}

/** Resolves when the CONNACK is there. */
async function openOne(port: number, clientId: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(encodeConnect(clientId));
  const [connack] = (await once(socket, 'data')) as [Buffer];
  if (connack[0] !== 0x20 || connack[3] !== 0) throw new Error(`${clientId} was refused`);
  return socket;
}
