/**
 * The keys of GS1: the elements that name one thing, and the text that they are one identity by.
 *
 * An SSCC is its 18 digits, as `parcel-id.ts` has it. Any other key is the element string with parentheses that names the
 * thing and nothing else, `(01)09506000134352(21)12345`: it is exact without knowing how long the company prefix is, which
 * an EPC URI would need; the parentheses, which no other number has, keep it apart from carriers' numbers; and people
 * read it off the label as it is.
 */
import type { Element } from './gs1-elements.ts';
import { identifierOf } from './gs1-identifiers.ts';

export type KeyType =
  | 'sscc'
  | 'gtin'
  | 'sgtin'
  | 'itip'
  | 'grai'
  | 'giai'
  | 'gdti'
  | 'gcn'
  | 'ginc'
  | 'gsin'
  | 'gln'
  | 'cpid'
  | 'gmn'
  | 'gsrn'
  | 'gsrnp';

export type Key = {
  readonly type: KeyType;
  /** The value of the AI. */
  readonly value: string;
  /** What tells one of many with the same value: a serial number, or the extension of a GLN. */
  readonly serial?: string;
};

type KeyRow = {
  readonly ai: string;
  readonly type: KeyType;
  /** The AI of the serial, and what the key is called with one. */
  readonly serialAi?: string;
  readonly serialType?: KeyType;
};

/** The first that a label has is what it identifies: what is moved as one goes before what it is made of. */
const ROWS: readonly KeyRow[] = [
  { ai: '00', type: 'sscc' },
  { ai: '8003', type: 'grai' },
  { ai: '8004', type: 'giai' },
  { ai: '8006', type: 'itip', serialAi: '21' },
  { ai: '01', type: 'gtin', serialAi: '21', serialType: 'sgtin' },
  { ai: '8010', type: 'cpid', serialAi: '8011' },
  { ai: '253', type: 'gdti' },
  { ai: '255', type: 'gcn' },
  { ai: '8018', type: 'gsrn' },
  { ai: '8017', type: 'gsrnp' },
  { ai: '8013', type: 'gmn' },
  { ai: '402', type: 'gsin' },
  { ai: '401', type: 'ginc' },
  { ai: '414', type: 'gln', serialAi: '254' },
];

const ROW_BY_AI = new Map(ROWS.map((row) => [row.ai, row]));
const ROW_BY_TYPE = new Map(
  ROWS.flatMap((row): [KeyType, KeyRow][] => [
    [row.type, row],
    ...(row.serialType === undefined ? [] : [[row.serialType, row] satisfies [KeyType, KeyRow]]),
  ]),
);

/** The keys among `elements`, in their order. */
export function keysOf(elements: readonly Element[]): readonly Key[] {
  const keys: Key[] = [];
  for (const { ai, value } of elements) {
    const row = ROW_BY_AI.get(ai);
    if (row !== undefined) keys.push(keyOf(row, value, elements));
  }
  return keys;
}

function keyOf(row: KeyRow, value: string, elements: readonly Element[]): Key {
  const serial =
    row.serialAi === undefined ? undefined : elements.find(({ ai }) => ai === row.serialAi)?.value;
  return serial === undefined
    ? { type: row.type, value }
    : { type: row.serialType ?? row.type, value, serial };
}

/** The one of `keys` that the label is there for; undefined when there is none. */
export function mainKeyOf(keys: readonly Key[]): Key | undefined {
  if (keys.length < 2) return keys[0];
  for (const row of ROWS) {
    const found = keys.find(({ type }) => type === row.type || type === row.serialType);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The elements that a key is made of. */
export function elementsOfKey({ type, value, serial }: Key): readonly Element[] {
  const row = ROW_BY_TYPE.get(type);
  const own = { ai: row?.ai ?? '', value };
  return serial === undefined ? [own] : [own, { ai: row?.serialAi ?? '', value: serial }];
}

/** `(01)09506000134352(21)12345`. */
export function bracketed(elements: readonly Element[]): string {
  return elements.map(({ ai, value }) => `(${ai})${value}`).join('');
}

/** The identity of what a key names. */
export function parcelIdOfKey({ type, value, serial }: Key): string {
  if (type === 'sscc') return value;
  const row = ROW_BY_TYPE.get(type);
  const own = `(${row?.ai})${value}`;
  return serial === undefined ? own : `${own}(${row?.serialAi})${serial}`;
}

/** What a label must have beside what it has, one sentence each: a label that lacks it was still read as it is. */
export function missingPairs(elements: readonly Element[]): readonly string[] {
  const there = new Set(elements.map(({ ai }) => ai));
  return elements.flatMap(({ ai }) => {
    const required = identifierOf(ai)?.required ?? [];
    if (required.length === 0 || required.some((all) => all.every((one) => there.has(one)))) {
      return [];
    }
    return [`${ai} needs ${required.map((all) => all.join('+')).join(' or ')}`];
  });
}
