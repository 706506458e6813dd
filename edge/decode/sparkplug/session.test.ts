/** Sessions of edge nodes: births that are asked for, deaths, and what is remembered. */
import { describe, expect, test } from 'vitest';

import { BORN, bornHost, Host, NOW_MS, valuesOf } from '../testing/sparkplug-node.ts';
import { writtenPayload } from '../testing/sparkplug-payload.ts';
import { parsePayload } from './payload.ts';

describe('asking for a birth', () => {
  test('data before a birth is asked for and kept raw, whole', () => {
    const host = new Host();
    const decoded = host.hear('g/NDATA/e', { seq: 9, metrics: [{ alias: 3, int: 1 }] }, 'depot');
    expect(decoded).toBe('metrics: expected names and values that are known, found alias 3');
    expect(host.asked).toMatchObject([{ topic: 'spBv1.0/g/NCMD/e', source: 'depot' }]);
    const command = parsePayload(host.asked[0]?.payload ?? new Uint8Array());
    expect(command).toEqual({
      timestamp: BigInt(NOW_MS),
      metrics: [
        {
          name: 'Node Control/Rebirth',
          timestamp: BigInt(NOW_MS),
          datatype: 11,
          value: { kind: 'boolean', value: true },
        },
      ],
    });
  });

  test('data that has its names is understood before a birth, and the birth asked for', () => {
    const host = new Host();
    const metrics = [{ name: 'door', datatype: 11, boolean: true }];
    expect(host.events('g/DDATA/e/d', { seq: 9, metrics })).toMatchObject([
      { readings: [{ name: 'door', value: true }] },
    ]);
    expect(host.asked).toHaveLength(1);
  });

  test('through a bridge that puts levels before the namespace, the node is asked there', () => {
    const host = new Host();
    const message = {
      topic: 'plant/2/spBv1.0/g/NDATA/e',
      payload: writtenPayload({ seq: 0, metrics: [{ alias: 1 }] }),
      clientId: 'bridge',
      receiveTimeMs: NOW_MS,
    };
    host.format({ message, names: {}, timeZone: 'UTC' });
    expect(host.asked).toMatchObject([{ topic: 'plant/2/spBv1.0/g/NCMD/e' }]);
  });

  test('beside what is not known, what is known stays', () => {
    const host = bornHost();
    const metrics = [
      { alias: 1, int: 1 },
      { alias: 99, int: 2 },
    ];
    expect(host.events('g/NDATA/e', { timestamp: NOW_MS, seq: 2, metrics })).toMatchObject([
      { kind: 'reading', readings: [{ name: 'count', value: 1 }] },
      {
        kind: 'raw',
        deviceId: 'g-e',
        reason: 'metrics: expected names and values that are known, found alias 99',
      },
    ]);
    expect(host.asked).toHaveLength(1);
  });

  test('a device without a birth is asked for at its node', () => {
    const host = bornHost();
    host.hear('g/DDATA/e/other', { seq: 2, metrics: [{ alias: 0, int: 1 }] });
    expect(host.asked).toMatchObject([{ topic: 'spBv1.0/g/NCMD/e' }]);
  });

  test('a gap in the sequence is waited on, then asked for; what comes late closes it', () => {
    const host = bornHost({ reorderMs: 1000 });
    const hear = (seq: number) => host.hear('g/NDATA/e', { seq, metrics: [{ alias: 1, int: 1 }] });
    hear(3);
    hear(2);
    host.nowMs += 5000;
    hear(4);
    expect(host.asked).toEqual([]);
    hear(6);
    host.nowMs += 999;
    hear(7);
    expect(host.asked).toEqual([]);
    host.nowMs += 1;
    hear(8);
    expect(host.asked).toHaveLength(1);
  });

  test('a gap that is more than a change of order is asked for at once', () => {
    const host = bornHost();
    host.hear('g/NDATA/e', { seq: 100, metrics: [{ alias: 1, int: 1 }] });
    expect(host.asked).toHaveLength(1);
  });

  test('the sequence begins again after 255, and a second copy is no gap', () => {
    const host = new Host({ reorderMs: 0 });
    host.events('g/NBIRTH/e', { timestamp: NOW_MS, seq: 254, metrics: BORN });
    for (const seq of [255, 0, 0, 1])
      host.hear('g/NDATA/e', { seq, metrics: [{ alias: 1, int: 1 }] });
    expect(host.asked).toEqual([]);
  });

  test('G7 bounded: a node is asked once in a while, all together so often as a broker can take', () => {
    const host = new Host({ rebirthPeriodMs: 1000, rebirthsMax: 3, rebirthsPeriodMs: 10_000 });
    const hear = (node: string) =>
      host.hear(`g/NDATA/${node}`, { seq: 0, metrics: [{ alias: 1 }] });
    hear('a');
    hear('a');
    expect(host.asked).toHaveLength(1);
    host.nowMs += 1000;
    hear('a');
    expect(host.asked).toHaveLength(2);
    ['b', 'c', 'd'].forEach(hear);
    expect(host.asked).toHaveLength(3);
    host.nowMs += 10_000;
    hear('e');
    expect(host.asked).toHaveLength(4);
  });

  test('a clock that is set back does not stop it', () => {
    const host = new Host();
    host.hear('g/NDATA/e', { seq: 0, metrics: [{ alias: 1 }] });
    host.nowMs -= 86_400_000;
    host.hear('g/NDATA/e', { seq: 1, metrics: [{ alias: 1 }] });
    expect(host.asked).toHaveLength(2);
  });
});

