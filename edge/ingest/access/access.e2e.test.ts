/** What who is let in may publish: its own topics, by default. */
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { tempDir, type TempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import type { AccessOptions, Refusal } from '../ingest.ts';
import {
  connectedDevice,
  CONNACK,
  connectPacket,
  PUBACK,
  publishPacket,
  rawDevice,
  SUBACK,
  subscribePacket,
} from '../testing/raw-device.ts';
import { openTestBroker } from '../testing/test-broker.ts';
import { writeUsers } from '../testing/users-file.ts';

const RING = { username: 'ring-1134', password: 'correct horse' };
const TRUCK = { username: 'truck-7', password: 'battery staple' };

let dir: TempDir;
let options: AccessOptions;

beforeAll(async () => {
  dir = await tempDir('access');
  const usersFile = join(dir.path, 'users');
  await writeUsers(usersFile, { 'ring-1134': RING.password, 'truck-7': TRUCK.password });
  options = { usersFile };
});

afterAll(() => dir[Symbol.asyncDispose]());

describe('G11 isolation: without rules a device', () => {
  test.each(['scan/ring-1134', 'scan/ring-1134/dock/2', 'status/ring-1134'])(
    'publishes to %s',
    async (topic) => {
      await using broker = await openTestBroker({ ...options, settles: true });
      const device = await connectedDevice(broker.port, 'ring-1134', RING);
      device.send(publishPacket(topic, 'x'));
      await device.answered(PUBACK);
      expect(broker.held).toMatchObject([{ topic }]);
    },
  );

  test.each<[string, Refusal, Buffer]>([
    ['to another device’s topic', 'access', publishPacket('scan/truck-7', 'x')],
    ['below another device’s topic', 'access', publishPacket('scan/truck-7/ring-1134', 'x')],
    ['to a topic that begins like its own', 'access', publishPacket('scan/ring-11340', 'x')],
    ['to its own id alone', 'access', publishPacket('ring-1134', 'x')],
    ['with QoS 0 to another’s topic', 'access', publishPacket('scan/truck-7', 'x', { qos: 0 })],
    ['with QoS 2 to another’s topic', 'access', publishPacket('scan/truck-7', 'x', { qos: 2 })],
    ['to what the rules look like', 'protocol', publishPacket('+/ring-1134', 'x')],
    ['to everything below its own', 'protocol', publishPacket('scan/ring-1134/#', 'x')],
    ['under $SYS', 'topic', publishPacket('$SYS/ring-1134', 'x')],
    ['under $share', 'topic', publishPacket('$share/ring-1134', 'x')],
  ])('that publishes %s is closed, and no other', async (_, refusal, packet) => {
    await using broker = await openTestBroker({ ...options, settles: true });
    const truck = await connectedDevice(broker.port, 'truck-7', TRUCK);
    const device = await connectedDevice(broker.port, 'ring-1134', RING);
    device.send(packet, publishPacket('scan/ring-1134', 'after it', { id: 2 }));
    await device.closed();
    truck.send(publishPacket('scan/truck-7', 'fine'));
    await truck.answered(PUBACK);
    expect(broker.payloads()).toEqual(['fine']);
    expect(broker.refusals).toMatchObject([{ peer: { user: 'ring-1134' }, refusal }]);
  });

  test.each<[string, Refusal, string]>([
    ['another device’s topic', 'access', 'scan/truck-7'],
    ['$SYS', 'will', '$SYS/ring-1134'],
    ['a wildcard', 'will', '+/ring-1134'],
  ])('with a will under %s is not let in, and the will never comes', async (_, refusal, topic) => {
    await using broker = await openTestBroker({ ...options, settles: true });
    const device = await rawDevice(broker.port);
    device.send(connectPacket('ring-1134', { ...RING, will: { topic, payload: 'gone' } }));
    await device.closed();
    expect(device.answers).toMatchObject([{ type: CONNACK }]);
    expect(device.answers[0]?.body[1]).toBe(5);
    expect(broker.refusals).toMatchObject([{ refusal }]);
    const after = await connectedDevice(broker.port, 'truck-7', TRUCK);
    after.send(publishPacket('scan/truck-7', 'after it'));
    await after.answered(PUBACK);
    expect(broker.payloads()).toEqual(['after it']);
  });

  test('has its will taken under its own id', async () => {
    await using broker = await openTestBroker({ ...options, settles: true });
    const will = { topic: 'status/ring-1134', payload: 'gone' };
    const device = await connectedDevice(broker.port, 'ring-1134', { ...RING, will });
    device.vanish();
    await until('the will', () => broker.held.length === 1);
    expect(broker.held).toMatchObject([{ ...will, clientId: 'ring-1134' }]);
  });

  test('subscribes to nothing, not even its own', async () => {
    await using broker = await openTestBroker({ ...options, settles: true });
    const device = await connectedDevice(broker.port, 'ring-1134', RING);
    device.send(subscribePacket(1, 'scan/ring-1134'), subscribePacket(2, '$share/g/#'));
    const answers = await device.answered(SUBACK, 2);
    expect(answers.map(({ body }) => body.toString('hex'))).toEqual(['000180', '000280']);
  });
});

describe('G11 isolation: with rules', () => {
  test('each device has what its rules add up to', async () => {
    const access = [
      { publish: ['+/%c'], subscribe: [] },
      { users: ['truck-*'], publish: ['fleet/%u/#'], subscribe: [] },
    ];
    await using broker = await openTestBroker({ ...options, access, settles: true });
    const truck = await connectedDevice(broker.port, 'truck-7', TRUCK);
    truck.send(
      publishPacket('fleet/truck-7/gps', 'a'),
      publishPacket('gps/truck-7', 'b', { id: 2 }),
    );
    await truck.answered(PUBACK, 2);
    const ring = await connectedDevice(broker.port, 'ring-1134', RING);
    ring.send(publishPacket('fleet/ring-1134/gps', 'c'));
    await ring.closed();
    expect(broker.payloads()).toEqual(['a', 'b']);
    expect(broker.refusals).toMatchObject([{ peer: { user: 'ring-1134' }, refusal: 'access' }]);
  });

  test('the nameless have what is for all, and nothing with %u', async () => {
    const access = [{ publish: ['+/%u', 'open/%c'], subscribe: [] }];
    await using broker = await openTestBroker({ anonymous: true, access, settles: true });
    const device = await connectedDevice(broker.port, 'a', RING);
    device.send(publishPacket('open/a', 'x'));
    await device.answered(PUBACK);
    // Nobody has checked that it is `ring-1134`.
    device.send(publishPacket('scan/ring-1134', 'y'));
    await device.closed();
    expect(broker.payloads()).toEqual(['x']);
  });
});

describe('G11 isolation: rules that change while devices are connected', () => {
  test('close who may do something else by them, and nobody else', async () => {
    const access = [
      { users: ['ring-*'], publish: ['scan/%u'] },
      { users: ['truck-*'], publish: ['#'] },
    ];
    const rules = access.map((rule) => ({ subscribe: [], ...rule }));
    await using broker = await openTestBroker({ ...options, settles: true, access: rules });
    const ring = await connectedDevice(broker.port, 'ring-1134', RING);
    const truck = await connectedDevice(broker.port, 'truck-7', TRUCK);
    const next = rules.with(1, { users: ['truck-*'], publish: ['fleet/%u'], subscribe: [] });
    broker.broker.setAccess(next);
    await truck.closed();
    expect(broker.refusals).toMatchObject([{ peer: { user: 'truck-7' }, refusal: 'rights' }]);
    ring.send(publishPacket('scan/ring-1134', 'still'));
    await ring.answered(PUBACK);
    const again = await connectedDevice(broker.port, 'truck-7', TRUCK);
    again.send(publishPacket('fleet/truck-7', 'anew'));
    await again.answered(PUBACK);
    again.send(publishPacket('scan/truck-7', 'no more'));
    await again.closed();
    expect(broker.payloads()).toEqual(['still', 'anew']);
  });

  test('are the default where they are taken away', async () => {
    const access = [{ publish: ['#'], subscribe: [] }];
    await using broker = await openTestBroker({ ...options, settles: true, access });
    const ring = await connectedDevice(broker.port, 'ring-1134', RING);
    broker.broker.setAccess(undefined);
    await ring.closed();
    const again = await connectedDevice(broker.port, 'ring-1134', RING);
    again.send(publishPacket('elsewhere/truck-7', 'x'));
    await again.closed();
    expect(broker.held).toEqual([]);
  });
});
