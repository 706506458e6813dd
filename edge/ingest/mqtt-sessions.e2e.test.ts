/** What MQTT 3.1.1 says of sessions, wills and who takes over, as a device sees it. Ids are those of its statements. */
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { tempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import {
  connectedDevice,
  connectPacket,
  disconnectPacket,
  packet,
  pubackPacket,
  PUBLISH,
  publishPacket,
  PUBREC,
  pubrecPacket,
  PUBREL,
  pubrelPacket,
  rawDevice,
  subscribePacket,
  type RawDevice,
} from './testing/raw-device.ts';
import {
  gets,
  got,
  openBroker,
  payloads,
  publishAll,
  settled,
  subscriber,
  wasSessionPresent,
} from './testing/subscriber.ts';
import { fastClock, type TestBroker } from './testing/test-broker.ts';
import { writeUsers } from './testing/users-file.ts';

async function goes(device: RawDevice): Promise<void> {
  device.send(disconnectPacket);
  await device.closed();
}

const LASTING = { clean: false };

/** All connections that there were are closed, but for so many. */
async function left(broker: TestBroker, count = 0): Promise<void> {
  await until('the others to be gone', () => broker.broker.counts().connections === count);
}

describe('a session', () => {
  test('[MQTT-3.1.2-4] stays when its device goes, with its subscriptions', async () => {
    await using broker = await openBroker();
    await goes(await subscriber(broker.port, 'a', [['scan/+', 1]], LASTING));
    const device = await connectedDevice(broker.port, 'a', LASTING);
    expect(wasSessionPresent(device)).toBe(true);
    await publishAll(broker.port, [['scan/x', 'subscribed still']]);
    expect(await payloads(device, 1)).toEqual(['subscribed still']);
  });

  test('[MQTT-3.1.2-6] that is clean ends with its connection, and ends the one before it', async () => {
    await using broker = await openBroker();
    await goes(await subscriber(broker.port, 'a', [['scan/+', 1]], LASTING));
    const clean = await connectedDevice(broker.port, 'a');
    expect(wasSessionPresent(clean)).toBe(false);
    clean.send(subscribePacket(1, 'clean', 1));
    await settled(clean);
    await goes(clean);
    await left(broker);
    await publishAll(broker.port, [
      ['scan/x', 'nobody waits for it'],
      ['clean', 'nor for this'],
    ]);
    const lasting = await connectedDevice(broker.port, 'a', LASTING);
    await settled(lasting);
    expect(wasSessionPresent(lasting)).toBe(false);
    expect(got(lasting)).toEqual([]);
  });

  test('[MQTT-3.2.2-2] is said to be present where it is, also without a subscription', async () => {
    await using broker = await openBroker();
    const first = await connectedDevice(broker.port, 'a', LASTING);
    expect(wasSessionPresent(first)).toBe(false);
    await goes(first);
    expect(wasSessionPresent(await connectedDevice(broker.port, 'a', LASTING))).toBe(true);
    expect(wasSessionPresent(await connectedDevice(broker.port, 'b', LASTING))).toBe(false);
  });

  test('[MQTT-3.2.2-4] is not said to be present to who is not let in', async () => {
    await using broker = await openBroker();
    await goes(await subscriber(broker.port, 'a', [['scan/+', 1]], LASTING));
    const device = await rawDevice(broker.port);
    device.send(connectPacket('a', { ...LASTING, level: 3 }));
    await device.closed();
    expect(device.answers.map(({ body }) => [...body])).toEqual([[0, 1]]);
  });

  test('[MQTT-3.2.0-1] begins with the CONNACK, whatever waits for its device', async () => {
    await using broker = await openBroker();
    await goes(await subscriber(broker.port, 'a', [['scan/+', 1]], LASTING));
    await publishAll(broker.port, [['scan/x', 'waiting']]);
    const device = await connectedDevice(broker.port, 'a', LASTING);
    await gets(device, 1);
    expect(device.answers.map(({ type }) => type)).toEqual([2, PUBLISH]);
  });

  test('[MQTT-3.1.4-2] is taken over by a second connection, which gets what the first did not take', async () => {
    await using broker = await openBroker();
    const first = await subscriber(broker.port, 'a', [['scan/+', 1]], LASTING);
    await publishAll(broker.port, [['scan/x', 'not acknowledged']]);
    await gets(first, 1);
    const second = await connectedDevice(broker.port, 'a', LASTING);
    await first.closed();
    expect(wasSessionPresent(second)).toBe(true);
    expect(await gets(second, 1)).toMatchObject([{ payload: 'not acknowledged', dup: true }]);
    await publishAll(broker.port, [['scan/x', 'fresh']]);
    expect(await payloads(second, 2)).toEqual(['not acknowledged', 'fresh']);
  });

  test('[MQTT-3.1.4-2] that is clean is taken over without what it had', async () => {
    await using broker = await openBroker();
    const first = await subscriber(broker.port, 'a', [['scan/+', 1]]);
    const second = await connectedDevice(broker.port, 'a', LASTING);
    await first.closed();
    expect(wasSessionPresent(second)).toBe(false);
    await publishAll(broker.port, [['scan/x', 'not subscribed']]);
    await settled(second);
    expect(got(second)).toEqual([]);
    await goes(second);
    expect(wasSessionPresent(await connectedDevice(broker.port, 'a', LASTING))).toBe(true);
  });

  test('G7 bounded: ends when its device has been away for too long', async () => {
    const delivery = { sessionAwayMs: 60_000 };
    await using broker = await openBroker({ clock: fastClock(200), delivery });
    await goes(await subscriber(broker.port, 'a', [['scan/+', 1]], LASTING));
    await until('it to end', () => broker.broker.counts().delivery.sessions === 0);
    expect(wasSessionPresent(await connectedDevice(broker.port, 'a', LASTING))).toBe(false);
    expect(broker.broker.counts().delivery).toMatchObject({ sessions: 1, subscriptions: 0 });
  });

  test('G7 bounded: ends where there are too many, the one that has been away longest first', async () => {
    await using broker = await openBroker({ delivery: { sessionsAwayMax: 2 } });
    for (const id of ['a', 'b', 'c']) {
      await goes(await subscriber(broker.port, id, [['scan/+', 1]], LASTING));
      await left(broker);
    }
    expect(broker.broker.counts().delivery).toMatchObject({ sessions: 2, subscriptions: 2 });
    const present = [];
    for (const id of ['a', 'b', 'c']) {
      const device = await connectedDevice(broker.port, id, LASTING);
      present.push(wasSessionPresent(device));
    }
    expect(present).toEqual([false, true, true]);
  });

  test('G11 isolation: is of its user; another one with the same client id finds nothing of it', async () => {
    await using dir = await tempDir('sessions');
    const usersFile = join(dir.path, 'users');
    await writeUsers(usersFile, { ring: 'a', truck: 'b' });
    const access = [{ publish: ['#'], subscribe: ['#'] }];
    await using broker = await openBroker({
      usersFile,
      access,
      clientIdIs: 'any',
      anonymous: true,
    });
    const ring = { ...LASTING, username: 'ring', password: 'a' };
    await goes(await subscriber(broker.port, 'shared', [['scan/+', 1]], ring));
    await publishAll(broker.port, [['scan/x', 'for the ring']]);
    const truck = { ...LASTING, username: 'truck', password: 'b' };
    const other = await connectedDevice(broker.port, 'shared', truck);
    await settled(other);
    expect(wasSessionPresent(other)).toBe(false);
    expect(got(other)).toEqual([]);
    await goes(other);
    await left(broker);
    expect(wasSessionPresent(await connectedDevice(broker.port, 'shared', ring))).toBe(false);
  });
});

describe('what was sent and not acknowledged', () => {
  test('[MQTT-4.4.0-1] comes again with its identifier and DUP, in its order [MQTT-4.6.0-1], then the rest', async () => {
    await using broker = await openBroker();
    const before = await subscriber(broker.port, 'a', [['scan/+', 2]], LASTING);
    const sent = ['1', '2', '3', '4', '5'] as const;
    await publishAll(
      broker.port,
      sent.map((payload, i) => ['scan/x', payload, { qos: i % 2 === 0 ? 1 : 2 }]),
    );
    const first = await gets(before, 5);
    before.send(pubackPacket(first[2]?.id ?? 0));
    await settled(before);
    before.vanish();
    await left(broker);
    await publishAll(broker.port, [['scan/x', '6']]);
    const after = await connectedDevice(broker.port, 'a', LASTING);
    const again = first.filter(({ payload }) => payload !== '3');
    expect(await gets(after, 5)).toMatchObject([
      ...again.map((each) => ({ ...each, dup: true })),
      { payload: '6', dup: false },
    ]);
  });

  test('[MQTT-4.3.3-1] of QoS 2 is not sent again after its PUBREC, only its PUBREL is', async () => {
    await using broker = await openBroker();
    const before = await subscriber(broker.port, 'a', [['scan/+', 2]], LASTING);
    await publishAll(broker.port, [['scan/x', 'once', { qos: 2 }]]);
    const id = (await gets(before, 1))[0]?.id ?? 0;
    before.send(pubrecPacket(id));
    await before.answered(PUBREL);
    before.vanish();
    const after = await connectedDevice(broker.port, 'a', LASTING);
    await after.answered(PUBREL);
    await settled(after);
    expect(got(after)).toEqual([]);
    expect(after.ids(PUBREL)).toEqual([id]);
    expect(after.answers.find(({ type }) => type === PUBREL)?.flags).toBe(2);
  });

  test('[MQTT-4.3.3-2] of QoS 2 by a device comes once to a subscriber, however often it is sent', async () => {
    await using broker = await openBroker();
    const other = await subscriber(broker.port, 'b', [['scan/+', 2]]);
    const message = { qos: 2, id: 7 } as const;
    const before = await connectedDevice(broker.port, 'a', LASTING);
    before.send(publishPacket('scan/x', 'once', message));
    await before.answered(PUBREC);
    before.vanish();
    const after = await connectedDevice(broker.port, 'a', LASTING);
    after.send(publishPacket('scan/x', 'once', { ...message, dup: true }));
    await after.answered(PUBREC);
    after.send(pubrelPacket(7));
    await settled(after);
    await settled(other);
    expect(got(other)).toMatchObject([{ payload: 'once', dup: false }]);
  });
});

describe('a will', () => {
  const will = { topic: 'status/a', payload: 'gone', qos: 1, retain: true } as const;

  test('[MQTT-3.1.2-8] comes when the connection ends without a DISCONNECT, and is an event too', async () => {
    await using broker = await openBroker();
    const other = await subscriber(broker.port, 'b', [['status/#', 2]]);
    const device = await connectedDevice(broker.port, 'a', { will });
    device.vanish();
    expect(await gets(other, 1)).toMatchObject([{ payload: 'gone', qos: 1, retain: false }]);
    expect(broker.held).toMatchObject([{ topic: 'status/a', payload: 'gone', clientId: 'a' }]);
  });

  test('[MQTT-3.1.2-10] does not come after a DISCONNECT [MQTT-3.14.4-3]', async () => {
    await using broker = await openBroker();
    const other = await subscriber(broker.port, 'b', [['status/#', 2]]);
    await goes(await connectedDevice(broker.port, 'a', { will }));
    await left(broker, 1);
    await settled(other);
    expect(got(other)).toEqual([]);
  });

  test('[MQTT-3.14.1-1] comes after a DISCONNECT that has flags, which is none', async () => {
    await using broker = await openBroker();
    const other = await subscriber(broker.port, 'b', [['status/#', 2]]);
    const device = await connectedDevice(broker.port, 'a', { will });
    device.send(packet(0xe1));
    expect(await payloads(other, 1)).toEqual(['gone']);
  });

  test('[MQTT-3.1.2-17] is retained when it says so, and not otherwise [MQTT-3.1.2-16]', async () => {
    await using broker = await openBroker();
    const kept = await connectedDevice(broker.port, 'a', { will });
    const other = await connectedDevice(broker.port, 'c', {
      will: { topic: 'status/c', payload: 'gone' },
    });
    kept.vanish();
    other.vanish();
    await until('both wills', () => broker.held.length === 2);
    const late = await subscriber(broker.port, 'b', [['status/#', 2]]);
    await settled(late);
    expect(got(late)).toMatchObject([{ topic: 'status/a', qos: 1, retain: true }]);
  });

  test('comes when another connection takes over', async () => {
    await using broker = await openBroker();
    const other = await subscriber(broker.port, 'b', [['status/#', 2]]);
    const device = await connectedDevice(broker.port, 'a', { will });
    await connectedDevice(broker.port, 'a');
    await device.closed();
    expect(await payloads(other, 1)).toEqual(['gone']);
  });

  test('comes to who subscribed only once it is durable', async () => {
    await using broker = await openBroker({ settles: false });
    const other = await subscriber(broker.port, 'b', [['status/#', 2]]);
    const device = await connectedDevice(broker.port, 'a', { will });
    device.vanish();
    await until('the will', () => broker.held.length === 1);
    other.send(subscribePacket(9, 'status/x', 0));
    await other.answered(9, 2);
    expect(got(other)).toEqual([]);
    broker.settleAll();
    expect(await payloads(other, 1)).toEqual(['gone']);
  });
});
