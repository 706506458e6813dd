import { randomBytes } from 'node:crypto';

import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { DLQ_STREAM, INGEST_STREAM } from '#shared/names.ts';
import { startNatsServer, type TestNatsServer } from '#shared/testing/nats-server.ts';
import { until } from '#shared/testing/until.ts';

import { CONSUMER_NAME } from './declarations.ts';
import { openNatsStreams } from './nats-streams.ts';
import type { Streams } from './streams.ts';

const SETTINGS = { replicas: 1, ingestBytesMax: 64 * 1024 * 1024, ingestAgeMaxMs: 86_400_000 };
const NEVER = new AbortController().signal;

describe('the streams, on a real server', () => {
  let nats: TestNatsServer;
  let connection: NatsConnection;
  let manager: JetStreamManager;

  beforeAll(async () => {
    nats = await startNatsServer();
    connection = await connect({ servers: nats.url });
    manager = await jetstreamManager(connection);
  });
  afterAll(async () => {
    await connection.close();
    await nats[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    for await (const { config } of manager.streams.list())
      await manager.streams.delete(config.name);
  });

  const open = (unackedMax = 16): Promise<Streams> =>
    openNatsStreams({ servers: [nats.url], settings: SETTINGS, unackedMax });
  const publish = (text: string): Promise<unknown> =>
    jetstream(connection).publish('ingest.v1.berlin.gw-1', text);

  test('G2 no-loss: the ingest stream is made as declared: on file, discarding what is new, with what `nats server check` needs', async () => {
    await using streams = await open();
    await streams.verify();
    const { config } = await manager.streams.info(INGEST_STREAM);
    expect(config).toMatchObject({
      storage: 'file',
      discard: 'new',
      retention: 'limits',
      subjects: ['ingest.v1.*.*'],
    });
    expect(config.metadata).toMatchObject({ 'io.nats.monitor.enabled': 'true' });
    expect(config.description).not.toBe('');
    await streams.verify();
  });

  test('a stream that differs is an error that lists the fields, and stays as it is', async () => {
    await using streams = await open();
    await streams.verify();
    const { config } = await manager.streams.info(INGEST_STREAM);
    await manager.streams.update(INGEST_STREAM, {
      ...config,
      max_bytes: 1_000_000,
      description: 'mine',
    });
    await expect(streams.verify()).rejects.toMatchObject({
      kind: 'stop',
      code: 'stream-mismatch',
      message:
        'stream TALLY_INGEST is not as declared: ' +
        'description: declared "Batches of events from the gateways; the source of truth", found "mine"; ' +
        'max_bytes: declared 67108864, found 1000000',
    });
    expect((await manager.streams.info(INGEST_STREAM)).config.description).toBe('mine');
  });

  test('what is not acknowledged is delivered again by the next subscription; what is, is not', async () => {
    await using streams = await open();
    await streams.verify();
    await publish('one');
    await publish('two');
    const first = await streams.subscribe(() => Promise.resolve(0));
    const taken = [...(await first.take(1, NEVER)), ...(await first.take(1, NEVER))];
    expect(taken.map(({ streamSeq }) => streamSeq)).toStrictEqual([1, 2]);
    taken[0]?.ack();
    await connection.flush();
    await manager.consumers.delete(INGEST_STREAM, CONSUMER_NAME);
    await expect(first.take(1, AbortSignal.timeout(20_000))).rejects.toMatchObject({
      kind: 'retry',
      code: 'stream-unavailable',
    });
    const second = await streams.subscribe((incarnation) =>
      Promise.resolve(incarnation === first.incarnation ? 1 : 0),
    );
    const [again] = await second.take(8, NEVER);
    expect(again?.streamSeq).toBe(2);
  });

  test('G2 no-loss: a database that was put back to an older state gets again what came since, though it was acknowledged', async () => {
    await using streams = await open();
    await streams.verify();
    for (const text of ['one', 'two', 'three']) await publish(text);
    const delivery = await streams.subscribe(() => Promise.resolve(0));
    for (let count = 0; count < 3;) {
      const taken = await delivery.take(8, NEVER);
      for (const message of taken) message.ack();
      count += taken.length;
    }
    await until('the acknowledgements to arrive', async () => {
      const { ack_floor: floor } = await manager.consumers.info(INGEST_STREAM, CONSUMER_NAME);
      return floor.stream_seq === 3;
    });
    const again = await streams.subscribe((_, firstSeq) => Promise.resolve(firstSeq));
    const [message] = await again.take(8, NEVER);
    expect(message?.streamSeq).toBe(2);
  });

  test('a stream that was made again has another incarnation', async () => {
    await using streams = await open();
    await streams.verify();
    const { incarnation } = await streams.subscribe(() => Promise.resolve(0));
    await manager.streams.delete(INGEST_STREAM);
    await streams.verify();
    const again = await streams.subscribe(() => Promise.resolve(0));
    expect(again.incarnation).not.toBe(incarnation);
  });

  test('G7 bounded: no more messages are delivered than may be unacknowledged', async () => {
    await using streams = await open(4);
    await streams.verify();
    for (let i = 0; i < 10; i++) await publish(`${i}`);
    const delivery = await streams.subscribe(() => Promise.resolve(0));
    const taken = await delivery.take(1, NEVER);
    const { num_ack_pending: unacked } = await manager.consumers.info(INGEST_STREAM, CONSUMER_NAME);
    expect(unacked).toBeLessThanOrEqual(4);
    for (let count = taken.length; count < 10;) {
      for (const message of taken.splice(0)) message.ack();
      const more = await delivery.take(16, NEVER);
      count += more.length;
      taken.push(...more);
    }
    expect(taken.at(-1)?.streamSeq).toBe(10);
  });

  test('a dead letter is stored once, with the reason as a header that cannot be forged', async () => {
    await using streams = await open();
    await streams.verify();
    const entry = {
      gateway: 'gw-1',
      reason: 'kind: expected 0 to 4\r\nX-Forged: yes',
      incarnation: 'a',
      streamSeq: 7,
      subject: 'ingest.v1.berlin.gw-1',
      data: new Uint8Array([1, 2, 3]),
    };
    await streams.deadLetter(entry);
    await streams.deadLetter(entry);
    expect((await manager.streams.info(DLQ_STREAM)).state.messages).toBe(1);
    const stored = await manager.streams.getMessage(DLQ_STREAM, { seq: 1 });
    expect(stored?.header.get('Tally-Reason')).toBe('kind: expected 0 to 4??X-Forged: yes');
    expect(stored?.header.get('X-Forged')).toBe('');
    expect(stored?.data).toStrictEqual(new Uint8Array([1, 2, 3]));
  });

  test('the largest message that the ingest stream takes, on the longest subject, can be set aside', async () => {
    await using streams = await open();
    await streams.verify();
    const { config } = await manager.streams.info(INGEST_STREAM);
    const data = randomBytes(config.max_msg_size);
    const subject = `ingest.v1.x.${'a'.repeat(3900)}`;
    await streams.deadLetter({
      gateway: 'unknown',
      reason: 'no batch',
      incarnation: 'a',
      streamSeq: 8,
      subject,
      data,
    });
    expect((await manager.streams.info(DLQ_STREAM)).state.messages).toBe(1);
  });

  test('G2 no-loss: a stream that ends before what was delivered of it, rolled back, is taken from its end on', async () => {
    await using streams = await open();
    await streams.verify();
    await publish('one');
    const delivery = await streams.subscribe(() => Promise.resolve(35));
    await publish('two');
    const [message] = await delivery.take(8, NEVER);
    expect(message?.streamSeq).toBe(2);
  });
});

test('a server that cannot be reached is an error to try again after', async () => {
  const opening = openNatsStreams({
    servers: ['nats://127.0.0.1:9'],
    settings: SETTINGS,
    unackedMax: 1,
  });
  await expect(opening).rejects.toMatchObject({ kind: 'retry', code: 'stream-unavailable' });
});
