/** Whatever comes in: `decodeGeneric` answers with events that keep the rules of `shared/event.ts`. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { decodePlain } from '#proto/batch/decode.ts';
import { encodePlain } from '#proto/batch/encode.ts';
import type { Event } from '#shared/event.ts';
import { ID_PATTERN } from '#shared/names.ts';

import { decodeGeneric } from './generic.ts';

const RECEIVED_MS = Date.UTC(2026, 10, 23, 8);

const names = fc.oneof(
  fc.constantFrom('time', 'data', 'symbology', 'seq', 'lat', 'lon', 'headingDeg', 'satellites'),
  fc.constantFrom('readings', 'name', 'value', 'unit', 'online', 'batteryPct', 'note'),
  fc.constantFrom('__proto__', 'constructor', 'toString', ''),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

const leaves = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, '', ' ', '\0', '\ud800', '12.5', '-0', '1e9', 90, 360, 1_795_420_799),
  fc.constantFrom('2026-11-23T08:00:00Z', '2026-11-23T25:00:00Z', '0001-01-01T00:00:00Z'),
);

const { payload } = fc.letrec<{ payload: unknown; object: unknown }>((tie) => ({
  payload: fc.oneof(
    { maxDepth: 3 },
    leaves,
    tie('object'),
    fc.array(tie('payload'), { maxLength: 4 }),
  ),
  object: fc
    .uniqueArray(fc.tuple(names, tie('payload')), { selector: ([name]) => name, maxLength: 9 })
    .map(Object.fromEntries),
}));

const payloadBytes = fc.oneof(
  { weight: 8, arbitrary: payload.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(payload, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
      const bytes = Buffer.from(JSON.stringify(value));
      bytes[at % bytes.length] = byte;
      return bytes;
    }),
  },
);

const topics = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('scan/a', 'position/b-2', 'reading/c', 'status/d') },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }).filter((topic) => !topic.includes('\0')) },
);

const messages = fc.record({
  topic: topics,
  payload: payloadBytes,
  clientId: fc.constant('c'),
  receiveTimeMs: fc.constant(RECEIVED_MS),
});

/** Every string and number of the event, names included. */
function parts(value: unknown): unknown[] {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return [value];
  return Object.entries(value).flatMap(([name, part]) => [name, ...parts(part)]);
}

function expectCanonical(event: Event): void {
  for (const part of parts(event)) {
    if (typeof part === 'string') expect(part.isWellFormed() && !part.includes('\0')).toBe(true);
    else if (typeof part === 'number')
      expect(Number.isFinite(part) && !Object.is(part, -0)).toBe(true);
    else expect(part).toSatisfy((it) => typeof it === 'boolean' || it instanceof Uint8Array);
  }
  expect(Number.isInteger(event.eventTimeMs)).toBe(true);
  expect(event.deviceId).toSatisfy(
    (id: string) => ID_PATTERN.test(id) || (id === '' && event.kind === 'raw'),
  );
  if (event.kind === 'scan') expect(event.parcelId).not.toBe('');
  if (event.kind === 'raw') expect(event.reason).toMatch(/^[^:]*: expected /u);
}

test('any message gives events, and all of them are canonical', () => {
  fc.assert(
    fc.property(messages, (message) => {
      const events = decodeGeneric(message);
      expect(events.length).toBeGreaterThan(0);
      events.forEach(expectCanonical);
    }),
    { numRuns: 3000 },
  );
});

test('the same message gives the same events', () => {
  fc.assert(
    fc.property(messages, (message) => {
      expect(decodeGeneric(message)).toEqual(decodeGeneric(message));
    }),
  );
});

test('the events are the same after they have travelled', () => {
  fc.assert(
    fc.property(messages, (message) => {
      const events = decodeGeneric(message);
      const count = events.length;
      const batch = {
        site: 's',
        gateway: 'g',
        epoch: 'e',
        firstSeq: 1,
        lastSeq: count,
        lane: 'fresh',
        accounts: { received: count, filtered: {}, headSeq: count, stored: 0 },
        watermark: { seq: 1, timeMs: 0 },
        shed: [],
        events,
      } as const;
      expect(decodePlain(encodePlain(batch)).events).toStrictEqual(events);
    }),
    { numRuns: 1000 },
  );
});

test('of an element that is wrong the bytes are kept as they came', () => {
  fc.assert(
    fc.property(fc.array(payload, { minLength: 1, maxLength: 5 }), topics, (elements, topic) => {
      const texts = elements.map((element) => JSON.stringify(element));
      const message = {
        topic,
        payload: Buffer.from(`[${texts.join(' , ')}]`),
        clientId: 'c',
        receiveTimeMs: RECEIVED_MS,
      };
      const events = decodeGeneric(message);
      events.forEach((event, i) => {
        if (event.kind !== 'raw') return;
        const kept = Buffer.from(event.payload).toString();
        expect([texts[i], message.payload.toString()]).toContain(kept);
      });
    }),
  );
});
