/** An acknowledgement that is lost makes the device send again: the event is served once all the same. */
import { expect, test } from 'vitest';

import { publishRaw } from './raw-device.ts';
import { startSystem } from './system.ts';

const LONG_MS = 240_000;

test(
  'G3 once: a message that is sent again after a lost PUBACK, with DUP or without, before or after a crash, is counted as redelivery',
  async () => {
    await using system = await startSystem();
    const payload = JSON.stringify({ time: '2026-11-23T08:00:00.123Z', data: 'COPY-1', seq: 1 });
    const scan = {
      port: system.mqttPort,
      clientId: 'ring-1',
      packetId: 7,
      topic: 'scan/ring-1',
      payload,
    };
    // The PUBACK of the first copy reaches us; that the device did not see it is played by sending again.
    await publishRaw({ ...scan, dup: false });
    await publishRaw({ ...scan, dup: true });
    await publishRaw({ ...scan, dup: false });
    await system.edge.kill();
    await system.edge.start();
    await system.untilListening();
    await publishRaw({ ...scan, dup: true });
    // Without a time of its own and without DUP it may be a second scan of the same label: both are kept.
    const unclear = { ...scan, packetId: 8, payload: '{"data":"COPY-2"}', dup: false };
    await publishRaw(unclear);
    await publishRaw(unclear);
    const { accounts } = await system.untilClosed(6);
    expect(accounts).toMatchObject({ received: 6, delivered: 3, filtered: { redelivery: 3 } });
    const count = async (parcel: string): Promise<number | undefined> =>
      (await system.get<{ items: unknown[] }>(`/v1/parcels/${parcel}/events`))?.items.length;
    expect([await count('COPY-1'), await count('COPY-2')]).toStrictEqual([1, 2]);
  },
  LONG_MS,
);
