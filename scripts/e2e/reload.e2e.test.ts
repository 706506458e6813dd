/** A config that changes while devices publish: SIGHUP to a gateway that runs. */
import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';

import { until } from '#shared/testing/until.ts';

import { startSystem } from './system.ts';

const LONG_MS = 240_000;

const FORMATS = [{ topic: 'dock/{deviceId}/tags', format: 'zebra' }];
const FILTERS = [{ name: 'seen-lately', match: { kind: 'scan' }, duplicates: { windowS: 3600 } }];
const READ_POINTS = [
  { device: 'fx9600-2', readPoint: 'dock-2', location: 'hall', bizStep: 'arriving' },
];

/** A tag as a reader of Zebra says it. */
function tagRead(n: number): string {
  const idHex = n.toString(16).padStart(24, 'e');
  return JSON.stringify({
    type: 'SIMPLE',
    timestamp: '2026-11-23T08:00:00.123+0000',
    data: { eventNum: n, format: 'epc', idHex },
  });
}

test(
  'G9 safe-config: formats, rules and read points change on SIGHUP while devices publish, and nothing is lost or counted twice',
  async () => {
    await using system = await startSystem();
    const client = await connectAsync(`mqtt://127.0.0.1:${system.mqttPort}`, {
      clientId: 'fx9600-2',
    });
    let sent = 0;
    const going = new AbortController();
    const publish = async (n: number): Promise<void> => {
      await client.publishAsync('dock/fx9600-2/tags', tagRead(n), { qos: 1 });
      sent++;
    };
    const flow = (async () => {
      for (let n = 0; !going.signal.aborted; n++) await publish(n);
    })();
    await until('messages before the change', () => sent > 200);
    for (let round = 1; round <= 5; round++) {
      const filters = round % 2 === 0 ? [] : FILTERS;
      await system.edge.reconfigure({ formats: FORMATS, filters, readPoints: READ_POINTS });
      await until('the change to be taken up', () => readAgain(system.edge.log) >= round);
      const before = sent;
      await until('messages after the change', () => sent > before + 200);
    }
    going.abort();
    await flow;
    // The last config removes what it has seen in the last hour, also what was kept before it came.
    const last = sent - 1;
    await publish(last);
    await client.endAsync();
    const { accounts } = await system.untilClosed(sent);
    expect(accounts.received).toBe(sent);
    expect(accounts.filtered).toEqual({ 'seen-lately': 1 });
    const tag = await system.get<{ items: object[] }>(
      `/v1/parcels/${last.toString(16).padStart(24, 'e').toUpperCase()}/events`,
    );
    expect(tag?.items).toMatchObject([
      { deviceId: 'fx9600-2', readPoint: 'dock-2', location: 'hall', bizStep: 'arriving' },
    ]);
  },
  LONG_MS,
);

function readAgain(log: string): number {
  return log.split('the config was read again').length - 1;
}

test(
  'G9 safe-config: a bad file, and one that needs a restart, are refused with the reason, and the old config stays',
  async () => {
    await using system = await startSystem({ edge: { formats: FORMATS }, cloudRunning: false });
    await system.edge.reconfigureWith('site: berlin\ngateway: [');
    await until('the refusal', () => system.edge.log.includes('edge.yaml:2: '));
    await system.edge.reconfigure({ formats: [{ topic: 'a/#/b', format: 'zebro' }] });
    await until('both faults', () =>
      /formats\.0\.topic: expected # as the last level only.*formats\.0\.format: expected a format/u.test(
        system.edge.log,
      ),
    );
    await system.edge.reconfigure({ site: 'hamburg', formats: [] });
    await until('the reason', () =>
      system.edge.log.includes('a restart is needed to change site: the config stays'),
    );
    const client = await connectAsync(`mqtt://127.0.0.1:${system.mqttPort}`, {
      clientId: 'fx9600-2',
    });
    await client.publishAsync('dock/fx9600-2/tags', tagRead(1), { qos: 1 });
    await client.endAsync();
    expect(system.edge.log).not.toContain('the config was read again');
    await system.cloud.start();
    await system.untilReady();
    const { accounts } = await system.untilClosed(1);
    expect(accounts).toMatchObject({ received: 1, delivered: 1 });
    expect(await system.get(`/v1/parcels/${'1'.padStart(24, 'e').toUpperCase()}`)).toBeDefined();
  },
  LONG_MS,
);
