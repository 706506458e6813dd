/**
 * Topics as a config describes them: levels as they are, `+` for any one level, `{name}` for any one level that is given
 * a name, and `#` at the end for all the rest (MQTT 3.1.1, section 4.7).
 */

export type TopicTemplate = {
  /** The text it was made of. */
  readonly text: string;
  /** The named levels of a topic that fits; `undefined` when it does not. */
  readonly match: (topic: string) => Readonly<Record<string, string>> | undefined;
};

const NAMED = /^\{([a-zA-Z]\w{0,31})\}$/u;
const LEVELS_MAX = 32;

/** What is wrong with the text of a template, or `undefined`. */
export function templateFault(text: string): string | undefined {
  const levels = text.split('/');
  const names = levels.flatMap((level) => NAMED.exec(level)?.[1] ?? []);
  if (text === '' || levels.length > LEVELS_MAX) return `expected 1 to ${LEVELS_MAX} levels`;
  if (levels.slice(0, -1).includes('#')) return 'expected # as the last level only';
  if (new Set(names).size < names.length) return 'expected each name once';
  const odd = levels.find(
    (level) => level.length > 1 && /[+#{}]/u.test(level) && !NAMED.test(level),
  );
  return odd === undefined ? undefined : 'expected +, # or {name} as a whole level';
}

export function topicTemplate(text: string): TopicTemplate {
  const levels = text.split('/');
  const isOpen = levels.at(-1) === '#';
  if (isOpen) levels.pop();
  const steps = levels.map((level) => ({ level, name: NAMED.exec(level)?.[1] }));
  return {
    text,
    match: (topic) => {
      const found = topic.split('/', LEVELS_MAX + 1);
      // `a/#` is `a` too (section 4.7.1.2).
      if (found.length < steps.length || (!isOpen && found.length > steps.length)) return undefined;
      const names: Record<string, string> = {};
      for (const [i, { level, name }] of steps.entries()) {
        const value = found[i] ?? '';
        if (name !== undefined) names[name] = value;
        else if (level !== '+' && level !== value) return undefined;
      }
      return names;
    },
  };
}
