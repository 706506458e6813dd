/**
 * Patterns of topics as MQTT has them (3.1.1, 4.7), with `%c` for the client id and `%u` for the user, as mosquitto
 * has these. What stands for them is one level or a part of one, never a sign of the pattern: ids and names hold
 * none of `+`, `#` and `/` (`connect-rules.ts`, `user-name.ts`), and what was put in is not looked at again.
 */

/** Who `%c` and `%u` stand for; absent: nobody, and a pattern with it matches nothing. */
export type Owner = { readonly clientId: string | undefined; readonly user: string | undefined };

/** A pattern of somebody: its levels. `+` and `#` are the signs, everything else is literal. */
export type TopicPattern = readonly string[];

const CHARACTERS_MAX = 1024;

/** Why it is none; `undefined` when it is one. */
export function patternFault(pattern: string): string | undefined {
  if (pattern === '' || pattern.length > CHARACTERS_MAX) return 'expected 1 to 1024 characters';
  const levels = pattern.split('/');
  if (levels[0] === '$SYS' || levels[0] === '$share')
    return `expected no ${levels[0]}: such topics are nobody’s`;
  if (levels.slice(0, -1).includes('#')) return 'expected # only at the end';
  const isMixed = levels.some((level) => level.length > 1 && /[+#]/u.test(level));
  if (isMixed) return 'expected + and # to be a whole level';
  const unknown = /%(?![cu])/u.test(pattern);
  return unknown ? 'expected %c, the client id, or %u, the user, after %' : undefined;
}

/** The pattern for that owner; `undefined` when it names what the owner does not have. */
export function patternOf(pattern: string, { clientId, user }: Owner): TopicPattern | undefined {
  if (clientId === undefined && pattern.includes('%c')) return undefined;
  if (user === undefined && pattern.includes('%u')) return undefined;
  return pattern
    .split('/')
    .map((level) => level.replaceAll(/%[cu]/gu, (sign) => (sign === '%c' ? clientId : user) ?? ''));
}

/** Whether a topic without wildcards is one of the pattern. A sign at the beginning stands for no `$` (MQTT-4.7.2-1). */
export function matchesTopic(pattern: TopicPattern, topic: string): boolean {
  return covers(pattern, topic.split('/'));
}

/** Whether every topic that the filter matches is one of the pattern. A filter is well-formed. */
export function coversFilter(pattern: TopicPattern, filter: string): boolean {
  return covers(pattern, filter.split('/'));
}

function covers(pattern: TopicPattern, levels: readonly string[]): boolean {
  const isSign = pattern[0] === '+' || pattern[0] === '#';
  if (isSign && levels[0]?.startsWith('$') === true) return false;
  for (const [i, wanted] of pattern.entries()) {
    // `a/#` is `a` too, and `#` covers every other sign.
    if (wanted === '#') return true;
    const level = levels[i];
    if (level === undefined) return false;
    if (level === '#') return false;
    if (wanted !== '+' && wanted !== level) return false;
  }
  return pattern.length === levels.length;
}
