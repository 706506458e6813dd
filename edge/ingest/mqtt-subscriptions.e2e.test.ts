/** What MQTT 3.1.1 says of subscriptions, retained messages and QoS, as a device sees it. Ids are those of its statements. */
import { describe, expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';
import { until } from '#shared/testing/until.ts';

import {
  connectedDevice,
  packet,
  PINGRESP,
  pingPacket,
  PUBACK,
  pubackPacket,
  PUBCOMP,
  pubcompPacket,
  PUBLISH,
  publishPacket,
  pubrecPacket,
  PUBREL,
  pubrelPacket,
  SUBACK,
  subscribePacket,
  text,
  uint16,
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
} from './testing/subscriber.ts';

const BYTE = (value: number): Buffer => Buffer.from([value]);

describe('SUBSCRIBE', () => {
  test('[MQTT-3.8.4-5] with many filters has one SUBACK with a code for each, in their order', async () => {
    const access = [{ publish: ['#'], subscribe: ['a', 'b/+', 'c/#', 'probe/+'] }];
    await using broker = await openBroker({ access });
    const device = await connectedDevice(broker.port, 'a');
    const filters = [
      ['a', 0],
      ['no', 1],
      ['b/+', 1],
      ['$SYS/#', 2],
      ['c/#', 2],
    ] as const;
    const parts = filters.flatMap(([filter, qos]) => [text(filter), BYTE(qos)]);
    device.send(packet(0x82, uint16(500), ...parts));
    expect(await subackOf(device, 500)).toEqual([0, 0x80, 1, 0x80, 2]);
    expect(broker.refusals).toMatchObject([{ refusal: 'subscribe' }]);
    await publishAll(broker.port, [
      ['no', 'refused'],
      ['c', 'granted'],
    ]);
    await settled(device);
    expect(got(device)).toMatchObject([{ payload: 'granted' }]);
  });

  test('[MQTT-3.8.4-3] with a filter that is there replaces it, and sends what is retained again', async () => {
    await using broker = await openBroker();
    await publishAll(broker.port, [['status/a', 'kept', { retain: true }]]);
    const device = await subscriber(broker.port, 'a', [['status/+', 0]]);
    expect(await gets(device, 1)).toMatchObject([{ payload: 'kept', qos: 0, retain: true }]);
    device.send(subscribePacket(9, 'status/+', 1));
    expect(await gets(device, 2)).toMatchObject([{}, { payload: 'kept', qos: 1, retain: true }]);
    await publishAll(broker.port, [['status/a', 'live']]);
    await settled(device);
    expect(got(device).slice(2)).toMatchObject([{ payload: 'live', qos: 1, retain: false }]);
    expect(broker.broker.counts().delivery.subscriptions).toBe(2);
  });

  test('[MQTT-3.8.4-6] limits the QoS to the lower of both, by a wildcard too', async () => {
    await using broker = await openBroker();
    const device = await connectedDevice(broker.port, 'a');
    for (const granted of [0, 1, 2] as const) {
      device.send(subscribePacket(granted + 1, `to${granted}/#`, granted));
    }
    await device.answered(SUBACK, 3);
    const all = [0, 1, 2].flatMap((granted) =>
      ([0, 1, 2] as const).map((qos) => [`to${granted}/x`, `${qos}`, { qos }] as const),
    );
    await publishAll(broker.port, all);
    const messages = await gets(device, 9);
    expect(messages.map(({ topic, payload, qos }) => `${topic} ${payload}: ${qos}`)).toEqual([
      'to0/x 0: 0',
      'to0/x 1: 0',
      'to0/x 2: 0',
      'to1/x 0: 0',
      'to1/x 1: 1',
      'to1/x 2: 1',
      'to2/x 0: 0',
      'to2/x 1: 1',
      'to2/x 2: 2',
    ]);
  });

  test.each([
    ['sport/tennis/player1/#', 'sport/tennis/player1'],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon'],
    ['#', '/'],
    ['+/tennis/#', 'sport/tennis'],
    ['sport/+', 'sport/'],
    ['+/+', '/finance'],
    ['/+', '/finance'],
    ['ACCOUNTS', 'ACCOUNTS'],
    ['Accounts payable', 'Accounts payable'],
    ['\ufeffa', '\ufeffa'],
  ])('[MQTT-4.7] %o gets %o', async (filter, topic) => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'a', [[filter, 1]]);
    await publishAll(broker.port, [[topic, 'x']]);
    expect(await gets(device, 1)).toMatchObject([{ topic }]);
  });

  test.each([
    ['sport/+', 'sport'],
    ['+', '/finance'],
    ['sport/tennis/+', 'sport/tennis/player1/ranking'],
    ['ACCOUNTS', 'Accounts'],
    ['a', '\ufeffa'],
    ['a', 'a/'],
    ['#', '$aws/a'],
    ['+/a', '$aws/a'],
  ])('[MQTT-4.7] %o does not get %o', async (filter, topic) => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'a', [[filter, 1]]);
    await publishAll(broker.port, [[topic, 'x']]);
    await settled(device);
    expect(got(device)).toEqual([]);
  });
});

