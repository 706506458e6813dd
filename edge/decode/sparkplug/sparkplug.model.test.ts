/** Whatever edge nodes publish, in whatever order: valid events or a reason, and a memory that stays within its bounds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { samplesOf } from '../testing/sample-facts.ts';
import { Host, valuesOf } from '../testing/sparkplug-node.ts';
import {
  written,
  writtenPayload,
  writtenProperties,
  type WrittenMetric,
} from '../testing/sparkplug-payload.ts';
import { Nodes, NODES_LIMITS } from './nodes.ts';

const times = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }),
  fc.constantFrom(0, 1, 2 ** 52),
);

const values = fc.oneof<fc.Arbitrary<WrittenMetric>[]>(
  fc.nat(0xffff_ffff).map((int) => ({ int })),
  fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }).map((long) => ({ long })),
  fc.float().map((float) => ({ float })),
  fc.double().map((double) => ({ double })),
  fc.boolean().map((boolean) => ({ boolean })),
  fc.string({ unit: 'binary', maxLength: 8 }).map((string) => ({ string: string.toWellFormed() })),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => ({ bytes })),
  fc.uint8Array({ maxLength: 20 }).map((dataset) => ({ dataset })),
  fc.uint8Array({ maxLength: 20 }).map((template) => ({ template })),
  fc.constant({
    dataset: written([
      [2, 'text', 'c'],
      [3, 'int', 9],
      [4, 'bytes', new Uint8Array()],
    ]),
  }),
  fc.constant({ isNull: true }),
  fc.constant({}),
);

const metrics = fc
  .tuple(
    values,
    fc.record(
      {
        name: fc.constantFrom('a', 'b', 'bdSeq', '', '\0', 'x'.repeat(300)),
        alias: fc.nat(5),
        timestamp: times,
        datatype: fc.nat(40),
        isHistorical: fc.boolean(),
        isTransient: fc.boolean(),
        properties: fc.constant(writtenProperties({ engUnit: '%', '': 'x' })),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([value, about]): WrittenMetric => ({ ...about, ...value }));

const payloads = fc
  .record(
    {
      timestamp: times,
      seq: fc.nat(300),
      uuid: fc.constantFrom('u', ''),
      body: fc.uint8Array({ maxLength: 4 }),
      metrics: fc.array(metrics, { maxLength: 6 }),
    },
    { requiredKeys: ['metrics'] },
  )
  .map((payload) => Buffer.from(writtenPayload(payload)));

const sampleBytes = samplesOf('sparkplug').map(({ payload }) => payload);

/** Payloads as they are, with a bit flipped, a byte changed or cut short, and bytes of nobody. */
const bytesOfMessages = fc
  .tuple(
    fc.oneof(payloads, fc.constantFrom(...sampleBytes)),
    fc.constantFrom('as it is', 'as it is', 'bit', 'byte', 'cut', 'noise'),
    fc.nat(),
    fc.uint8Array({ maxLength: 30 }),
  )
  .map(([bytes, how, at, noise]): Uint8Array => {
    if (how === 'noise') return noise;
    const changed = Buffer.from(bytes);
    if (how === 'as it is' || changed.length === 0) return changed;
    const place = at % changed.length;
    if (how === 'cut') return changed.subarray(0, place);
    changed[place] = how === 'bit' ? (changed[place] ?? 0) ^ (1 << (at % 8)) : at % 256;
    return changed;
  });

const paths = fc
  .tuple(
    fc.constantFrom('NBIRTH', 'NDEATH', 'NDATA', 'NCMD', 'DBIRTH', 'DDEATH', 'DDATA', 'DCMD'),
    fc.constantFrom('e', 'f', 'Raspberry Pi'),
    fc.constantFrom('d', 'Pibrella'),
  )
  .map(([type, node, device]) => `g/${type}/${node}${type.startsWith('D') ? `/${device}` : ''}`);

const messages = fc.tuple(
  fc.oneof(
    { weight: 9, arbitrary: paths },
    { weight: 1, arbitrary: fc.constantFrom('STATE/h', 'g', 'g/NBIRTH/ ') },
  ),
  bytesOfMessages,
  fc.integer({ min: -5000, max: 60_000 }),
);

test('any messages in any order give valid events or reasons, and asking stays within its bounds', () => {
  fc.assert(
    fc.property(fc.array(messages, { maxLength: 30 }), (heard) => {
      const host = new Host({
        nodesMax: 2,
        entriesMax: 12,
        rebirthsMax: 3,
        rebirthsPeriodMs: 1e12,
      });
      // Whether an event is valid is asked where it is heard.
      for (const [path, bytes, laterMs] of heard) {
        host.nowMs = Math.max(1, host.nowMs + laterMs);
        host.hear(path, bytes);
      }
      // A clock that goes back begins a new stretch of time.
      const setBack = heard.filter(([, , laterMs]) => laterMs < 0).length;
      expect(host.asked.length).toBeLessThanOrEqual(3 * (setBack + 1));
    }),
    { numRuns: 500 },
  );
});

