/** Delivery by itself, between streams that a test reads. */
import { PassThrough } from 'node:stream';

import { expect, test } from 'vitest';

import { systemClock } from '#shared/clock.ts';

import { subscribePacket } from '../testing/raw-device.ts';
import { Delivery, type Device } from './delivery.ts';
import { DEPOT_LIMITS } from './limits.ts';
import type { SubscriberConnection } from './subscriber.ts';

const DEVICE: Device = {
  clientId: 'a',
  user: undefined,
  isClean: false,
  grant: { maySubscribe: () => true },
};

const newDelivery = (): Delivery =>
  new Delivery({
    clock: systemClock,
    limits: DEPOT_LIMITS,
    onRefused: () => {},
    onSessionEnded: () => {},
  });

const newConnection = (): SubscriberConnection => ({
  peer: { clientId: 'a', address: undefined },
  isGone: false,
  refuse: (refusal) => new Error(refusal),
});

const publish = (delivery: Delivery, topic: string): number =>
  delivery.publish({ topic, payload: Buffer.from('x'), qos: 1, retain: false }, 'other');

test('where nobody subscribes, only what is to be retained is of concern', () => {
  const delivery = newDelivery();
  const connection = newConnection();
  delivery.join(connection, new PassThrough(), DEVICE);
  expect([delivery.concerns(false), delivery.concerns(true)]).toEqual([false, true]);
  delivery.receive(connection, subscribePacket(1, 'scan/#'));
  expect(delivery.concerns(false)).toBe(true);
});

test('G11 isolation: who comes back loses the subscriptions that are not allowed any more', () => {
  const delivery = newDelivery();
  const before = newConnection();
  delivery.join(before, new PassThrough(), DEVICE);
  delivery.receive(before, subscribePacket(1, 'scan/#'));
  delivery.receive(before, subscribePacket(2, 'cmd/a'));
  delivery.leave(before);
  expect([publish(delivery, 'scan/x'), publish(delivery, 'cmd/a')]).toEqual([1, 1]);
  delivery.join(newConnection(), new PassThrough(), {
    ...DEVICE,
    grant: { maySubscribe: (filter) => filter === 'cmd/a' },
  });
  expect([publish(delivery, 'scan/x'), publish(delivery, 'cmd/a')]).toEqual([0, 1]);
});

test('a payload is copied: what it was a part of may be written over', async () => {
  const delivery = newDelivery();
  const connection = newConnection();
  const stream = new PassThrough();
  delivery.join(connection, stream, DEVICE);
  delivery.receive(connection, subscribePacket(1, 'scan/#', 0));
  const read = Buffer.from('..payload..');
  delivery.publish(
    { topic: 'scan/a', payload: read.subarray(2, 9), qos: 0, retain: true },
    'other',
  );
  read.fill(0);
  delivery.receive(connection, subscribePacket(2, 'scan/a', 0));
  await new Promise((resolve) => void setImmediate(resolve));
  const sent = String(stream.read());
  expect(sent.match(/payload/gu)).toHaveLength(2);
});
