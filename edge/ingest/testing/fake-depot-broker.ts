/** A broker that says what the test has it say: for what no honest one sends. */
import { createServer, type Socket } from 'node:net';

import { listen } from '#shared/listen.ts';

export type FakeDepotBroker = AsyncDisposable & {
  readonly url: string;
  /** The connections so far, the last one last. */
  readonly sockets: Socket[];
  /** All that came, of all connections. */
  readonly received: () => Buffer;
};

export type FakeAnswers = {
  /** To the CONNECT; absent: a CONNACK without a session. */
  readonly connack?: Buffer | undefined;
  /** To what comes then, once a connection. Default: a SUBACK that grants one filter. */
  readonly next?: Buffer | undefined;
};

/** The identifier that MQTT.js gives its first packet is one by chance: the SUBACK takes it from the SUBSCRIBE. */
function subackFor(subscribe: Buffer): Buffer {
  return Buffer.from([0x90, 3, subscribe[2] ?? 0, subscribe[3] ?? 0, 0]);
}

export async function openFakeDepotBroker(answers: FakeAnswers = {}): Promise<FakeDepotBroker> {
  const sockets: Socket[] = [];
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    let packets = 0;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      packets++;
      if (packets === 1) socket.write(answers.connack ?? Buffer.from([0x20, 2, 0, 0]));
      if (packets === 2) socket.write(answers.next ?? subackFor(chunk));
    });
  });
  const port = await listen(server, '127.0.0.1', 0);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    sockets,
    received: () => Buffer.concat(received),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