describe('deaths', () => {
  const death = (bdSeq: bigint, datatype = 8) => ({
    timestamp: NOW_MS - 3_600_000,
    metrics: [{ name: 'bdSeq', datatype, long: bdSeq }],
  });

  test('of a node takes its devices with it, at the receive time', () => {
    const host = bornHost();
    expect(host.events('g/NDEATH/e', death(7n))).toMatchObject([
      {
        kind: 'status',
        deviceId: 'g-e',
        online: false,
        timeQuality: 'receive',
        attributes: { bdSeq: '7' },
      },
      { kind: 'status', deviceId: 'g-e-d', online: false, timeQuality: 'receive' },
    ]);
    expect(host.events('g/NDEATH/e', death(7n))).toHaveLength(1);
  });

  test('of another session is nothing: the node was born again since', () => {
    const host = bornHost();
    expect(host.events('g/NDEATH/e', death(6n))).toEqual([]);
    const metrics = [{ alias: 1, int: 1 }];
    expect(host.events('g/NDATA/e', { seq: 2, metrics })).toHaveLength(1);
  });

  test('of a node that nobody has heard of says that it is offline', () => {
    expect(new Host().events('g/NDEATH/e', death(6n))).toMatchObject([{ online: false }]);
  });

  test('what comes after a death is asked for', () => {
    const host = bornHost();
    host.events('g/NDEATH/e', death(7n, 4));
    expect(host.hear('g/NDATA/e', { seq: 2, metrics: [{ alias: 1, int: 1 }] })).toContain(
      'alias 1',
    );
    expect(host.asked).toHaveLength(1);
  });

  test('of a device says that it is offline, at its time; its node goes on', () => {
    const host = bornHost();
    expect(host.events('g/DDEATH/e/d', { timestamp: NOW_MS - 5, seq: 2 })).toMatchObject([
      { deviceId: 'g-e-d', online: false, eventTimeMs: NOW_MS - 5 },
    ]);
    expect(host.events('g/NDEATH/e', death(7n))).toHaveLength(1);
    expect(host.asked).toEqual([]);
  });

  test('a birth after it begins a new session', () => {
    const host = bornHost();
    host.events('g/NDEATH/e', death(7n));
    host.events('g/NBIRTH/e', { timestamp: NOW_MS, seq: 0, metrics: BORN });
    host.events('g/NDATA/e', { timestamp: NOW_MS, seq: 1, metrics: [{ alias: 1, int: 1 }] });
    expect(host.asked).toEqual([]);
    // Its devices are born again too.
    host.hear('g/DDATA/e/d', { seq: 2, metrics: [{ alias: 2, boolean: true }] });
    expect(host.asked).toHaveLength(1);
  });
});

