/** Births and data of edge nodes: what a host application hears, and what becomes of it. */
import { describe, expect, test } from 'vitest';

import { compareFacts, messageOf, samplesOf } from '../testing/sample-facts.ts';
import { SparkplugFacts } from '../testing/sparkplug-facts.ts';
import { BORN, bornHost, Host, NOW_MS, valuesOf } from '../testing/sparkplug-node.ts';
import { expectValidDecoded } from '../testing/valid-event.ts';
import { createSparkplug } from './sparkplug.ts';

describe('the samples', () => {
  const facts = new SparkplugFacts();
  const format = createSparkplug({ send: () => undefined });

  test.each(samplesOf('sparkplug').map((sample) => [sample.name, sample] as const))(
    '%s gives its facts',
    (_name, sample) => {
      const decoded = format({ message: messageOf(sample), names: {}, timeZone: 'UTC' });
      expectValidDecoded(decoded);
      const events = typeof decoded === 'string' ? [] : decoded;
      const { faults, count } = compareFacts(sample.facts, facts.of(events));
      expect(faults).toEqual([]);
      expect(count).toBeGreaterThan(3);
    },
  );
});

describe('births', () => {
  test('of a node: it is online, and its metrics are readings with their units', () => {
    const host = new Host();
    const events = host.events('g/NBIRTH/e', { timestamp: NOW_MS, seq: 5, metrics: BORN });
    expect(events).toMatchObject([
      {
        kind: 'status',
        deviceId: 'g-e',
        online: true,
        eventTimeMs: NOW_MS,
        attributes: {
          device: 'g/e',
          messageType: 'NBIRTH',
          groupId: 'g',
          edgeNodeId: 'e',
          seq: '5',
        },
      },
      {
        kind: 'reading',
        readings: [
          { name: 'bdSeq', value: 7 },
          { name: 'temperature', value: 4, unit: 'CEL' },
          { name: 'count', value: 1 },
        ],
        attributes: {
          datatypes: '{"bdSeq":"Int64","temperature":"Double","count":"Int32"}',
          properties: '{"temperature":{"engUnit":"°C"}}',
        },
      },
    ]);
  });

  test('a birth that is too long for one attribute is told in several', () => {
    const metrics = Array.from({ length: 1500 }, (_, i) => ({
      name: `plant/line/metric-${i}`,
      alias: i,
      datatype: 10,
      double: i,
    }));
    const events = new Host().events('g/NBIRTH/e', { timestamp: NOW_MS, seq: 0, metrics });
    expect(events.map(({ kind }) => kind)).toEqual(['status', 'reading', 'reading']);
    expect(Object.keys(valuesOf(events))).toHaveLength(1500);
    expect(events[1]?.attributes).toHaveProperty(['datatypes.2']);
  });
});

describe('data', () => {
  test('is named and typed by the birth, where it says an alias only', () => {
    const host = bornHost();
    const metrics = [
      { alias: 0, double: 5.5 },
      { alias: 1, int: 0xffff_ffff },
    ];
    const events = host.events('g/NDATA/e', { timestamp: NOW_MS, seq: 2, metrics });
    expect(events).toMatchObject([
      {
        readings: [
          { name: 'temperature', value: 5.5, unit: 'CEL' },
          { name: 'count', value: -1 },
        ],
      },
    ]);
    expect(events[0]?.attributes).not.toHaveProperty('datatypes');
    expect(host.asked).toEqual([]);
  });

  test('of a device is looked up in the birth of the device', () => {
    const host = bornHost();
    const metrics = [{ alias: 2, boolean: true }];
    expect(host.events('g/DDATA/e/d', { timestamp: NOW_MS, seq: 2, metrics })).toMatchObject([
      {
        deviceId: 'g-e-d',
        readings: [{ name: 'door', value: true }],
        attributes: { deviceId: 'd' },
      },
    ]);
  });

  test('is one event for each time, in the order in which the times come', () => {
    const host = bornHost();
    const at = (ms: number, int: number) => ({ alias: 1, timestamp: NOW_MS - ms, int });
    const metrics = [at(20, 1), at(10, 2), at(20, 3), { alias: 1, int: 4 }];
    const events = host.events('g/NDATA/e', { timestamp: NOW_MS, seq: 2, metrics });
    expect(events.map(({ eventTimeMs }) => NOW_MS - eventTimeMs)).toEqual([20, 10, 0]);
    expect(events).toMatchObject([
      { readings: [{ value: 1 }, { value: 3 }] },
      { readings: [{ value: 2 }] },
      { readings: [{ value: 4 }] },
    ]);
  });

  test('that was kept back says so, and what is transient is not stored', () => {
    const host = bornHost();
    const metrics = [
      { alias: 1, timestamp: NOW_MS, int: 1, isHistorical: true },
      { alias: 1, timestamp: NOW_MS, int: 2 },
      { alias: 1, timestamp: NOW_MS, int: 3, isTransient: true },
    ];
    const events = host.events('g/NDATA/e', { timestamp: NOW_MS, seq: 2, metrics });
    expect(events).toMatchObject([
      { readings: [{ value: 1 }], attributes: { historical: 'true' } },
      { readings: [{ value: 2 }] },
    ]);
    expect(events[1]?.attributes).not.toHaveProperty('historical');
    expect(host.events('g/NDATA/e', { seq: 3, metrics: metrics.slice(2) })).toEqual([]);
  });

  test('without a value is named, and no value is made up', () => {
    const host = bornHost();
    const metrics = [{ alias: 0, isNull: true }, { alias: 1 }];
    expect(host.events('g/NDATA/e', { timestamp: NOW_MS, seq: 2, metrics })).toMatchObject([
      { kind: 'status', attributes: { nulls: '["temperature","count"]' } },
    ]);
  });

  test('that is not a number says so beside the readings', () => {
    const host = bornHost();
    const metrics = [
      { alias: 0, double: Number.NaN },
      { alias: 1, int: 1 },
    ];
    expect(host.events('g/NDATA/e', { timestamp: NOW_MS, seq: 2, metrics })).toMatchObject([
      {
        readings: [{ name: 'count', value: 1 }],
        attributes: { notFinite: '{"temperature":"NaN"}' },
      },
    ]);
  });

  test('without any time has the receive time, and with one that no calendar has is kept raw', () => {
    const host = bornHost();
    const metrics = [{ alias: 1, int: 1 }];
    expect(host.events('g/NDATA/e', { seq: 2, metrics })).toMatchObject([
      { timeQuality: 'receive' },
    ]);
    expect(host.hear('g/NDATA/e', { timestamp: 2 ** 52, seq: 3, metrics })).toContain(
      'timestamp: expected',
    );
  });

  test('a change of the datatype is told', () => {
    const host = bornHost();
    const metrics = [{ alias: 1, datatype: 7, int: 0xffff_ffff }];
    expect(host.events('g/NDATA/e', { timestamp: NOW_MS, seq: 2, metrics })).toMatchObject([
      { readings: [{ value: 4_294_967_295 }], attributes: { datatypes: '{"count":"UInt32"}' } },
    ]);
  });
});
