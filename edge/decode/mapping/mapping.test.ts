import { describe, expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';
import { manualClock } from '#shared/testing/manual-clock.ts';

import type { Decoded, FormatInput } from '../decode.ts';
import { MappingThread } from './mapping-thread.ts';
import { createMapping, expressionFault } from './mapping.ts';
import { RECEIVED_MS } from '../testing/decode-message.ts';

function input(payload: unknown, names: Record<string, string> = {}): FormatInput {
  return {
    message: {
      topic: 'keonn/gate-3/reads',
      payload: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
      clientId: 'bridge',
      receiveTimeMs: RECEIVED_MS,
    },
    names,
    timeZone: 'UTC',
  };
}

function eventsOf(decoded: Decoded): readonly Event[] {
  if (typeof decoded === 'string') throw new Error(decoded);
  return decoded;
}

const KEONN = `tags.{
  "kind": "scan", "device": $names.reader, "time": TS, "data": EPC,
  "antenna": MUX1, "rssiDbm": RSSI, "phase": PHASE
}`;

describe('a mapping', () => {
  test('makes an event of each object that its expression gives', async () => {
    const decoded = await createMapping(KEONN)(
      input(
        {
          tags: [
            { EPC: 'AB01', TS: 1_764_000_000_123, MUX1: 2, RSSI: -61, PHASE: 12 },
            { EPC: 'AB02', TS: '2026-11-23T08:00:00Z', MUX1: '3', RSSI: -50 },
          ],
        },
        { reader: 'Gate_3' },
      ),
    );
    expect(eventsOf(decoded)).toEqual([
      {
        kind: 'scan',
        deviceId: 'gate-3',
        eventTimeMs: 1_764_000_000_123,
        timeQuality: 'device',
        receiveTimeMs: RECEIVED_MS,
        data: 'AB01',
        parcelId: 'AB01',
        antenna: 2,
        rssiDbm: -61,
        attributes: { phase: '12' },
      },
      expect.objectContaining({ data: 'AB02', antenna: 3, rssiDbm: -50, utcOffsetMin: 0 }),
    ]);
  });

  test('that gives nothing says that the message carries nothing', async () => {
    expect(await createMapping('alarms.{"kind": "status"}')(input({ tags: [] }))).toEqual([]);
  });

  test('keeps every digit of a long number, as text', async () => {
    const mapping = createMapping('{"kind": "scan", "device": "d", "data": serial}');
    const decoded = await mapping(input('{"serial": 12345678901234567890}'));
    expect(eventsOf(decoded)).toMatchObject([{ data: '12345678901234567890' }]);
  });

  test.each([
    ['a payload that is no JSON', KEONN, 'Online', 'payload: expected JSON'],
    [
      'a fault of the expression',
      '$number(tags)',
      { tags: 'x' },
      'mapping: expected an expression',
    ],
    ['what is no object', '"text"', {}, 'mapping: expected an object for each event'],
    ['a kind that is none', '{"kind": "box"}', {}, 'mapping.kind: expected scan, position'],
    ['an event without a device', '{"kind": "status"}', {}, 'mapping.device: expected a device'],
    ['a field that is wrong', '{"kind": "scan", "device": "d"}', {}, 'mapping.data: expected text'],
    ['too many events', '[1..1001].{"kind": "status", "device": "d"}', {}, 'at most 1000 events'],
    ['a loop', '($f := function($x) { $f($x + 1) }; $f(0))', {}, 'mapping: expected an expression'],
    [
      'a depth',
      '($f := function($x) { 1 + $f($x) }; $f(0))',
      {},
      'mapping: expected an expression',
    ],
    ['a huge sequence', '$sum([1..10000000])', {}, 'mapping: expected an expression'],
  ])(
    'G2 no-loss: %s is a reason, for the message to be kept raw',
    async (_, text, payload, reason) => {
      expect(await createMapping(text)(input(payload))).toContain(reason);
    },
  );

  test('an expression that is none is refused with the place', () => {
    expect(expressionFault('tags.{"kind": ')).toMatch(
      /^expected a JSONata expression: .+ \(character 14\)$/u,
    );
    expect(expressionFault(KEONN)).toBeUndefined();
  });
});

describe('the thread of the mappings', () => {
  test('G7 bounded: a regular expression that hangs costs its own message only', async () => {
    const clock = manualClock();
    const expressions = [
      '{"kind": "scan", "device": "d", "data": text ~> /^(a+)+$/ ? "x" : "y"}',
      '{"kind": "scan", "device": "d", "data": text}',
    ];
    await using thread = new MappingThread({ expressions }, clock);
    expect(eventsOf(await thread.map(1, input({ text: 'first' })))).toMatchObject([
      { data: 'first' },
    ]);
    const hung = thread.map(0, input({ text: `${'a'.repeat(60)}!` }));
    const next = thread.map(1, input({ text: 'next' }));
    await clock.advance(2500);
    expect(await hung).toBe('mapping: expected an expression that ends in time and memory');
    expect(eventsOf(await next)).toMatchObject([{ data: 'next' }]);
  });

  test('G7 bounded: one that takes all memory costs its own message only', async () => {
    const expressions = [
      '{"kind": "scan", "device": "d", "data": $pad("", 500000000, text)}',
      '{"kind": "scan", "device": "d", "data": text}',
    ];
    await using thread = new MappingThread({ expressions }, manualClock());
    const greedy = thread.map(0, input({ text: 'ab' }));
    const next = thread.map(1, input({ text: 'next' }));
    expect(await greedy).toMatch(/^mapping/u);
    expect(eventsOf(await next)).toMatchObject([{ data: 'next' }]);
  });

  test('answers come in the order of the questions', async () => {
    const expressions = ['{"kind": "scan", "device": "d", "data": $string($sum([1..n])) }'];
    await using thread = new MappingThread({ expressions }, manualClock());
    const order: number[] = [];
    await Promise.all(
      [900, 1, 500, 2].map(async (n, i) => {
        await thread.map(0, input({ n }));
        order.push(i);
      }),
    );
    expect(order).toEqual([0, 1, 2, 3]);
  });
});
