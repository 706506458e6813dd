/** Patterns for names: `*` stands for any characters, `?` for one, and all else for itself. */

/** At most two steps for each character of pattern and name in the common case, and their product in the worst. */
export const GLOB_CHARACTERS_MAX = 128;

/** Whether one of the patterns fits a name. */
export function globMatcher(patterns: readonly string[]): (name: string) => boolean {
  const [only] = patterns;
  if (only !== undefined && patterns.length === 1) return matcherOf(only);
  const matchers = patterns.map(matcherOf);
  return (name) => matchers.some((matches) => matches(name));
}

/** A name or a beginning, which is what most patterns are, is compared at once. */
function matcherOf(pattern: string): (name: string) => boolean {
  if (pattern === '*') return () => true;
  const beginning = pattern.slice(0, -1);
  if (!/[*?]/u.test(pattern)) return (name) => name === pattern;
  if (pattern.endsWith('*') && !/[*?]/u.test(beginning))
    return (name) => name.startsWith(beginning);
  return (name) => fits(pattern, name);
}

/** Goes back to the last `*` where the rest does not fit: never exponential, as a regular expression may be. */
function fits(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < name.length;) {
    if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
