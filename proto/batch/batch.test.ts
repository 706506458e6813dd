import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';
import { event } from '#shared/testing/arbitrary-event.ts';

import { tallyport } from '../gen/tallyport.js';
import { countThatFit, seqsOf, type Batch } from './batch.ts';
import { decodeBatch, decodePlain } from './decode.ts';
import { encodeBatch, encodePlain } from './encode.ts';
import { BATCH_BYTES_MAX, BATCH_EVENTS_MAX } from './limits.ts';

const v1 = tallyport.v1;

function batchOf(events: readonly Event[], fields: Partial<Batch> = {}): Batch {
  const firstSeq = fields.firstSeq ?? 1;
  return {
    site: 'berlin',
    gateway: 'gw-1',
    epoch: 'abcdefghijklmnop',
    firstSeq,
    lastSeq: firstSeq + events.length - 1,
    lane: 'fresh',
    accounts: { received: events.length, filtered: {}, headSeq: events.length, stored: 0 },
    watermark: { seq: 1, timeMs: 0 },
    shed: [],
    events,
    ...fields,
  };
}

const status: Event = {
  kind: 'status',
  deviceId: 'ring-1',
  eventTimeMs: 1000,
  receiveTimeMs: 1000,
  timeQuality: 'device',
  online: true,
};

function faultOf(run: () => unknown): TallyError {
  try {
    run();
  } catch (error) {
    if (error instanceof TallyError) return error;
    throw error;
  }
  throw new Error('expected a TallyError');
}

describe('a batch', () => {
  test('what went in comes out, bit for bit, whatever the events', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const batch = batchOf(events);
        expect(decodeBatch(encodeBatch(batch))).toStrictEqual(batch);
      }),
    );
  });

  test('the header comes out as it went in, with accounts, watermark, lane and shed ranges', () => {
    const batch = batchOf([status, status], {
      firstSeq: 2 ** 40,
      lastSeq: 2 ** 40 + 4,
      lane: 'backlog',
      accounts: {
        received: 2 ** 45,
        filtered: { 'dead-band': 7, __proto: 1 },
        headSeq: 2 ** 44,
        stored: 12,
      },
      watermark: { seq: 2 ** 40, timeMs: 1_795_420_800_000 },
      shed: [
        { first: 2 ** 40 + 1, last: 2 ** 40 + 2, reason: 'full' },
        { first: 2 ** 40 + 4, last: 2 ** 40 + 4, reason: 'lost' },
      ],
    });
    const decoded = decodeBatch(encodeBatch(batch));
    expect(decoded).toStrictEqual(batch);
    expect(seqsOf(decoded)).toStrictEqual([2 ** 40, 2 ** 40 + 3]);
  });

  test('a heartbeat has no events and a range of none', () => {
    const heartbeat = batchOf([], { firstSeq: 8, lastSeq: 7 });
    expect(decodeBatch(encodeBatch(heartbeat))).toStrictEqual(heartbeat);
  });

  test('numbers keep every bit: tenths, halves of the last place, the largest, the smallest', () => {
    const numbers = [
      0.1,
      0.1 + 0.2,
      1 / 3,
      52.316008,
      Number.MAX_VALUE,
      5e-324,
      -(2 ** 53),
      2 ** 50 + 1,
    ];
    const events = numbers.map((lat): Event => ({ ...status, kind: 'position', lat, lon: -lat }));
    const decoded = decodeBatch(encodeBatch(batchOf(events.map(({ ...fields }) => fields))));
    expect(
      decoded.events.map((each) => (each.kind === 'position' ? each.lat : undefined)),
    ).toStrictEqual(numbers);
  });
});

describe('what a gateway may send', () => {
  test('G7 bounded: events with many readings are cut so that a decoder takes them', () => {
    const readings = Array.from({ length: 1024 }, (_, i) => ({ name: `n${i % 7}`, value: i }));
    const events = Array.from({ length: 100 }, (): Event => ({
      ...base(),
      kind: 'reading',
      readings,
    }));
    const count = countThatFit(events);
    expect(count).toBe(64);
    expect(decodeBatch(encodeBatch(batchOf(events.slice(0, count)))).events).toHaveLength(64);
    expect(faultOf(() => decodeBatch(encodeBatch(batchOf(events))))).toMatchObject({
      code: 'batch-limit',
    });
    expect(countThatFit(events.slice(0, 3))).toBe(3);
  });

  test('G7 bounded: the longest text that decode lets through, and the longest payload, fit', () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 64 }, (_, i) => [`a${i}`, 'ä'.repeat(8192)]),
    );
    const raw: Event = {
      ...base(),
      kind: 'raw',
      reason: 'r',
      topic: 't',
      payload: randomBytes(512 * 1024),
    };
    for (const event of [raw, { ...base(), kind: 'status', attributes } as const]) {
      const bytes = encodeBatch(batchOf([event]));
      expect(decodeBatch(bytes).events).toHaveLength(1);
    }
  });
});

function base(): Pick<Event, 'deviceId' | 'eventTimeMs' | 'receiveTimeMs' | 'timeQuality'> {
  return { deviceId: 'd', eventTimeMs: 1, receiveTimeMs: 1, timeQuality: 'device' };
}

