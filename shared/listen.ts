import type { Server } from 'node:net';

import { listenError } from './listen-error.ts';

/**
 * Listens, and answers with the port. Rejects with `port-in-use` when somebody else does, with `listen-refused`
 * when the system does not let us.
 */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (cause: unknown): void => reject(listenError(cause, { host, port }));
    server.once('error', refused);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', refused);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
