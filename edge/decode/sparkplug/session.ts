/**
 * What is known of one edge node between its birth and its death: the metrics of it and its devices by name and alias,
 * the number of its session (`bdSeq`), where its sequence stands.
 *
 * Aliases are looked up in the birth of the one who sends, node or device: they are unique in a whole edge node where it
 * keeps to the standard, and in each birth where it does not.
 */
import { unitCodeOf } from '../payload/units.ts';
import type { Metric } from './payload.ts';
import type { Sequence } from './sequence.ts';

/** What a birth says of a metric. */
export type KnownMetric = {
  readonly name: string;
  readonly datatype: number | undefined;
  /** A common code. */
  readonly unit: string | undefined;
};

/** The node or a device of it that was born, and did not die since. */
type Member = {
  readonly byName: Map<string, KnownMetric>;
  readonly byAlias: Map<bigint, KnownMetric>;
  /** Of names and units. */
  characters: number;
  /** Its birth was more than is remembered of one. */
  readonly isTooLarge: boolean;
};

export type SessionLimits = {
  /** Names and aliases of one node with its devices. A birth that goes beyond is not remembered. */
  readonly entriesPerNodeMax: number;
  readonly charactersPerNodeMax: number;
  readonly devicesPerNodeMax: number;
};

/** The node itself, among the names of its devices, which are not empty. */
const NODE = '';

export class Session {
  readonly sequence: Sequence;
  readonly #limits: SessionLimits;
  readonly #members = new Map<string, Member>();
  #bdSeq: bigint | undefined;
  /** A device was born that is one too many to remember. */
  #isFull = false;
  #entries = 0;
  #characters = 0;

  constructor(limits: SessionLimits, sequence: Sequence) {
    this.#limits = limits;
    this.sequence = sequence;
  }

  /** Names and aliases that are remembered. */
  get entries(): number {
    return this.#entries;
  }

  get characters(): number {
    return this.#characters;
  }

  /** Whether the one who sends has been born, and did not die since. */
  isBorn(device: string | undefined): boolean {
    return this.#members.has(device ?? NODE);
  }

  /** Whether to ask for its birth again would be in vain. */
  isTooLarge(device: string | undefined): boolean {
    return this.#members.get(device ?? NODE)?.isTooLarge ?? this.#isFull;
  }

  /** A birth of the node begins everything anew: its devices are born after it. */
  nodeBorn(metrics: readonly Metric[], bdSeq: bigint | undefined): void {
    this.#forgetAll();
    this.#bdSeq = bdSeq;
    this.born(undefined, metrics);
  }

  /** Remembers the metrics of a birth, of the node or of a device. */
  born(device: string | undefined, metrics: readonly Metric[]): void {
    const key = device ?? NODE;
    this.#forget(key);
    if (key !== NODE && this.#members.size > this.#limits.devicesPerNodeMax) {
      this.#isFull = true;
      return;
    }
    const member = memberOf(key, metrics);
    const isTooLarge =
      this.#entries + entriesOf(member) > this.#limits.entriesPerNodeMax ||
      this.#characters + member.characters > this.#limits.charactersPerNodeMax;
    const kept = isTooLarge ? { ...memberOf(key, []), isTooLarge } : member;
    this.#members.set(key, kept);
    this.#entries += entriesOf(kept);
    this.#characters += kept.characters;
  }

  #forget(key: string): void {
    const member = this.#members.get(key);
    if (member === undefined) return;
    this.#entries -= entriesOf(member);
    this.#characters -= member.characters;
    this.#members.delete(key);
  }

  #forgetAll(): void {
    this.#members.clear();
    this.#isFull = false;
    this.#entries = 0;
    this.#characters = 0;
  }

  /** What a metric of a message is, by its name or its alias. */
  find(device: string | undefined, { name, alias }: Metric): KnownMetric | undefined {
    const member = this.#members.get(device ?? NODE);
    if (member === undefined) return undefined;
    if (name !== undefined && name !== '') return member.byName.get(name);
    return alias === undefined ? undefined : member.byAlias.get(alias);
  }

  /** A device has gone; it sends nothing until its next birth. */
  deviceDied(device: string): void {
    this.#forget(device);
  }

  /**
   * The node has gone, and with it the devices that are returned. A death of another session, which came late, is
   * `undefined`: the node was born again meanwhile.
   */
  nodeDied(bdSeq: bigint | undefined): readonly string[] | undefined {
    const isOther = bdSeq !== undefined && this.#bdSeq !== undefined && bdSeq !== this.#bdSeq;
    if (isOther && this.isBorn(undefined)) return undefined;
    const devices = [...this.#members.keys()].filter((device) => device !== NODE);
    this.#forgetAll();
    return devices;
  }
}

/** The property that tells the unit of a metric (Sparkplug B 3.0, section 6.4.17). */
const ENGINEERING_UNIT = 'engUnit';

/** What a birth says, of all of its metrics that have a name. */
function memberOf(key: string, metrics: readonly Metric[]): Member {
  const member: Member = {
    byName: new Map(),
    byAlias: new Map(),
    characters: key.length,
    isTooLarge: false,
  };
  for (const { name, alias, datatype, properties } of metrics) {
    if (name === undefined || name === '') continue;
    const said = properties?.find((property) => property.name === ENGINEERING_UNIT)?.value;
    const unit = said?.kind === 'string' ? unitCodeOf(said.value) : undefined;
    const known: KnownMetric = { name, datatype, unit };
    member.characters += name.length;
    member.byName.set(name, known);
    if (alias !== undefined) member.byAlias.set(alias, known);
  }
  return member;
}

function entriesOf({ byName, byAlias }: Member): number {
  return byName.size + byAlias.size;
}
