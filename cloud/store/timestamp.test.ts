import fc from 'fast-check';
import { expect, test } from 'vitest';

import { formatTimestamp, parseTimestamp, storedTimeMs } from './timestamp.ts';

const YEAR_4713_BC_MS = Date.UTC(-4712, 0, 1);
const YEAR_275760_MS = 8.64e15;

test.each([
  ['2026-11-23 07:59:59.102+00', Date.UTC(2026, 10, 23, 7, 59, 59, 102)],
  ['2026-11-23 07:59:59+00', Date.UTC(2026, 10, 23, 7, 59, 59)],
  ['2026-11-23 07:59:59.1+00', Date.UTC(2026, 10, 23, 7, 59, 59, 100)],
  ['1969-12-31 23:59:59.999999+00', -1],
  ['0044-03-15 12:00:00+00 BC', Date.UTC(-43, 2, 15, 12)],
  ['275760-09-13 00:00:00+00', YEAR_275760_MS],
])('%s is read as %d', (text, timeMs) => {
  expect(parseTimestamp(text)).toBe(timeMs);
});

test.each(['infinity', '2026-11-23 07:59:59+01', '2026-11-23', '', 'now'])(
  'a timestamp that PostgreSQL would not write in UTC is refused: %s',
  (text) => {
    expect(() => parseTimestamp(text)).toThrow('not a timestamp in UTC');
  },
);

test.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [Date.UTC(12_026, 0, 1), '12026-01-01T00:00:00.000Z'],
  [Date.UTC(-43, 2, 15), '0044-03-15T00:00:00.000Z BC'],
])('%d is written as %s', (timeMs, text) => {
  expect(formatTimestamp(timeMs)).toBe(text);
});

test('a time that no calendar holds is kept as the nearest that one does', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (timeMs) => {
      const stored = storedTimeMs(timeMs);
      expect(stored).toBeGreaterThanOrEqual(YEAR_4713_BC_MS);
      expect(stored).toBeLessThanOrEqual(YEAR_275760_MS);
      if (timeMs >= YEAR_4713_BC_MS && timeMs <= YEAR_275760_MS) expect(stored).toBe(timeMs);
    }),
  );
});