describe('UNSUBSCRIBE', () => {
  test('[MQTT-3.10.4-5] is acknowledged also where nothing was subscribed to, once for all filters', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'a', [['a', 1]]);
    device.send(packet(0xa2, uint16(777), text('a'), text('never')), unsubscribePacket(778, '$x'));
    const answers = await device.answered(UNSUBACK, 2);
    expect(answers.map(({ body }) => [...body])).toEqual([
      [777 >> 8, 777 & 255],
      [778 >> 8, 778 & 255],
    ]);
    expect(broker.broker.counts().delivery.subscriptions).toBe(0);
  });

  test('[MQTT-3.10.4-1] compares filters by their characters, not by what they match', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'a', [['scan/+', 1]]);
    device.send(unsubscribePacket(9, 'scan/#'), unsubscribePacket(10, 'scan/a'));
    await device.answered(UNSUBACK, 2);
    await publishAll(broker.port, [['scan/a', 'still']]);
    expect(await payloads(device, 1)).toEqual(['still']);
  });

  test('[MQTT-3.10.4-3] lets what was sent be completed', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'a', [['scan/+', 2]]);
    await publishAll(broker.port, [['scan/a', 'under way', { qos: 2 }]]);
    const id = (await gets(device, 1))[0]?.id ?? 0;
    device.send(unsubscribePacket(9, 'scan/+'));
    await device.answered(UNSUBACK);
    device.send(pubrecPacket(id));
    await device.answered(PUBREL);
    device.send(pubcompPacket(id));
    await settled(device);
    expect(broker.broker.counts().delivery.heldBytes).toBe(0);
  });
});

describe('a retained message', () => {
  test('[MQTT-3.3.1-5] takes the place of the one before it; [MQTT-3.3.1-12] others do not', async () => {
    await using broker = await openBroker();
    await publishAll(broker.port, [
      ['status/a', 'first', { retain: true }],
      ['status/a', 'second', { retain: true, qos: 0 }],
      ['status/a', 'not retained'],
    ]);
    const device = await subscriber(broker.port, 'a', [['status/a', 1]]);
    await settled(device);
    expect(got(device)).toMatchObject([{ payload: 'second', retain: true, qos: 0 }]);
  });

  test('[MQTT-3.3.1-9] comes without the flag to who subscribed before; an empty one too [MQTT-3.3.1-10]', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'a', [['status/a', 1]]);
    await publishAll(broker.port, [
      ['status/a', 'on', { retain: true }],
      ['status/a', '', { retain: true }],
    ]);
    expect(await gets(device, 2)).toMatchObject([
      { payload: 'on', retain: false },
      { payload: '', retain: false },
    ]);
    expect(broker.broker.counts().delivery.retained).toBe(0);
  });

  test('[MQTT-3.3.1-11] without a payload is not retained', async () => {
    await using broker = await openBroker();
    await publishAll(broker.port, [['status/a', '', { retain: true }]]);
    const late = await subscriber(broker.port, 'b', [['status/a', 1]]);
    await settled(late);
    expect(got(late)).toEqual([]);
  });

  test('comes before what is published after it, however many there are', async () => {
    await using broker = await openBroker({ delivery: { inFlightMax: 2 } });
    const topics = Array.from({ length: 20 }, (_, i) => `status/${i}`);
    await publishAll(
      broker.port,
      topics.map((topic) => [topic, 'old', { retain: true }]),
    );
    const device = await subscriber(broker.port, 'a', [['status/#', 1]]);
    await gets(device, 2);
    await publishAll(broker.port, [['status/19', 'new', { retain: true }]]);
    const acknowledged = new Set<number>();
    await until('all of them', () => {
      for (const { id } of got(device)) {
        if (!acknowledged.has(id)) device.send(pubackPacket(id));
        acknowledged.add(id);
      }
      return got(device).length === 21;
    });
    const last = got(device).filter(({ topic }) => topic === 'status/19');
    expect(last).toMatchObject([
      { payload: 'old', retain: true },
      { payload: 'new', retain: false },
    ]);
  });
});

