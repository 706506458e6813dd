/** A clock for tests: one reading until the test says otherwise. */
import { systemClock } from '#shared/clock.ts';

import type { ClockReading, GatewayClock } from '../clock.ts';

export const TEST_READING: ClockReading = Object.freeze({
  bootId: 'b007b007b007',
  offsetMs: 0,
  trust: 'synced',
});

export function fakeGatewayClock(first: ClockReading = TEST_READING): GatewayClock & {
  set(reading: ClockReading): void;
} {
  let reading = first;
  return {
    ...systemClock,
    reading: () => reading,
    set: (next) => {
      reading = next;
    },
  };
}
