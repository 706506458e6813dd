/** MQTT over WebSocket: each connection as a stream of bytes. The only importer of `ws`. */
import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { createWebSocketStream, WebSocketServer } from 'ws';

import type { Refusal } from './ingest.ts';

export type WebSocketOptions = {
  /** Of one frame, which may hold several packets or a part of one. */
  readonly frameBytesMax: number;
  readonly connectionsMax: number;
  /** With the socket that it came by. */
  readonly onConnection: (stream: Duplex, socket: Socket) => void;
  readonly onRefused: (address: string | undefined, refusal: Refusal) => void;
};

const SUBPROTOCOL = 'mqtt';
const HEADER_BYTES_MAX = 8192;
const UPGRADE_MS_MAX = 10_000;
const UPGRADE_CHECK_MS = 2000;

/** A server that does not listen yet. Closing it leaves the connections that were handed out. */
export function websocketServer(options: WebSocketOptions): Server {
  const websockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.frameBytesMax,
    handleProtocols: () => SUBPROTOCOL,
  });
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: UPGRADE_MS_MAX,
      requestTimeout: UPGRADE_MS_MAX,
      connectionsCheckingInterval: UPGRADE_CHECK_MS,
    },
    (_request, response) => {
      response.writeHead(426, { Connection: 'close', Upgrade: 'websocket' }).end();
    },
  );
  server.maxConnections = options.connectionsMax;
  server.on('upgrade', (request, socket, head) => {
    const address = request.socket.remoteAddress;
    socket.on('error', () => {});
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      options.onRefused(address, refusal);
      refuse(socket, refusal === 'origin' ? 403 : 400);
      return;
    }
    websockets.handleUpgrade(request, socket, head, (websocket) => {
      const stream = createWebSocketStream(websocket);
      stream.on('error', () => {});
      // MQTT travels in binary frames (MQTT-6.0.0-1).
      websocket.on('message', (_data, isBinary) => {
        if (!isBinary) stream.destroy();
      });
      options.onConnection(stream, request.socket);
    });
  });
  return server;
}

/**
 * Default deny (G11): a browser lets any web page open a WebSocket to this machine, and says by `Origin` that it
 * is one. Devices send none.
 */
function refusalOf({ headers }: IncomingMessage): 'origin' | 'subprotocol' | undefined {
  if (headers.origin !== undefined) return 'origin';
  const offered = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim());
  return offered?.includes(SUBPROTOCOL) === true ? undefined : 'subprotocol';
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`);
}
