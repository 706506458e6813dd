import { expect, test } from 'vitest';
import { z } from 'zod';

import { TallyError } from '#shared/errors.ts';

import { filtersSchema } from './filter-config.ts';
import { createFilter } from './rules.ts';
import { rulesOf } from './testing/depot.ts';

const EVERYTHING = `
- name: dock-doors
  match: { device: fx9600-*, kind: scan }
  condense: { exitAfterS: 30, everyS: 600, by: [device, antenna] }
- name: hand-scanners
  match: { device: [ring-*, tc52-*], kind: scan }
  duplicates: { windowS: 3 }
- name: standing-trucks
  match: { kind: position }
  deadband: { distanceM: 50, headingDeg: 20, everyS: 300 }
- name: cold-rooms
  match: { device: cold-*, kind: reading }
  exception: { absolute: 0.5, hysteresis: 0.2, everyS: 900, readings: temp* }
- name: dock-climate
  match: { device: climate-* }
  aggregate: { windowS: 60, functions: [min, max, mean], readings: [temperature, humidity] }
- name: battery
  match: { kind: [status] }
  sample: { everyS: 3600 }
- name: test-labels
  drop: { when: 'kind == "scan" && parcelId.startsWith("TEST")' }
- name: forklifts
  classify: { when: 'deviceId.startsWith("forklift-")', as: status }
`;

function faultsOf(yaml: string): string[] {
  try {
    rulesOf(yaml);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(TallyError);
    return (error as TallyError).message
      .split('\n')
      .map((line) => line.replace('filters.yaml:', ''));
  }
}

test('a depot says in a line or two what each rule is for and what it does', () => {
  const rules = rulesOf(EVERYTHING);
  expect(rules.map(({ name }) => name)).toEqual([
    'dock-doors',
    'hand-scanners',
    'standing-trucks',
    'cold-rooms',
    'dock-climate',
    'battery',
    'test-labels',
    'forklifts',
  ]);
  expect(rules[0]?.condense).toEqual({ exitAfterS: 30, everyS: 600, by: ['device', 'antenna'] });
  expect(() => createFilter(rules)).not.toThrow();
});

test('a reader is condensed by device and antenna unless the rule says otherwise', () => {
  expect(rulesOf('[{ name: a, condense: { exitAfterS: 5 } }]')[0]?.condense?.by).toEqual([
    'device',
    'antenna',
  ]);
});

test('editors get a JSON Schema of the section', () => {
  const schema = z.toJSONSchema(filtersSchema, { io: 'input' });
  expect(schema).toMatchObject({ type: 'array', items: { type: 'object', required: ['name'] } });
  expect(JSON.stringify(schema)).toContain('"distanceM"');
  expect(() => z.toJSONSchema(filtersSchema)).not.toThrow();
});

