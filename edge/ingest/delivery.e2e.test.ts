/** What waits for subscribers is bounded, and one that does not read holds nobody up (G7). */
import { connect, type Socket } from 'node:net';

import { describe, expect, test } from 'vitest';

import { until } from '#shared/testing/until.ts';

import {
  connectedDevice,
  connectPacket,
  disconnectPacket,
  PUBACK,
  publishPacket,
  subscribePacket,
} from './testing/raw-device.ts';
import {
  gets,
  got,
  openBroker,
  payloads,
  publishAll,
  settled,
  subackOf,
  subscriber,
  wasSessionPresent,
} from './testing/subscriber.ts';
import { fastClock, type TestBroker } from './testing/test-broker.ts';

const LASTING = { clean: false };

/** Subscribes to everything, and goes. */
async function leaves(broker: TestBroker, clientId: string): Promise<void> {
  const device = await subscriber(broker.port, clientId, [['scan/#', 1]], LASTING);
  device.send(disconnectPacket);
  await device.closed();
  await until('it to be gone', () => broker.broker.counts().connections === 0);
}

/** Subscribes to everything with that QoS, and never reads. */
async function frozen(broker: TestBroker, qos: 0 | 1): Promise<Socket> {
  const socket = connect({ port: broker.port, host: '127.0.0.1' });
  socket.on('error', () => {});
  const before = broker.broker.counts().delivery.subscriptions;
  socket.write(Buffer.concat([connectPacket('frozen'), subscribePacket(1, 'scan/#', qos)]));
  await until('it to subscribe', () => broker.broker.counts().delivery.subscriptions > before);
  return socket;
}

describe('G7 bounded: what waits for a device that is away', () => {
  test('is so many messages at most, the last ones', async () => {
    await using broker = await openBroker({ delivery: { queueMessagesMax: 3 } });
    await leaves(broker, 'a');
    await publishAll(
      broker.port,
      ['1', '2', '3', '4', '5'].map((payload) => ['scan/x', payload]),
    );
    expect(broker.broker.counts().delivery.dropped).toBe(2);
    const device = await connectedDevice(broker.port, 'a', LASTING);
    expect(await payloads(device, 3)).toEqual(['3', '4', '5']);
  });

  test('is so many bytes at most, but for a single message', async () => {
    await using broker = await openBroker({ delivery: { queueBytesMax: 5000 } });
    await leaves(broker, 'a');
    const long = 'x'.repeat(2000);
    await publishAll(broker.port, [
      ['scan/x', `1${long}`],
      ['scan/x', `2${long}`],
      ['scan/x', `3${long}`],
    ]);
    expect(broker.broker.counts().delivery.dropped).toBe(1);
    await publishAll(broker.port, [['scan/x', 'y'.repeat(9000)]]);
    const device = await connectedDevice(broker.port, 'a', LASTING);
    await settled(device);
    expect(got(device).map(({ payload }) => payload)).toEqual(['y'.repeat(9000)]);
  });

  test('of all together has a limit: who has been away longest loses the session, and is told', async () => {
    await using broker = await openBroker({ delivery: { queuedBytesMax: 9000 } });
    await leaves(broker, 'a');
    await leaves(broker, 'b');
    const long = 'x'.repeat(2000);
    await publishAll(broker.port, [
      ['scan/x', `1${long}`],
      ['scan/x', `2${long}`],
      ['scan/x', `3${long}`],
    ]);
    const { heldBytes } = broker.broker.counts().delivery;
    expect(heldBytes).toBeLessThanOrEqual(9000);
    const first = await connectedDevice(broker.port, 'a', LASTING);
    expect(wasSessionPresent(first)).toBe(false);
    const second = await connectedDevice(broker.port, 'b', LASTING);
    expect(wasSessionPresent(second)).toBe(true);
    expect((await gets(second, 3)).map(({ payload }) => payload[0])).toEqual(['1', '2', '3']);
  });

  test('is given back when it is acknowledged, or its session ends', async () => {
    await using broker = await openBroker();
    await leaves(broker, 'a');
    await publishAll(broker.port, [['scan/x', 'x']]);
    expect(broker.broker.counts().delivery.heldBytes).toBeGreaterThan(0);
    await connectedDevice(broker.port, 'a');
    expect(broker.broker.counts().delivery).toMatchObject({ heldBytes: 0, subscriptions: 0 });
  });
});

