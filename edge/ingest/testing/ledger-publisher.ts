/** A device that publishes to a depot's broker without a pause, and keeps a ledger of what was acknowledged to it. */
import { connectAsync, type MqttClient } from 'mqtt';

import { until } from '#shared/testing/until.ts';

export type LedgerPublisher = AsyncDisposable & {
  readonly name: string;
  readonly qos: 1 | 2;
  /** Payloads in the order of their acknowledgement. */
  readonly acked: readonly string[];
  /** How many were given away to be sent: the next one has this number. */
  readonly sent: number;
  /** Payloads that it sent twice, since an acknowledgement did not come: with QoS 1 a broker takes them for two messages. */
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
};

const STOP_TIMEOUT_MS = 30_000;

/** Its session is persistent, so what it has on its way survives a restart of the broker, and its topic is `depot/NAME`. */
export async function openLedgerPublisher(
  options: LedgerPublisherOptions,
): Promise<LedgerPublisher> {
  const { url, name, qos, version = 4 } = options;
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
  const once = new Set<string>();
  const resent = new Set<string>();
  client.on('packetsend', (packet) => {
    if (packet.cmd !== 'publish') return;
    const payload = packet.payload.toString();
    if (once.has(payload)) resent.add(payload);
    once.add(payload);
  });
  let next = 0;
  let onTheWay = 0;
  let isStopped = true;
  const publishNext = (): void => {
    if (isStopped) return;
    const payload = `${name}-${next++}`;
    onTheWay++;
    client.publish(`depot/${name}`, payload, { qos }, (error) => {
      onTheWay--;
      if (error === undefined || error === null) acked.push(payload);
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
