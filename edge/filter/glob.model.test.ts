import fc from 'fast-check';
import { expect, test } from 'vitest';

import { GLOB_CHARACTERS_MAX, globMatcher } from './glob.ts';

const letters = fc.constantFrom('a', 'b', '-', '.');

/** Short enough here for what a regular expression may take. */
function asExpression(pattern: string): RegExp {
  const source = pattern
    .replaceAll('.', String.raw`\.`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su');
}

test('a pattern fits what the regular expression of the same meaning fits', () => {
  const pattern = fc.string({ unit: fc.oneof(letters, fc.constantFrom('*', '?')), maxLength: 8 });
  const name = fc.string({ unit: letters, maxLength: 10 });
  fc.assert(
    fc.property(pattern, name, (aPattern, aName) => {
      expect(globMatcher([aPattern])(aName)).toBe(asExpression(aPattern).test(aName));
      expect(globMatcher(['no', aPattern])(aName)).toBe(asExpression(aPattern).test(aName));
    }),
    { numRuns: 1000 },
  );
});

test('G7 bounded: a pattern of nothing but stars and a name that nearly fits end at once', () => {
  const pattern = `${'*a'.repeat(GLOB_CHARACTERS_MAX / 2 - 1)}*b`;
  expect(globMatcher([pattern])('a'.repeat(10_000))).toBe(false);
});