describe('a decoder that is lied to answers with an error that names the column', () => {
  test.each([
    ['bytes that are no zstd frame', new Uint8Array([1, 2, 3]), 'message: expected one zstd frame'],
    // RFC 8878, 3.1.1: magic, no content size, a window of 2^27, one raw block of one byte.
    [
      'a frame that asks for a window beyond the limit',
      new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0, 0x88, 0x09, 0, 0, 7]),
      'message: expected one zstd frame',
    ],
    ['an empty message', new Uint8Array(), 'message: expected one zstd frame'],
    [
      'a frame around no protobuf',
      zstdCompressSync(Buffer.from([0xff, 0xff])),
      'message: expected a tallyport.v1.Batch',
    ],
    [
      'a message longer than any batch',
      new Uint8Array(BATCH_BYTES_MAX + 1),
      `message: at most ${BATCH_BYTES_MAX} bytes`,
    ],
    [
      'a bomb',
      zstdCompressSync(Buffer.alloc(64 * 1024 * 1024)),
      'message: at most 4194304 bytes decompressed',
    ],
  ])('%s', (_, bytes, message) => {
    expect(faultOf(() => decodeBatch(bytes))).toMatchObject({ kind: 'input', message });
  });

  test.each<[string, (wire: tallyport.v1.Batch) => void, string]>([
    [
      'a format of the future',
      (wire) => (wire.format = 3),
      'format: expected 1 or 2, found 3: made by another version of Tallyport',
    ],
    [
      'a site that is none',
      (wire) => (wire.site = 'Berlin Süd'),
      'site: expected 1 to 64 of a-z, 0-9 and -',
    ],
    [
      'a range that ends before it begins',
      (wire) => (wire.lastSeq = 0),
      'events.count: expected 0 for the range, found 2',
    ],
    [
      'a range from 0',
      (wire) => (wire.firstSeq = 0),
      'last_seq: expected a range, or one less than first_seq',
    ],
    [
      'fewer events than the range',
      (wire) => (wire.lastSeq = 9),
      'events.count: expected 9 for the range, found 2',
    ],
    [
      'a range of a million',
      (wire) => (wire.lastSeq = 1_000_000),
      `last_seq: at most ${BATCH_EVENTS_MAX} events`,
    ],
    [
      'more events than any batch',
      (wire) => (eventsOf(wire).count = 1_000_000),
      `events.count: at most ${BATCH_EVENTS_MAX}`,
    ],
    [
      'a kind that is none',
      (wire) => (eventsOf(wire).kind = new Uint8Array([9])),
      'events.kind: expected 0 to 4',
    ],
    [
      'a column that is too long',
      (wire) => (eventsOf(wire).kind = new Uint8Array([3, 3, 3])),
      'events.kind: expected 2 rows, found more',
    ],
    [
      'a column cut in a varint',
      (wire) => (eventsOf(wire).receiveTime = new Uint8Array([0x80])),
      'events.receive_time: expected whole varints below 2^53',
    ],
    [
      'a device that nobody named',
      (wire) => (eventsOf(wire).device = { row: new Uint8Array([8, 0]) }),
      'events.device: expected one of the 0 values named so far',
    ],
    [
      'events without a device',
      (wire) => (eventsOf(wire).device = null),
      'events.device: expected a device in every row',
    ],
    [
      'a device id that is none',
      (wire) =>
        (eventsOf(wire).device = { values: { prefix: ['Ring 1'] }, row: new Uint8Array([2, 0]) }),
      'events.device: expected 1 to 64 of a-z, 0-9 and -',
    ],
    [
      'a shed range outside',
      (wire) => (wire.shed = [{ firstSeq: 7, lastSeq: 8 }]),
      'shed: expected ascending, disjoint ranges within the batch',
    ],
    ['no lane', (wire) => (wire.lane = 0), 'lane: expected LANE_FRESH or LANE_BACKLOG'],
  ])('%s', (_, spoil, message) => {
    const wire = v1.Batch.decode(encodePlain(batchOf([status, status])));
    spoil(wire);
    expect(faultOf(() => decodePlain(v1.Batch.encode(wire).finish()))).toMatchObject({
      kind: 'input',
      message,
    });
  });

  test('text that unfolds to more than the limit', () => {
    const long = 'x'.repeat(60_000);
    const events = Array.from({ length: 200 }, (): Event => ({ ...status, attributes: { long } }));
    expect(faultOf(() => decodeBatch(encodeBatch(batchOf(events))))).toMatchObject({
      kind: 'input',
      code: 'batch-limit',
    });
  });

  test('any bytes at all give a batch or an input error, and so does any damage to a real one', () => {
    const mutations = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 10 }), mutations, (events, damage) => {
        const bytes = new Uint8Array(encodePlain(batchOf(events)));
        for (const [at, value] of damage) bytes[at % bytes.length] = value;
        try {
          decodePlain(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: 'TallyError', kind: 'input' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

function eventsOf(wire: tallyport.v1.Batch): tallyport.v1.IEventColumns {
  if (wire.events === null || wire.events === undefined) throw new Error('the batch has no events');
  return wire.events;
}
