/**
 * The cases of Eclipse Paho's MQTT 3.1.1 interoperability suite (`client_test.py`), one a test and in its order,
 * in our own words. `docs/MQTT.md` has how the suite itself ran.
 */
import { describe, expect, test } from 'vitest';

import { until } from '#shared/testing/until.ts';

import {
  connectedDevice,
  CONNACK,
  connectPacket,
  disconnectPacket,
  PUBACK,
  pubackPacket,
  PUBCOMP,
  pubcompPacket,
  PUBLISH,
  publishPacket,
  PUBREC,
  pubrecPacket,
  PUBREL,
  pubrelPacket,
  rawDevice,
  subscribePacket,
  UNSUBACK,
  unsubscribePacket,
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
import { fastClock } from './testing/test-broker.ts';

describe('as in Paho’s suite', () => {
  test('basic: a device gets what it publishes itself, of each QoS', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'a', [['TopicA', 2]]);
    expect(wasSessionPresent(device)).toBe(false);
    device.send(
      publishPacket('TopicA', 'qos 0', { qos: 0 }),
      publishPacket('TopicA', 'qos 1', { qos: 1, id: 1 }),
      publishPacket('TopicA', 'qos 2', { qos: 2, id: 2 }),
    );
    const messages = await gets(device, 3);
    expect(messages).toMatchObject([
      { payload: 'qos 0', qos: 0, dup: false, retain: false },
      { payload: 'qos 1', qos: 1, dup: false, retain: false },
      { payload: 'qos 2', qos: 2, dup: false, retain: false },
    ]);
    expect(device.ids(PUBACK)).toEqual([1]);
    await device.answered(PUBREC);
    device.send(pubrelPacket(2));
    await device.answered(PUBCOMP);
  });

  test('basic: a second CONNECT on a connection closes it [MQTT-3.1.0-2]', async () => {
    await using broker = await openBroker();
    const device = await connectedDevice(broker.port, 'a');
    device.send(connectPacket('a'));
    await device.closed();
    expect(broker.refusals).toMatchObject([{ peer: { clientId: 'a' }, refusal: 'protocol' }]);
  });

  test('basic: a protocol of another name is refused [MQTT-3.1.2-1]', async () => {
    await using broker = await openBroker();
    const device = await rawDevice(broker.port);
    device.send(connectPacket('a', { protocolId: 'hj' }));
    await device.closed();
    expect(device.answers.filter(({ body }) => body[1] === 0)).toEqual([]);
  });

  test('retained messages: come to who subscribes later, until an empty one removes them', async () => {
    await using broker = await openBroker();
    const topics = ['TopicA/B', 'Topic/C', 'TopicA/C'] as const;
    await publishAll(
      broker.port,
      topics.map((topic, qos) => [topic, `qos ${qos}`, { qos: qos as 0 | 1 | 2, retain: true }]),
    );
    const early = await subscriber(broker.port, 'early', [['+/+', 2]]);
    const messages = await gets(early, 3);
    expect(messages.map(({ payload, qos, retain }) => ({ payload, qos, retain }))).toEqual([
      { payload: 'qos 0', qos: 0, retain: true },
      { payload: 'qos 2', qos: 2, retain: true },
      { payload: 'qos 1', qos: 1, retain: true },
    ]);
    await publishAll(
      broker.port,
      topics.map((topic, qos) => [topic, '', { qos: qos as 0 | 1 | 2, retain: true }]),
    );
    const late = await subscriber(broker.port, 'late', [['+/+', 2]]);
    await settled(late);
    expect(got(late)).toEqual([]);
  });

  test('will message: comes when a device goes without a word', async () => {
    await using broker = await openBroker();
    const will = { topic: 'Topic/C', payload: 'client not disconnected' };
    const device = await connectedDevice(broker.port, 'a', { will, keepAliveSeconds: 2 });
    const other = await subscriber(broker.port, 'b', [['Topic/C', 2]], { clean: false });
    device.vanish();
    expect(await payloads(other, 1)).toEqual(['client not disconnected']);
  });

  test('zero-length client id: only for a session that ends with its connection [MQTT-3.1.3-8]', async () => {
    await using broker = await openBroker();
    const lasting = await rawDevice(broker.port);
    lasting.send(connectPacket('', { clean: false }));
    await lasting.closed();
    expect(lasting.answers).toMatchObject([{ type: CONNACK, body: Buffer.from([0, 2]) }]);
    const clean = await subscriber(broker.port, '', [['a', 0]]);
    clean.send(publishPacket('a', 'served like any', { qos: 0 }));
    expect(await payloads(clean, 1)).toEqual(['served like any']);
  });

  test('offline message queueing: QoS 1 and 2 wait for a device that is away', async () => {
    await using broker = await openBroker();
    const before = await subscriber(broker.port, 'a', [['+/+', 2]], { clean: false });
    before.send(disconnectPacket);
    await before.closed();
    await publishAll(broker.port, [
      ['TopicA/B', 'qos 0', { qos: 0 }],
      ['Topic/C', 'qos 1', { qos: 1 }],
      ['TopicA/C', 'qos 2', { qos: 2 }],
    ]);
    const after = await connectedDevice(broker.port, 'a', { clean: false });
    expect(wasSessionPresent(after)).toBe(true);
    await settled(after);
    expect(got(after)).toMatchObject([
      { payload: 'qos 1', qos: 1, dup: false },
      { payload: 'qos 2', qos: 2, dup: false },
    ]);
  });

  test('overlapping subscriptions: one copy, with the highest QoS of those that match', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'a', [
      ['TopicA/#', 2],
      ['TopicA/+', 1],
    ]);
    device.send(publishPacket('TopicA/C', 'overlapping', { qos: 2 }));
    await settled(device);
    expect(got(device)).toMatchObject([{ payload: 'overlapping', qos: 2 }]);
  });

  test('keep-alive: a silent device is closed, and its will comes [MQTT-3.1.2-24]', async () => {
    await using broker = await openBroker({ clock: fastClock(50) });
    const other = await subscriber(broker.port, 'b', [['/TopicA', 2]]);
    const will = { topic: '/TopicA', payload: 'keepalive expiry' };
    const device = await connectedDevice(broker.port, 'a', { will, keepAliveSeconds: 5 });
    await device.closed();
    expect(await payloads(other, 1)).toEqual(['keepalive expiry']);
  });

  test('redelivery on reconnect: what was not acknowledged comes again [MQTT-4.4.0-1]', async () => {
    await using broker = await openBroker();
    const before = await subscriber(broker.port, 'b', [['TopicA/#', 2]], { clean: false });
    before.send(
      publishPacket('TopicA/B', '1', { qos: 1, id: 1 }),
      publishPacket('TopicA/C', '2', { qos: 2, id: 2 }),
    );
    const first = await gets(before, 2);
    before.vanish();
    const after = await connectedDevice(broker.port, 'b', { clean: false });
    const again = await gets(after, 2);
    expect(again).toEqual(first.map((each) => ({ ...each, dup: true })));
    after.send(pubackPacket(again[0]?.id ?? 0), pubrecPacket(again[1]?.id ?? 0));
    await after.answered(PUBREL);
    after.send(pubcompPacket(again[1]?.id ?? 0));
    await settled(after);
    expect(broker.broker.counts().delivery.heldBytes).toBe(0);
  });

  test('subscribe failure: what is not allowed is answered with 0x80, and the connection stays', async () => {
    await using broker = await openBroker({
      access: [{ publish: ['#'], subscribe: ['test/yes'] }],
    });
    const device = await connectedDevice(broker.port, 'a');
    device.send(subscribePacket(1, 'test/no', 2), subscribePacket(2, 'test/yes', 2));
    expect(await subackOf(device, 1)).toEqual([0x80]);
    expect(await subackOf(device, 2)).toEqual([2]);
  });

  test('$ topics: a filter that begins with a wildcard does not match them [MQTT-4.7.2-1]', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'b', [
      ['#', 2],
      ['+/+', 2],
      ['+/B', 2],
    ]);
    device.send(publishPacket('$TopicA/B', '', { id: 9 }));
    await until('its PUBACK', () => device.ids(PUBACK).includes(9));
    await settled(device);
    expect(device.answers.filter(({ type }) => type === PUBLISH)).toEqual([]);
    expect(broker.held.map(({ topic }) => topic)).toContain('$TopicA/B');
  });

  test('unsubscribe: ends one subscription and no other', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'b', [
      ['TopicA', 2],
      ['TopicA/B', 2],
      ['Topic/C', 2],
    ]);
    device.send(unsubscribePacket(9, 'TopicA'));
    await device.answered(UNSUBACK);
    await publishAll(broker.port, [
      ['TopicA', 'not this'],
      ['TopicA/B', 'this'],
      ['Topic/C', 'and this'],
    ]);
    await settled(device);
    expect(got(device).map(({ payload }) => payload)).toEqual(['this', 'and this']);
  });
});
