/** A depot's devices on a whole system: a line of config each, rules, read points, a controller that is asked for its birth. */
import { connectAsync, type MqttClient } from 'mqtt';
import { expect, test } from 'vitest';

import { until } from '#shared/testing/until.ts';

import { parsePayload } from '../../edge/decode/sparkplug/payload.ts';
import { writtenPayload } from '../../edge/decode/testing/sparkplug-payload.ts';
import { startSystem, type System } from './system.ts';

const LONG_MS = 240_000;
const DOUBLE = 10;

const EDGE = {
  timeZone: 'Europe/Berlin',
  formats: [
    { topic: 'zebra/{deviceId}/data', format: 'zebra' },
    { topic: 'owntracks/#', format: 'owntracks' },
    { topic: 'spBv1.0/#', format: 'sparkplug' },
    {
      topic: 'keonn/{reader}/reads',
      format: 'mapping',
      mapping: 'tags.{ "kind": "scan", "device": $names.reader, "data": EPC, "antenna": MUX1 }',
    },
  ],
  readPoints: [
    {
      device: 'fx9600-2',
      antennas: [1],
      readPoint: 'dock-2',
      location: 'hall',
      bizStep: 'arriving',
    },
  ],
  filters: [
    { name: 'dock-doors', match: { device: 'fx9600-*' }, condense: { exitAfterS: 1 } },
    { name: 'standing', match: { kind: 'position' }, deadband: { distanceM: 50 } },
  ],
};

async function device(system: System, clientId: string): Promise<MqttClient> {
  return await connectAsync(`mqtt://127.0.0.1:${system.mqttPort}`, { clientId });
}

/** A tag as a reader of Zebra says it. */
function tagRead(eventNum: number): string {
  return JSON.stringify({
    type: 'CUSTOM',
    timestamp: new Date().toISOString().replace('Z', '+0000'),
    data: {
      eventNum,
      format: 'epc',
      idHex: '3174257bf4499602d2000000',
      antenna: 1,
      peakRssi: -50 - eventNum,
    },
  });
}

test(
  'G4 accounts: a tag at a dock door is an enter and an exit of the parcel that its label names, and every read is accounted for',
  async () => {
    await using system = await startSystem({ edge: EDGE });
    const reader = await device(system, 'fx9600-2');
    for (let n = 1; n <= 20; n++)
      await reader.publishAsync('zebra/fx9600-2/data', tagRead(n), { qos: 1 });
    const phone = await device(system, 'phone');
    for (let i = 0; i < 5; i++) {
      const fix = {
        _type: 'location',
        tid: 'j1',
        tst: 1_764_000_000 + i,
        lat: 52.5,
        lon: 13.4 + i / 1e6,
      };
      await phone.publishAsync('owntracks/jane/phone', JSON.stringify(fix), { qos: 1 });
    }
    await phone.publishAsync(
      'keonn/gate-3/reads',
      '{"tags":[{"EPC":"AB01","MUX1":2},{"EPC":"AB02"}]}',
      { qos: 1 },
    );
    await phone.publishAsync('keonn/gate-3/reads', '{"tags":[]}', { qos: 1 });
    await phone.publishAsync('keonn/gate-3/reads', 'Online', { qos: 1 });

    // 20 reads and what became of them: 19 removed, an enter and an exit. 5 fixes, one kept. 2 mapped tags, nothing, a raw one.
    const { accounts } = await system.untilClosed(30);
    expect(accounts).toMatchObject({
      received: 30,
      delivered: 6,
      filtered: { 'dock-doors': 19, standing: 4, nothing: 1 },
    });
    const { items } = (await system.get<{ items: object[] }>(
      '/v1/parcels/(00)106141412345678908/events',
    )) ?? { items: [] };
    const place = { readPoint: 'dock-2', location: 'hall', bizStep: 'arriving', antenna: 1 };
    expect(items).toMatchObject([
      { ...place, presence: 'enter', rssiDbm: -51 },
      { ...place, presence: 'exit', rssiDbm: -51, readCount: 20 },
    ]);
    expect(await system.get('/v1/parcels/AB02')).toBeDefined();
    expect(await system.get('/v1/vehicles/jane-phone')).toMatchObject({ last: { lat: 52.5 } });
    await Promise.all([reader.endAsync(), phone.endAsync()]);
  },
  LONG_MS,
);

test(
  'a Sparkplug node whose birth is missing is asked for it, on the broker that it publishes to, and understood afterwards',
  async () => {
    const access = [{ publish: ['#'], subscribe: ['spBv1.0/+/NCMD/%c/#'] }];
    await using system = await startSystem({
      edge: { ...EDGE, filters: [] },
      mqtt: { access },
      cloudRunning: false,
    });
    const node = await device(system, 'press-1');
    const asked: string[] = [];
    node.on('message', (topic, payload) => {
      const parsed = parsePayload(payload);
      if (typeof parsed !== 'string') asked.push(`${topic} ${parsed.metrics[0]?.name}`);
    });
    await node.subscribeAsync('spBv1.0/hall/NCMD/press-1/#', { qos: 0 });
    const nowMs = Date.now();
    const metric = { alias: 7, timestamp: nowMs, datatype: DOUBLE };
    const data = (seq: number, double: number): Buffer =>
      Buffer.from(writtenPayload({ timestamp: nowMs, seq, metrics: [{ ...metric, double }] }));
    await node.publishAsync('spBv1.0/hall/NDATA/press-1', data(3, 17.5), { qos: 1 });
    await until('the node to be asked', () => asked.length > 0);
    expect(asked).toEqual(['spBv1.0/hall/NCMD/press-1 Node Control/Rebirth']);
    const birth = {
      timestamp: nowMs,
      seq: 4,
      metrics: [{ ...metric, name: 'Pressure', double: 18 }],
    };
    await node.publishAsync('spBv1.0/hall/NBIRTH/press-1', Buffer.from(writtenPayload(birth)), {
      qos: 1,
    });
    await node.publishAsync('spBv1.0/hall/NDATA/press-1', data(5, 19.25), { qos: 1 });
    await node.endAsync();
    await system.cloud.start();
    await system.untilReady();
    // Raw, then online and the birth's readings, then the reading of the data.
    const { accounts } = await system.untilClosed(4);
    expect(accounts).toMatchObject({ received: 4, delivered: 4 });
  },
  LONG_MS,
);
