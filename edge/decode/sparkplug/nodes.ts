/**
 * The edge nodes that are known, bounded: who has been silent longest is forgotten first, and is asked for its birth when
 * it speaks again. Nothing of it is on disk: after a restart every node is asked.
 */
import { Limit } from './rebirth.ts';
import { Sequence } from './sequence.ts';
import { Session, type SessionLimits } from './session.ts';

export type NodesLimits = SessionLimits & {
  readonly nodesMax: number;
  /** Of all nodes together. */
  readonly entriesMax: number;
  readonly charactersMax: number;
  /** How long a gap in the sequence may be a change of order. */
  readonly reorderMs: number;
  /** A node is asked for its birth once in this time. */
  readonly rebirthPeriodMs: number;
  /** All nodes together are asked so often in `rebirthsPeriodMs`. */
  readonly rebirthsMax: number;
  readonly rebirthsPeriodMs: number;
};

export const NODES_LIMITS: NodesLimits = {
  nodesMax: 1000,
  entriesMax: 400_000,
  charactersMax: 16_000_000,
  entriesPerNodeMax: 40_000,
  charactersPerNodeMax: 2_000_000,
  devicesPerNodeMax: 512,
  reorderMs: 2000,
  rebirthPeriodMs: 30_000,
  rebirthsMax: 200,
  rebirthsPeriodMs: 10_000,
};

type Node = { readonly session: Session; readonly rebirths: Limit };

export class Nodes {
  readonly #limits: NodesLimits;
  /** The one that spoke last is last. */
  readonly #nodes = new Map<string, Node>();
  readonly #rebirths: Limit;
  #entries = 0;
  #characters = 0;

  constructor(limits: NodesLimits) {
    this.#limits = limits;
    this.#rebirths = new Limit(limits.rebirthsMax, limits.rebirthsPeriodMs);
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** Does something with the session of a node, and keeps all of them together within their bounds. */
  with<T>(key: string, use: (session: Session) => T): T {
    const node = this.#nodes.get(key) ?? this.#create();
    this.#nodes.delete(key);
    this.#nodes.set(key, node);
    const { entries, characters } = node.session;
    const result = use(node.session);
    this.#entries += node.session.entries - entries;
    this.#characters += node.session.characters - characters;
    this.#bound();
    return result;
  }

  #create(): Node {
    const { reorderMs, rebirthPeriodMs } = this.#limits;
    return {
      session: new Session(this.#limits, new Sequence(reorderMs)),
      rebirths: new Limit(1, rebirthPeriodMs),
    };
  }

  /** Whether a node may be asked for its birth now. */
  mayAsk(key: string, nowMs: number): boolean {
    return this.#nodes.get(key)?.rebirths.take(nowMs) === true && this.#rebirths.take(nowMs);
  }

  #bound(): void {
    const { nodesMax, entriesMax, charactersMax } = this.#limits;
    for (const [key, { session }] of this.#nodes) {
      const isWithin =
        this.#nodes.size <= nodesMax &&
        this.#entries <= entriesMax &&
        this.#characters <= charactersMax;
      if (isWithin) return;
      this.#entries -= session.entries;
      this.#characters -= session.characters;
      this.#nodes.delete(key);
    }
  }
}
