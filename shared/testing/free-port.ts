import { createServer } from 'node:net';

/** Below the ports that Linux hands out for outgoing connections (32768 and up), so that none of them takes it. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const TRIES_MAX = 50;

/**
 * A port on 127.0.0.1 that nothing listens on now. Unlike port 0 it can be given up and taken again,
 * as a server that restarts does. Another process may still be faster: whoever starts a server on it tries again.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port in ${TRIES_MAX} tries between ${FIRST_PORT} and ${LAST_PORT}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
