/** Hard limits: on packets, connections, what is unsettled, silence, and on how long a stop takes. */
import { connectAsync } from 'mqtt';
import { describe, expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';
import { freePort } from '#shared/testing/free-port.ts';
import { until } from '#shared/testing/until.ts';

import {
  connectedDevice,
  connectPacket,
  CONNACK,
  packet,
  PINGRESP,
  pingPacket,
  PUBACK,
  publishPacket,
  PUBREC,
  rawDevice,
  text,
  type RawDevice,
} from './testing/raw-device.ts';
import { fastClock, openTestBroker } from './testing/test-broker.ts';

describe('G7 bounded: packets', () => {
  test('one that is too long closes its connection before its body comes, and no other', async () => {
    await using broker = await openTestBroker({ settles: true, packetBytesMax: 1000 });
    const neighbour = await connectedDevice(broker.port, 'neighbour');
    const device = await connectedDevice(broker.port, 'a');
    // 1001 bytes are announced, three are sent.
    device.send(publishPacket('scan/a', 'before'), Buffer.from([0x32, 0xe9, 0x07, 0, 1, 0x61]));
    await device.closed();
    neighbour.send(publishPacket('scan/b', 'fine'));
    await neighbour.answered(PUBACK);
    expect(broker.refusals).toMatchObject([
      { peer: { clientId: 'a' }, refusal: 'packet-too-long' },
    ]);
  });

  test('one as long as it may be is accepted', async () => {
    await using broker = await openTestBroker({ settles: true, packetBytesMax: 1000 });
    const device = await connectedDevice(broker.port, 'a');
    device.send(publishPacket('scan/a', 'x'.repeat(1000 - 2 - 6 - 2)));
    await device.answered(PUBACK);
    expect(broker.held).toHaveLength(1);
  });

  test('a payload of 300 KB is accepted by default, and acknowledged', async () => {
    await using broker = await openTestBroker({ settles: true });
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
    await client.publishAsync('scan/a', 'x'.repeat(300_000), { qos: 1 });
    await client.endAsync();
    expect(broker.payloads().map(({ length }) => length)).toEqual([300_000]);
  });

  test('a CONNECT has at most 64 KiB, and nothing after it is read before it is let in', async () => {
    await using broker = await openTestBroker();
    const device = await rawDevice(broker.port);
    device.send(packet(0x10, text('MQTT'), Buffer.alloc(70_000)).subarray(0, 10));
    await device.closed();
    expect(broker.refusals).toMatchObject([{ refusal: 'packet-too-long' }]);
  });

  test('unfinished packets of all together have a limit', async () => {
    await using broker = await openTestBroker({ packetBytesMax: 16 * 1024 * 1024 });
    const unfinished = publishPacket('scan/a', Buffer.alloc(15 * 1024 * 1024)).subarray(0, -1);
    const devices = await Promise.all(
      Array.from({ length: 6 }, (_, i) => connectedDevice(broker.port, `d${i}`)),
    );
    for (const device of devices) device.send(unfinished);
    await until('one to be closed', () => devices.some(({ isClosed }) => isClosed));
    expect(broker.refusals[0]).toMatchObject({ refusal: 'memory' });
    await until('the rest to be served', async () => {
      const open = devices.filter(({ isClosed }) => !isClosed);
      for (const device of open) device.vanish();
      return broker.broker.counts().connections === 0;
    });
    const next = await connectedDevice(broker.port, 'next');
    next.send(publishPacket('scan/a', Buffer.alloc(15 * 1024 * 1024)));
    await until('the long one', () => broker.held.length === 1);
  });
});

describe('G7 bounded: connections', () => {
  test('beyond the limit they are refused, until one goes', async () => {
    await using broker = await openTestBroker({ connectionsMax: 2 });
    const first = await connectedDevice(broker.port, 'a');
    await connectedDevice(broker.port, 'b');
    const third = await rawDevice(broker.port);
    await third.closed();
    expect(broker.broker.counts()).toMatchObject({ connections: 2, refused: { connections: 1 } });
    first.vanish();
    await until('room', () => broker.broker.counts().connections === 1);
    await connectedDevice(broker.port, 'c');
  });

  test('a thousand publish side by side', async () => {
    await using broker = await openTestBroker({ settles: true });
    const devices: RawDevice[] = [];
    for (let i = 0; i < 1000; i++) devices.push(await rawDevice(broker.port));
    devices.forEach((device, i) => device.send(connectPacket(`d${i}`)));
    await Promise.all(devices.map((device) => device.answered(CONNACK)));
    devices.forEach((device, i) => device.send(publishPacket(`scan/d${i}`, `${i}`)));
    await Promise.all(devices.map((device) => device.answered(PUBACK)));
    expect(new Set(broker.payloads()).size).toBe(1000);
    expect(broker.broker.counts()).toMatchObject({ connections: 1000, unsettled: 0, refused: {} });
    for (const device of devices) device.vanish();
  });

  test('one that does not send its CONNECT is closed', async () => {
    await using broker = await openTestBroker({ clock: fastClock(50) });
    const device = await rawDevice(broker.port);
    device.send(connectPacket('a').subarray(0, 5));
    await device.closed();
    expect(broker.refusals).toMatchObject([{ refusal: 'connect-late' }]);
  });
});

describe('G7 bounded: what is unsettled', () => {
  test('a device that sends on is not read on, and loses nothing by it', async () => {
    await using broker = await openTestBroker();
    const device = await connectedDevice(broker.port, 'a');
    const payloads = Array.from({ length: 5000 }, (_, i) => String(i));
    device.send(...payloads.map((payload, i) => publishPacket('scan/a', payload, { id: i + 1 })));
    await until('as many as may be', () => broker.held.length >= 512);
    const neighbour = await connectedDevice(broker.port, 'b');
    neighbour.send(publishPacket('scan/b', 'read all the same'));
    await until('the neighbour', () => broker.payloads().includes('read all the same'));
    expect(broker.broker.counts().unsettled).toBeLessThanOrEqual(1025);
    await until('all', () => {
      broker.settleAll();
      return device.ids(PUBACK).length === 5000;
    });
    expect(device.ids(PUBACK)).toEqual(payloads.map((_, i) => i + 1));
    expect(broker.payloads().filter((payload) => /^\d/u.test(payload))).toEqual(payloads);
  });

  test('without PUBREL there are at most 1000 QoS 2 messages', async () => {
    await using broker = await openTestBroker({ settles: true });
    const device = await connectedDevice(broker.port, 'a');
    for (let id = 1; id <= 1001; id++) device.send(publishPacket('scan/a', 'x', { qos: 2, id }));
    await device.closed();
    expect(device.ids(PUBREC).length).toBeLessThanOrEqual(1000);
    expect(broker.held).toHaveLength(1000);
    expect(broker.refusals).toMatchObject([{ refusal: 'qos2-window' }]);
  });
});

describe('the keep-alive', () => {
  test('a device that is silent for one and a half times of it is closed', async () => {
    await using broker = await openTestBroker({ clock: fastClock(50) });
    const device = await connectedDevice(broker.port, 'a', { keepAliveSeconds: 10 });
    const talker = await connectedDevice(broker.port, 'b', { keepAliveSeconds: 10 });
    await until('it to be closed', () => {
      talker.send(pingPacket);
      return device.isClosed;
    });
    expect(talker.isClosed).toBe(false);
    expect(broker.refusals).toMatchObject([{ peer: { clientId: 'a' }, refusal: 'keep-alive' }]);
  });

  test('a device whose message is not settled yet is not blamed for its silence', async () => {
    await using broker = await openTestBroker({ clock: fastClock(50) });
    const waiting = await connectedDevice(broker.port, 'a', { keepAliveSeconds: 10 });
    waiting.send(publishPacket('scan/a', 'x'));
    await until('its message', () => broker.held.length === 1);
    const silent = await connectedDevice(broker.port, 'b', { keepAliveSeconds: 30 });
    await silent.closed();
    expect(waiting.isClosed).toBe(false);
    broker.settleAll();
    await waiting.answered(PUBACK);
  });
});

describe('a stop', () => {
  test('G1 durable-ack: lets what was accepted settle and its acknowledgements go out', async () => {
    await using broker = await openTestBroker();
    const device = await connectedDevice(broker.port, 'a');
    device.send(...[1, 2, 3].map((id) => publishPacket('scan/a', 'x', { id })));
    await until('the messages', () => broker.held.length === 3);
    const stopping = broker.broker[Symbol.asyncDispose]();
    device.send(publishPacket('scan/a', 'too late', { id: 4 }), pingPacket);
    broker.held[0]?.settle();
    await device.answered(PUBACK);
    broker.settleAll();
    await stopping;
    await device.closed();
    expect(device.ids(PUBACK)).toEqual([1, 2, 3]);
    expect(broker.payloads()).toEqual(['x', 'x', 'x']);
    expect(device.answers.some(({ type }) => type === PINGRESP)).toBe(false);
  });

  test('does not wait for ever for a disk that hangs', async () => {
    await using broker = await openTestBroker({ clock: fastClock(20) });
    const device = await connectedDevice(broker.port, 'a');
    device.send(publishPacket('scan/a', 'x'));
    await until('the message', () => broker.held.length === 1);
    await broker.broker[Symbol.asyncDispose]();
    await device.closed();
    expect(device.ids(PUBACK)).toEqual([]);
  });

  test('frees its ports', async () => {
    await using broker = await openTestBroker({ websocketPort: 0 });
    await broker.broker[Symbol.asyncDispose]();
    await expect(rawDevice(broker.port)).rejects.toThrow(/ECONNREFUSED/u);
    await expect(rawDevice(broker.broker.websocketPort ?? 0)).rejects.toThrow(/ECONNREFUSED/u);
  });
});

describe('a port', () => {
  test('that is in use is an error that says so', async () => {
    await using broker = await openTestBroker();
    const error: unknown = await openTestBroker({ websocketPort: broker.port }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TallyError);
    expect(error).toMatchObject({ kind: 'stop', code: 'port-in-use' });
  });

  test('for WebSocket is offered only where one is configured', async () => {
    await using broker = await openTestBroker();
    expect(broker.broker.websocketPort).toBeUndefined();
    const port = await freePort();
    await using other = await openTestBroker({ websocketPort: port });
    expect(other.broker.websocketPort).toBe(port);
  });
});