test('the same messages in the same order give the same answers', () => {
  fc.assert(
    fc.property(fc.array(messages, { maxLength: 12 }), (heard) => {
      const answers = [new Host(), new Host()].map((host) => [
        heard.map(([path, bytes]) => host.hear(path, bytes)),
        host.asked,
      ]);
      expect(answers[0]).toEqual(answers[1]);
    }),
    { numRuns: 100 },
  );
});

test('G7 bounded: sessions keep their counts whatever is born and dies', () => {
  const births = fc.tuple(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.constantFrom(undefined, 'x', 'y', 'z'),
    fc.array(fc.record({ name: fc.constantFrom('m', 'n', 'oo'), alias: fc.bigInt(0n, 9n) }), {
      maxLength: 8,
    }),
    fc.constantFrom('node', 'born', 'born', 'death', 'node death'),
  );
  const limits = { nodesMax: 3, entriesMax: 20, charactersMax: 20, devicesPerNodeMax: 2 };
  fc.assert(
    fc.property(fc.array(births, { maxLength: 40 }), (all) => {
      const nodes = new Nodes({ ...NODES_LIMITS, ...limits, entriesPerNodeMax: 10 });
      for (const [key, device, born, what] of all) {
        nodes.with(key, (session) => {
          if (what === 'node') session.nodeBorn(born, 1n);
          else if (what === 'born') session.born(device, born);
          else if (what === 'death') session.deviceDied(device ?? '');
          else session.nodeDied(undefined);
          expect(session.entries).toBeGreaterThanOrEqual(0);
          expect(session.entries).toBeLessThanOrEqual(10);
          if (what === 'node death') expect([session.entries, session.characters]).toEqual([0, 0]);
        });
        expect(nodes.size).toBeLessThanOrEqual(limits.nodesMax);
      }
    }),
  );
});

/** A metric of a node that keeps to the standard, with what is to be read of it. */
const told = fc.oneof(
  fc.integer({ min: -128, max: 127 }).map((value) => ({ datatype: 1, int: value >>> 0, value })),
  fc
    .integer({ min: -32_768, max: 32_767 })
    .map((value) => ({ datatype: 2, int: value & 0xffff, value })),
  fc.integer().map((value) => ({ datatype: 3, int: value >>> 0, value })),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((value) => ({
    datatype: 4,
    long: BigInt.asUintN(64, value),
    value: Number.isSafeInteger(Number(value)) ? Number(value) : String(value),
  })),
  fc.bigInt(0n, 2n ** 64n - 1n).map((long) => ({
    datatype: 8,
    long,
    value: Number.isSafeInteger(Number(long)) ? Number(long) : String(long),
  })),
  fc
    .float({ noNaN: true, noDefaultInfinity: true })
    .map((float) => ({ datatype: 9, float, value: float + 0 })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((double) => ({ datatype: 10, double, value: double + 0 })),
  fc.boolean().map((boolean) => ({ datatype: 11, boolean, value: boolean })),
  fc.string().map((string) => ({ datatype: 12, string, value: string })),
);

test('what a node that keeps to the standard tells by alias is read exactly, and nothing is asked', () => {
  const rounds = fc.array(fc.array(told, { minLength: 1, maxLength: 5 }), { maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(told, { minLength: 1, maxLength: 5 }),
      rounds,
      fc.nat(255),
      (first, all, seq) => {
        const host = new Host({ reorderMs: 0 });
        const birth = first.map(({ value: _value, ...metric }, i) => ({
          ...metric,
          name: `m${i}`,
          alias: i,
        }));
        host.events('g/NBIRTH/e', { timestamp: host.nowMs, seq, metrics: birth });
        for (const [i, round] of all.entries()) {
          // Each metric keeps the datatype of its birth.
          const kept = round.flatMap((metric, alias) =>
            metric.datatype === first[alias]?.datatype ? [{ ...metric, alias }] : [],
          );
          const metrics = kept.map(({ value: _value, datatype: _datatype, ...metric }) => metric);
          const payload = { timestamp: host.nowMs, seq: (seq + 1 + i) % 256, metrics };
          const read = valuesOf(host.events('g/NDATA/e', payload));
          expect(read).toEqual(
            Object.fromEntries(kept.map(({ alias, value }) => [`m${alias}`, value])),
          );
        }
        expect(host.asked).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
