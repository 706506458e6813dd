/** What a device must not do, and that nobody else notices when it tries. */
import { connectAsync } from 'mqtt';
import { describe, expect, test } from 'vitest';

import type { Refusal } from './ingest.ts';
import {
  connectedDevice,
  CONNACK,
  connectPacket,
  packet,
  PUBACK,
  publishPacket,
  rawDevice,
  SUBACK,
  subscribePacket,
  text,
  type ConnectPacketOptions,
} from './testing/raw-device.ts';
import { openTestBroker } from './testing/test-broker.ts';

test('G11 isolation: nobody can subscribe where no rule says so, and nobody sees what is retained', async () => {
  await using broker = await openTestBroker({ settles: true });
  const device = await connectedDevice(broker.port, 'spy');
  device.send(subscribePacket(5, '#'), subscribePacket(6, 'scan/a'), subscribePacket(7, '$SYS/#'));
  const answers = await device.answered(SUBACK, 3);
  expect(answers.map(({ body }) => body.toString('hex'))).toEqual(['000580', '000680', '000780']);
  const publisher = await connectedDevice(broker.port, 'a');
  publisher.send(publishPacket('scan/a', 'x', { retain: true }));
  await publisher.answered(PUBACK);
  device.send(subscribePacket(8, 'scan/a'));
  await device.answered(SUBACK, 4);
  expect(device.answers.map(({ type }) => type)).toEqual([CONNACK, SUBACK, SUBACK, SUBACK, SUBACK]);
  expect(broker.broker.counts().refused).toEqual({ subscribe: 4 });
});

test('G11 isolation: a client of the mqtt package is told so too', async () => {
  await using broker = await openTestBroker({ settles: true });
  const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0 });
  await expect(client.subscribeAsync('scan/#')).rejects.toThrow(/Unspecified error/u);
  await client.publishAsync('scan/a', 'still there', { qos: 1 });
  await client.endAsync();
  expect(broker.payloads()).toEqual(['still there']);
});

describe('G11 isolation: a PUBLISH that closes its connection, and no other', () => {
  const deep = Array.from({ length: 33 }, () => 'a').join('/');
  test.each<[string, Refusal, Buffer]>([
    ['under $SYS', 'topic', publishPacket('$SYS/broker/new/clients', 'a')],
    ['under another $', 'topic', publishPacket('$share/x', 'a')],
    ['with QoS 0 under $SYS', 'topic', publishPacket('$SYS/x', 'a', { qos: 0 })],
    ['with QoS 2 under $SYS', 'topic', publishPacket('$SYS/x', 'a', { qos: 2 })],
    ['with U+0000 in its topic', 'topic', publishPacket('scan/\0', 'a')],
    ['with a line end in its topic', 'topic', publishPacket('scan/a\n', 'a')],
    ['with an escape sequence in its topic', 'topic', publishPacket('scan/\u001b[2J', 'a')],
    ['with a topic that is not UTF-8', 'topic', publishPacket(Buffer.from([0x73, 0xff]), 'a')],
    ['with a topic that is too long', 'topic', publishPacket('a'.repeat(1025), 'a')],
    ['with a topic that is too deep', 'topic', publishPacket(deep, 'a')],
    ['with a wildcard', 'protocol', publishPacket('scan/+', 'a')],
    ['without a topic', 'protocol', publishPacket('', 'a')],
    ['with packet identifier 0', 'packet-id', publishPacket('scan/a', 'a', { id: 0 })],
    ['that ends before its identifier', 'packet-length', packet(0x32, text('scan/a'))],
    ['with QoS 3', 'protocol', packet(0x36, text('scan/a'), Buffer.from([0, 1, 2]))],
  ])('%s', async (_, refusal, bytes) => {
    await using broker = await openTestBroker({ settles: true });
    const neighbour = await connectedDevice(broker.port, 'neighbour');
    const device = await connectedDevice(broker.port, 'bad');
    device.send(bytes, publishPacket('scan/a', 'after it', { id: 2 }));
    await device.closed();
    neighbour.send(publishPacket('scan/b', 'fine'));
    await neighbour.answered(PUBACK);
    expect(broker.payloads()).toEqual(['fine']);
    expect(broker.refusals).toMatchObject([{ peer: { clientId: 'bad' }, refusal }]);
    expect(broker.failures).toEqual([]);
  });
});

