/** TLS, and devices that say by their certificate who they are. */
import { once } from 'node:events';
import { chmod, copyFile } from 'node:fs/promises';
import { connect as connectTcp, Socket } from 'node:net';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { tempDir, type TempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { Authority, type Certificate } from './testing/certificates.ts';
import { connectPacket } from './testing/raw-device.ts';
import { fastClock, openTestBroker, type TestBroker } from './testing/test-broker.ts';
import { writeUsers } from './testing/users-file.ts';
import type { TlsOptions } from './tls-listener.ts';

const SERVER_NAMES = 'DNS:localhost,IP:127.0.0.1';

let dir: TempDir;
let depot: Authority;
let foreign: Authority;
let servers: readonly [Certificate, Certificate];
let ring: Certificate;
let truck: Certificate;
let expired: Certificate;
let stranger: Certificate;
let selfSigned: Certificate;
/** The certificate that the broker uses; each test begins with the first. */
let tls: TlsOptions;

beforeAll(async () => {
  dir = await tempDir('tls');
  depot = await Authority.make(dir.path, 'depot');
  foreign = await Authority.make(dir.path, 'foreign');
  const names = { alternativeName: SERVER_NAMES };
  servers = [
    await depot.issue('server-1', '/CN=gateway', names),
    await depot.issue('server-2', '/CN=gateway', names),
  ];
  ring = await depot.issue('ring', '/O=Depot/CN=ring-1134', { alternativeName: 'DNS:ring.depot' });
  truck = await depot.issue('truck', '/CN=truck-7');
  expired = await depot.issue('expired', '/CN=ring-1134', { days: -1 });
  stranger = await foreign.issue('stranger', '/CN=ring-1134');
  selfSigned = await foreign.own();
  tls = {
    host: '127.0.0.1',
    port: 0,
    certFile: join(dir.path, 'current.pem'),
    keyFile: join(dir.path, 'current.key'),
    clientCertificate: 'required',
    identity: 'cn',
    minVersion: 'TLSv1.2',
  };
});

beforeEach(async () => {
  await useServer(servers[0]);
  await depot.revoke();
});

afterAll(() => dir[Symbol.asyncDispose]());

async function useServer({ certFile, keyFile }: Certificate): Promise<void> {
  await copyFile(certFile, tls.certFile);
  await copyFile(keyFile, tls.keyFile);
}

const mutual = (): TlsOptions => ({ ...tls, caFile: depot.certFile, crlFile: depot.crlFile });

type DeviceOptions = {
  readonly certificate?: Certificate;
  readonly username?: string;
  readonly password?: string;
  readonly scheme?: 'mqtts' | 'wss';
};

/** A client that checks the broker's certificate. Rejects when it is not let in. */
async function device(
  { broker }: TestBroker,
  clientId: string,
  { certificate, scheme = 'mqtts', ...login }: DeviceOptions = {},
): Promise<MqttClient> {
  const port = scheme === 'mqtts' ? broker.tlsPort : broker.tlsWebsocketPort;
  const own = certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key };
  const client = await connectAsync(
    `${scheme}://127.0.0.1:${port}`,
    { ...own, ...login, clientId, ca: await depot.cert(), reconnectPeriod: 0 },
    false,
  );
  client.on('error', () => {});
  return client;
}

/** Whether the broker closes a bare TLS connection, before or after the handshake is through. */
async function closes({ broker }: TestBroker, options: ConnectionOptions): Promise<boolean> {
  const socket = connect({
    host: '127.0.0.1',
    port: broker.tlsPort,
    ca: await depot.cert(),
    ...options,
  });
  socket.on('error', () => {});
  socket.resume();
  socket.write(connectPacket('ring-1134'));
  await closed(socket);
  return true;
}

