/** The load generator as a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const GENERATOR = fileURLToPath(new URL('./load-generator.ts', import.meta.url));

export type LoadOptions = {
  readonly port: number;
  readonly connections: number;
  /** One of the two. */
  readonly messages?: number;
  readonly seconds?: number;
  /** A file; absent: made-up scans. */
  readonly payloads?: string;
  /** Messages a second over all connections; absent: as fast as they are acknowledged. */
  readonly rate?: number;
  /** Messages of one connection without an acknowledgement. */
  readonly inFlight?: number;
  /** What client ids begin with. */
  readonly clientIds?: string;
};

export type LoadFigures = {
  readonly sent: number;
  readonly acked: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly ackMsP50: number;
  readonly ackMsP99: number;
  /** Of the connection that got the fewest, and the most. */
  readonly ackedLeast: number;
  readonly ackedMost: number;
};

export async function generateLoad(options: LoadOptions): Promise<LoadFigures> {
  const args = Object.entries({
    '--port': options.port,
    '--connections': options.connections,
    '--messages': options.messages,
    '--seconds': options.seconds,
    '--payloads': options.payloads,
    '--rate': options.rate,
    '--in-flight': options.inFlight,
    '--client-ids': options.clientIds,
  }).filter(([, value]) => value !== undefined);
  const { stdout } = await promisify(execFile)(process.execPath, [
    GENERATOR,
    ...args.flat().map(String),
  ]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as LoadFigures;
}
