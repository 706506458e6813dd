/**
 * Who subscribed to what, as a tree of levels: `scan/+/a` is three nodes deep. A match visits a node at most once,
 * so it costs no more than there are nodes, and for filters as people write them a few per level.
 */
import type { Qos } from './publication.ts';

type Node<S> = {
  readonly children: Map<string, Node<S>>;
  readonly subscribers: Map<S, Qos>;
};

const SEPARATOR = '/';
const ONE_LEVEL = '+';
const ALL_LEVELS = '#';

export class SubscriptionTree<S> {
  readonly #root: Node<S> = newNode();
  #size = 0;

  /** Of all subscribers together. */
  get size(): number {
    return this.#size;
  }

  /** Adds a subscription, or changes its QoS. */
  add(filter: string, subscriber: S, qos: Qos): void {
    let node = this.#root;
    for (const level of filter.split(SEPARATOR)) {
      let child = node.children.get(level);
      if (child === undefined) node.children.set(level, (child = newNode()));
      node = child;
    }
    if (!node.subscribers.has(subscriber)) this.#size++;
    node.subscribers.set(subscriber, qos);
  }

  /** Forgets a subscription, and the levels that nobody needs any more. */
  remove(filter: string, subscriber: S): void {
    const path: { readonly parent: Node<S>; readonly level: string }[] = [];
    let node = this.#root;
    for (const level of filter.split(SEPARATOR)) {
      const child = node.children.get(level);
      if (child === undefined) return;
      path.push({ parent: node, level });
      node = child;
    }
    if (!node.subscribers.delete(subscriber)) return;
    this.#size--;
    for (const { parent, level } of path.toReversed()) {
      const child = parent.children.get(level);
      if (child === undefined || child.children.size > 0 || child.subscribers.size > 0) return;
      parent.children.delete(level);
    }
  }

  /**
   * The subscribers of a topic, each once, with the highest QoS of its filters that match (MQTT-3.3.5-1). A filter
   * that begins with a wildcard does not match a topic that begins with `$` (MQTT-4.7.2-1).
   */
  match(topic: string): Map<S, Qos> {
    const found = new Map<S, Qos>();
    if (this.#size === 0) return found;
    const levels = topic.split(SEPARATOR);
    const visit = (node: Node<S>, depth: number): void => {
      const mayBeWild = depth > 0 || !topic.startsWith('$');
      // `scan/#` matches `scan` too (4.7.1.2).
      const all = mayBeWild ? node.children.get(ALL_LEVELS) : undefined;
      if (all !== undefined) collect(all.subscribers, found);
      const level = levels[depth];
      if (level === undefined) {
        collect(node.subscribers, found);
        return;
      }
      const exact = node.children.get(level);
      if (exact !== undefined) visit(exact, depth + 1);
      const one = mayBeWild ? node.children.get(ONE_LEVEL) : undefined;
      if (one !== undefined) visit(one, depth + 1);
    };
    visit(this.#root, 0);
    return found;
  }
}

function newNode<S>(): Node<S> {
  return { children: new Map(), subscribers: new Map() };
}

function collect<S>(subscribers: ReadonlyMap<S, Qos>, found: Map<S, Qos>): void {
  for (const [subscriber, qos] of subscribers) {
    const known = found.get(subscriber);
    if (known === undefined || qos > known) found.set(subscriber, qos);
  }
}
