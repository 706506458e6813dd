import fc from 'fast-check';
import { expect, test } from 'vitest';

import { isAllowedTopic } from './topic-rules.ts';

test.each([
  'scan/a',
  '/',
  'a',
  'Scan/Ä/日本/🚚',
  'a$b/$c',
  '$aws/things/a',
  '$SYSTEM',
  'x'.repeat(1024),
  'a/'.repeat(31),
])('%o is allowed', (topic) => {
  expect(isAllowedTopic(topic)).toBe(true);
});

test.each([
  '',
  '$SYS/x',
  '$SYS',
  '$share/a/b',
  'a/+',
  '#',
  'a\0',
  'a\t',
  '\u007f',
  '\u0085',
  '\u009f',
  'a\ufffd',
  'x'.repeat(1025),
  'a/'.repeat(32),
])('%o is not allowed', (topic) => {
  expect(isAllowedTopic(topic)).toBe(false);
});

test('what is allowed can be logged and stored', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const topic = Buffer.from(text).toString();
      if (!isAllowedTopic(topic)) return;
      expect(topic.isWellFormed()).toBe(true);
      // oxlint-disable-next-line no-control-regex -- it is what must not be there
      expect(topic).not.toMatch(/[\u0000-\u001f\u007f-\u009f+#]/u);
    }),
    { numRuns: 1000 },
  );
});