describe('G7 bounded: sessions', () => {
  test('who has been silent longest is forgotten first', () => {
    const host = new Host({ nodesMax: 2 });
    for (const node of ['a', 'b', 'c'])
      host.events(`g/NBIRTH/${node}`, { timestamp: NOW_MS, seq: 0, metrics: BORN });
    const hear = (node: string) =>
      host.hear(`g/NDATA/${node}`, { seq: 1, metrics: [{ alias: 1, int: 1 }] });
    hear('b');
    hear('c');
    expect(host.asked).toEqual([]);
    hear('a');
    expect(host.asked).toMatchObject([{ topic: 'spBv1.0/g/NCMD/a' }]);
  });

  test('all metrics together are bounded', () => {
    const host = new Host({ entriesMax: 8 });
    for (const node of ['a', 'b'])
      host.events(`g/NBIRTH/${node}`, { timestamp: NOW_MS, seq: 0, metrics: BORN });
    host.hear('g/NDATA/b', { seq: 1, metrics: [{ alias: 1, int: 1 }] });
    expect(host.asked).toEqual([]);
    host.hear('g/NDATA/a', { seq: 1, metrics: [{ alias: 1, int: 1 }] });
    expect(host.asked).toHaveLength(1);
  });

  test.each([[{ entriesPerNodeMax: 4 }], [{ charactersPerNodeMax: 10 }]])(
    'a birth beyond %j is told, not remembered, and not asked for in vain',
    (limits) => {
      const host = new Host(limits);
      const events = host.events('g/NBIRTH/e', { timestamp: NOW_MS, seq: 0, metrics: BORN });
      expect(valuesOf(events)).toMatchObject({ count: 1 });
      expect(host.hear('g/NDATA/e', { seq: 1, metrics: [{ alias: 1, int: 1 }] })).toContain(
        'alias 1',
      );
      expect(host.asked).toEqual([]);
    },
  );

  test('births of more devices than are remembered are told, and not asked for in vain', () => {
    const host = new Host({ devicesPerNodeMax: 1 });
    host.events('g/NBIRTH/e', { timestamp: NOW_MS, seq: 0, metrics: BORN });
    for (const [i, device] of ['a', 'b'].entries()) {
      const metrics = [{ name: 'door', alias: 2, datatype: 11, boolean: true }];
      const path = `g/DBIRTH/e/${device}`;
      expect(valuesOf(host.events(path, { timestamp: NOW_MS, seq: i + 1, metrics }))).toEqual({
        door: true,
      });
    }
    const metrics = [{ alias: 2, boolean: true }];
    expect(host.events('g/DDATA/e/a', { timestamp: NOW_MS, seq: 3, metrics })).toHaveLength(1);
    expect(host.hear('g/DDATA/e/b', { timestamp: NOW_MS, seq: 4, metrics })).toContain('alias 2');
    expect(host.asked).toEqual([]);
  });

  test('nodes of two brokers are two, though they are called the same', () => {
    const host = new Host();
    host.hear('g/NDATA/e', { seq: 0, metrics: [{ alias: 1 }] }, 'one');
    host.hear('g/NDATA/e', { seq: 0, metrics: [{ alias: 1 }] }, 'two');
    expect(host.asked.map(({ source }) => source)).toEqual(['one', 'two']);
  });
});

test('a message of more events than there may be is kept raw, and its birth remembered', () => {
  const host = bornHost();
  const metrics = Array.from({ length: 1200 }, (_, i) => ({
    alias: 1,
    timestamp: NOW_MS + i,
    int: i,
  }));
  expect(host.hear('g/NDATA/e', { seq: 2, metrics })).toBe('metrics: expected at most 1000 events');
  const born = metrics.map((metric) => ({ ...metric, name: `m${metric.int}` }));
  expect(host.hear('g/DBIRTH/e/d', { seq: 3, metrics: born })).toContain('metrics: expected');
  const data = { seq: 4, metrics: [{ name: 'm7', int: 7 }] };
  expect(host.hear('g/DDATA/e/d', data)).toHaveLength(1);
  expect(host.asked).toEqual([]);
});

describe('other messages', () => {
  const text = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

  test('commands are said to devices: nothing', () => {
    const host = new Host();
    expect(host.hear('g/NCMD/e', text('\u00ff'))).toEqual([]);
    expect(host.hear('g/DCMD/e/d', { metrics: [] })).toEqual([]);
  });

  test('the state of a host application, by its will at the receive time', () => {
    const host = new Host();
    const online = host.hear('STATE/h', text({ online: true, timestamp: NOW_MS - 9 }));
    expect(online).toMatchObject([{ deviceId: 'h', online: true, eventTimeMs: NOW_MS - 9 }]);
    const offline = host.hear('STATE/h', text({ online: false, timestamp: NOW_MS - 9 }));
    expect(offline).toMatchObject([{ online: false, timeQuality: 'receive' }]);
    expect(host.hear('STATE/h', text('OFFLINE'))).toMatchObject([{ online: false }]);
    expect(host.hear('STATE/h', text({ online: 'yes' }))).toBe('online: expected true or false');
    expect(host.hear('STATE/h', text({ online: true, timestamp: 'x' }))).toContain('timestamp');
  });

  test.each([['g/NBIRTH/e/d'], ['g/DBIRTH/e'], ['g/XDATA/e'], ['g'], ['STATE'], ['g/DDATA/e/d/x']])(
    'the topic %s is none of Sparkplug',
    (path) => {
      expect(new Host().hear(path, { metrics: [] })).toContain('topic: expected');
    },
  );
});
