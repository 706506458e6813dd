/** Who logs in by a password, and who does not. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { tempDir, type TempDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import type { Refusal } from '../ingest.ts';
import { deleteUser } from './password-file.ts';
import {
  connectedDevice,
  CONNACK,
  connectPacket,
  PUBACK,
  publishPacket,
  rawDevice,
  type ConnectPacketOptions,
  type RawDevice,
} from '../testing/raw-device.ts';
import { fastClock, openTestBroker, type TestBroker } from '../testing/test-broker.ts';
import { writeUsers } from '../testing/users-file.ts';

const RING = { username: 'ring-1134', password: 'correct horse' };
const TRUCK = { username: 'truck-7', password: 'battery staple' };

let dir: TempDir;
let usersFile: string;

beforeEach(async () => {
  dir = await tempDir('login');
  usersFile = join(dir.path, 'users');
  await writeUsers(usersFile, {
    [RING.username]: RING.password,
    [TRUCK.username]: TRUCK.password,
  });
});

afterEach(() => dir[Symbol.asyncDispose]());

/** The return code, and that nothing but the CONNACK comes. */
async function answerTo(
  { port }: TestBroker,
  clientId: string,
  options: ConnectPacketOptions,
): Promise<number | undefined> {
  const device = await rawDevice(port);
  device.send(connectPacket(clientId, options), publishPacket('scan/x', 'before it is let in'));
  await device.closed();
  expect(device.answers.map(({ type }) => type)).toEqual([CONNACK]);
  return device.answers[0]?.body[1];
}

const returnCode = ({ answers }: RawDevice): number | undefined => answers[0]?.body[1];

describe('G11 isolation: with a users file', () => {
  test('a device with its password is let in, and publishes', async () => {
    await using broker = await openTestBroker({ usersFile, settles: true });
    const device = await connectedDevice(broker.port, RING.username, RING);
    expect(returnCode(device)).toBe(0);
    device.send(publishPacket('scan/ring-1134', 'x'));
    await device.answered(PUBACK);
    expect(broker.held).toMatchObject([{ topic: 'scan/ring-1134', clientId: 'ring-1134' }]);
  });

  const wrong = { username: RING.username, password: 'wrong horse' };
  test.each<[string, string, ConnectPacketOptions]>([
    ['a wrong password', RING.username, wrong],
    ['an empty password', RING.username, { username: RING.username, password: '' }],
    ['no password', RING.username, { username: RING.username }],
    ["another user's password", RING.username, { ...TRUCK, username: RING.username }],
    ['a user that there is not', 'nobody', { ...RING, username: 'nobody' }],
    ['a name that is none for a user', 'a/b', { ...RING, username: 'a/b' }],
    ['a name that every object has', RING.username, { ...RING, username: '__proto__' }],
    ['no name', RING.username, {}],
  ])('%s: the same answer to all, and no message taken', async (_, clientId, options) => {
    await using broker = await openTestBroker({ usersFile, settles: true });
    const id = clientId.includes('/') ? RING.username : clientId;
    expect(await answerTo(broker, id, options)).toBe(5);
    expect(broker.refusals).toMatchObject([{ refusal: 'login' }]);
    expect(broker.held).toEqual([]);
    const neighbour = await connectedDevice(broker.port, TRUCK.username, TRUCK);
    expect(returnCode(neighbour)).toBe(0);
  });

  test('what is known of a refused device is told, but no password', async () => {
    await using broker = await openTestBroker({ usersFile });
    await answerTo(broker, RING.username, wrong);
    const told = JSON.stringify(broker.refusals);
    expect(told).toContain('"clientId":"ring-1134"');
    expect(told).not.toContain(wrong.password);
  });

  test('the client id is the name of the user, and nobody takes another one', async () => {
    await using broker = await openTestBroker({ usersFile, settles: true });
    const ring = await connectedDevice(broker.port, RING.username, RING);
    expect(await answerTo(broker, RING.username, TRUCK)).toBe(2);
    expect(await answerTo(broker, 'truck-7:2', TRUCK)).toBe(2);
    expect(await answerTo(broker, '', TRUCK)).toBe(2);
    expect(broker.broker.counts().refused).toEqual({ 'client-id-user': 3 });
    ring.send(publishPacket('scan/ring-1134', 'still there'));
    await ring.answered(PUBACK);
  });

  test('by prefix, a user has as many client ids as it likes, all of them its own', async () => {
    await writeUsers(usersFile, { ring: 'of all rings' });
    const clientIdIs = 'prefix';
    await using broker = await openTestBroker({ usersFile, clientIdIs, settles: true });
    const ring = { username: 'ring', password: 'of all rings' };
    const first = await connectedDevice(broker.port, 'ring:1', ring);
    const second = await connectedDevice(broker.port, 'ring:2', ring);
    first.send(publishPacket('scan/ring:1', 'x'));
    second.send(publishPacket('scan/ring:2', 'x'));
    await Promise.all([first.answered(PUBACK), second.answered(PUBACK)]);
    // `ring-1134` begins with `ring` too, and is another user.
    expect(await answerTo(broker, RING.username, ring)).toBe(2);
  });

  test('with any client id, a user publishes under its name and takes no session over', async () => {
    const clientIdIs = 'any';
    await using broker = await openTestBroker({ usersFile, clientIdIs, settles: true });
    const ring = await connectedDevice(broker.port, 'whatever', RING);
    ring.send(publishPacket('scan/ring-1134', 'x'));
    await ring.answered(PUBACK);
    expect(await answerTo(broker, 'whatever', TRUCK)).toBe(2);
    const again = await connectedDevice(broker.port, 'whatever', RING);
    await ring.closed();
    again.send(publishPacket('scan/whatever', 'not its name'));
    await again.closed();
    expect(broker.payloads()).toEqual(['x']);
  });

  test('the nameless are let in beside users where the config says so, but not under their names', async () => {
    await using broker = await openTestBroker({ usersFile, anonymous: true, settles: true });
    const device = await connectedDevice(broker.port, 'sensor-1');
    device.send(publishPacket('climate/sensor-1', 'x'));
    await device.answered(PUBACK);
    expect(await answerTo(broker, RING.username, {})).toBe(2);
    expect(await answerTo(broker, RING.username, wrong)).toBe(5);
  });
});

