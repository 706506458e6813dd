import { describe, expect, test } from 'vitest';

import type { EventClock, StatusEvent } from '#shared/event.ts';

import { tallyport } from '../gen/tallyport.js';
import { countThatFit, type Batch } from './batch.ts';
import { decodeBatch, decodePlain } from './decode.ts';
import { encodeBatch, encodePlain } from './encode.ts';
import { CLOCK_READINGS_MAX } from './limits.ts';

const v1 = tallyport.v1;

const CLOCK: EventClock = { bootId: '3f2a9c81d04e', monotonicMs: 81_000, trust: 'synced' };
const BOOT_MS = Date.UTC(2026, 10, 23, 8);

/** Received `atMs` after the boot. */
function statusAt(atMs: number, clock?: EventClock): StatusEvent {
  const receiveTimeMs = BOOT_MS + atMs;
  const event = {
    kind: 'status',
    deviceId: 'ring-1',
    eventTimeMs: receiveTimeMs,
    receiveTimeMs,
    timeQuality: 'device',
  } as const;
  return clock === undefined ? event : { ...event, clock };
}

function batchOf(events: readonly StatusEvent[]): Batch {
  return {
    site: 'berlin',
    gateway: 'gw-1',
    epoch: 'e1',
    firstSeq: 1,
    lastSeq: events.length,
    lane: 'fresh',
    accounts: { received: events.length, filtered: {}, headSeq: events.length, stored: 0 },
    watermark: { seq: 1, timeMs: 0 },
    shed: [],
    events,
  };
}

/** The batch as the generated code reads it, with its event columns. */
function wireOf(batch: Batch): { wire: tallyport.v1.Batch; events: tallyport.v1.IEventColumns } {
  const wire = v1.Batch.decode(encodePlain(batch));
  if (wire.events === null || wire.events === undefined) throw new Error('no events');
  return { wire, events: wire.events };
}

describe('what the clocks said', () => {
  test('G10 clock: one that ran in step is one reading and one byte, whatever the number of events', () => {
    const events = Array.from({ length: 1000 }, (_, i) =>
      statusAt(i * 7, { ...CLOCK, monotonicMs: i * 7 }),
    );
    const { events: columns } = wireOf(batchOf(events));
    expect(columns.clockReading).toHaveLength(1);
    expect(columns.clock).toHaveLength(1);
    expect(decodeBatch(encodeBatch(batchOf(events))).events).toStrictEqual(events);
  });

  test('G10 clock: one that was set is two, and events without one, or of another boot, keep theirs', () => {
    const events = [
      statusAt(0, { ...CLOCK, monotonicMs: 0, trust: 'unset', correctionMs: BOOT_MS }),
      statusAt(10, { ...CLOCK, monotonicMs: 10, trust: 'unset', correctionMs: BOOT_MS }),
      statusAt(20, { ...CLOCK, monotonicMs: 20 }),
      statusAt(30),
      statusAt(40, { ...CLOCK, bootId: '000000000000', monotonicMs: 3, trust: 'holdover' }),
      statusAt(50, { ...CLOCK, monotonicMs: 50 }),
    ];
    expect(wireOf(batchOf(events)).events.clockReading).toHaveLength(3);
    expect(decodeBatch(encodeBatch(batchOf(events))).events).toStrictEqual(events);
  });

  test('a gateway that does not tell spends nothing on it', () => {
    const { events } = wireOf(batchOf([statusAt(0), statusAt(1)]));
    expect(events.clockReading).toHaveLength(0);
    expect(events.clock).toHaveLength(0);
  });

  test('G7 bounded: events whose clock never stands still are cut so that a decoder takes them', () => {
    const events = Array.from({ length: CLOCK_READINGS_MAX + 9 }, (_, i) =>
      statusAt(0, { ...CLOCK, monotonicMs: i }),
    );
    const count = countThatFit(events);
    expect(count).toBe(CLOCK_READINGS_MAX);
    const fitting = batchOf(events.slice(0, count));
    expect(decodeBatch(encodeBatch(fitting))).toStrictEqual(fitting);
    expect(() => decodeBatch(encodeBatch(batchOf(events)))).toThrow(
      `events.clock_reading: at most ${CLOCK_READINGS_MAX} readings`,
    );
  });
});

const READING = { bootId: '3f2a9c81d04e', trust: 1, offsetMs: 0, correctionMs: 0 };

describe('clock columns that are none give an error that names the column', () => {
  test.each<[string, Partial<tallyport.v1.IClockReading>, string]>([
    ['no boot id', { bootId: '' }, 'events.clock_reading.boot_id: expected 12 of 0-9 and a-f'],
    [
      'a boot id in capitals',
      { bootId: '3F2A9C81D04E' },
      'events.clock_reading.boot_id: expected 12 of 0-9 and a-f',
    ],
    ['no trust', { trust: 0 }, 'events.clock_reading.trust: expected 1, 2 or 3'],
    ['a trust of the future', { trust: 4 }, 'events.clock_reading.trust: expected 1, 2 or 3'],
    [
      'an offset that no double holds',
      { offsetMs: 2 ** 60 },
      'events.clock_reading.offset_ms: expected a whole number between -2^53 and 2^53',
    ],
    [
      'a correction that no double holds',
      { correctionMs: -(2 ** 60) },
      'events.clock_reading.correction_ms: expected a whole number between -2^53 and 2^53',
    ],
    [
      'a message from before the boot',
      { offsetMs: BOOT_MS + 1 },
      'events.clock: expected a time since the boot, below 2^53',
    ],
    [
      'times whose sum no double holds',
      { offsetMs: -(2 ** 53) + 1, correctionMs: -(2 ** 53) + 1 },
      'events.clock: expected a time since the boot, below 2^53',
    ],
  ])('%s', (_, spoilt, message) => {
    const { wire, events } = wireOf(batchOf([statusAt(0)]));
    events.clockReading = [{ ...READING, ...spoilt }];
    events.clock = new Uint8Array([1]);
    expect(() => decodePlain(v1.Batch.encode(wire).finish())).toThrow(message);
  });

  test.each<[string, number[], string]>([
    ['a reading that is not there', [2], 'events.clock: expected one of 1 readings'],
    ['more rows than events', [1, 1], 'events.clock: expected 1 rows, found more'],
    ['half a varint', [0x80], 'events.clock: expected whole varints below 2^53'],
  ])('%s', (_, rows, message) => {
    const { wire, events } = wireOf(batchOf([statusAt(0)]));
    events.clockReading = [READING];
    events.clock = new Uint8Array(rows);
    expect(() => decodePlain(v1.Batch.encode(wire).finish())).toThrow(message);
  });
});
