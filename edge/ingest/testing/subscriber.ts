/** A device that subscribes, byte by byte as the test says, and what it was sent. */
import { until } from '#shared/testing/until.ts';

import {
  connectedDevice,
  CONNACK,
  PUBACK,
  PUBCOMP,
  PUBLISH,
  publishPacket,
  PUBREC,
  pubrelPacket,
  SUBACK,
  subscribePacket,
  type Answer,
  type ConnectPacketOptions,
  type PublishPacketOptions,
  type RawDevice,
} from './raw-device.ts';
import { openTestBroker, type TestBroker, type TestBrokerOptions } from './test-broker.ts';

/** A PUBLISH that came. */
export type Got = {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly dup: boolean;
  readonly retain: boolean;
  /** 0 for QoS 0. */
  readonly id: number;
};

const EVERYTHING = [{ publish: ['#'], subscribe: ['#'] }];

/** A broker where everybody may subscribe, and messages are durable at once. */
export function openBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  return openTestBroker({ settles: true, access: EVERYTHING, ...options });
}

/** Connects, and subscribes with each filter and QoS. */
export async function subscriber(
  port: number,
  clientId: string,
  subscriptions: readonly (readonly [filter: string, qos: 0 | 1 | 2])[],
  options: ConnectPacketOptions = {},
): Promise<RawDevice> {
  const device = await connectedDevice(port, clientId, options);
  subscriptions.forEach(([filter, qos], i) => device.send(subscribePacket(i + 1, filter, qos)));
  await device.answered(SUBACK, subscriptions.length);
  return device;
}

/** What a device was sent, in that order. */
export function got(device: RawDevice): Got[] {
  return device.answers.filter(({ type }) => type === PUBLISH).map(decode);
}

/** Waits until a device was sent so many messages. */
export async function gets(device: RawDevice, count: number): Promise<Got[]> {
  await until(`${count} messages`, () => got(device).length >= count);
  return got(device);
}

/** The payloads of so many messages, once they are there. */
export async function payloads(device: RawDevice, count: number): Promise<string[]> {
  return (await gets(device, count)).map(({ payload }) => payload);
}

let lastProbe = 0;

/**
 * Resolves when a device has been sent all that was handed on until now, so that what did not come will not come:
 * a message of its own has made the round.
 */
export async function settled(device: RawDevice): Promise<void> {
  const topic = `probe/${++lastProbe}`;
  const id = 65_000 + (lastProbe % 500);
  device.send(subscribePacket(id, topic, 0), publishPacket(topic, 'probe', { qos: 0 }));
  await until('its own message', () => device.answers.some((each) => isPublish(each, topic)));
  device.answers.splice(
    0,
    device.answers.length,
    ...device.answers.filter((each) => !isPublish(each, topic) && !isSubackOf(each, id)),
  );
}

/** Publishes each, one after the other, with the whole handshake of its QoS. */
export async function publishAll(
  port: number,
  messages: readonly (readonly [topic: string, payload: string, options?: PublishPacketOptions])[],
): Promise<void> {
  const device = await connectedDevice(port, `publisher ${++lastProbe}`);
  for (const [i, [topic, payload, options = {}]] of messages.entries()) {
    const { qos = 1, id = i + 1 } = options;
    device.send(publishPacket(topic, payload, { ...options, id }));
    if (qos === 1) await until('its PUBACK', () => device.ids(PUBACK).includes(id));
    if (qos !== 2) continue;
    await until('its PUBREC', () => device.ids(PUBREC).includes(id));
    device.send(pubrelPacket(id));
    await until('its PUBCOMP', () => device.ids(PUBCOMP).includes(id));
  }
  device.vanish();
}

/** Whether the CONNACK said that a session was there. */
export function wasSessionPresent(device: RawDevice): boolean {
  return device.answers.find(({ type }) => type === CONNACK)?.body[0] === 1;
}

/** The return codes of the SUBACK with this packet identifier. */
export async function subackOf(device: RawDevice, id: number): Promise<number[]> {
  await until('its SUBACK', () => device.ids(SUBACK).includes(id));
  const suback = device.answers.find((each) => isSubackOf(each, id));
  return [...(suback?.body.subarray(2) ?? [])];
}

function isSubackOf({ type, body }: Answer, id: number): boolean {
  return type === SUBACK && body.readUInt16BE() === id;
}

function isPublish(answer: Answer, topic: string): boolean {
  return answer.type === PUBLISH && decode(answer).topic === topic;
}

function decode({ flags, body }: Answer): Got {
  const qos = (flags >> 1) & 3;
  const topicEnd = 2 + body.readUInt16BE();
  return {
    topic: body.toString('utf8', 2, topicEnd),
    payload: body.toString('utf8', topicEnd + (qos > 0 ? 2 : 0)),
    qos,
    dup: (flags & 8) !== 0,
    retain: (flags & 1) !== 0,
    id: qos > 0 ? body.readUInt16BE(topicEnd) : 0,
  };
}
