/** The two routes, on loopback. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { listen } from '#shared/listen.ts';
import { isLoopback } from '#shared/loopback.ts';

import { METRICS_CONTENT_TYPE, metricsOf } from './metrics.ts';
import { METRICS_PATH, STATUS_PATH, type Status } from './status.ts';

export type StatusServerOptions = {
  readonly host: string;
  readonly port: number;
  /** `undefined` when it is not known yet. */
  readonly status: () => Promise<Status | undefined>;
  readonly failed: (error: unknown) => void;
};

/** Prometheus, a person, and somebody who forgets to hang up (G7). */
const CONNECTIONS_MAX = 16;
const REQUEST_MS_MAX = 5000;
const HEADER_BYTES_MAX = 8 * 1024;

type Answer = { readonly code: number; readonly type: string; readonly body: string };

/** Rejects with `port-in-use` or `listen-refused`. Disposing closes every connection. */
export async function openStatusServer(
  options: StatusServerOptions,
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer(
    {
      requestTimeout: REQUEST_MS_MAX,
      headersTimeout: REQUEST_MS_MAX,
      connectionsCheckingInterval: REQUEST_MS_MAX,
      maxHeaderSize: HEADER_BYTES_MAX,
      // A request is a connection: there are few, and none is held open.
      keepAlive: false,
    },
    (request, response) => {
      // Cannot reject: what fails is answered with 500.
      void respond(request, response, options);
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  const port = await listen(server, options.host, options.port);
  server.on('error', options.failed);
  return { port, [Symbol.asyncDispose]: () => close(server) };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: StatusServerOptions,
): Promise<void> {
  let answer: Answer;
  try {
    answer = await answerTo(request, options.status);
  } catch (error) {
    options.failed(error);
    answer = plain(500, 'the status cannot be told');
  }
  response.writeHead(answer.code, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function answerTo(
  { method, url = '', headers }: IncomingMessage,
  statusNow: StatusServerOptions['status'],
): Promise<Answer> {
  if (!isForUs(headers.host)) return plain(403, 'only for this machine');
  const path = url.split('?', 1)[0];
  if (path !== STATUS_PATH && path !== METRICS_PATH)
    return plain(404, `there is ${STATUS_PATH} and ${METRICS_PATH}`);
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'GET only');
  const status = await statusNow();
  if (status === undefined) return plain(503, 'the journal has not answered yet');
  return path === METRICS_PATH
    ? { code: 200, type: METRICS_CONTENT_TYPE, body: await metricsOf(status) }
    : { code: 200, type: 'application/json', body: `${JSON.stringify(status)}\n` };
}

/** A web page can make its own name point here, and its browser would ask for that name (G11). */
function isForUs(host: string | undefined): boolean {
  const name = host === undefined ? null : URL.parse(`http://${host}`);
  return name !== null && isLoopback(name.hostname.replaceAll(/^\[|\]$/gu, ''));
}

function plain(code: number, text: string): Answer {
  return { code, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
