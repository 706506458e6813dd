/** What a broker may do wrong, and what a connection may: it is told in words, costs nothing else, and is tried again. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { connectAsync } from 'mqtt';
import { describe, expect, test } from 'vitest';

import { freePort } from '#shared/testing/free-port.ts';
import { startMosquitto } from '#shared/testing/mosquitto.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { openFakeDepotBroker, type FakeAnswers } from '../testing/fake-depot-broker.ts';
import { publishPacket } from '../testing/raw-device.ts';
import {
  openTestExternalBroker,
  type TestExternalBroker,
} from '../testing/test-external-broker.ts';

const told = (gateway: TestExternalBroker, what: string): Promise<true> =>
  until(`it to be told: ${what}`, () => {
    if (gateway.told.some((each) => each.includes(what))) return true;
    throw new Error(`told was ${JSON.stringify(gateway.told)}`);
  });

const PACKET_BYTES_MAX = 10_000;

describe('a broker that breaks the protocol is left, and tried again', () => {
  test.for<[string, FakeAnswers, string]>([
    ['bytes that are no MQTT', { connack: Buffer.from('HTTP/1.1 400\r\n\r\n') }, 'first packet'],
    ['a CONNECT of its own', { next: Buffer.from([0x10, 2, 0, 0]) }, 'a packet that only a server'],
    ['a length without an end', { next: Buffer.from([0x30, 255, 255, 255, 255, 1]) }, 'malformed'],
    ['a packet of 256 MiB', { next: Buffer.from([0x30, 255, 255, 255, 127]) }, 'too long'],
    ['a long CONNACK', { connack: Buffer.from([0x20, 255, 255, 127]) }, 'too long'],
    [
      'a QoS 1 message without an identifier',
      { next: publishPacket('depot/a', 'x', { qos: 1, id: 0 }) },
      'a packet identifier that is not 1 to 65535',
    ],
  ])('%s', async ([, answers, reason]) => {
    await using server = await openFakeDepotBroker(answers);
    await using gateway = openTestExternalBroker({
      config: { url: server.url },
      packetBytesMax: PACKET_BYTES_MAX,
    });
    await until('it to be tried again', () => server.sockets.length >= 3);
    await told(gateway, reason);
    expect(gateway.held).toEqual([]);
    // The same again is not news.
    expect(gateway.told).toHaveLength(1);
  });

  test('a packet of which only the header has come takes no memory and waits for nobody', async () => {
    await using server = await openFakeDepotBroker();
    await using gateway = openTestExternalBroker({
      config: { url: server.url },
      packetBytesMax: PACKET_BYTES_MAX,
    });
    await until('it to be connected', () => gateway.broker.state() === 'connected');
    server.sockets[0]?.write(Buffer.from([0x30, 0x91, 0x4e]));
    await told(gateway, 'refused a packet that is too long');
    expect(gateway.broker.counts().refused).toEqual({ 'packet-too-long': 1 });
  });
});

describe('a broker that refuses us is told, and tried again', () => {
  test.for([
    [4, 'Bad username or password'],
    [5, 'Not authorized'],
  ] as const)('with the return code %i', async ([code, reason]) => {
    await using server = await openFakeDepotBroker({ connack: Buffer.from([0x20, 2, 0, code]) });
    await using gateway = openTestExternalBroker({ config: { url: server.url } });
    await told(gateway, `refused Connection refused: ${reason}`);
    await until('it to be tried again', () => server.sockets.length >= 3);
    expect(gateway.broker.state()).toBe('refused');
    await expect(gateway.broker.publish('a', 'b', 0)).rejects.toMatchObject({
      code: 'broker-unavailable',
    });
  });

  test('where it grants none of the filters', async ({ skip }) => {
    await using dir = await tempDir('acl');
    const acl = join(dir.path, 'acl');
    await writeFile(acl, 'topic read public/#\n');
    const server = await startMosquitto({ config: `acl_file ${acl}` });
    if (typeof server === 'string') return skip(server);
    await using _ = server;
    // mosquitto of before 2.1 grants each filter and filters what it delivers: then nothing is refused.
    await using gateway = openTestExternalBroker({ config: { url: server.url } });
    await until('an answer', () => gateway.told.length > 0);
    expect(['connected', 'refused it does not grant the filter depot/#']).toContain(
      gateway.told[0],
    );
  });

  test('where a filter is refused and another is not, the other is served', async () => {
    const refusal = Buffer.from([0x90, 4, 0, 0, 0, 0x80]);
    await using server = await openFakeDepotBroker({ next: Buffer.alloc(0) });
    await using gateway = openTestExternalBroker({
      config: { url: server.url, subscribe: [{ topic: 'a/#' }, { topic: 'b/#' }] },
    });
    const subscribe = await until('the SUBSCRIBE', () => {
      const all = server.received();
      const at = all.indexOf(0x82, 14);
      return at === -1 ? undefined : all.subarray(at);
    });
    refusal[2] = subscribe[2] ?? 0;
    refusal[3] = subscribe[3] ?? 0;
    server.sockets[0]?.write(refusal);
    await told(gateway, 'connected');
    expect(gateway.told).toEqual(['refused it does not grant the filter b/#', 'connected']);
    server.sockets[0]?.write(publishPacket('a/1', 'x', { qos: 1, id: 1 }));
    await until('the message', () => gateway.held.length === 1);
  });
});

describe('a connection that cannot be made is told, and tried again', () => {
  test('where nobody listens', async () => {
    await using gateway = openTestExternalBroker({
      config: { url: `mqtt://127.0.0.1:${await freePort()}` },
    });
    await told(gateway, 'lost connect ECONNREFUSED');
    expect(gateway.broker.state()).toBe('lost');
  });

  test('where the password cannot be read', async () => {
    await using gateway = openTestExternalBroker({
      config: {
        url: 'mqtt://127.0.0.1:1',
        username: 'gateway',
        password: { env: 'DEPOT_PASSWORD' },
      },
    });
    await told(gateway, 'refused the variable DEPOT_PASSWORD is not set');
    expect(gateway.broker.state()).toBe('refused');
  });
});

test.for([{ version: 4 }, { version: 5 }])(
  'G7 bounded: of a message that is too long, MQTT version $version keeps the gateway free',
  async ({ version }, { skip }) => {
    const server = await startMosquitto();
    if (typeof server === 'string') return skip(server);
    await using _ = server;
    await using gateway = openTestExternalBroker({
      config: { url: server.url, version },
      packetBytesMax: PACKET_BYTES_MAX,
      settles: true,
    });
    await until('it to be connected', () => gateway.broker.state() === 'connected');
    const client = await connectAsync(server.url);
    await client.publishAsync('depot/a', 'x'.repeat(20_000), { qos: 1 });
    await client.publishAsync('depot/a', 'short', { qos: 1 });
    await client.endAsync();
    if (version === 5) {
      // The broker was told, and drops it (MQTT 5, 3.1.2.11.4).
      await until('the short one', () => gateway.payloads().includes('short'));
      expect(gateway.told).toEqual(['connected']);
    } else {
      await told(gateway, 'refused a packet that is too long');
      expect(gateway.payloads()).toEqual([]);
    }
  },
);

const run = promisify(execFile);

/** A certificate for `localhost` that nobody but itself signed; `undefined` where there is no openssl. */
async function certificate(dir: string): Promise<{ key: string; cert: string } | undefined> {
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', cert];
  const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  return await run('openssl', [...how, ...files, ...names]).then(
    () => ({ key, cert }),
    () => undefined,
  );
}