describe('G7 bounded: subscriptions', () => {
  test('of one device, and of all, have a limit; beyond it they are refused', async () => {
    const delivery = { subscriptionsPerSessionMax: 2, subscriptionsMax: 3 };
    await using broker = await openBroker({ delivery });
    const first = await connectedDevice(broker.port, 'a');
    const second = await connectedDevice(broker.port, 'b');
    for (const [i, filter] of ['x', 'y', 'z', 'x'].entries()) {
      first.send(subscribePacket(i + 1, filter, 0));
    }
    expect(await subackOf(first, 3)).toEqual([0x80]);
    expect(await subackOf(first, 4)).toEqual([0]);
    second.send(subscribePacket(1, 'x', 0), subscribePacket(2, 'y', 0));
    expect(await subackOf(second, 1)).toEqual([0]);
    expect(await subackOf(second, 2)).toEqual([0x80]);
    expect(broker.broker.counts().refused).toEqual({ subscriptions: 2 });
  });
});

describe('G7 bounded: what is retained', () => {
  test('has a limit; beyond it a message is handed on, acknowledged and not kept', async () => {
    await using broker = await openBroker({ delivery: { retainedMax: 1 } });
    const device = await subscriber(broker.port, 'a', [['status/#', 1]]);
    await publishAll(broker.port, [
      ['status/1', 'kept', { retain: true }],
      ['status/2', 'handed on', { retain: true }],
    ]);
    expect(await payloads(device, 2)).toEqual(['kept', 'handed on']);
    expect(broker.broker.counts().delivery).toMatchObject({ retained: 1, notRetained: 1 });
  });

  test('goes out as the device takes it: ten thousand messages cost a subscriber no place in its queue', async () => {
    await using broker = await openBroker({ delivery: { retainedPerClientMax: 10_000 } });
    for (let i = 0; i < 10_000; i++) {
      broker.broker.publish(`status/${i}`, Buffer.from('x'), { retain: true });
    }
    const device = await subscriber(broker.port, 'a', [['status/#', 0]]);
    await gets(device, 10_000);
    const { dropped } = broker.broker.counts().delivery;
    expect(dropped).toBe(0);
  });
});

describe('G7 bounded: a subscriber that does not read', () => {
  test.each([0, 1] as const)(
    'at QoS %i is closed after a while; until then others publish and receive as ever',
    async (qos) => {
      await using broker = await openBroker({
        clock: fastClock(20),
        delivery: { outputBytesMax: 256 * 1024, inFlightMax: 1000 },
      });
      const socket = await frozen(broker, qos);
      socket.pause();
      const reader = await subscriber(broker.port, 'reader', [['scan/#', 0]]);
      const sender = await connectedDevice(broker.port, 'sender');
      const payload = 'x'.repeat(60_000);
      // More than all buffers of the system take.
      let sent = 0;
      await until('it to be closed', () => {
        if (sender.ids(PUBACK).length === sent) {
          for (let i = 0; i < 20; i++)
            sender.send(publishPacket('scan/a', payload, { id: ++sent }));
        }
        return broker.broker.counts().refused.stalled === 1;
      });
      await until('all to be acknowledged', () => sender.ids(PUBACK).length === sent);
      await gets(reader, sent);
      expect(broker.refusals).toMatchObject([{ peer: { clientId: 'frozen' }, refusal: 'stalled' }]);
      expect(broker.broker.counts().delivery.dropped).toBeGreaterThan(0);
      socket.destroy();
    },
  );
});
