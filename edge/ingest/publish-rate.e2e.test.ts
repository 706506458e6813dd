/** A client that publishes faster than it may is slowed down, loses nothing, and keeps nobody waiting. */
import { networkInterfaces } from 'node:os';
import { createConnection } from 'node:net';

import { describe, expect, test } from 'vitest';

import { manualClock } from '#shared/testing/manual-clock.ts';
import { until } from '#shared/testing/until.ts';

import {
  connectedDevice,
  CONNACK,
  connectPacket,
  disconnectPacket,
  PINGRESP,
  pingPacket,
  PUBACK,
  publishPacket,
  rawDevice,
} from './testing/raw-device.ts';
import { openTestBroker } from './testing/test-broker.ts';

const RATE = 50;
/** A hundred seconds of what it may. */
const FLOOD = 100 * RATE;
/** A second's worth at once, and what was read together with the last of it. */
const AT_ONCE_MAX = RATE + RATE / 10;

const flood = (topic: string): Buffer =>
  Buffer.concat(
    Array.from({ length: FLOOD }, (_, i) => publishPacket(topic, `${i}`, { id: i + 1 })),
  );

describe('G11 isolation: a client with a hundred times its rate', () => {
  test('is not read beyond it, and its neighbours are acknowledged all the while', async () => {
    const clock = manualClock();
    const limits = { messagesPerSecond: RATE };
    await using broker = await openTestBroker({ limits, clock, settles: true });
    const neighbours = await Promise.all(
      ['n1', 'n2', 'n3'].map((id) => connectedDevice(broker.port, id)),
    );
    const noisy = await connectedDevice(broker.port, 'noisy');
    noisy.send(flood('scan/noisy'));
    const ofNoisy = (): number => broker.held.filter(({ clientId }) => clientId === 'noisy').length;
    await until('as many as may be', () => ofNoisy() >= RATE);

    // In a moment in which the clock stands still each of them has a turn, and again.
    for (let id = 1; id <= 10; id++) {
      for (const neighbour of neighbours) neighbour.send(publishPacket('scan/n', 'x', { id }));
      await Promise.all(neighbours.map((neighbour) => neighbour.answered(PUBACK, id)));
    }
    expect(ofNoisy()).toBeLessThanOrEqual(AT_ONCE_MAX);

    for (let second = 1; second <= 5; second++) {
      await clock.advance(1000);
      await until('a second’s worth', () => ofNoisy() >= RATE * (second + 1));
      expect(ofNoisy()).toBeLessThanOrEqual(AT_ONCE_MAX + RATE * second);
    }
    expect(broker.refusals).toEqual([]);
    await until('all of it', async () => {
      await clock.advance(10_000);
      return noisy.ids(PUBACK).length === FLOOD;
    });
    // In order, each once: slowed down, not dropped.
    const expected = Array.from({ length: FLOOD }, (_, i) => i + 1);
    expect(noisy.ids(PUBACK)).toEqual(expected);
    expect(ofNoisy()).toBe(FLOOD);
  });

  test('is not forgotten when it connects again', async () => {
    const clock = manualClock();
    const limits = { messagesPerSecond: RATE };
    await using broker = await openTestBroker({ limits, clock, settles: true });
    for (let round = 0; round < 5; round++) {
      const noisy = await connectedDevice(broker.port, 'noisy');
      noisy.send(flood('scan/noisy'));
      await until('what it may', () => broker.held.length >= RATE);
    }
    await until('the others to be taken over', () => broker.broker.counts().connections === 1);
    expect(broker.held.length).toBeLessThanOrEqual(AT_ONCE_MAX);
  });

  test('is slowed by its bytes too', async () => {
    const clock = manualClock();
    const limits = { bytesPerSecond: 100_000 };
    await using broker = await openTestBroker({ limits, clock, settles: true });
    const noisy = await connectedDevice(broker.port, 'noisy');
    const packet = (id: number): Buffer =>
      publishPacket('scan/noisy', Buffer.alloc(60_000), { id });
    for (let id = 1; id <= 10; id++) noisy.send(packet(id));
    await noisy.answered(PUBACK, 2);
    const neighbour = await connectedDevice(broker.port, 'neighbour');
    neighbour.send(publishPacket('scan/n', 'x'));
    await neighbour.answered(PUBACK);
    expect(broker.held.length).toBeLessThan(10);
    await until('all of it', async () => {
      await clock.advance(1000);
      return noisy.ids(PUBACK).length === 10;
    });
  });

  test('is not blamed for its silence while it is not read, and answered in the end', async () => {
    const clock = manualClock();
    const limits = { messagesPerSecond: 10 };
    await using broker = await openTestBroker({ limits, clock, settles: true });
    const noisy = await connectedDevice(broker.port, 'noisy', { keepAliveSeconds: 1 });
    const packets = Array.from({ length: 200 }, (_, i) => publishPacket('a/b', '', { id: i + 1 }));
    noisy.send(...packets, pingPacket);
    await until('the PINGRESP', async () => {
      await clock.advance(500);
      return noisy.answers.some(({ type }) => type === PINGRESP);
    });
    expect(noisy.ids(PUBACK)).toHaveLength(200);
    expect(broker.refusals).toEqual([]);
  });
});

describe('connections', () => {
  test('G7 bounded: that come too fast are refused, until there has been time', async () => {
    const clock = manualClock();
    const limits = { connectsPerSecond: 1 };
    await using broker = await openTestBroker({ limits, clock });
    for (let i = 0; i < 10; i++)
      (await connectedDevice(broker.port, `d${i}`)).send(disconnectPacket);
    const eager = await rawDevice(broker.port);
    await eager.closed();
    expect(broker.refusals).toMatchObject([{ refusal: 'connect-rate' }]);
    await clock.advance(1000);
    const patient = await connectedDevice(broker.port, 'patient');
    expect(patient.answers).toMatchObject([{ type: CONNACK }]);
  });

  test('G7 bounded: an address has only so many, and no other address notices', async ({
    skip,
  }) => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.family === 'IPv4' && !each.internal)?.address;
    if (outside === undefined) return skip('the machine has no address of its own but loopback');
    const limits = { addressConnectionsMax: 2 };
    await using broker = await openTestBroker({ host: '0.0.0.0', limits });
    const sockets = Array.from({ length: 3 }, () =>
      createConnection({ host: outside, port: broker.port, localAddress: outside }),
    );
    for (const socket of sockets) socket.on('error', () => {}).resume();
    await until('one to be closed', () => sockets.some(({ closed }) => closed));
    expect(broker.refusals).toMatchObject([{ refusal: 'address-connections' }]);
    const neighbour = await rawDevice(broker.port);
    neighbour.send(connectPacket('neighbour'));
    await neighbour.answered(CONNACK);
    for (const socket of sockets) socket.destroy();
  });
});
