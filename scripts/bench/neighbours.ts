/**
 * Well-behaved devices alone, and beside one that sends a hundred times what it may, in turns and on the same
 * gateway: what counts is the ratio, which does not depend on the machine.
 */
import { systemClock } from '#shared/clock.ts';
import { freePort } from '#shared/testing/free-port.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { untilListening } from '../start/ports.ts';
import { median, round } from './figures.ts';
import { generateLoad, type LoadFigures } from './load.ts';
import { REFERENCE_MIX } from './mix.ts';
import { startTally } from './processes.ts';

export type NeighboursFigures = {
  readonly aloneAckMsP99: number;
  readonly besideAckMsP99: number;
  /** The second by the first. */
  readonly ratio: number;
  /** Messages a second that the noisy one got through, of the so many that it wanted. */
  readonly noisyPerSecond: number;
  readonly noisyWanted: number;
};

const START_TIMEOUT_MS = 30_000;
const NO_SERVER = 'nats://127.0.0.1:9';

/** What one client may publish; the neighbours send half of it. */
const PER_SECOND = 200;
const NEIGHBOURS = 10;
const TIMES = 100;
/** The noisy one always has so much on its way, and waits for the rest of it in the end: TCP takes it, or does not. */
const NOISY_IN_FLIGHT = PER_SECOND * 5;

export async function benchNeighbours({
  rounds,
  seconds,
}: {
  rounds: number;
  seconds: number;
}): Promise<NeighboursFigures> {
  await using dir = await tempDir('bench-neighbours');
  const port = await freePort();
  const limits = { messagesPerSecond: PER_SECOND };
  await using edge = await startTally(
    'edge',
    {
      site: 'bench',
      gateway: 'gw-1',
      dataDir: dir.path,
      mqtt: { port, limits },
      uplink: { servers: [NO_SERVER] },
    },
    dir.path,
  );
  await untilListening(port, systemClock, AbortSignal.timeout(START_TIMEOUT_MS));
  const neighbours = (): Promise<LoadFigures> =>
    generateLoad({
      port,
      seconds,
      payloads: REFERENCE_MIX,
      clientIds: 'neighbour',
      connections: NEIGHBOURS,
      rate: (NEIGHBOURS * PER_SECOND) / 2,
    });
  await neighbours();
  const alone: number[] = [];
  const beside: number[] = [];
  const noisy: number[] = [];
  for (let i = 0; i < rounds; i++) {
    alone.push((await neighbours()).ackMsP99);
    const noise = generateLoad({
      port,
      seconds,
      payloads: REFERENCE_MIX,
      clientIds: `noisy-${i}`,
      connections: 1,
      rate: PER_SECOND * TIMES,
      inFlight: NOISY_IN_FLIGHT,
    });
    const [figures, { acked, seconds: took }] = await Promise.all([neighbours(), noise]);
    beside.push(figures.ackMsP99);
    noisy.push(acked / took);
  }
  console.log(`gateway ${edge.pid}: p99 alone ${alone.map(round).join(', ')} ms`);
  console.log(`beside the noisy one ${beside.map(round).join(', ')} ms`);
  const [aloneMs, besideMs] = [median(alone), median(beside)];
  return {
    aloneAckMsP99: round(aloneMs),
    besideAckMsP99: round(besideMs),
    ratio: round(besideMs / aloneMs),
    noisyPerSecond: round(median(noisy)),
    noisyWanted: PER_SECOND * TIMES,
  };
}
