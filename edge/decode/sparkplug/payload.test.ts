/** What the values of Sparkplug B mean, and what payloads are refused. */
import { describe, expect, test } from 'vitest';

import { Host, NOW_MS, valuesOf } from '../testing/sparkplug-node.ts';
import { written, writtenMetric, type WrittenMetric } from '../testing/sparkplug-payload.ts';
import { parsePayload, PAYLOAD_BYTES_MAX } from './payload.ts';

/** What a metric of a birth is read as. */
function meaning(metric: WrittenMetric): string | number | boolean | undefined {
  const metrics = [{ name: 'x', ...metric }];
  const events = new Host().events('g/NBIRTH/e', { timestamp: NOW_MS, seq: 0, metrics });
  return valuesOf(events)['x'];
}

describe('datatypes', () => {
  test.each<[string, WrittenMetric, string | number | boolean]>([
    ['Int8', { datatype: 1, int: 0xff }, -1],
    ['Int8, its sign extended', { datatype: 1, int: 0xffff_ff80 }, -128],
    ['Int16', { datatype: 2, int: 0xfffe }, -2],
    ['Int32', { datatype: 3, int: 0x8000_0000 }, -2_147_483_648],
    ['Int32 in the long field', { datatype: 3, long: 0xffff_ffff_ffff_fffdn }, -3],
    ['Int64', { datatype: 4, long: 0xffff_ffff_ffff_ffffn }, -1],
    ['Int64 beyond 2^53', { datatype: 4, long: 0x8000_0000_0000_0000n }, '-9223372036854775808'],
    ['Int64 in the int field', { datatype: 4, int: 0xffff_ffff }, 4_294_967_295],
    ['UInt8', { datatype: 5, int: 255 }, 255],
    ['UInt16', { datatype: 6, int: 65_535 }, 65_535],
    ['UInt32', { datatype: 7, int: 0xffff_ffff }, 4_294_967_295],
    ['UInt32 in the long field', { datatype: 7, long: 0xffff_ffffn }, 4_294_967_295],
    ['UInt64', { datatype: 8, long: 9_007_199_254_740_991n }, 9_007_199_254_740_991],
    [
      'UInt64 beyond 2^53',
      { datatype: 8, long: 18_446_744_073_709_551_615n },
      '18446744073709551615',
    ],
    ['Float', { datatype: 9, float: 12.1 }, Math.fround(12.1)],
    ['Double', { datatype: 10, double: 0.1 }, 0.1],
    ['Double of -0', { datatype: 10, double: -0 }, 0],
    ['Boolean', { datatype: 11, boolean: true }, true],
    ['Boolean in the int field', { datatype: 11, int: 1 }, true],
    ['String', { datatype: 12, string: 'ä' }, 'ä'],
    ['DateTime', { datatype: 13, long: 1_486_144_502_122n }, '2017-02-03T17:55:02.122Z'],
    ['DateTime beyond the calendar', { datatype: 13, long: 1n << 60n }, '1152921504606846976'],
    ['Text', { datatype: 14, string: '' }, ''],
    ['UUID', { datatype: 15, string: '7d4' }, '7d4'],
    ['Bytes', { datatype: 17, bytes: new Uint8Array([1, 0xab]) }, '01AB'],
    ['File', { datatype: 18, bytes: new Uint8Array([0]) }, '00'],
    ['Int16Array', { datatype: 23, bytes: new Uint8Array([0xfe, 0xff, 1, 0]) }, '[-2,1]'],
    ['Int64Array', { datatype: 25, bytes: new Uint8Array(8).fill(255) }, '[-1]'],
    ['UInt64Array', { datatype: 29, bytes: new Uint8Array(8).fill(255) }, '[18446744073709551615]'],
    ['FloatArray', { datatype: 30, bytes: new Uint8Array([0, 0, 0xc0, 0x7f]) }, '["NaN"]'],
    [
      'BooleanArray',
      { datatype: 32, bytes: new Uint8Array([3, 0, 0, 0, 0xa0]) },
      '[true,false,true]',
    ],
    ['StringArray', { datatype: 33, bytes: Buffer.from('ab\0\0c\0') }, '["ab","","c"]'],
    ['an array that is none', { datatype: 23, bytes: new Uint8Array(3) }, '000000'],
    [
      'Boolean bits that lie',
      { datatype: 32, bytes: new Uint8Array([255, 255, 255, 255]) },
      'FFFFFFFF',
    ],
    ['no datatype', { int: 5 }, 5],
    ['a datatype that is not known', { datatype: 99, string: 'x' }, 'x'],
  ])('%s', (_name, metric, value) => {
    expect(meaning(metric)).toBe(value);
  });

  test('a DataSet is its columns, their types and rows', () => {
    const element = (value: number) => written([[1, 'int', value]]);
    const row = written([
      [1, 'bytes', element(0xff)],
      [1, 'bytes', written([[6, 'text', 'a']])],
    ]);
    const dataset = written([
      [1, 'long', 2n],
      [2, 'text', 'n'],
      [2, 'text', 's'],
      [3, 'int', 1],
      [3, 'int', 12],
      [4, 'bytes', row],
    ]);
    expect(meaning({ datatype: 16, dataset })).toBe(
      '{"columns":["n","s"],"types":["Int8","String"],"rows":[[-1,"a"]]}',
    );
  });

  test('the types of columns may be packed', () => {
    const dataset = written([
      [2, 'text', 'a'],
      [2, 'text', 'b'],
      [3, 'bytes', new Uint8Array([1, 12])],
    ]);
    expect(meaning({ datatype: 16, dataset })).toBe(
      '{"columns":["a","b"],"types":["Int8","String"],"rows":[]}',
    );
  });

  test('a Template is its metrics and parameters', () => {
    const template = written([
      [1, 'text', 'v1'],
      [2, 'bytes', writtenMetric({ name: 'rpm', datatype: 3, int: 7 })],
      [2, 'bytes', writtenMetric({ name: 'amps', datatype: 9, isNull: true })],
      [
        3,
        'bytes',
        written([
          [1, 'text', 'p'],
          [2, 'int', 12],
          [8, 'text', 'q'],
        ]),
      ],
      [4, 'text', 'Motor'],
      [5, 'bool', false],
    ]);
    expect(JSON.parse(String(meaning({ datatype: 19, template })))).toEqual({
      version: 'v1',
      templateRef: 'Motor',
      isDefinition: false,
      parameters: { p: 'q' },
      metrics: [
        { name: 'rpm', datatype: 'Int32', value: 7 },
        { name: 'amps', datatype: 'Float', value: null },
      ],
    });
  });

  test('an extension of somebody is kept with the whole message', () => {
    const metrics = [{ name: 'x', extension: new Uint8Array([8, 1]) }];
    const events = new Host().events('g/NBIRTH/e', { timestamp: NOW_MS, seq: 0, metrics });
    expect(events.at(-1)).toMatchObject({
      kind: 'raw',
      reason: 'metrics: expected names and values that are known, found a value of x',
    });
  });

  test('metadata is kept', () => {
    const metadata = written([
      [2, 'text', 'text/csv'],
      [3, 'long', 12n],
    ]);
    const metrics = [{ name: 'x', datatype: 18, bytes: new Uint8Array(), metadata }];
    expect(new Host().events('g/NBIRTH/e', { timestamp: NOW_MS, seq: 0, metrics })).toMatchObject([
      {},
      { attributes: { metadata: '{"x":{"contentType":"text/csv","size":"12"}}' } },
    ]);
  });
});

