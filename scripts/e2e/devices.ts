/** Handheld scanners as real MQTT clients: they send again what was not acknowledged. */
import { connectAsync, type MqttClient } from 'mqtt';

const RECONNECT_MS = 100;
const CONNECT_TIMEOUT_MS = 30_000;

export type ScanLedger = {
  /** The labels that were acknowledged. */
  readonly acknowledged: Set<string>;
};

export type ScanOptions = {
  readonly port: number;
  readonly connections: number;
  readonly scansEach: number;
  readonly inFlight: number;
  /** In front of each label, so that two runs do not scan the same parcels. */
  readonly prefix: string;
  /** Called with the count after each acknowledgement. */
  readonly onAck?: (acknowledged: number) => void;
};

/** Publishes all scans at QoS 1, each of a parcel of its own, and resolves when the last is acknowledged. */
export async function publishScans(options: ScanOptions): Promise<ScanLedger> {
  const acknowledged = new Set<string>();
  const scanners = Array.from({ length: options.connections }, (_, i) =>
    scan(i, options, acknowledged),
  );
  await Promise.all(scanners);
  return { acknowledged };
}

async function scan(index: number, options: ScanOptions, acknowledged: Set<string>): Promise<void> {
  const deviceId = `ring-${index}`;
  const client = await connectAsync(`mqtt://127.0.0.1:${options.port}`, {
    clientId: `${options.prefix}-${deviceId}`,
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  // A connection that breaks is part of the test; the client comes back by itself.
  client.on('error', () => {});
  let next = 0;
  const sendOne = async (): Promise<void> => {
    while (next < options.scansEach) {
      const number = next++;
      const label = `${options.prefix}-${index}-${number}`;
      await publish(client, deviceId, label, number);
      acknowledged.add(label);
      options.onAck?.(acknowledged.size);
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, sendOne));
  await client.endAsync(true);
}

async function publish(
  client: MqttClient,
  deviceId: string,
  data: string,
  seq: number,
): Promise<void> {
  const payload = JSON.stringify({
    time: new Date().toISOString(),
    data,
    seq,
    readPoint: 'dock-02',
  });
  await client.publishAsync(`scan/${deviceId}`, payload, { qos: 1 });
}
