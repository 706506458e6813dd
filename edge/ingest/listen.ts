import type { Server } from 'node:net';

import { describe, TallyError } from '#shared/errors.ts';

/**
 * Listens, and answers with the port. Rejects with `port-in-use` when somebody else does, with `listen-refused`
 * when the system does not let us.
 */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (cause: NodeJS.ErrnoException): void => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new TallyError('stop', 'port-in-use', `port ${port} of ${host} is in use`, { cause })
          : new TallyError(
              'stop',
              'listen-refused',
              `cannot listen on port ${port} of ${host}: ${describe(cause)}`,
              { cause },
            ),
      );
    };
    server.once('error', refused);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', refused);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
