import { describe, expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';
import { until } from '#shared/testing/until.ts';

import {
  connectedDevice,
  CONNACK,
  connectPacket,
  disconnectPacket,
  PINGRESP,
  pingPacket,
  PUBACK,
  PUBCOMP,
  publishPacket,
  PUBREC,
  pubrelPacket,
  rawDevice,
  type RawDevice,
} from './testing/raw-device.ts';
import { openTestBroker, type TestBroker } from './testing/test-broker.ts';

const full = new TallyError('retry', 'journal-full', 'the journal is full');

const accepted = (broker: TestBroker, count: number): Promise<true> =>
  until(`${count} messages`, () => broker.held.length >= count);

/** Everything the device sent before has been seen by the broker when this resolves. */
async function settledOn(device: RawDevice): Promise<void> {
  const pings = device.answers.filter(({ type }) => type === PINGRESP).length;
  device.send(pingPacket);
  await device.answered(PINGRESP, pings + 1);
}

describe('QoS 1', () => {
  test('G1 durable-ack: no PUBACK leaves before the message is settled, then it does', async () => {
    await using broker = await openTestBroker();
    const device = await connectedDevice(broker.port, 'a');
    device.send(publishPacket('scan/a', 'x', { id: 7 }), publishPacket('scan/a', 'y', { id: 9 }));
    await accepted(broker, 2);
    await settledOn(device);
    expect(device.ids(PUBACK)).toEqual([]);
    broker.held[0]?.settle();
    await device.answered(PUBACK);
    await settledOn(device);
    expect(device.ids(PUBACK)).toEqual([7]);
    broker.held[1]?.settle();
    await device.answered(PUBACK, 2);
    expect(device.ids(PUBACK)).toEqual([7, 9]);
    expect(broker.held).toMatchObject([
      { topic: 'scan/a', payload: 'x', clientId: 'a' },
      { topic: 'scan/a', payload: 'y', clientId: 'a' },
    ]);
  });

  test('G1 durable-ack: what could not be made durable is not acknowledged, and the device is told by closing', async () => {
    await using broker = await openTestBroker();
    const device = await connectedDevice(broker.port, 'a');
    const neighbour = await connectedDevice(broker.port, 'b');
    device.send(...[1, 2, 3].map((id) => publishPacket('scan/a', 'x', { id })));
    neighbour.send(publishPacket('scan/b', 'y', { id: 4 }));
    await accepted(broker, 4);
    for (const message of broker.held) {
      if (message.clientId === 'a') message.settle(full);
      else message.settle();
    }
    await device.closed();
    await neighbour.answered(PUBACK);
    expect(device.ids(PUBACK)).toEqual([]);
    expect(neighbour.ids(PUBACK)).toEqual([4]);
    expect(broker.withheld).toMatchObject([{ peer: { clientId: 'a' }, error: full }]);
    expect(broker.broker.counts()).toMatchObject({ withheld: 3, unsettled: 0, refused: {} });
    await settledOn(neighbour);
  });

  test('messages of one connection are accepted in order, also those sent with the CONNECT', async () => {
    await using broker = await openTestBroker({ settles: true });
    const device = await rawDevice(broker.port);
    const payloads = Array.from({ length: 300 }, (_, i) => String(i));
    device.send(
      connectPacket('a'),
      ...payloads.map((payload, i) => publishPacket('scan/a', payload, { id: i + 1 })),
    );
    await device.answered(PUBACK, 300);
    expect(device.answers[0]?.type).toBe(CONNACK);
    expect(device.ids(PUBACK)).toEqual(payloads.map((_, i) => i + 1));
    expect(broker.payloads()).toEqual(payloads);
  });

  test('a message of a connection that is gone when it settles costs nothing', async () => {
    await using broker = await openTestBroker();
    const device = await connectedDevice(broker.port, 'a');
    device.send(publishPacket('scan/a', 'x'));
    await accepted(broker, 1);
    device.vanish();
    await until('the connection to be noticed', () => broker.broker.counts().connections === 0);
    broker.settleAll();
    expect(broker.broker.counts()).toMatchObject({ unsettled: 0, messages: [0, 1, 0] });
    expect(broker.failures).toEqual([]);
  });

  test('packets that come byte by byte are packets', async () => {
    await using broker = await openTestBroker({ settles: true });
    const device = await rawDevice(broker.port);
    await device.trickle(connectPacket('a'));
    await device.answered(CONNACK);
    const long = 'x'.repeat(200);
    await device.trickle(Buffer.concat([publishPacket('scan/a', long, { id: 5 }), pingPacket]));
    await device.answered(PINGRESP);
    expect(device.ids(PUBACK)).toEqual([5]);
    expect(broker.payloads()).toEqual([long]);
  });
});

test('QoS 0 is accepted and has no acknowledgement', async () => {
  await using broker = await openTestBroker({ settles: true });
  const device = await connectedDevice(broker.port, 'a');
  device.send(publishPacket('scan/a', 'x', { qos: 0, retain: true }), pingPacket);
  await device.answered(PINGRESP);
  expect(broker.payloads()).toEqual(['x']);
  expect(device.answers.map(({ type }) => type)).toEqual([CONNACK, PINGRESP]);
});

describe('QoS 2', () => {
  const x = (options: { id?: number; dup?: boolean } = {}): Buffer =>
    publishPacket('scan/a', 'x', { qos: 2, ...options });

  test('G1 durable-ack: no PUBREC leaves before the message is settled', async () => {
    await using broker = await openTestBroker();
    const device = await connectedDevice(broker.port, 'a');
    device.send(x({ id: 3 }));
    await accepted(broker, 1);
    await settledOn(device);
    expect(device.ids(PUBREC)).toEqual([]);
    broker.settleAll();
    await device.answered(PUBREC);
    device.send(pubrelPacket(3));
    await device.answered(PUBCOMP);
    expect([device.ids(PUBREC), device.ids(PUBCOMP)]).toEqual([[3], [3]]);
  });

  test('a copy that comes while the first is not settled is accepted once and answered', async () => {
    await using broker = await openTestBroker();
    const device = await connectedDevice(broker.port, 'a');
    device.send(x(), x({ dup: true }));
    await accepted(broker, 1);
    await settledOn(device);
    broker.settleAll();
    await device.answered(PUBREC, 2);
    expect(broker.held).toHaveLength(1);
  });

  test('a copy that comes after the PUBREC is accepted once; after the PUBREL it is a new message', async () => {
    await using broker = await openTestBroker({ settles: true });
    const device = await connectedDevice(broker.port, 'a');
    device.send(x());
    await device.answered(PUBREC);
    device.send(x({ dup: true }));
    await device.answered(PUBREC, 2);
    expect(broker.held).toHaveLength(1);
    device.send(pubrelPacket(1));
    await device.answered(PUBCOMP);
    device.send(x());
    await device.answered(PUBREC, 3);
    expect(broker.held).toHaveLength(2);
  });

  test('a copy on the next connection of the same session is accepted once, settled or not', async () => {
    await using broker = await openTestBroker();
    const first = await connectedDevice(broker.port, 'a', { clean: false });
    first.send(x());
    await accepted(broker, 1);
    first.vanish();
    const second = await connectedDevice(broker.port, 'a', { clean: false });
    second.send(x({ dup: true }));
    await settledOn(second);
    broker.settleAll();
    await second.answered(PUBREC);
    second.vanish();
    const third = await connectedDevice(broker.port, 'a', { clean: false });
    third.send(x({ dup: true }));
    await third.answered(PUBREC);
    expect(broker.held).toHaveLength(1);
  });

  test('a clean session knows nothing of the one before', async () => {
    await using broker = await openTestBroker({ settles: true });
    const first = await connectedDevice(broker.port, 'a');
    first.send(x());
    await first.answered(PUBREC);
    first.vanish();
    const second = await connectedDevice(broker.port, 'a');
    second.send(x({ dup: true }));
    await second.answered(PUBREC);
    expect(broker.held).toHaveLength(2);
  });

  test('G1 durable-ack: after an error the next copy is the first', async () => {
    await using broker = await openTestBroker();
    const first = await connectedDevice(broker.port, 'a', { clean: false });
    first.send(x());
    await accepted(broker, 1);
    broker.settleAll(full);
    await first.closed();
    expect(first.ids(PUBREC)).toEqual([]);
    const second = await connectedDevice(broker.port, 'a', { clean: false });
    second.send(x({ dup: true }));
    await accepted(broker, 2);
    broker.settleAll();
    await second.answered(PUBREC);
  });
});

describe('a will', () => {
  const will = { topic: 'status/a', payload: '{"online":false}' };

  test('is accepted when the device goes without a word', async () => {
    await using broker = await openTestBroker({ settles: true });
    const device = await connectedDevice(broker.port, 'a', { will });
    device.vanish();
    await accepted(broker, 1);
    expect(broker.held).toMatchObject([{ ...will, clientId: 'a' }]);
  });

  test('is accepted when the device is closed for what it did', async () => {
    await using broker = await openTestBroker({ settles: true });
    const device = await connectedDevice(broker.port, 'a', { will });
    device.send(publishPacket('$SYS/x', ''));
    await accepted(broker, 1);
    expect(broker.held).toMatchObject([will]);
  });

  test('is not accepted after a DISCONNECT, nor when it is the gateway that goes', async () => {
    await using broker = await openTestBroker({ settles: true });
    const leaver = await connectedDevice(broker.port, 'a', { will });
    leaver.send(disconnectPacket);
    await leaver.closed();
    const stayer = await connectedDevice(broker.port, 'b', { will });
    await broker.broker[Symbol.asyncDispose]();
    await stayer.closed();
    expect(broker.held).toEqual([]);
  });
});