test('G11 isolation: TLS is for who has a certificate for that name, signed by who is trusted', async ({
  skip,
}) => {
  await using dir = await tempDir('tls');
  const files = await certificate(dir.path);
  if (files === undefined) return skip('there is no openssl to make a certificate with');
  const server = await startMosquitto({
    listener: `listener PORT\ncertfile ${files.cert}\nkeyfile ${files.key}`,
  });
  if (typeof server === 'string') return skip(server);
  await using _ = server;
  const open = (host: string, caFile?: string): TestExternalBroker =>
    openTestExternalBroker({
      config: { url: `mqtts://${host}:${server.port}`, ...(caFile !== undefined && { caFile }) },
    });
  await using trusting = open('localhost', files.cert);
  await told(trusting, 'connected');
  await using distrustful = open('localhost');
  await told(distrustful, 'lost self-signed certificate');
  await using elsewhere = open('127.0.0.1', files.cert);
  await told(elsewhere, "IP: 127.0.0.1 is not in the cert's list");
  await using unreadable = open('localhost', join(dir.path, 'missing.pem'));
  await told(unreadable, 'refused cannot read a certificate: ENOENT');
  expect(
    [trusting, distrustful, elsewhere, unreadable].map(({ broker }) => broker.state()),
  ).toEqual(['connected', 'lost', 'lost', 'refused']);
});
