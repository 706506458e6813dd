/** Packets that MQTT 3.1.1 forbids: each closes its connection, and the broker serves everybody else (G11). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Refusal } from './ingest.ts';
import {
  connectedDevice,
  connectPacket,
  packet,
  PUBACK,
  pubackPacket,
  pubcompPacket,
  publishPacket,
  pubrecPacket,
  pubrelPacket,
  rawDevice,
  subscribePacket,
  text,
  uint16,
  unsubscribePacket,
} from './testing/raw-device.ts';
import { got, openBroker, publishAll, settled, subscriber } from './testing/subscriber.ts';

const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);
const SURROGATE = bytes(0xed, 0xa0, 0x80);
const NOT_UTF8 = bytes(0x61, 0xc3, 0x28);

describe('G11 isolation: closes the connection, and no other:', () => {
  test.each<[string, Refusal, Buffer]>([
    [
      'SUBSCRIBE without its flags [MQTT-3.8.1-1]',
      'protocol',
      retyped(0x80, subscribePacket(1, 'a')),
    ],
    [
      'SUBSCRIBE with other flags [MQTT-2.2.2-2]',
      'protocol',
      retyped(0x8f, subscribePacket(1, 'a')),
    ],
    ['SUBSCRIBE without filters [MQTT-3.8.3-3]', 'protocol', packet(0x82, uint16(1))],
    ['SUBSCRIBE without anything', 'packet-length', packet(0x82)],
    ['SUBSCRIBE with half an identifier', 'packet-length', packet(0x82, bytes(1))],
    ['SUBSCRIBE with identifier 0 [MQTT-2.3.1-1]', 'packet-id', subscribePacket(0, 'a')],
    ['SUBSCRIBE with QoS 3 [MQTT-3.8.3-4]', 'protocol', subscribePacket(1, 'a', 3)],
    ['SUBSCRIBE with reserved bits [MQTT-3.8.3-4]', 'protocol', subscribePacket(1, 'a', 0x81)],
    ['SUBSCRIBE that ends before its QoS', 'packet-length', packet(0x82, uint16(1), text('a'))],
    [
      'SUBSCRIBE whose filter is longer than it',
      'filter',
      packet(0x82, uint16(1), uint16(9), bytes(0x61, 0)),
    ],
    ['SUBSCRIBE with half a length', 'filter', packet(0x82, uint16(1), text('a'), bytes(0, 0))],
    ['SUBSCRIBE to nothing [MQTT-4.7.3-1]', 'filter', subscribePacket(1, '')],
    ['SUBSCRIBE that is not UTF-8 [MQTT-1.5.3-1]', 'filter', subscribePacket(1, NOT_UTF8)],
    ['SUBSCRIBE with a surrogate [MQTT-1.5.3-1]', 'filter', subscribePacket(1, SURROGATE)],
    ['SUBSCRIBE with U+0000 [MQTT-1.5.3-2]', 'filter', subscribePacket(1, 'a\0')],
    ['SUBSCRIBE with # in the middle [MQTT-4.7.1-2]', 'filter', subscribePacket(1, 'a/#/b')],
    ['SUBSCRIBE with a+ [MQTT-4.7.1-3]', 'filter', subscribePacket(1, 'a+/b')],
    [
      'UNSUBSCRIBE without its flags [MQTT-3.10.1-1]',
      'protocol',
      retyped(0xa0, unsubscribePacket(1, 'a')),
    ],
    ['UNSUBSCRIBE without filters [MQTT-3.10.3-2]', 'protocol', packet(0xa2, uint16(1))],
    ['UNSUBSCRIBE with identifier 0 [MQTT-2.3.1-1]', 'packet-id', unsubscribePacket(0, 'a')],
    ['UNSUBSCRIBE that is not UTF-8 [MQTT-3.10.3-1]', 'filter', unsubscribePacket(1, NOT_UTF8)],
    ['UNSUBSCRIBE with U+0000 [MQTT-1.5.3-2]', 'filter', unsubscribePacket(1, '\0')],
    [
      'UNSUBSCRIBE whose filter is longer than it',
      'filter',
      packet(0xa2, uint16(1), uint16(2), bytes(0x61)),
    ],
    ['PUBACK with flags [MQTT-2.2.2-2]', 'protocol', retyped(0x42, pubackPacket(1))],
    ['PUBACK with identifier 0', 'packet-id', pubackPacket(0)],
    ['PUBACK without an identifier', 'packet-length', packet(0x40)],
    ['PUBACK that goes on', 'packet-length', packet(0x40, uint16(1), bytes(0))],
    ['PUBREC with flags [MQTT-2.2.2-2]', 'protocol', retyped(0x51, pubrecPacket(1))],
    ['PUBREC with identifier 0', 'packet-id', pubrecPacket(0)],
    ['PUBREL without its flags [MQTT-3.6.1-1]', 'protocol', retyped(0x60, pubrelPacket(1))],
    ['PUBREL with identifier 0', 'packet-id', pubrelPacket(0)],
    ['PUBREL of one byte', 'packet-length', packet(0x62, bytes(1))],
    ['PUBCOMP with flags [MQTT-2.2.2-2]', 'protocol', retyped(0x78, pubcompPacket(1))],
    ['PUBCOMP with identifier 0', 'packet-id', pubcompPacket(0)],
    ['PINGREQ with flags [MQTT-2.2.2-2]', 'protocol', packet(0xc1)],
    ['PINGREQ with a payload', 'packet-length', packet(0xc0, bytes(1))],
    ['DISCONNECT with a payload', 'packet-length', packet(0xe0, bytes(1))],
    ['DISCONNECT with flags [MQTT-3.14.1-1]', 'protocol', packet(0xe2)],
    ['PUBLISH with QoS 3 [MQTT-3.3.1-4]', 'protocol', packet(0x36, text('a'), uint16(1))],
    [
      'PUBLISH of QoS 0 with DUP [MQTT-3.3.1-2]',
      'protocol',
      publishPacket('a', '', { qos: 0, dup: true }),
    ],
    ['PUBLISH whose topic is longer than it', 'protocol', packet(0x30, uint16(9), bytes(0x61))],
    ['PUBLISH of nothing', 'protocol', packet(0x30)],
    ['a SUBACK', 'packet-type', packet(0x90, uint16(1), bytes(0))],
    ['an UNSUBACK', 'packet-type', packet(0xb0, uint16(1))],
    ['a PINGRESP', 'packet-type', packet(0xd0)],
    ['type 0 [MQTT-2.2.1]', 'packet-type', packet(0)],
    ['type 15', 'packet-type', packet(0xf0)],
  ])('%s', async (_, refusal, bad) => {
    await using broker = await openBroker();
    const neighbour = await subscriber(broker.port, 'neighbour', [['scan/#', 1]]);
    const device = await connectedDevice(broker.port, 'bad');
    device.send(bad, publishPacket('scan/a', 'after it', { id: 2 }));
    await device.closed();
    await settled(neighbour);
    expect(broker.refusals).toMatchObject([{ peer: { clientId: 'bad' }, refusal }]);
    expect(got(neighbour)).toEqual([]);
    expect(broker.failures).toEqual([]);
  });

  test.each<[string, Refusal, Buffer]>([
    ['its reserved flag [MQTT-3.1.2-3]', 'protocol', connectBytes(0x03)],
    ['a will of QoS 3 [MQTT-3.1.2-14]', 'protocol', connectBytes(0x1e, text('w'), text('x'))],
    ['a QoS of no will [MQTT-3.1.2-13]', 'protocol', connectBytes(0x0a)],
    ['a flag to retain no will [MQTT-3.1.2-15]', 'protocol', connectBytes(0x22)],
    ['a password without a user [MQTT-3.1.2-22]', 'protocol', connectBytes(0x42, text('p'))],
    ['a will that is not there', 'protocol', connectBytes(0x06)],
    ['a user that is not there', 'protocol', connectBytes(0x82)],
    ['a user that is not UTF-8 [MQTT-3.1.3-11]', 'protocol', connectBytes(0x82, text(NOT_UTF8))],
    ['a user with U+0000 [MQTT-1.5.3-2]', 'protocol', connectBytes(0x82, text('a\0'))],
    ['more than it says [MQTT-3.1.4-1]', 'protocol', connectBytes(0x02, text('more'))],
    [
      'a will topic that is not UTF-8 [MQTT-3.1.3-10]',
      'protocol',
      connectBytes(0x06, text(NOT_UTF8), text('x')),
    ],
    ['a will topic with U+0000', 'protocol', connectBytes(0x06, text('a\0'), text('x'))],
  ])('CONNECT with %s', async (_, refusal, bad) => {
    await using broker = await openBroker();
    const neighbour = await subscriber(broker.port, 'neighbour', [['#', 1]]);
    const device = await rawDevice(broker.port);
    device.send(bad, publishPacket('scan/a', 'after it'));
    await device.closed();
    await settled(neighbour);
    expect(device.answers.filter(({ body }) => body[1] === 0)).toEqual([]);
    expect(broker.refusals).toMatchObject([{ refusal }]);
    expect(got(neighbour)).toEqual([]);
  });
});

test('G11 isolation: whatever a device sends, its neighbour is served', async () => {
  await using broker = await openBroker();
  const neighbour = await subscriber(broker.port, 'neighbour', [['quiet/#', 1]]);
  const sound = [
    publishPacket('scan/a', 'x', { qos: 2, id: 3 }),
    publishPacket('scan/a', 'x', { qos: 1, retain: true }),
    subscribePacket(1, 'scan/#', 2),
    unsubscribePacket(2, 'scan/#'),
    pubackPacket(1),
    pubrecPacket(1),
    pubrelPacket(3),
    pubcompPacket(1),
    packet(0xc0),
  ];
  const mutations = fc.array(
    fc.record({
      which: fc.nat(sound.length - 1),
      at: fc.nat(30),
      value: fc.nat(255),
      cut: fc.option(fc.nat(12), { nil: undefined, freq: 4 }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(mutations, fc.boolean(), async (mutations, clean) => {
      const device = await connectedDevice(broker.port, `bad ${runs++ % 10}`, { clean });
      for (const { which, at, value, cut } of mutations) {
        const bad = Buffer.from(sound[which] ?? '');
        bad[at % bad.length] = value;
        device.send(bad.subarray(0, cut));
      }
      await publishAll(broker.port, [['scan/a', 'sound']]);
      device.vanish();
    }),
    { numRuns: 100 },
  );
  await publishAll(broker.port, [['quiet/a', 'still served', { qos: 2 }]]);
  await settled(neighbour);
  expect(got(neighbour)).toMatchObject([{ payload: 'still served' }]);
  expect(broker.failures).toEqual([]);
});

test('what came before a malformed packet in the same bytes is taken, and may come again', async () => {
  await using broker = await openBroker();
  const device = await connectedDevice(broker.port, 'a', { clean: false });
  device.send(publishPacket('scan/a', 'fine', { id: 1 }), unsubscribePacket(2, 'x'), packet(0xc1));
  await device.closed();
  expect(broker.payloads()).toEqual(['fine']);
  const again = await connectedDevice(broker.port, 'a', { clean: false });
  again.send(publishPacket('scan/a', 'fine', { id: 1, dup: true }));
  await again.answered(PUBACK);
});

/** The same packet with another first byte. */
function retyped(first: number, of: Buffer): Buffer {
  return Buffer.concat([bytes(first), of.subarray(1)]);
}

/** A CONNECT of MQTT 3.1.1 with these flags, and this after its client id. */
function connectBytes(flags: number, ...after: readonly Buffer[]): Buffer {
  const head = connectPacket('bad').subarray(2, 8);
  return packet(0x10, head, bytes(4, flags, 0, 0), text('bad'), ...after);
}
