import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { systemClock } from '#shared/clock.ts';
import { TallyError } from '#shared/errors.ts';

import { Connection } from './connection.ts';
import { Intake } from './intake.ts';
import { Recorder } from './recorder.ts';
import { connectPacket, publishPacket } from './testing/raw-device.ts';

/** A stream whose other end is the test: it pushes what comes in, and lets go out what is written. */
function openConnection() {
  const written: Buffer[] = [];
  const held: (() => void)[] = [];
  const stream = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk);
      held.push(done);
    },
  });
  const told: string[] = [];
  const delivered: Buffer[] = [];
  const intake = new Intake();
  const connection = new Connection({
    stream,
    address: '192.0.2.1',
    packetBytesMax: 1000,
    clock: systemClock,
    intake,
    recorder: new Recorder({
      deviceConnected: () => void told.push('connected'),
      deviceDisconnected: () => void told.push('disconnected'),
      deviceRefused: (_peer, refusal) => void told.push(refusal),
      ackWithheld: () => void told.push('withheld'),
      ingestFailed: () => void told.push('failed'),
    }),
    deliver: (packets) => void delivered.push(packets),
  });
  connection.attach();
  return { stream, written, held, told, delivered, intake, connection };
}

const publish = publishPacket('scan/a', 'x');

async function admitted(): Promise<ReturnType<typeof openConnection>> {
  const open = openConnection();
  open.stream.push(connectPacket('a'));
  await turn();
  open.connection.admit('a');
  open.delivered.length = 0;
  return open;
}

describe('a connection', () => {
  test('delivers the CONNECT, and what follows when it is let in', async () => {
    const { stream, connection, delivered, told } = openConnection();
    stream.push(Buffer.concat([connectPacket('a'), publish]));
    await turn();
    expect(delivered).toEqual([connectPacket('a')]);
    connection.admit('a');
    await turn();
    expect(delivered).toEqual([connectPacket('a'), publish]);
    expect(told).toEqual(['connected']);
  });

  test('leaves nothing to another reader', async () => {
    const { stream } = await admitted();
    stream.push(publish.subarray(0, 3));
    expect(stream.read()).toBeNull();
  });

  test('sends the PUBACKs of a turn in one write', async () => {
    const { connection, written } = await admitted();
    for (const id of [1, 2, 0xabcd]) connection.acknowledge(id);
    expect(written).toEqual([]);
    await turn();
    expect(written.map((each) => each.toString('hex'))).toEqual(['40020001400200024002abcd']);
  });

  test('G7 bounded: is not read while the device does not take what is written', async () => {
    const { stream, connection, delivered, held } = await admitted();
    for (let id = 1; id <= stream.writableHighWaterMark / 4; id++) connection.acknowledge(id);
    await turn();
    expect(stream.writableNeedDrain).toBe(true);
    stream.push(publish);
    await turn();
    expect(delivered).toEqual([]);
    held.shift()?.();
    await turn();
    await turn();
    expect(delivered).toEqual([publish]);
  });

  test('G7 bounded: is not read while all connections together have too much unsettled', async () => {
    const { stream, delivered, intake } = await admitted();
    intake.begin(1e9);
    stream.push(publish);
    await turn();
    expect(delivered).toEqual([]);
    intake.settle(1e9);
    await turn();
    expect(delivered).toEqual([publish]);
  });

  test('G7 bounded: is not read while it has too much unsettled itself', async () => {
    const { stream, connection, delivered } = await admitted();
    for (let i = 0; i < 512; i++) connection.begin(1);
    stream.push(publish);
    await turn();
    expect(delivered).toEqual([]);
    connection.settle(1);
    await turn();
    expect(delivered).toEqual([publish]);
  });

  test('is refused once, and its memory is given back', async () => {
    const { stream, connection, told, intake } = await admitted();
    stream.push(publish.subarray(0, 5));
    await turn();
    connection.refuse('topic');
    connection.refuse('protocol');
    connection.withhold(new TallyError('retry', 'journal-full', 'full'));
    await turn();
    expect(connection.isGone).toBe(true);
    expect(told).toEqual(['connected', 'topic', 'withheld', 'disconnected']);
    expect(intake.hold(64 * 1024 * 1024)).toBe(true);
  });
});