describe('G11 isolation: a CONNECT that is not let in', () => {
  const will = { topic: '$SYS/x', payload: '' };
  test.each<[string, Refusal, number, Buffer]>([
    ['a client id with a line end', 'client-id', 2, connectPacket('a\nb')],
    ['a client id with U+0000', 'client-id', 2, connectPacket('a\0')],
    ['a client id with an escape sequence', 'client-id', 2, connectPacket('\u001b[31m')],
    ['a client id with a slash', 'client-id', 2, connectPacket('a/b')],
    ['a client id that is a wildcard', 'client-id', 2, connectPacket('#')],
    ['a client id with a plus', 'client-id', 2, connectPacket('a+')],
    ['a client id beyond ASCII', 'client-id', 2, connectPacket('å')],
    ['a client id that is not UTF-8', 'client-id', 2, connectPacket(Buffer.from([0xff]))],
    ['a client id that is too long', 'client-id', 2, connectPacket('a'.repeat(129))],
    ['a client id that every object has', 'client-id', 2, connectPacket('__proto__')],
    ['no client id for a session that stays', 'client-id', 2, connectPacket('', { clean: false })],
    [
      'no client id in MQTT 3.1',
      'client-id',
      2,
      connectPacket('', { protocolId: 'MQIsdp', level: 3 }),
    ],
    ['MQTT 3.1 by the name of 3.1.1', 'protocol-version', 1, connectPacket('a', { level: 3 })],
    ['a will under $SYS', 'will', 5, connectPacket('a', { will })],
    [
      'a will with a wildcard',
      'will',
      5,
      connectPacket('a', { will: { ...will, topic: 'scan/#' } }),
    ],
  ])('%s', async (_, refusal, returnCode, bytes) => {
    await using broker = await openTestBroker();
    const device = await rawDevice(broker.port);
    device.send(bytes, publishPacket('scan/a', 'x'));
    await device.closed();
    expect(device.answers).toMatchObject([{ type: CONNACK }]);
    expect(device.answers[0]?.body[1]).toBe(returnCode);
    expect(broker.refusals).toMatchObject([{ peer: { clientId: undefined }, refusal }]);
    expect(broker.held).toEqual([]);
  });

  test('MQTT 5', async () => {
    await using broker = await openTestBroker();
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const connecting = connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 }, false);
    await expect(connecting).rejects.toThrow(/Connection refused/u);
    expect(broker.refusals).toMatchObject([{ refusal: 'protocol-version' }]);
  });
});

describe('a client id', () => {
  test.each<[string, string, ConnectPacketOptions]>([
    ['of 128 characters', 'a'.repeat(128), {}],
    ['with spaces and signs', 'scanner 1 (dock_3) @x.y:z', {}],
    ['of MQTT 3.1', 'a'.repeat(30), { protocolId: 'MQIsdp', level: 3 }],
    ['of a bridge', 'bridge', { level: 0x84 }],
    ['that is empty, of a clean session', '', {}],
  ])('%s is let in', async (_, clientId, options) => {
    await using broker = await openTestBroker({ settles: true });
    const device = await connectedDevice(broker.port, clientId, options);
    device.send(publishPacket('scan/a', 'x'));
    await device.answered(PUBACK);
    const name = broker.held[0]?.clientId;
    expect(clientId === '' ? name?.startsWith('aedes_') : name === clientId).toBe(true);
  });

  test('that connects again takes over, and the message of the old connection is not lost', async () => {
    await using broker = await openTestBroker();
    const first = await connectedDevice(broker.port, 'a');
    first.send(publishPacket('scan/a', 'x'));
    const second = await connectedDevice(broker.port, 'a');
    await first.closed();
    broker.settleAll();
    second.send(publishPacket('scan/a', 'y', { id: 2 }));
    broker.settleAll();
    await expect.poll(() => broker.payloads()).toEqual(['x', 'y']);
    broker.settleAll();
    await second.answered(PUBACK);
    expect(second.ids(PUBACK)).toEqual([2]);
  });
});

test.each([
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'first-packet'],
  ['TLS', Buffer.from([0x16, 3, 1, 2, 0, 1]), 'first-packet'],
  ['a PUBLISH first', publishPacket('scan/a', 'x'), 'first-packet'],
  ['a second CONNECT', Buffer.concat([connectPacket('a'), connectPacket('a')]), 'protocol'],
  ['a CONNACK', Buffer.concat([connectPacket('a'), packet(0x20)]), 'packet-type'],
  [
    'a length of five bytes',
    Buffer.concat([connectPacket('a'), Buffer.from([0x30, 255, 255, 255, 255])]),
    'packet-length',
  ],
  ['a CONNECT that ends early', packet(0x10, text('MQTT'), Buffer.from([4])), 'protocol'],
  [
    'a CONNECT of another protocol',
    packet(0x10, text('AMQP'), Buffer.from([4, 2, 0, 0]), text('a')),
    'protocol',
  ],
])('%s closes the connection', async (_, bytes, refusal) => {
  await using broker = await openTestBroker({ settles: true });
  const device = await rawDevice(broker.port);
  device.send(bytes);
  await device.closed();
  expect(broker.refusals).toMatchObject([{ refusal }]);
  expect(broker.held).toEqual([]);
});
