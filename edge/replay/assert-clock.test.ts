import { expect, test } from 'vitest';

import { assertClock } from './assert-clock.ts';

const at = (iso: string): number => Date.parse(iso);

test('G10 clock: a machine whose clock is behind a confirmed event, or behind this program, is told to set it', () => {
  const newest = at('2026-11-23T08:00:00Z');
  expect(() => assertClock(at('2026-11-20T00:00:00Z'), newest)).toThrow(
    'the journal has events of 2026-11-23T08:00:00.000Z',
  );
  expect(() => assertClock(at('1970-01-01T00:10:00Z'), undefined)).toThrow(
    'before this program was made',
  );
  expect(() => assertClock(at('2026-11-22T12:00:00Z'), newest)).not.toThrow();
  expect(() => assertClock(at('2030-01-01T00:00:00Z'), undefined)).not.toThrow();
});
