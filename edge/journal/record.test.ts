import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';
import { event } from '#shared/testing/arbitrary-event.ts';

import { RecordWriter } from './record-writer.ts';
import { readRecord, writeRecord } from './record.ts';

/** How the clock stood is kept with the block, not with each record. */
const timeless = event.map(({ clock: _clock, ...rest }) => rest as Event);

test('an event reads back as it was written, bit for bit', () => {
  fc.assert(
    fc.property(timeless, (written) => {
      const writer = new RecordWriter(new ArrayBuffer(1));
      writeRecord(writer, written);
      const { buffer, length } = writer.finish();
      expect(readRecord(new Uint8Array(buffer, 0, length))).toStrictEqual(written);
    }),
    { numRuns: 500 },
  );
});

test('a record that is cut short is an error, not an event', () => {
  fc.assert(
    fc.property(timeless, fc.nat(), (written, cut) => {
      const writer = new RecordWriter(new ArrayBuffer(64));
      writeRecord(writer, written);
      const { buffer, length } = writer.finish();
      expect(() => readRecord(new Uint8Array(buffer, 0, cut % length))).toThrow(RangeError);
    }),
  );
});
