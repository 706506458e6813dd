/** A device that publishes to a depot's broker without a pause, and keeps a ledger of what was acknowledged to it. */
import { connectAsync, type MqttClient } from 'mqtt';

import { until } from '#shared/testing/until.ts';

export type LedgerPublisher = AsyncDisposable & {
  readonly name: string;
  readonly qos: 1 | 2;
  /** Ids of messages, in the order of their acknowledgement. */
  readonly acked: readonly string[];
  /** How many were given away to be sent: the next one has this number. */
  readonly sent: number;
  /** Ids of messages that it sent twice, since an acknowledgement did not come: with QoS 1 a broker takes them for two messages. */
  readonly resent: ReadonlySet<string>;
  /** Publishes until `stop`, with so many on their way at once. */
  start(inFlight: number): void;
  /** Publishes no more, and waits until all there was is acknowledged. */
  stop(): Promise<void>;
};

export type LedgerPublisherOptions = {
  readonly url: string;
  readonly name: string;
  readonly qos: 1 | 2;
  readonly version?: 4 | 5;
  /** Default: `depot/NAME`. */
  readonly topic?: string;
  /** The payload of a message, whose id is `NAME-<number>`. Default: the id. */
  readonly payloadOf?: (id: string) => string;
};

const STOP_TIMEOUT_MS = 30_000;

/** Its session is persistent, so what it has on its way survives a restart of the broker. */
export async function openLedgerPublisher(
  options: LedgerPublisherOptions,
): Promise<LedgerPublisher> {
  const { url, name, qos, version = 4, topic = `depot/${name}`, payloadOf = String } = options;
  const client: MqttClient = await connectAsync(url, {
    clientId: name,
    clean: false,
    protocolVersion: version,
    reconnectPeriod: 50,
    ...(version === 5 && { properties: { sessionExpiryInterval: 3600 } }),
  });
  // It connects again; why it has to is the test's doing.
  client.on('error', () => {});
  const acked: string[] = [];
  const resent = new Set<string>();
  const sentIds = new Map<string, string>();
  client.on('packetsend', (packet) => {
    if (packet.cmd !== 'publish') return;
    const payload = packet.payload.toString();
    const id = sentIds.get(payload);
    if (id === undefined) sentIds.set(payload, idOf.get(payload) ?? payload);
    else resent.add(id);
  });
  const idOf = new Map<string, string>();
  let next = 0;
  let onTheWay = 0;
  let isStopped = true;
  const publishNext = (): void => {
    if (isStopped) return;
    const id = `${name}-${next++}`;
    const payload = payloadOf(id);
    idOf.set(payload, id);
    onTheWay++;
    client.publish(topic, payload, { qos }, (error) => {
      onTheWay--;
      if (error === undefined || error === null) acked.push(id);
      // A turn later: it is called while packets are read.
      setImmediate(publishNext);
    });
  };
  return {
    name,
    qos,
    acked,
    resent,
    get sent() {
      return next;
    },
    start: (inFlight) => {
      isStopped = false;
      for (let i = 0; i < inFlight; i++) publishNext();
    },
    stop: async () => {
      isStopped = true;
      await until(`all of ${name} to be acknowledged`, () => onTheWay === 0, {
        timeoutMs: STOP_TIMEOUT_MS,
      });
    },
    [Symbol.asyncDispose]: async () => {
      isStopped = true;
      await client.endAsync(true);
    },
  };
}
