import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { coversFilter, matchesTopic, patternFault, patternOf } from './topic-pattern.ts';

const NOBODY = { clientId: undefined, user: undefined };

/** Few levels and names, so that they meet. */
const name = fc.constantFrom('a', 'b', 'ring-1', '');
const topic = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map((levels) => levels.join('/'))
  .filter((text) => text !== '');
const filter = fc
  .tuple(fc.array(fc.oneof(name, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen ? ['#'] : [])].join('/'))
  .filter((text) => text !== '');

/** As MQTT says it (3.1.1, 4.7), and as slowly as can be. */
function isMatch(text: string, candidate: string): boolean {
  const source = text
    .split('/')
    .map((level) => (level === '+' ? '[^/]*' : level))
    .join('/')
    .replace(/\/#$/u, '(/.*)?')
    .replace(/^#$/u, '.*');
  return new RegExp(`^${source}$`, 'u').test(candidate);
}

const compiled = (text: string): readonly string[] => patternOf(text, NOBODY) ?? [];

describe('G11 isolation: a pattern of topics', () => {
  test('matches as MQTT says', () => {
    fc.assert(
      fc.property(filter, topic, (text, candidate) => {
        expect(matchesTopic(compiled(text), candidate)).toBe(isMatch(text, candidate));
      }),
    );
  });

  test('covers a filter only if it matches all that the filter matches', () => {
    fc.assert(
      fc.property(filter, filter, fc.array(topic, { maxLength: 50 }), (text, wanted, topics) => {
        fc.pre(coversFilter(compiled(text), wanted));
        for (const each of topics.filter((candidate) => isMatch(wanted, candidate))) {
          expect(matchesTopic(compiled(text), each)).toBe(true);
        }
      }),
    );
  });

  test('covers itself, and # covers everything', () => {
    fc.assert(
      fc.property(filter, (text) => {
        expect(coversFilter(compiled(text), text)).toBe(true);
        expect(coversFilter(compiled('#'), text)).toBe(true);
      }),
    );
  });

  // What a client id may be: see `connect-rules.ts`.
  const id = fc
    .oneof(
      fc.constantFrom('%c', '%u', '%c%u', '$1', '$&', '.*', 'a b', '\\', '*', '%'),
      fc.stringMatching(/^[ !"$-*,-.0-~]{1,20}$/u),
    )
    .filter((text) => !/[+#/]/u.test(text));

  test('has for %c and %u one level, whatever the id looks like', () => {
    fc.assert(
      fc.property(id, id, topic, (clientId, user, candidate) => {
        const pattern = patternOf('+/%c/%u', { clientId, user }) ?? [];
        expect(pattern).toEqual(['+', clientId, user]);
        expect(matchesTopic(pattern, `scan/${clientId}/${user}`)).toBe(true);
        expect(matchesTopic(pattern, candidate)).toBe(
          candidate.endsWith(`/${clientId}/${user}`) && candidate.split('/').length === 3,
        );
      }),
    );
  });

  test('with %c or %u is nothing for who has none', () => {
    expect(patternOf('+/%u', { clientId: 'a', user: undefined })).toBeUndefined();
    expect(patternOf('+/%c', { clientId: undefined, user: 'a' })).toBeUndefined();
    expect(patternOf('dock-%c/x', { clientId: '7', user: undefined })).toEqual(['dock-7', 'x']);
  });

  test.each(['$SYS/a', '$share/g/a', '$', '$aws/a'])(
    'with a sign in front does not match %s',
    (candidate) => {
      for (const text of ['#', '+/#', '+/a', '+', '+/g/a']) {
        expect(matchesTopic(compiled(text), candidate)).toBe(false);
        expect(coversFilter(compiled(text), candidate)).toBe(false);
      }
    },
  );

  test('that names a $ means it', () => {
    expect(matchesTopic(compiled('$aws/things/+/x'), '$aws/things/ring-1/x')).toBe(true);
    expect(matchesTopic(compiled('$aws/#'), '$SYS/a')).toBe(false);
  });

  test.each([
    ['', 'expected 1 to 1024 characters'],
    ['$SYS/#', 'expected no $SYS: such topics are nobody’s'],
    ['$share/g/a', 'expected no $share: such topics are nobody’s'],
    ['a/#/b', 'expected # only at the end'],
    ['a/b#', 'expected + and # to be a whole level'],
    ['a+/b', 'expected + and # to be a whole level'],
    ['a/%d', 'expected %c, the client id, or %u, the user, after %'],
    ['a/%', 'expected %c, the client id, or %u, the user, after %'],
  ])('%j is none', (text, fault) => {
    expect(patternFault(text)).toBe(fault);
  });

  test.each(['#', '+', 'a', 'a/+/b/#', '+/%c/#', 'dock-%u/x'])('%j is one', (text) => {
    expect(patternFault(text)).toBeUndefined();
  });
});
