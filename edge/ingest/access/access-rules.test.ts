import { describe, expect, test } from 'vitest';

import { AccessRules, ANYWHERE, OWN_CLIENT_ID, OWN_USER, type AccessRule } from './access-rules.ts';

const RING = { clientId: 'ring-1134', user: 'ring-1134' };
const NAMELESS = { clientId: 'ring-1134', user: undefined };

const grant = (
  rules: readonly AccessRule[],
  owner: Parameters<AccessRules['grantFor']>[0] = RING,
) => new AccessRules(rules).grantFor(owner);

describe('G11 isolation: access rules', () => {
  test.each<[string, readonly AccessRule[], string[], string[]]>([
    [
      'by default',
      OWN_CLIENT_ID,
      ['scan/ring-1134', 'scan/ring-1134/x/y', '/ring-1134'],
      ['scan/ring-11345', 'scan/truck-7', 'scan', 'ring-1134', 'a/b/ring-1134', 'scan/RING-1134'],
    ],
    ['by user', OWN_USER, ['scan/ring-1134'], ['scan/truck-7']],
    ['open', ANYWHERE, ['a', 'a/b/c', '/'], []],
    ['none at all', [], [], ['scan/ring-1134']],
    [
      'that add up, whatever their order',
      [
        { publish: ['a'], subscribe: [] },
        { users: ['truck-*'], publish: ['b'], subscribe: [] },
        { clients: ['ring-????'], publish: ['c/+'], subscribe: [] },
      ],
      ['a', 'c/x'],
      ['b', 'c', 'c/x/y'],
    ],
  ])('%s', (_, rules, allowed, refused) => {
    const granted = grant(rules);
    // Twice: the second time from memory.
    for (let round = 0; round < 2; round++) {
      expect(allowed.filter((topic) => !granted.mayPublish(topic))).toEqual([]);
      expect(refused.filter((topic) => granted.mayPublish(topic))).toEqual([]);
    }
  });

  test('a rule for users is for nobody without a name', () => {
    const rules = [{ users: ['*'], publish: ['#'], subscribe: ['#'] }];
    expect(grant(rules, NAMELESS).mayPublish('a')).toBe(false);
    expect(grant(rules, NAMELESS).maySubscribe('a')).toBe(false);
    expect(grant(rules).mayPublish('a')).toBe(true);
  });

  test.each([
    ['ring-*', 'ring-1134', true],
    ['ring-*', 'ring-', true],
    ['*', 'anything at all', true],
    ['ring-?', 'ring-12', false],
    ['r.ng', 'ring', false],
    ['(a+)+$', 'aaaa', false],
    ['(a+)+$', '(a+)+$', true],
    ['[a-z]', 'b', false],
  ])('the glob %j and the name %j', (glob, user, isFor) => {
    const rules = [{ users: [glob], publish: ['x'], subscribe: [] }];
    expect(grant(rules, { clientId: 'c', user }).mayPublish('x')).toBe(isFor);
  });

  test('a subscription is to no more than is allowed', () => {
    const granted = grant([{ publish: [], subscribe: ['cmd/%c/#', 'news/+'] }]);
    const ask = (filter: string): boolean => granted.maySubscribe(filter);
    for (const filter of [
      'cmd/ring-1134',
      'cmd/ring-1134/#',
      'cmd/ring-1134/+/x',
      'news/+',
      'news/a',
    ])
      expect([filter, ask(filter)]).toEqual([filter, true]);
    for (const filter of [
      '#',
      '+/ring-1134',
      'cmd/#',
      'cmd/+',
      'cmd/truck-7',
      'news/#',
      'news/+/a',
    ])
      expect([filter, ask(filter)]).toEqual([filter, false]);
  });

  test('a shared subscription is to what it shares', () => {
    const granted = grant([{ publish: [], subscribe: ['cmd/%c/#'] }]);
    expect(granted.maySubscribe('$share/group/cmd/ring-1134/#')).toBe(true);
    for (const filter of [
      '$share/group/#',
      '$share/group/cmd/truck-7',
      '$share/+/cmd/ring-1134',
      '$share/group',
      '$share/group/$SYS/#',
      '$share/group/$share/group/cmd/ring-1134',
      '$SYS/#',
      '$share//cmd/ring-1134',
    ])
      expect([filter, granted.maySubscribe(filter)]).toEqual([filter, false]);
    const everything = [{ publish: [], subscribe: ['#'] }];
    expect(grant(everything).maySubscribe('$SYS/#')).toBe(false);
    expect(grant(everything).maySubscribe('#')).toBe(true);
    expect(grant(ANYWHERE).maySubscribe('a')).toBe(false);
  });

  test('G7 bounded: what is remembered does not grow with the topics', () => {
    const granted = grant(OWN_CLIENT_ID);
    for (let i = 0; i < 10_000; i++) {
      expect(granted.mayPublish(`scan/ring-1134/${i}`)).toBe(true);
      expect(granted.mayPublish(`scan/truck-7/${i}`)).toBe(false);
    }
    expect(granted.mayPublish('scan/truck-7/0')).toBe(false);
  });
});
