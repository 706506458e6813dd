import { expect, test } from 'vitest';

import { parseConfig } from '#shared/config.ts';

import { explainRule } from './explain-rule.ts';
import { filtersSchema } from './filter-config.ts';

test.each([
  ['duplicates: { windowS: 300 }', 'what a device says again within 5 min is removed'],
  [
    'match: { device: fx9600-*, kind: scan }, condense: { exitAfterS: 10 }',
    'scans of fx9600-*: reads of a thing at a device and antenna become an enter and, 10 s after the last, an exit; nothing between',
  ],
  [
    'condense: { exitAfterS: 90, everyS: 60, by: device }',
    'reads of a thing at a device become an enter and, 1 min after the last, an exit; one read in 1 min between',
  ],
  [
    'match: { kind: position }, deadband: { distanceM: 30, headingDeg: 15, everyS: 600 }',
    'positions: a position is kept when it is 30 m away from the last, 15° off its heading or 10 min later',
  ],
  [
    'exception: { absolute: 0.3, percent: 5, hysteresis: 0.1, everyS: 900, readings: [temp*, hum*] }',
    'the readings temp* and hum* are kept when one has changed by 0.3 or by 5 %, and 0.1 more to turn back, or 15 min later',
  ],
  ['exception: {}', 'readings are kept when one has changed at all'],
  ['sample: { oneIn: 10 }', 'of what a device says of one thing, one in 10 is kept'],
  [
    'match: { readPoint: [dock-1, dock-2] }, sample: { everyS: 60 }',
    'at dock-1 and dock-2: of what a device says of one thing, one in 1 min is kept',
  ],
  [
    'aggregate: { windowS: 60, functions: [min, max, mean] }',
    'readings of 1 min become one event: min, max and mean',
  ],
  ['drop: { when: "speedKmh < 3.0" }', 'removed when speedKmh < 3.0'],
  [
    'classify: { when: "kind == \'scan\'", as: telemetry }',
    "worth as much as telemetry when kind == 'scan'",
  ],
])('%s', (rule, words) => {
  const [parsed] = parseConfig(`[{ name: r, ${rule} }]`, 'rules', filtersSchema);
  expect(parsed === undefined ? undefined : explainRule(parsed)).toBe(words);
});
