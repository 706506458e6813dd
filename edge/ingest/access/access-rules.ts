/**
 * What who has connected may publish and subscribe to.
 *
 * A rule is for the users and clients that it names, for all where it names none; what any rule allows is allowed,
 * and nothing else is. That is what who knows mosquitto's `acl_file` expects of its `topic` and `pattern` lines: they
 * add up, and their order does not matter. It differs in one thing: a subscription to more than is allowed is refused
 * as a whole, where mosquitto takes it and hands on a part.
 *
 * Without rules a device publishes under its own id only, as the second level of a topic (`scan/ring-1134`,
 * `scan/ring-1134/dock`), and subscribes to nothing.
 */
import { isDeepStrictEqual } from 'node:util';

import {
  coversFilter,
  matchesTopic,
  patternOf,
  type Owner,
  type TopicPattern,
} from './topic-pattern.ts';

export type AccessRule = {
  /** Names with `*` and `?`; absent: whoever it is, also those without a name. */
  readonly users?: readonly string[] | undefined;
  /** Client ids, likewise. */
  readonly clients?: readonly string[] | undefined;
  /** Patterns of topics (`topic-pattern.ts`). */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
};

/** Only under the own id. */
export const OWN_CLIENT_ID: readonly AccessRule[] = [
  { publish: ['+/%c', '+/%c/#'], subscribe: [] },
];
/** The same where a user may have any client id: it is not the id that says who it is. */
export const OWN_USER: readonly AccessRule[] = [{ publish: ['+/%u', '+/%u/#'], subscribe: [] }];
/** Wherever it likes; whoever is to subscribe is named in a rule. */
export const ANYWHERE: readonly AccessRule[] = [{ publish: ['#'], subscribe: [] }];

type CompiledRule = {
  readonly isFor: (owner: Owner) => boolean;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
};

export class AccessRules {
  readonly #rules: readonly CompiledRule[];

  constructor(rules: readonly AccessRule[]) {
    this.#rules = rules.map(({ users, clients, publish, subscribe }) => {
      const isUser = globs(users);
      const isClient = globs(clients);
      const isFor = ({ user, clientId }: Owner): boolean => isUser(user) && isClient(clientId);
      return { isFor, publish, subscribe };
    });
  }

  grantFor(owner: Owner): Grant {
    const rules = this.#rules.filter(({ isFor }) => isFor(owner));
    const patterns = (texts: readonly string[]): TopicPattern[] =>
      texts.map((text) => patternOf(text, owner)).filter((pattern) => pattern !== undefined);
    return new Grant(
      owner,
      patterns(rules.flatMap(({ publish }) => publish)),
      patterns(rules.flatMap(({ subscribe }) => subscribe)),
    );
  }
}

/** Of one connection. A device has few topics: each is looked up in the rules once. */
const REMEMBERED_MAX = 256;

/** What one connection may do. */
export class Grant {
  readonly owner: Owner;
  readonly #publish: readonly TopicPattern[];
  readonly #subscribe: readonly TopicPattern[];
  readonly #isOpen: boolean;
  #remembered: Map<string, boolean> | undefined;

  constructor(owner: Owner, publish: readonly TopicPattern[], subscribe: readonly TopicPattern[]) {
    this.owner = owner;
    this.#publish = publish;
    this.#subscribe = subscribe;
    this.#isOpen = publish.some(([first]) => first === '#');
  }

  /** Whether another one allows the same. */
  isLike(other: Grant): boolean {
    return (
      isDeepStrictEqual(this.#publish, other.#publish) &&
      isDeepStrictEqual(this.#subscribe, other.#subscribe)
    );
  }

  /** Of a topic that `isAllowedTopic`; who may publish `#` may so under a `$` too. */
  mayPublish(topic: string): boolean {
    if (this.#isOpen) return true;
    this.#remembered ??= new Map();
    const known = this.#remembered.get(topic);
    if (known !== undefined) return known;
    const may = this.#publish.some((pattern) => matchesTopic(pattern, topic));
    // All at once: to know which was used last would cost every message something.
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear();
    this.#remembered.set(topic, may);
    return may;
  }

  /** Of a filter that MQTT allows; `$share/group/filter` is what `filter` is, and nothing else with a `$` is allowed. */
  maySubscribe(filter: string): boolean {
    const shared = SHARED.exec(filter);
    const wanted = shared === null ? filter : (shared[1] ?? '');
    if (wanted.startsWith('$')) return false;
    return this.#subscribe.some((pattern) => coversFilter(pattern, wanted));
  }
}

const SHARED = /^\$share\/[^/+#]+\/(.+)$/u;

/** Whoever, where there are none. */
function globs(texts: readonly string[] | undefined): (name: string | undefined) => boolean {
  if (texts === undefined) return () => true;
  const expressions = texts.map(globExpression);
  return (name) => name !== undefined && expressions.some((expression) => expression.test(name));
}

/** `*` is any text, `?` one character. */
function globExpression(glob: string): RegExp {
  // Many * in a row would be tried in all ways.
  const source = glob
    .replaceAll(/\*+/gu, '*')
    .replaceAll(/[\\^$.|+()[\]{}]/gu, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su');
}