describe('a users file that changes', () => {
  test('G11 isolation: who is taken off it is disconnected by itself, within seconds, and nobody else', async () => {
    await using broker = await openTestBroker({ usersFile, settles: true, clock: fastClock(50) });
    const ring = await connectedDevice(broker.port, RING.username, RING);
    const truck = await connectedDevice(broker.port, TRUCK.username, TRUCK);
    await deleteUser(usersFile, RING.username);
    await ring.closed();
    expect(broker.refusals).toMatchObject([
      { refusal: 'revoked', peer: { clientId: RING.username, user: RING.username } },
    ]);
    expect(await answerTo(broker, RING.username, RING)).toBe(5);
    truck.send(publishPacket('scan/truck-7', 'still there'));
    await truck.answered(PUBACK);
  });

  test('G11 isolation: who has another password logs in again by that one only', async () => {
    await using broker = await openTestBroker({ usersFile, settles: true });
    const ring = await connectedDevice(broker.port, RING.username, RING);
    await writeUsers(usersFile, { [RING.username]: 'another horse' });
    await broker.broker.reload();
    await ring.closed();
    expect(await answerTo(broker, RING.username, RING)).toBe(5);
    const next = { ...RING, password: 'another horse' };
    expect(returnCode(await connectedDevice(broker.port, RING.username, next))).toBe(0);
  });

  test('G9 safe-config: one that cannot be used leaves everybody where they are', async () => {
    await using broker = await openTestBroker({ usersFile, settles: true, clock: fastClock(50) });
    const ring = await connectedDevice(broker.port, RING.username, RING);
    await chmod(usersFile, 0o644);
    await until('it to be told', () => broker.failures.length > 0);
    expect(broker.failures).toMatchObject([{ code: 'users-unusable' }]);
    await expect(broker.broker.reload()).rejects.toMatchObject({ code: 'users-unusable' });
    ring.send(publishPacket('scan/ring-1134', 'still there'));
    await ring.answered(PUBACK);
    expect(returnCode(await connectedDevice(broker.port, TRUCK.username, TRUCK))).toBe(0);
  });

  test('G9 safe-config: without one that can be used the broker does not start', async () => {
    const broker = openTestBroker({ usersFile: join(dir.path, 'nowhere') });
    await expect(broker).rejects.toMatchObject({ kind: 'stop', code: 'users-unusable' });
  });
});

describe('many who come at once', () => {
  test('are let in, all of them', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `d${i}`);
    await writeUsers(usersFile, Object.fromEntries(names.map((name) => [name, `${name} horse`])));
    await using broker = await openTestBroker({ usersFile });
    const connectAll = (): Promise<RawDevice[]> =>
      Promise.all(
        names.map((name) =>
          connectedDevice(broker.port, name, { username: name, password: `${name} horse` }),
        ),
      );
    for (const device of await connectAll()) expect(returnCode(device)).toBe(0);
    // And again: now from memory.
    for (const device of await connectAll()) expect(returnCode(device)).toBe(0);
    expect(broker.refusals).toEqual([]);
  });

  test('G11 isolation: who guesses is slowed down, and a device that is known is not', async () => {
    await using broker = await openTestBroker({ usersFile, settles: true });
    const ring = await connectedDevice(broker.port, RING.username, RING);
    ring.vanish();
    const guesses = Array.from({ length: 40 }, (_, i) =>
      rawDevice(broker.port).then((device) => {
        device.send(connectPacket('truck-7', { username: 'truck-7', password: `guess ${i}` }));
        return device;
      }),
    );
    const guessing = await Promise.all(guesses);
    // From the same address, while the guesses wait for their turn.
    const again = await connectedDevice(broker.port, RING.username, RING);
    expect(returnCode(again)).toBe(0);
    const refused = (refusal: Refusal): number => broker.broker.counts().refused[refusal] ?? 0;
    await until('some to be answered', () => refused('login') + refused('login-busy') > 0);
    expect(guessing.some(({ isClosed }) => !isClosed)).toBe(true);
    for (const device of guessing) device.vanish();
  });

  test('G7 bounded: nobody who waits for a login keeps a stop waiting', async () => {
    const broker = await openTestBroker({ usersFile });
    const guessing = await Promise.all(Array.from({ length: 30 }, () => rawDevice(broker.port)));
    for (const device of guessing)
      device.send(connectPacket('truck-7', { username: 'truck-7', password: 'a guess' }));
    await until('the first to be answered', () => guessing.some(({ isClosed }) => isClosed));
    await broker[Symbol.asyncDispose]();
    await Promise.all(guessing.map((device) => device.closed()));
    expect(guessing.every(({ answers }) => answers.every(({ body }) => body[1] !== 0))).toBe(true);
  });
});
