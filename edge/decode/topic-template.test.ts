import { describe, expect, test } from 'vitest';

import { templateFault, topicTemplate } from './topic-template.ts';

describe('a topic template', () => {
  test.each([
    ['scan/{deviceId}', 'scan/ring-1', { deviceId: 'ring-1' }],
    ['scan/{deviceId}', 'scan/ring-1/x', undefined],
    ['scan/{deviceId}', 'scan', undefined],
    ['zebra/+/data', 'zebra/fx/data', {}],
    ['zebra/+/data', 'zebra/fx/events', undefined],
    ['owntracks/{user}/{device}/#', 'owntracks/jane/phone', { user: 'jane', device: 'phone' }],
    [
      'owntracks/{user}/{device}/#',
      'owntracks/jane/phone/event',
      { user: 'jane', device: 'phone' },
    ],
    ['#', 'any/thing', {}],
    ['{a}', '', { a: '' }],
    ['a//{b}', 'a//x', { b: 'x' }],
  ])('%s and %s', (text, topic, names) => {
    expect(topicTemplate(text).match(topic)).toEqual(names);
  });

  test.each([
    ['', 'expected 1 to 32 levels'],
    ['a/#/b', 'expected # as the last level only'],
    ['a/b+', 'expected +, # or {name} as a whole level'],
    ['a/{b', 'expected +, # or {name} as a whole level'],
    ['a/x{b}', 'expected +, # or {name} as a whole level'],
    ['{b}/{b}', 'expected each name once'],
    ['a/'.repeat(40), 'expected 1 to 32 levels'],
  ])('%j is refused', (text, fault) => {
    expect(templateFault(text)).toBe(fault);
  });

  test('a name that is like one of JavaScript is a name', () => {
    const names = topicTemplate('{constructor}/{toString}').match('a/b');
    expect(Object.entries(names ?? {})).toEqual([
      ['constructor', 'a'],
      ['toString', 'b'],
    ]);
  });
});
