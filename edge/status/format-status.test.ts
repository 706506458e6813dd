import { describe, expect, test } from 'vitest';

import { formatStatus, type Paint } from './format-status.ts';
import { duration, latency, perSecond, size } from '#shared/humane.ts';
import { printable, statusSchema } from './status.ts';
import { exampleStatus, troubledStatus } from './testing/example-status.ts';

const plain: Paint = (_style, text) => text;

describe('the table', () => {
  test('says it all in 80 columns, and at the end that nothing is to be done', () => {
    expect(formatStatus(exampleStatus(), plain)).toEqual(
      `\
gateway    gw-berlin-01 of berlin-01, version 0.1.0, up 3 h 5 min
link       connected for 1 h 6 min
journal    1.2 GiB of 4 GiB in 78 segments, reserve set aside
commits    p50 2.1 ms, p99 12 ms, 413 B to flash an event
clock      synced, it says 2026-11-23T08:05:00.000Z
devices    41 connected, 3 messages unsettled, 0 withheld
refused    keep-alive 12, topic 3
broker     hall-1 connected, 2 messages unsettled, 0 withheld; refused topic 1

pending            events         bytes
telemetry       5,120,345       879 MiB
status              1,200      93.8 KiB
raw                     0           0 B
custody            40,455      9.26 MiB
oldest     about 3 h

flow             events/s       bytes/s
in                    478      84.1 KiB
out                   0.4          72 B
full in    8 h 3 min
drained in -

epoch                  received    = filtered     + applied     + pending
q4m2zt7abcdefghi          1,000             0           900           100
  shed     damaged 7
  lost     1201 to 1243
aaaabbbbccccdddd      7,163,000         1,100     2,000,000     5,161,900
  filtered redelivery 1,100
  shed     thinned 90, telemetry 10, damaged 3

nothing needs a person`.split('\n'),
    );
  });

  test('ends with what to do next where something is wrong, and paints it', () => {
    const lines = formatStatus(troubledStatus(), (style, text) => `${style}|${text}`);
    expect(lines.at(-2)).toBe(
      'bad|next: check the network, the addresses in uplink.servers, and that NATS runs',
    );
    expect(lines.at(-1)).toBe('bad|      there');
    expect(lines).toContain('bad|clock      unset, it says 1970-01-01T03:05:00.000Z');
    expect(lines.some((line) => line.startsWith('bad|link-down: no connection'))).toBe(true);
  });

  test('is never wider than 80 columns, whatever the numbers and words', () => {
    const wide = troubledStatus();
    const huge = Number.MAX_SAFE_INTEGER;
    Object.assign(wide, { site: 's'.repeat(64), gateway: 'g'.repeat(64) });
    Object.assign(wide.journal.epochs[0] ?? {}, {
      epoch: 'e'.repeat(64),
      received: huge,
      applied: huge,
    });
    Object.assign(wide.ingest.refused, Object.fromEntries(words(40)));
    for (const line of formatStatus(wide, plain)) expect(line.length).toBeLessThanOrEqual(80);
  });
});

function words(count: number): [string, number][] {
  return Array.from({ length: count }, (_, i) => ['w'.repeat(i + 1), i]);
}

describe('the document, read back', () => {
  test('is what was written', () => {
    const status = troubledStatus();
    expect(statusSchema.parse(JSON.parse(JSON.stringify(status)))).toEqual(status);
  });

  test('of a newer version is read without what is new', () => {
    const newer = { ...exampleStatus(), weather: 'rain' };
    expect(statusSchema.parse(newer)).toEqual(exampleStatus());
  });

  test.each([
    ['a number that is none', { uptimeS: 'long' }],
    ['a count below nothing', { pid: -1 }],
    ['a number that JSON cannot have', { uptimeS: Number.POSITIVE_INFINITY }],
    ['a gateway with a name of its own kind', { gateway: '\u001b[2J' }],
    ['a part that is missing', { link: undefined }],
    [
      'a label that steers the terminal',
      { ingest: { ...exampleStatus().ingest, refused: { '\u001b[31m': 1 } } },
    ],
  ])('is refused with %s', (_what, changes) => {
    expect(statusSchema.safeParse({ ...exampleStatus(), ...changes }).success).toBe(false);
  });

  test('G11 isolation: its words cannot steer a terminal', () => {
    const hostile = { code: 'x', message: 'a\u001b]0;b\u0007\u202e\nc', next: 'd\u009b31me' };
    const [problem] = statusSchema.parse({ ...exampleStatus(), problems: [hostile] }).problems;
    expect(problem).toEqual({ code: 'x', message: 'a ]0;b c', next: 'd 31me' });
    expect(printable('x'.repeat(5000))).toHaveLength(300);
  });
});

describe('numbers for people', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1000 B'],
    [1536, '1.5 KiB'],
    [24_000_000, '22.9 MiB'],
    [1_048_575_999, '1000 MiB'],
    [4 * 1024 ** 3, '4 GiB'],
    [5e15, '4.44 PiB'],
  ])('%d bytes are %s', (bytes, text) => expect(size(bytes)).toBe(text));

  test.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [11_100, '3 h 5 min'],
    [2 * 86_400, '2 d'],
    [93_600, '1 d 2 h'],
  ])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  test('latencies and rates are as exact as they are worth', () => {
    expect([0.04, 9.94, 12.3, 999.6, 12_345].map(latency)).toEqual([
      '0.0 ms',
      '9.9 ms',
      '12 ms',
      '1.0 s',
      '12.3 s',
    ]);
    expect([0, 0.25, 9.96, 12_345.6].map(perSecond)).toEqual(['0', '0.3', '10.0', '12,346']);
  });
});