describe('TLS', () => {
  test('a device publishes over it, with its password, and over WebSocket too', async () => {
    const usersFile = join(dir.path, 'users');
    await writeUsers(usersFile, { 'ring-1134': 'correct horse' });
    const options = { usersFile, tls: { ...tls, websocketPort: 0 } };
    await using broker = await openTestBroker({ ...options, settles: true });
    const login = { username: 'ring-1134', password: 'correct horse' };
    for (const scheme of ['mqtts', 'wss'] as const) {
      const client = await device(broker, 'ring-1134', { ...login, scheme });
      await client.publishAsync('scan/ring-1134', scheme, { qos: 1 });
      await client.endAsync();
    }
    expect(broker.payloads()).toEqual(['mqtts', 'wss']);
    await expect(device(broker, 'ring-1134', { ...login, password: 'x' })).rejects.toThrow(
      /Not authorized/u,
    );
  });

  test('S3: nothing older than TLS 1.2, and no session is resumed', async () => {
    await using broker = await openTestBroker({ tls });
    const old = {
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const;
    expect(await closes(broker, old)).toBe(true);
    expect(broker.refusals).toMatchObject([{ refusal: 'tls' }]);
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      let session: Buffer | undefined;
      for (let round = 0; round < 2; round++) {
        const socket: TLSSocket = connect({
          host: '127.0.0.1',
          port: broker.broker.tlsPort,
          ca: await depot.cert(),
          maxVersion,
          ...(session === undefined ? {} : { session }),
        });
        socket.on('session', (fresh: Buffer) => (session = fresh));
        await once(socket, 'secureConnect');
        expect(socket.isSessionReused()).toBe(false);
        session ??= socket.getSession();
        socket.end(connectPacket('a'));
        socket.resume();
        await closed(socket);
      }
    }
  });

  test('what is not TLS is closed, and a handshake that never comes keeps no stop waiting', async () => {
    const broker = await openTestBroker({ tls });
    const plain = connectTcp(broker.broker.tlsPort ?? 0, '127.0.0.1');
    plain.on('error', () => {}).resume();
    plain.write(connectPacket('a'));
    await closed(plain);
    expect(broker.refusals).toMatchObject([{ refusal: 'tls' }]);
    const silent = connectTcp(broker.broker.tlsPort ?? 0, '127.0.0.1');
    silent.on('error', () => {}).resume();
    await once(silent, 'connect');
    await broker[Symbol.asyncDispose]();
    await until('it to be closed', () => silent.closed);
  });

  test('G7 bounded: those at their handshake count as connections', async () => {
    await using broker = await openTestBroker({ tls, connectionsMax: 1 });
    const silent = connectTcp(broker.broker.tlsPort ?? 0, '127.0.0.1');
    await once(silent, 'connect');
    expect(await closes(broker, {})).toBe(true);
    expect(broker.refusals).toMatchObject([{ refusal: 'connections' }]);
    silent.destroy();
    await until('room', async () => (await device(broker, 'a')).connected);
  });
});