test.each<[string, string, string[]]>([
  [
    'a rule without a name',
    '[{ duplicates: { windowS: 1 } }]',
    ['1: 0.name: expected a name, 1 to 64 of a-z, 0-9 and -, found nothing'],
  ],
  [
    'a name with blanks',
    '[{ name: My Rule, duplicates: { windowS: 1 } }]',
    ['1: 0.name: expected a name, 1 to 64 of a-z, 0-9 and -, found "My Rule"'],
  ],
  [
    'two rules of one name',
    '- { name: a, duplicates: { windowS: 1 } }\n- { name: a, sample: { oneIn: 2 } }',
    ['2: 1.name: expected a name that no other rule has, found "a"'],
  ],
  [
    'a name that the gateway counts under itself',
    '[{ name: redelivery, duplicates: { windowS: 1 } }]',
    [
      '1: 0.name: expected another name than redelivery and nothing: the gateway counts under them itself, found "redelivery"',
    ],
  ],
  [
    'a rule that does nothing',
    '[{ name: a, match: { kind: scan } }]',
    [
      '1: 0: expected one of duplicates, condense, deadband, exception, sample, aggregate, drop, classify, and one only',
    ],
  ],
  [
    'a rule that does two things',
    '[{ name: a, sample: { oneIn: 2 }, duplicates: { windowS: 1 } }]',
    [
      '1: 0: expected one of duplicates, condense, deadband, exception, sample, aggregate, drop, classify, and one only',
    ],
  ],
  [
    'a word that is none',
    '[{ name: a, duplicate: { windowS: 1 } }]',
    [
      '1: 0.duplicate: no such setting',
      '1: 0: expected one of duplicates, condense, deadband, exception, sample, aggregate, drop, classify, and one only',
    ],
  ],
  [
    'a window of no length',
    '[{ name: a, duplicates: { windowS: 0 } }]',
    [
      '1: 0.duplicates.windowS: expected a number of seconds, more than 0 and at most 31 days, found 0',
    ],
  ],
  [
    'a window with a unit',
    '[{ name: a, duplicates: { windowS: 5m } }]',
    [
      '1: 0.duplicates.windowS: expected a number of seconds, more than 0 and at most 31 days, found "5m"',
    ],
  ],
  [
    'a dead band without width',
    '[{ name: a, deadband: {} }]',
    ['1: 0.deadband: expected distanceM, headingDeg or everyS'],
  ],
  [
    'sampling two ways',
    '[{ name: a, sample: { everyS: 5, oneIn: 3 } }]',
    ['1: 0.sample: expected either everyS or oneIn'],
  ],
  [
    'one in one',
    '[{ name: a, sample: { oneIn: 1 } }]',
    ['1: 0.sample.oneIn: expected a whole number, at least 2, found 1'],
  ],
  [
    'an unknown function',
    '[{ name: a, aggregate: { windowS: 5, functions: [median] } }]',
    ['1: 0.aggregate.functions.0: expected min, max, mean, last or count, found "median"'],
  ],
  [
    'a function twice',
    '[{ name: a, aggregate: { windowS: 5, functions: [min, min] } }]',
    ['1: 0.aggregate.functions: expected each function once, found ["min","min"]'],
  ],
  [
    'raw events',
    '[{ name: a, match: { kind: raw }, sample: { oneIn: 2 } }]',
    ['1: 0.match.kind: expected scan, position, reading or status, or a list of them, found "raw"'],
  ],
  [
    'the antenna alone',
    '[{ name: a, condense: { exitAfterS: 5, by: [antenna] } }]',
    ['1: 0.condense.by: expected device or [device, antenna], found ["antenna"]'],
  ],
  [
    'a pattern of nothing',
    '[{ name: a, match: { device: [] }, sample: { oneIn: 2 } }]',
    [
      '1: 0.match.device: expected a pattern such as fx9600-*, or a list of them, of at most 128 characters each, found []',
    ],
  ],
  [
    'a class that is none',
    "[{ name: a, classify: { when: 'true', as: raw } }]",
    ['1: 0.classify.as: expected custody, telemetry or status, found "raw"'],
  ],
  [
    'a condition with an unknown field',
    "[{ name: a, drop: { when: 'speed < 3' } }]",
    [
      '1: 0.drop.when: expected a condition in CEL: Unknown variable: speed at character 1, found "speed < 3"',
    ],
  ],
  [
    'a condition that breaks off',
    "[{ name: a, drop: { when: 'speedKmh <' } }]",
    [
      '1: 0.drop.when: expected a condition in CEL: Unexpected token: EOF at character 11, found "speedKmh <"',
    ],
  ],
  [
    'a condition that compares what cannot be compared',
    '[{ name: a, drop: { when: \'speedKmh < "fast"\' } }]',
    [
      '1: 0.drop.when: expected a condition in CEL: no such overload: double < string at character 1, found "speedKmh < \\"fast\\""',
    ],
  ],
])('G9 safe-config: %s is refused with its place and what was expected', (_, yaml, faults) => {
  expect(faultsOf(yaml)).toEqual(faults);
});

test('all faults are told at once, each with its line', () => {
  expect(
    faultsOf(`
- name: A
  duplicates: { windowS: 1 }
- name: b
  drop: { when: 'true', unless: 'false' }
`).map((fault) => fault.slice(0, 12)),
  ).toEqual(['2: 0.name: e', '5: 1.drop.un']);
});
