import { connectAsync } from 'mqtt';
import { describe, expect, test, type TestContext } from 'vitest';

import { TallyError } from '#shared/errors.ts';
import {
  startMosquitto,
  type MosquittoOptions,
  type TestMosquitto,
} from '#shared/testing/mosquitto.ts';
import { until } from '#shared/testing/until.ts';

import {
  openTestExternalBroker,
  type TestExternalBroker,
} from '../testing/test-external-broker.ts';

/** A busy machine takes its time. */
const WAIT_MS_MAX = 30_000;

const full = new TallyError('retry', 'journal-full', 'the journal is full');

/** Publishes as a device of the depot does, and resolves when the broker has acknowledged. */
async function publish(
  { url }: Pick<TestMosquitto, 'url'>,
  payload: string,
  {
    qos = 1,
    topic = 'depot/door-7',
    retain = false,
  }: {
    readonly qos?: 0 | 1 | 2;
    readonly topic?: string;
    readonly retain?: boolean;
  } = {},
): Promise<void> {
  const client = await connectAsync(url);
  await client.publishAsync(topic, payload, { qos, retain });
  await client.endAsync();
}

async function mosquitto(
  { skip }: Pick<TestContext, 'skip'>,
  options?: MosquittoOptions,
): Promise<TestMosquitto> {
  const server = await startMosquitto(options);
  if (typeof server === 'string') return skip(server);
  return server;
}

const connected = (gateway: TestExternalBroker): Promise<true> =>
  until('the gateway to be connected', () => gateway.broker.state() === 'connected');

const accepted = (gateway: TestExternalBroker, count: number): Promise<true> =>
  until(`${count} messages`, () => gateway.held.length >= count, { timeoutMs: WAIT_MS_MAX });

const logged = (server: TestMosquitto, what: string): Promise<true> =>
  until(`the broker to log ${what}`, () => server.log.includes(what));

