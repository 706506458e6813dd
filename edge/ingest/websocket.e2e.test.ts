import { once } from 'node:events';
import { connect } from 'node:net';

import { connectAsync } from 'mqtt';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { until } from '#shared/testing/until.ts';

import { connectPacket, publishPacket } from './testing/raw-device.ts';
import { openTestBroker, type TestBroker } from './testing/test-broker.ts';

const urlOf = ({ broker }: TestBroker): string => `ws://127.0.0.1:${broker.websocketPort}`;

/** The status of an upgrade that was refused, or `close` of one that was not. */
async function outcome(socket: WebSocket): Promise<string> {
  return await new Promise((resolve) => {
    socket.on('error', (error) => resolve(error.message));
    socket.on('close', () => resolve('close'));
  });
}

describe('MQTT over WebSocket', () => {
  test('publishes, with the acknowledgement after the commit', async () => {
    await using broker = await openTestBroker({ websocketPort: 0 });
    const client = await connectAsync(urlOf(broker), { clientId: 'web', reconnectPeriod: 0 });
    let isAcknowledged = false;
    const publishing = client
      .publishAsync('scan/a', 'x', { qos: 1 })
      .then(() => (isAcknowledged = true));
    await until('the message', () => broker.held.length === 1);
    expect(isAcknowledged).toBe(false);
    broker.settleAll();
    await publishing;
    expect(broker.held).toMatchObject([{ topic: 'scan/a', payload: 'x', clientId: 'web' }]);
    await client.publishAsync('scan/a', 'y', { qos: 0 });
    const long = client.publishAsync('scan/a', 'z'.repeat(300_000), { qos: 2 });
    await until('the others', () => broker.held.length === 3);
    broker.settleAll();
    await long;
    await client.endAsync();
  });

  test('packets may be cut and joined by frames as they like', async () => {
    await using broker = await openTestBroker({ websocketPort: 0, settles: true });
    const socket = new WebSocket(urlOf(broker), 'mqtt');
    const answers: Buffer[] = [];
    socket.on('message', (data: Buffer) => answers.push(data));
    await once(socket, 'open');
    const bytes = Buffer.concat([connectPacket('a'), publishPacket('scan/a', 'x', { id: 3 })]);
    for (const byte of bytes.subarray(0, 10)) socket.send(Buffer.from([byte]));
    socket.send(bytes.subarray(10));
    await expect.poll(() => Buffer.concat(answers).toString('hex')).toBe('2002000040020003');
    socket.terminate();
  });

  test('G7 bounded: a frame that is too long closes its connection', async () => {
    await using broker = await openTestBroker({ websocketPort: 0, packetBytesMax: 1000 });
    const socket = new WebSocket(urlOf(broker), 'mqtt');
    await once(socket, 'open');
    socket.send(Buffer.alloc(100_000, 0x10));
    expect(await outcome(socket)).toBe('close');
    expect(broker.held).toEqual([]);
  });

  test('text frames are not MQTT', async () => {
    await using broker = await openTestBroker({ websocketPort: 0 });
    const socket = new WebSocket(urlOf(broker), 'mqtt');
    await once(socket, 'open');
    socket.send(connectPacket('a').toString('latin1'));
    expect(await outcome(socket)).toBe('close');
  });

  test('G11 isolation: a web page of another origin is refused', async () => {
    await using broker = await openTestBroker({ websocketPort: 0 });
    const socket = new WebSocket(urlOf(broker), 'mqtt', { origin: 'https://evil.example' });
    expect(await outcome(socket)).toBe('Unexpected server response: 403');
    expect(broker.refusals).toMatchObject([{ refusal: 'origin' }]);
  });

  test('without the subprotocol it is refused', async () => {
    await using broker = await openTestBroker({ websocketPort: 0 });
    expect(await outcome(new WebSocket(urlOf(broker)))).toBe('Unexpected server response: 400');
    expect(await outcome(new WebSocket(urlOf(broker), 'chat'))).toMatch(/400/u);
    expect(broker.broker.counts().refused).toEqual({ subprotocol: 2 });
  });

  test('a plain HTTP request is told to upgrade', async () => {
    await using broker = await openTestBroker({ websocketPort: 0 });
    const response = await fetch(urlOf(broker).replace('ws:', 'http:'));
    expect(response.status).toBe(426);
  });

  test('a connection that never asks does not keep the broker from stopping', async () => {
    await using broker = await openTestBroker({ websocketPort: 0 });
    const socket = connect(broker.broker.websocketPort ?? 0, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nHost: ');
    socket.on('error', () => {});
    await broker.broker[Symbol.asyncDispose]();
    await expect.poll(() => socket.closed).toBe(true);
  });
});
