import { expect, test } from 'vitest';

import { filterFault } from './topic-filter.ts';

test.each([
  'scan/a',
  '#',
  '+',
  '/',
  '//',
  '+/+',
  '/#',
  '/+',
  'scan/#',
  'scan/+/a',
  '+/scan/#',
  'scan//a',
  'a b/ä/日本',
  'a$b/$c',
  'x'.repeat(1024),
  `${'a/'.repeat(31)}#`,
])('%o is a filter', (filter) => {
  expect(filterFault(filter)).toBeUndefined();
});

test.each([
  ['of no character [MQTT-4.7.3-1]', ''],
  ['with # before its end [MQTT-4.7.1-2]', 'scan/#/a'],
  ['with # beside others in its level [MQTT-4.7.1-2]', 'scan#'],
  ['with # after others in its level [MQTT-4.7.1-2]', 'scan/a#'],
  ['with ## [MQTT-4.7.1-2]', '##'],
  ['with + beside others in its level [MQTT-4.7.1-3]', 'scan+'],
  ['with + before others in its level [MQTT-4.7.1-3]', 'scan/+a'],
  ['with ++ [MQTT-4.7.1-3]', '++'],
  ['with U+0000 [MQTT-4.7.3-2]', 'scan/\0'],
  ['with a line end', 'scan/a\n'],
  ['with an escape sequence', '\u001b[2J'],
])('a filter %s is malformed', (_, filter) => {
  expect(filterFault(filter)).toBe('malformed');
});

test.each([
  ['of the broker itself', '$SYS/#'],
  ['of the broker, all of it', '$SYS'],
  ['that is shared, as in MQTT 5', '$share/group/scan/#'],
  ['that begins with $ otherwise', '$aws/#'],
  ['that is too long', 'x'.repeat(1025)],
  ['that is too deep', 'a/'.repeat(32)],
])('a filter %s is refused', (_, filter) => {
  expect(filterFault(filter)).toBe('refused');
});
