/** The last message of each topic that was published to be kept, for those who subscribe later (MQTT 3.1.1, 3.3.1.3). */
import type { DeliveryLimits } from './limits.ts';
import { bytesOf, type Publication } from './publication.ts';

type Node = {
  readonly children: Map<string, Node>;
  kept: Kept | undefined;
};

type Kept = { readonly publication: Publication; readonly owner: string };

export type RetainedLimits = Pick<
  DeliveryLimits,
  'retainedMax' | 'retainedBytesMax' | 'retainedPerClientMax'
>;

const SEPARATOR = '/';
const ONE_LEVEL = '+';
const ALL_LEVELS = '#';

export class RetainedMessages {
  readonly #limits: RetainedLimits;
  readonly #root: Node = newNode();
  readonly #countOf = new Map<string, number>();
  #count = 0;
  #bytes = 0;

  constructor(limits: RetainedLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Keeps a message in place of the last one of its topic (MQTT-3.3.1-5); one without a payload only removes that
   * one (MQTT-3.3.1-10, MQTT-3.3.1-11). Where there is no room, `false`, and the last one is removed: what is kept
   * is never older than what was published.
   */
  keep(publication: Publication, owner: string): boolean {
    this.#remove(publication.topic);
    if (publication.payload.length === 0) return true;
    const bytes = bytesOf(publication);
    const owned = this.#countOf.get(owner) ?? 0;
    const { retainedMax, retainedBytesMax, retainedPerClientMax } = this.#limits;
    if (this.#count >= retainedMax || this.#bytes + bytes > retainedBytesMax) return false;
    if (owned >= retainedPerClientMax) return false;
    this.#countOf.set(owner, owned + 1);
    this.#count++;
    this.#bytes += bytes;
    let node = this.#root;
    for (const level of publication.topic.split(SEPARATOR)) {
      let child = node.children.get(level);
      if (child === undefined) node.children.set(level, (child = newNode()));
      node = child;
    }
    node.kept = { publication, owner };
    return true;
  }

  get(topic: string): Publication | undefined {
    let node: Node | undefined = this.#root;
    for (const level of topic.split(SEPARATOR)) node = node?.children.get(level);
    return node?.kept?.publication;
  }

  /** All that a filter matches. One that begins with a wildcard matches no topic that begins with `$` (MQTT-4.7.2-1). */
  match(filter: string): Publication[] {
    const found: Publication[] = [];
    const levels = filter.split(SEPARATOR);
    const visit = (node: Node, depth: number): void => {
      const level = levels[depth];
      if (level === undefined) {
        if (node.kept !== undefined) found.push(node.kept.publication);
      } else if (level === ALL_LEVELS) {
        collect(node, depth === 0, found);
      } else if (level === ONE_LEVEL) {
        for (const [name, child] of node.children) {
          if (depth > 0 || !name.startsWith('$')) visit(child, depth + 1);
        }
      } else {
        const child = node.children.get(level);
        if (child !== undefined) visit(child, depth + 1);
      }
    };
    visit(this.#root, 0);
    return found;
  }

  #remove(topic: string): void {
    const path: { readonly parent: Node; readonly level: string }[] = [];
    let node = this.#root;
    for (const level of topic.split(SEPARATOR)) {
      const child = node.children.get(level);
      if (child === undefined) return;
      path.push({ parent: node, level });
      node = child;
    }
    if (node.kept === undefined) return;
    const { publication, owner } = node.kept;
    node.kept = undefined;
    this.#count--;
    this.#bytes -= bytesOf(publication);
    const owned = (this.#countOf.get(owner) ?? 1) - 1;
    if (owned === 0) this.#countOf.delete(owner);
    else this.#countOf.set(owner, owned);
    for (const { parent, level } of path.toReversed()) {
      const child = parent.children.get(level);
      if (child === undefined || child.children.size > 0 || child.kept !== undefined) return;
      parent.children.delete(level);
    }
  }
}

function newNode(): Node {
  return { children: new Map(), kept: undefined };
}

/** A node and what is below it: `scan/#` matches `scan` too (4.7.1.2). */
function collect(node: Node, isRoot: boolean, found: Publication[]): void {
  if (node.kept !== undefined) found.push(node.kept.publication);
  for (const [name, child] of node.children) {
    if (!isRoot || !name.startsWith('$')) collect(child, false, found);
  }
}
