import { expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import { isRedelivery } from './redelivery.ts';

const at = (timeQuality: Event['timeQuality']): Event => ({
  kind: 'status',
  deviceId: 'd',
  eventTimeMs: 1,
  receiveTimeMs: 1,
  timeQuality,
});
const committed = (key: number): boolean => key === 7;

test.each<[string, Parameters<typeof isRedelivery>[0], Event[], boolean]>([
  ['a copy that says so is one', { messageKey: 7, redelivered: true }, [at('receive')], true],
  [
    'a copy with the time of the device is one, though it does not say so',
    { messageKey: 7 },
    [at('device')],
    true,
  ],
  [
    'what could be a second scan of the same label is none',
    { messageKey: 7 },
    [at('receive')],
    false,
  ],
  [
    'nor is it when the clock of the device stands still',
    { messageKey: 7 },
    [at('implausible')],
    false,
  ],
  [
    'nor is it when only some events have a time',
    { messageKey: 7 },
    [at('device'), at('receive')],
    false,
  ],
  [
    'what says so but was never committed is none: it must not be lost',
    { messageKey: 8, redelivered: true },
    [at('device')],
    false,
  ],
  ['QoS 0 has no copies', { redelivered: true }, [at('device')], false],
])('G3 once: %s', (_, message, events, expected) => {
  expect(isRedelivery(message, events, committed)).toBe(expected);
});