describe('what is refused, with a reason', () => {
  const nested = (depth: number): Uint8Array =>
    depth === 0
      ? written([])
      : written([[2, 'bytes', writtenMetric({ name: 'm', template: nested(depth - 1) })]]);

  test.each<[string, Uint8Array, string]>([
    ['a length beyond the end', new Uint8Array([0x12, 0x7f, 0x0a]), 'Sparkplug B'],
    [
      'a length that lies within a metric',
      new Uint8Array([0x12, 0x03, 0x0a, 0x09, 0x41, 0x18, 0x01]),
      'Sparkplug B',
    ],
    ['a length of gigabytes', new Uint8Array([0x12, 0xff, 0xff, 0xff, 0xff, 0x07]), 'Sparkplug B'],
    ['a number that does not end', new Uint8Array(12).fill(0xff), 'Sparkplug B'],
    ['text that is none', written([[4, 'bytes', new Uint8Array([0xff])]]), 'text that is UTF-8'],
    [
      'templates within templates',
      written([[2, 'bytes', writtenMetric({ name: 'm', template: nested(20) })]]),
      'levels of templates',
    ],
    ['groups within groups', new Uint8Array(100_000).fill(0x3b), 'Sparkplug B'],
    [
      'more than is read',
      new Uint8Array(PAYLOAD_BYTES_MAX + 1),
      `at most ${PAYLOAD_BYTES_MAX} bytes`,
    ],
    [
      'keys without values',
      written([[2, 'bytes', writtenMetric({ properties: written([[1, 'text', 'k']]) })]]),
      'a value for each property',
    ],
    [
      'more metrics than are read',
      new Uint8Array(40_000).map((_, i) => (i % 2 === 0 ? 0x12 : 0)),
      'at most 16384 metrics',
    ],
  ])('%s', (_what, bytes, reason) => {
    const payload = parsePayload(bytes);
    expect(payload).toContain('payload: expected ');
    expect(payload).toContain(reason);
  });

  test('fields that are not known, or not written as they should be, are skipped', () => {
    const bytes = written([
      [1, 'text', 'not a time'],
      [3, 'long', 4n],
      [9, 'bytes', new Uint8Array(3)],
      [10, 'double', 1],
    ]);
    expect(parsePayload(bytes)).toEqual({ seq: 4n, metrics: [] });
  });
});
