import { expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import { compileCondition, type Condition } from './condition.ts';
import { fix, measured, status, tagRead } from './testing/depot.ts';

function condition(source: string): Condition {
  const compiled = compileCondition(source);
  if (typeof compiled !== 'function') throw new Error(compiled.fault);
  return compiled;
}

const scan = tagRead({ at: 0, antenna: 2, rssiDbm: -61.5, attributes: { zone: 'yard' } });
const position = fix({ at: 0, lat: 48.1, lon: 11.5, speedKmh: 2.5, valid: false });
const reading = measured({ at: 0 }, { temperature: 9, 'door.open': true, state: 'ok' });
const lowBattery = status({ at: 0 }, { batteryPct: 7 });

test.each<[string, Event, boolean]>([
  ['kind == "position" && speedKmh < 3', position, true],
  ['kind == "position" && speedKmh < 2', position, false],
  ['valid == false', position, true],
  ['lat > 48.0 && lat < 49 && lon in [11.5, 12.5]', position, true],
  ['antenna == 2', scan, true],
  ['antenna in [1, 2]', scan, true],
  ['antenna != 2', scan, false],
  ['rssiDbm < -60', scan, true],
  ['deviceId.startsWith("fx9600-") && parcelId.endsWith("17")', scan, true],
  ['attributes.zone == "yard"', scan, true],
  ['attributes.exists(name, name == "zone")', scan, true],
  ['readings.temperature > 8', reading, true],
  ['readings["door.open"]', reading, true],
  ['readings.state in ["ok", "fine"]', reading, true],
  ['size(readings) == 3', reading, true],
  ['batteryPct < 10', lowBattery, true],
  ['timestamp(int(eventTimeMs) / 1000).getHours("Europe/Berlin") == 6', scan, true],
  ['kind == "scan" ? antenna == 2 : true', status({ at: 0 }, {}), true],
])('%s', (source, event, expected) => {
  expect(condition(source)(event)).toBe(expected);
});

test.each([
  ['speedKmh < 3', lowBattery],
  ['!(speedKmh > 3)', lowBattery],
  ['valid == false', scan],
  ['antenna == 1 && kind == "position"', position],
  ['readings.humidity < 20', reading],
  ['readings.humidity < 20', scan],
  ['attributes.zone != "yard"', position],
  ['event.speedKmh < 3', scan],
])('a condition about a field that the event has not does not hold: %s', (source, event) => {
  expect(condition(source)(event)).toBe(false);
});

test('whether the event has a field can be asked, and another part may hold without it', () => {
  expect(condition('!has(event.speedKmh)')(position)).toBe(false);
  expect(condition('!has(event.speedKmh)')(scan)).toBe(true);
  expect(condition('has(readings.humidity)')(reading)).toBe(false);
  expect(condition('speedKmh < 3 || kind == "scan"')(scan)).toBe(true);
});

test('what only the event can tell is an error of the event, not of the config', () => {
  expect(() => condition('readings.state > 5')(reading)).toThrow('no such overload');
  expect(() => condition('readings.temperature')(reading)).toThrow('it says 9');
});

test('a name out of JavaScript is a name like others', () => {
  const odd = {
    ...reading,
    readings: ['__proto__', 'constructor', 'toString'].map((name) => ({ name, value: 1 })),
    attributes: Object.fromEntries([['__proto__', 'x']]),
  };
  expect(condition('readings["__proto__"] == 1 && readings.constructor == 1')(odd)).toBe(true);
  expect(condition('attributes["__proto__"] == "x"')(odd)).toBe(true);
  expect(condition('has(readings.toString)')(reading)).toBe(false);
  expect(condition('has(attributes.constructor)')(scan)).toBe(false);
});

test.each([
  ['', 'Unexpected token'],
  ['true ||', 'Unexpected token'],
  ['nowhere == 1', 'Unknown variable: nowhere'],
  ['speedKmh', 'true or false, and this is of type double'],
  ['deviceId + 1 == "x"', 'no such overload'],
  ['constructor == 1', 'Unknown variable'],
  ['__proto__ == 1', 'Reserved identifier'],
])('%s is no condition', (source, fault) => {
  expect(compileCondition(source)).toEqual({ fault: expect.stringContaining(fault) as string });
});

test.each([
  ['a regular expression', 'data.matches("(a+)+$")', 'without matches()'],
  ['a loop in a loop', 'attributes.exists(a, attributes.exists(b, a == b))', 'in another loop'],
  ['a text taken apart', 'data.split("").exists(c, c == "x")', 'without split()'],
  ['a text that doubles', 'cel.bind(a, data + data, size(a) > 1)', 'without bind()'],
  ['a long text', `${'true && '.repeat(200)}true`, 'at most 1000 characters'],
  ['many parts', Array.from({ length: 140 }, () => '1==1').join('&&'), 'maxAstNodes'],
  ['deep nesting', `${'('.repeat(40)}true${')'.repeat(40)}`, 'maxDepth'],
  ['a long list', `1 in [${Array.from({ length: 300 }, () => '1').join()}]`, 'Exceeded max'],
])('G7 bounded: %s is refused when the config is read', (_, source, fault) => {
  expect(compileCondition(source)).toEqual({ fault: expect.stringContaining(fault) as string });
});