describe.for([{ version: 4 }, { version: 5 }])(
  "a depot's broker of MQTT version $version",
  ({ version }) => {
    const open = ({ url }: TestMosquitto, options: object = {}): TestExternalBroker =>
      openTestExternalBroker({ config: { url, version }, ...options });

    test('delivers messages of each QoS, and those it retained', async (context) => {
      await using server = await mosquitto(context);
      await publish(server, 'old', { retain: true });
      await using gateway = open(server, { settles: true });
      await connected(gateway);
      await publish(server, 'zero', { qos: 0 });
      await publish(server, 'one', { qos: 1 });
      await publish(server, 'two', { qos: 2, topic: 'depot/door-8' });
      await accepted(gateway, 4);
      const from = { clientId: 'tallyport-gw-1', source: 'hall-1' };
      expect(gateway.held).toMatchObject([
        { ...from, topic: 'depot/door-7', payload: 'old', retained: true, redelivered: false },
        { ...from, topic: 'depot/door-7', payload: 'zero', retained: false },
        { ...from, topic: 'depot/door-7', payload: 'one', retained: false },
        { ...from, topic: 'depot/door-8', payload: 'two', retained: false },
      ]);
      expect(gateway.held.map(({ messageKey }) => messageKey === undefined)).toEqual([
        false,
        true,
        false,
        false,
      ]);
      expect(gateway.broker.counts()).toMatchObject({
        messages: [1, 2, 1],
        unsettled: 0,
        refused: {},
      });
      expect(gateway.told).toEqual(['connected']);
    });

    test('G1 durable-ack: gets no PUBACK and no PUBREC before the message is settled, then it does', async (context) => {
      await using server = await mosquitto(context);
      await using gateway = open(server);
      await connected(gateway);
      await publish(server, 'one', { qos: 1 });
      await publish(server, 'two', { qos: 2 });
      await accepted(gateway, 2);
      // What we send after both were taken is answered: an acknowledgement would have come before.
      await gateway.broker.publish('command/door-7', 'open', 1);
      expect(server.log).not.toContain('Received PUBACK from tallyport-gw-1');
      expect(server.log).not.toContain('Received PUBREC from tallyport-gw-1');
      gateway.held[1]?.settle();
      await logged(server, 'Received PUBCOMP from tallyport-gw-1');
      expect(server.log).not.toContain('Received PUBACK from tallyport-gw-1');
      gateway.held[0]?.settle();
      await logged(server, 'Received PUBACK from tallyport-gw-1');
      expect(gateway.payloads()).toEqual(['one', 'two']);
    });

    test('G1 durable-ack: delivers again what could not be made durable, until it can', async (context) => {
      await using server = await mosquitto(context);
      await using gateway = open(server);
      await connected(gateway);
      await publish(server, 'one', { qos: 1 });
      await publish(server, 'two', { qos: 2 });
      await accepted(gateway, 2);
      gateway.settleAll(full);
      await accepted(gateway, 4);
      gateway.settleAll(full);
      await accepted(gateway, 6);
      gateway.settleAll();
      await until('both to be acknowledged', () =>
        ['PUBACK', 'PUBCOMP'].every((type) =>
          server.log.includes(`Received ${type} from tallyport`),
        ),
      );
      expect(gateway.held.map(({ payload }) => payload).sort()).toEqual([
        'one',
        'one',
        'one',
        'two',
        'two',
        'two',
      ]);
      expect(gateway.broker.counts()).toMatchObject({ withheld: 4, unsettled: 0 });
      expect(gateway.told).toContain('lost not acknowledged: the journal is full');
    });

    test('delivers a QoS 2 message a second time, on another connection, and it is accepted once', async (context) => {
      await using server = await mosquitto(context);
      await using gateway = open(server);
      await connected(gateway);
      await publish(server, 'two', { qos: 2 });
      await accepted(gateway, 1);
      await server.save();
      await server.restart();
      await until('the gateway to be connected again', () => gateway.told.includes('resumed'));
      await logged(server, 'Sending PUBLISH to tallyport-gw-1 (d1, q2');
      gateway.settleAll();
      await logged(server, 'Received PUBCOMP from tallyport-gw-1');
      expect(gateway.held).toHaveLength(1);
    });

    test('keeps what comes while the gateway is away', async (context) => {
      await using server = await mosquitto(context);
      {
        await using gateway = open(server, { settles: true });
        await connected(gateway);
      }
      await publish(server, 'one', { qos: 1 });
      await publish(server, 'two', { qos: 2 });
      await using gateway = open(server, { settles: true });
      await connected(gateway);
      await accepted(gateway, 2);
      expect(gateway.payloads()).toEqual(['one', 'two']);
      expect(gateway.told).toEqual(['resumed']);
    });

    test('G7 bounded: is not read while too many messages are unsettled', async (context) => {
      await using server = await mosquitto(context);
      await using gateway = openTestExternalBroker({
        config: { url: server.url, version, receiveMaximum: 10 },
      });
      await connected(gateway);
      const client = await connectAsync(server.url);
      const long = 'x'.repeat(50_000);
      await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          client.publishAsync('depot/door-7', `${i} ${long}`, { qos: 1 }),
        ),
      );
      await client.endAsync();
      await accepted(gateway, 10);
      expect(gateway.broker.counts().unsettled).toBeLessThan(20);
      gateway.settleAtOnce();
      await accepted(gateway, 100);
      expect(gateway.payloads().map((payload) => Number.parseInt(payload))).toEqual(
        Array.from({ length: 100 }, (_, i) => i),
      );
    });

    test('that says nothing any more is left, and connected to again when it answers', async (context) => {
      await using server = await mosquitto(context);
      await using gateway = openTestExternalBroker({
        config: { url: server.url, version, keepAliveS: 1 },
        settles: true,
      });
      await connected(gateway);
      await server.kill('SIGSTOP');
      const silent = 'lost silent for one and a half times its keep-alive';
      await until('the silence to be noticed', () => gateway.told.includes(silent));
      await server.kill('SIGCONT');
      await connected(gateway);
      await publish(server, 'one');
      await accepted(gateway, 1);
      expect(gateway.told).toEqual(['connected', silent, 'resumed']);
    });
  },
);
