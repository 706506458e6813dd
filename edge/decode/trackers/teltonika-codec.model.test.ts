/** Frames of trackers whose CRC is right, and whose inside is what it should be, or anything. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { FormatInput } from '../decode.ts';
import { teltonikaCodec } from './teltonika-codec.ts';
import { avlFrame, avlRecord, frameOf, type AvlParts, type Codec } from '../testing/avl-frame.ts';
import { eventsAs, RECEIVED_MS } from '../testing/format-message.ts';
import { told, toldLater } from '../testing/same-again.ts';
import { inputOf } from '../testing/sensor-messages.ts';

const SAID = { topic: '350000000000006/data' };

const element = (bytes: 1 | 2 | 4 | 8): fc.Arbitrary<[number, bigint]> =>
  fc.tuple(fc.nat({ max: 255 }), fc.bigInt({ min: 0n, max: 2n ** BigInt(bytes * 8) - 1n }));
const degrees = (max: number): fc.Arbitrary<number> =>
  fc.integer({ min: -max * 1e7, max: max * 1e7 }).map((number) => number / 1e7);

const parts: fc.Arbitrary<AvlParts> = fc
  .record({
    timeMs: fc.bigInt({ min: 0n, max: BigInt(RECEIVED_MS) }),
    priority: fc.nat({ max: 2 }),
    lat: degrees(90),
    lon: degrees(180),
    altitude: fc.integer({ min: -1000, max: 8000 }),
    angle: fc.nat({ max: 359 }),
    satellites: fc.nat({ max: 20 }),
    speed: fc.nat({ max: 250 }),
    event: fc.nat({ max: 255 }),
    elements: fc.uniqueArray(
      fc.constantFrom(1, 2, 4, 8).chain((bytes) => element(bytes).map((each) => ({ bytes, each }))),
      { maxLength: 12, selector: ({ each: [id] }) => id },
    ),
  })
  .map(({ elements, ...rest }) => {
    const of = (bytes: number): [number, bigint][] =>
      elements.filter((each) => each.bytes === bytes).map(({ each }) => each);
    return { ...rest, io: { 1: of(1), 2: of(2), 4: of(4), 8: of(8) } };
  });
const codecs = fc.constantFrom<Codec[]>('8', '8E', '16');

test('records that are written by the tables of the wiki are read as they were written', () => {
  fc.assert(
    fc.property(codecs, fc.array(parts, { minLength: 1, maxLength: 8 }), (codec, records) => {
      const events = eventsAs(teltonikaCodec, SAID, avlFrame(codec, records));
      const firsts = events.filter(({ attributes }) => attributes !== undefined);
      expect(firsts).toHaveLength(records.length);
      firsts.forEach((event, i) => {
        const { timeMs, lat, lon, satellites, io, ...record } = records[i] ?? {};
        expect(event.eventTimeMs).toBe(Number(timeMs));
        expect(event.attributes).toMatchObject({
          priority: String(record.priority),
          eventIoId: String(record.event),
        });
        if (event.kind === 'position') expect(event).toMatchObject({ lat, lon, satellites });
        else expect([lat, lon]).toEqual([0, 0]);
        const elements = Object.values(io ?? {}).flat();
        const kept = Object.entries(JSON.parse(event.attributes?.['ioElements'] ?? '{}') as object);
        expect(new Map(kept.map(([id, value]) => [Number(id), BigInt(value as string)]))).toEqual(
          new Map(elements.map(([id, value]) => [id, BigInt(value)])),
        );
      });
    }),
    { numRuns: 150 },
  );
});

const inputFrom = (payload: Buffer): FormatInput => inputOf(SAID.topic, payload);

test('a frame with anything inside gives valid events, or a reason', () => {
  const codecIds = fc.constantFrom(0x08, 0x8e, 0x10, 0x0c, 0x0d, 0x0e, 0x00);
  const body = fc.uint8Array({ maxLength: 120 });
  fc.assert(
    fc.property(codecIds, fc.nat({ max: 255 }), body, (codecId, count, bytes) => {
      const input = inputFrom(frameOf(codecId, [bytes], [count, count]));
      expect(toldLater(teltonikaCodec, input)).toBe(told(teltonikaCodec, input));
    }),
    { numRuns: 600 },
  );
});

test('a record with any byte something else gives valid events, or a reason', () => {
  fc.assert(
    fc.property(codecs, parts, fc.nat(), fc.nat({ max: 255 }), (codec, record, at, byte) => {
      const bytes = avlRecord(codec, { ...record, variable: [[385, Buffer.from([1])]] });
      bytes[at % bytes.length] = byte;
      const codecId = { '8': 0x08, '8E': 0x8e, '16': 0x10 }[codec];
      const input = inputFrom(frameOf(codecId, [bytes]));
      expect(toldLater(teltonikaCodec, input)).toBe(told(teltonikaCodec, input));
    }),
    { numRuns: 600 },
  );
});
