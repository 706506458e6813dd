import { describe, expect, test } from 'vitest';

import { openTestBroker } from '../../edge/ingest/testing/test-broker.ts';
import { runLoad } from './load-generator.ts';
import { someScans } from './load-packets.ts';

describe('the load generator', () => {
  test('sends as many messages as it is told, each topic in order, and counts every PUBACK', async () => {
    await using broker = await openTestBroker({ settles: true });
    const result = await runLoad({ port: broker.port, connections: 7, messages: 25_000 });
    expect(result).toMatchObject({ sent: 25_000, acked: 25_000 });
    expect(result.ackMsP50).toBeGreaterThan(0);
    expect(result.ackMsP99).toBeGreaterThanOrEqual(result.ackMsP50);
    expect(broker.broker.counts()).toMatchObject({ messages: [0, 25_000, 0], refused: {} });
    const ofOneTopic = broker.held.filter(({ topic }) => topic === 'scan/ring-42');
    const scans = someScans(20_000).filter(({ topic }) => topic === 'scan/ring-42');
    const expected = ofOneTopic.map((_, i) => scans[i % scans.length]?.payload);
    expect(ofOneTopic.map(({ payload }) => payload)).toEqual(expected);
  });

  test('keeps to a rate', async () => {
    await using broker = await openTestBroker({ settles: true });
    const result = await runLoad({ port: broker.port, connections: 3, rate: 2000, messages: 1000 });
    expect(result.acked).toBe(1000);
    expect(result.seconds).toBeGreaterThan(0.45);
  });

  test('ends when it is told, with what is due', async () => {
    await using broker = await openTestBroker({ settles: true });
    const result = await runLoad({ port: broker.port, connections: 2, seconds: 0.2 });
    expect(result.sent).toBeGreaterThan(0);
    expect(result.acked).toBe(result.sent);
  });

  test('says so when a connection is refused', async () => {
    await using broker = await openTestBroker({ settles: true, connectionsMax: 1 });
    const load = runLoad({ port: broker.port, connections: 2, messages: 10 });
    await expect(load).rejects.toThrow(/closed the connection|ECONNRESET/u);
  });
});