describe('delivery', () => {
  test('G1 durable-ack: what is not on disk is shown to nobody, and what failed never', async () => {
    await using broker = await openBroker({ settles: false });
    const display = await subscriber(broker.port, 'display', [['scan/#', 0]]);
    const device = await connectedDevice(broker.port, 'a');
    device.send(publishPacket('scan/a', 'kept', { id: 1 }));
    await until('the message', () => broker.held.length === 1);
    display.send(pingPacket);
    await display.answered(PINGRESP);
    expect(got(display)).toEqual([]);
    broker.settleAll();
    expect(await payloads(display, 1)).toEqual(['kept']);
    await device.answered(PUBACK);
    device.send(publishPacket('scan/a', 'lost', { id: 2 }));
    await until('the message', () => broker.held.length === 2);
    broker.settleAll(new TallyError('retry', 'journal-full', 'no room'));
    await device.closed();
    display.send(pingPacket);
    await display.answered(PINGRESP, 2);
    expect(got(display)).toHaveLength(1);
  });

  test('[MQTT-4.6.0-6] keeps the order of a topic, for QoS 1 and 2 too', async () => {
    await using broker = await openBroker({ delivery: { inFlightMax: 3 } });
    const device = await subscriber(broker.port, 'b', [['scan/+', 2]]);
    const sender = await connectedDevice(broker.port, 'a');
    const sent = Array.from({ length: 200 }, (_, i) => `${i}`);
    sender.send(...sent.map((payload, i) => publishPacket('scan/a', payload, { id: i + 1 })));
    const acknowledged = new Set<string>();
    await until('all of them', () => {
      for (const { id, payload } of got(device)) {
        if (!acknowledged.has(payload)) device.send(pubackPacket(id));
        acknowledged.add(payload);
      }
      return got(device).length === 200;
    });
    expect(got(device).map(({ payload }) => payload)).toEqual(sent);
  });

  test('[MQTT-2.3.1-4] uses no packet identifier twice at a time, and never 0 [MQTT-2.3.1-1]', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'b', [['scan/+', 2]]);
    const sent = Array.from({ length: 60 }, (_, i) => ['scan/a', `${i}`] as const);
    await publishAll(broker.port, sent);
    const ids = (await gets(device, 60)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(60);
    expect(ids).not.toContain(0);
  });

  test('carries payloads of every length as they are', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'b', [['p', 1]]);
    const lengths = [0, 1, 120, 121, 122, 123, 124, 125, 16_376, 16_377, 16_378, 16_379, 300_000];
    const sent = lengths.map((length, i) => String.fromCodePoint(97 + i).repeat(length));
    await publishAll(
      broker.port,
      sent.map((payload) => ['p', payload]),
    );
    expect(await payloads(device, sent.length)).toEqual(sent);
  });

  test('answers a PUBREC that it does not know with PUBREL, and passes over other acknowledgements', async () => {
    await using broker = await openBroker();
    const device = await subscriber(broker.port, 'b', [['scan/+', 1]]);
    await publishAll(broker.port, [['scan/a', 'x']]);
    const id = (await gets(device, 1))[0]?.id ?? 0;
    device.send(pubackPacket(4242), pubcompPacket(id), pubrecPacket(id), pubrecPacket(4243));
    await device.answered(PUBREL);
    await settled(device);
    expect(device.ids(PUBREL)).toEqual([4243]);
    device.send(pubackPacket(id), pubrelPacket(99));
    await device.answered(PUBCOMP);
    await settled(device);
    expect(broker.broker.counts().delivery.heldBytes).toBe(0);
  });

  test('the gateway itself publishes to who subscribed, and says to how many', async () => {
    await using broker = await openBroker();
    const node = await subscriber(broker.port, 'node', [['spBv1.0/g/NCMD/node', 1]]);
    const payload = Buffer.from('rebirth');
    expect(broker.broker.publish('spBv1.0/g/NCMD/node', payload, { qos: 1 })).toBe(1);
    expect(broker.broker.publish('spBv1.0/g/NCMD/other', payload)).toBe(0);
    broker.broker.publish('spBv1.0/STATE/host', Buffer.from('online'), { retain: true });
    expect(await gets(node, 1)).toMatchObject([{ payload: 'rebirth', qos: 1, retain: false }]);
    const late = await subscriber(broker.port, 'late', [['spBv1.0/STATE/+', 1]]);
    expect(await gets(late, 1)).toMatchObject([{ payload: 'online', qos: 0, retain: true }]);
    // It is no event.
    expect(broker.held.filter(({ topic }) => topic.startsWith('spBv'))).toEqual([]);
    expect(() => broker.broker.publish('$SYS/x', payload)).toThrow(/may publish/u);
  });

  test('goes over WebSocket as over TCP', async () => {
    const { connectAsync } = await import('mqtt');
    await using broker = await openBroker({ websocketPort: 0 });
    const client = await connectAsync(`ws://127.0.0.1:${broker.broker.websocketPort ?? 0}`);
    const received = new Promise<string>((resolve) => {
      client.once('message', (topic, payload) => resolve(`${topic} ${payload.toString()}`));
    });
    await client.subscribeAsync('scan/#', { qos: 1 });
    await publishAll(broker.port, [['scan/a', 'x'.repeat(70_000)]]);
    expect(await received).toBe(`scan/a ${'x'.repeat(70_000)}`);
    await client.endAsync();
  });
});

test('a PUBLISH to a subscriber that nobody acknowledges holds up no other', async () => {
  await using broker = await openBroker();
  const silent = await subscriber(broker.port, 'silent', [['scan/#', 1]]);
  const other = await subscriber(broker.port, 'other', [['scan/#', 0]]);
  const sender = await connectedDevice(broker.port, 'a');
  const sent = Array.from({ length: 300 }, (_, i) => `${i}`);
  sender.send(...sent.map((payload, i) => publishPacket('scan/a', payload, { id: i + 1 })));
  expect(await payloads(other, 300)).toEqual(sent);
  expect(silent.answers.filter(({ type }) => type === PUBLISH)).toHaveLength(64);
});
