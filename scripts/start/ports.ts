import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import type { Clock } from '#shared/clock.ts';
import { TallyError } from '#shared/errors.ts';

/** The ports of the whole system, each with the flag that changes it. */
export type Port = { readonly port: number; readonly flag: string; readonly what: string };

/** Throws `port-in-use`, naming the port and the flag, when somebody listens already. */
export async function assertFree(ports: readonly Port[]): Promise<void> {
  for (const [i, { port, flag, what }] of ports.entries()) {
    const same = ports.slice(0, i).find((other) => other.port === port);
    if (same !== undefined) {
      throw new TallyError(
        'stop',
        'port-in-use',
        `port ${port} is asked for twice: give ${same.flag} and ${flag} a port each`,
      );
    }
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    } catch (cause) {
      throw new TallyError(
        'stop',
        'port-in-use',
        `port ${port} (${what}) is in use: choose another with ${flag} PORT`,
        { cause },
      );
    } finally {
      server.close();
    }
  }
}

/** Resolves when something accepts connections on the port; rejects when the signal aborts first. */
export async function untilListening(
  port: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await accepts(port)) return;
    await clock.sleep(50, signal);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