describe('G11 isolation: with certificates of the devices', () => {
  test('a device is who its certificate says, whatever password it sends', async () => {
    await using broker = await openTestBroker({ tls: mutual(), settles: true });
    const client = await device(broker, 'ring-1134', { certificate: ring, username: 'truck-7' });
    await client.publishAsync('scan/ring-1134', 'x', { qos: 1 });
    await expect(device(broker, 'truck-7', { certificate: ring })).rejects.toThrow(
      /Identifier rejected/u,
    );
    client.publish('scan/truck-7', 'y', { qos: 1 });
    await closed(client);
    expect(broker.payloads()).toEqual(['x']);
    expect(broker.broker.counts().refused).toEqual({ 'client-id-user': 1, access: 1 });
  });

  test.each<[string, () => Certificate | undefined, string]>([
    ['no certificate', () => undefined, 'none'],
    ['one that has expired', () => expired, 'CERT_HAS_EXPIRED'],
    ['one of another authority', () => stranger, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['one that signed itself', () => selfSigned, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('%s is refused, and neighbours stay', async (_, certificate, detail) => {
    // With a revocation list OpenSSL says so first, of all that the authority did not sign.
    const options = { tls: { ...tls, caFile: depot.certFile } };
    await using broker = await openTestBroker({ ...options, settles: true });
    const neighbour = await device(broker, 'truck-7', { certificate: truck });
    const shown = certificate();
    expect(await closes(broker, shown === undefined ? {} : pair(shown))).toBe(true);
    expect(broker.refusals).toMatchObject([{ refusal: 'certificate', detail }]);
    await neighbour.publishAsync('scan/truck-7', 'x', { qos: 1 });
    expect(broker.payloads()).toEqual(['x']);
  });

  test('S4: one that is revoked is refused; who is connected with it is closed within seconds', async () => {
    const clock = fastClock(50);
    await using broker = await openTestBroker({ tls: mutual(), settles: true, clock });
    const doomed = await depot.issue('doomed', '/CN=doomed');
    const client = await device(broker, 'doomed', { certificate: doomed });
    const neighbour = await device(broker, 'truck-7', { certificate: truck });
    await depot.revoke(doomed);
    await closed(client);
    expect(broker.refusals).toMatchObject([{ refusal: 'revoked', peer: { user: 'doomed' } }]);
    expect(await closes(broker, pair(doomed))).toBe(true);
    expect(broker.refusals[1]).toMatchObject({ refusal: 'certificate', detail: 'CERT_REVOKED' });
    await neighbour.publishAsync('scan/truck-7', 'still there', { qos: 1 });
  });

  test('where they are optional, a bad one is refused and none is asked for a password', async () => {
    const usersFile = join(dir.path, 'users-2');
    await writeUsers(usersFile, { 'truck-7': 'battery staple' });
    const options = { usersFile, tls: { ...mutual(), clientCertificate: 'optional' as const } };
    await using broker = await openTestBroker({ ...options, settles: true });
    const login = { username: 'truck-7', password: 'battery staple' };
    await device(broker, 'truck-7', login);
    await device(broker, 'ring-1134', { certificate: ring });
    expect(await closes(broker, pair(expired))).toBe(true);
    await expect(device(broker, 'ring-1134')).rejects.toThrow(/Not authorized/u);
    expect(broker.broker.counts()).toMatchObject({ refused: { certificate: 1, login: 1 } });
  });

  test('the name may be the first alternative one', async () => {
    await using broker = await openTestBroker({ tls: { ...mutual(), identity: 'san' } });
    await device(broker, 'ring.depot', { certificate: ring });
    // It has no alternative name.
    expect(await closes(broker, pair(truck))).toBe(true);
    expect(broker.refusals).toMatchObject([{ refusal: 'certificate', detail: 'no name' }]);
  });

  test.each([
    ['that looks like a rule', String.raw`/CN=\+`],
    ['that is absent', '/'],
    ['with a colon', '/CN=a:b'],
    ['twice', '/CN=ring-1134/CN=truck-7'],
  ])('a name %s is none', async (_, subject) => {
    const odd = await depot.issue('odd', subject);
    await using broker = await openTestBroker({ tls: mutual() });
    expect(await closes(broker, pair(odd))).toBe(true);
    expect(broker.refusals).toMatchObject([{ refusal: 'certificate' }]);
  });
});

describe('certificates that change', () => {
  test('S4: a new one of the broker is shown to who comes next, and nobody is disconnected', async () => {
    const clock = fastClock(50);
    await using broker = await openTestBroker({ tls: mutual(), settles: true, clock });
    const before = await device(broker, 'ring-1134', { certificate: ring });
    const serialBefore = await shownSerial(broker);
    await useServer(servers[1]);
    await until('the new one', async () => (await shownSerial(broker)) !== serialBefore);
    await before.publishAsync('scan/ring-1134', 'still there', { qos: 1 });
    const after = await device(broker, 'truck-7', { certificate: truck });
    await after.publishAsync('scan/truck-7', 'and there', { qos: 1 });
    expect(broker.payloads()).toEqual(['still there', 'and there']);
  });

  test('G9 safe-config: a key that does not fit leaves the old pair at work', async () => {
    await using broker = await openTestBroker({ tls: mutual(), settles: true });
    await copyFile(servers[1].keyFile, tls.keyFile);
    await expect(broker.broker.reload()).rejects.toMatchObject({ code: 'certificate-unusable' });
    const client = await device(broker, 'ring-1134', { certificate: ring });
    await client.publishAsync('scan/ring-1134', 'x', { qos: 1 });
  });

  test('G9 safe-config: a key that anybody may read is not used', async () => {
    await chmod(tls.keyFile, 0o644);
    const opening = openTestBroker({ tls });
    await expect(opening).rejects.toThrow(`chmod 600 ${tls.keyFile}`);
    await chmod(tls.keyFile, 0o600);
  });
});

/** Unlike `once` of Node an error before it is none. */
async function closed(it: MqttClient | Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (it instanceof Socket) it.once('close', () => resolve());
  else it.once('close', () => resolve());
  await promise;
}

const pair = ({ cert, key }: Certificate): ConnectionOptions => ({ cert, key });

async function shownSerial({ broker }: TestBroker): Promise<string | undefined> {
  const options = { host: '127.0.0.1', port: broker.tlsPort, ca: await depot.cert() };
  const socket = connect({ ...options, ...pair(ring) });
  await once(socket, 'secureConnect');
  const serial = socket.getPeerX509Certificate()?.serialNumber;
  socket.destroy();
  return serial;
}
