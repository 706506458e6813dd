/**
 * GS1 Digital Link URIs (GS1 Digital Link Standard: URI Syntax, release 1.4): a web address of any domain whose path ends
 * in a primary key and its qualifiers, and whose query has further elements.
 *
 * The compressed form, which needs the standard's own tables, is not a link for this file; neither is an address without a
 * primary key.
 */
import type { Element, ElementsError, ElementString } from './gs1-elements.ts';
import { identifierOf } from './gs1-identifiers.ts';
import { elementsOfKey, type Key } from './gs1-keys.ts';
import { faultOf } from './gs1-values.ts';
import { gtin14Of } from './gtin.ts';

const NO_LINK: ElementString = { elements: [], error: 'no-elements' };

/** What may stand behind a primary key in the path. */
const QUALIFIERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['00', []],
  ['01', ['22', '10', '21', '235']],
  ['253', []],
  ['255', []],
  ['401', []],
  ['402', []],
  ['414', ['254', '7040']],
  ['415', ['8020']],
  ['417', ['7040']],
  ['8003', []],
  ['8004', ['7040']],
  ['8006', ['22', '10', '21']],
  ['8010', ['8011']],
  ['8013', []],
  ['8017', ['8019']],
  ['8018', ['8019']],
]);

/** The words that release 1.0 had for AIs, and that links printed then still have. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['sscc', '00'],
  ['gtin', '01'],
  ['cpv', '22'],
  ['lot', '10'],
  ['ser', '21'],
  ['gdti', '253'],
  ['gcn', '255'],
  ['ginc', '401'],
  ['gsin', '402'],
  ['gln', '414'],
  ['glnx', '254'],
  ['party', '417'],
  ['grai', '8003'],
  ['giai', '8004'],
  ['itip', '8006'],
  ['cpid', '8010'],
  ['cpsn', '8011'],
  ['gmn', '8013'],
  ['gsrnp', '8017'],
  ['gsrn', '8018'],
  ['srin', '8019'],
]);

/** A key and as many qualifiers as any may have. */
const PATH_PAIRS_MAX = 5;
const QUERY_ELEMENTS_MAX = 64;

/** Whether `text` is a web address: whether it is a link of GS1 only its path tells. */
export function isWebAddress(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first === 0x68 || first === 0x48) && /^https?:\/\//iu.test(text.slice(0, 8));
}

/** The elements of a link, those of the path first; `no-elements` when it is none. */
export function parseDigitalLink(uri: string): ElementString {
  if (!isWebAddress(uri)) return NO_LINK;
  const fragmentAt = uri.indexOf('#');
  const address = fragmentAt === -1 ? uri : uri.slice(0, fragmentAt);
  const queryAt = address.indexOf('?');
  const path = queryAt === -1 ? address : address.slice(0, queryAt);
  const fromPath = pathPairs(path);
  if (fromPath === undefined) return NO_LINK;
  const fromQuery = queryAt === -1 ? [] : queryPairs(address.slice(queryAt + 1));
  return checked([...fromPath, ...fromQuery]);
}

type Pair = readonly [ai: string, encoded: string];

/** The last segments that are a primary key and qualifiers of it: a stem in front may have any form, numbers too. */
function pathPairs(path: string): readonly Pair[] | undefined {
  const domainAt = path.indexOf('//') + 2;
  let end = path.endsWith('/') ? path.length - 1 : path.length;
  const pairs: Pair[] = [];
  while (pairs.length < PATH_PAIRS_MAX) {
    const valueAt = path.lastIndexOf('/', end - 1) + 1;
    const nameAt = path.lastIndexOf('/', valueAt - 2) + 1;
    if (nameAt <= domainAt || valueAt > end) return undefined;
    const ai = aiOf(path.slice(nameAt, valueAt - 1));
    pairs.push([ai, path.slice(valueAt, end)]);
    const qualifiers = QUALIFIERS.get(ai);
    if (qualifiers !== undefined) return inOrder(pairs, qualifiers);
    end = nameAt - 1;
  }
  return undefined;
}

function aiOf(name: string): string {
  return name.charCodeAt(0) < 0x3a ? name : (WORDS.get(name.toLowerCase()) ?? name);
}

/** The pairs as they stand in the path, when all behind the key are qualifiers of it. */
function inOrder(
  backwards: readonly Pair[],
  qualifiers: readonly string[],
): readonly Pair[] | undefined {
  const areQualifiers = backwards.slice(0, -1).every(([ai]) => qualifiers.includes(ai));
  return areQualifiers ? backwards.toReversed() : undefined;
}

/** What a query says that is no element (`linkType`, a shop's own) is not of the thing. */
function queryPairs(query: string): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < query.length && pairs.length < QUERY_ELEMENTS_MAX;) {
    let end = at;
    while (end < query.length && query[end] !== '&' && query[end] !== ';') end++;
    const pair = query.slice(at, end);
    const equals = pair.indexOf('=');
    const ai = pair.slice(0, Math.max(equals, 0));
    if (identifierOf(ai) !== undefined) pairs.push([ai, pair.slice(equals + 1)]);
    at = end + 1;
  }
  return pairs;
}

function checked(pairs: readonly Pair[]): ElementString {
  const elements: Element[] = [];
  for (const [ai, encoded] of pairs) {
    const decoded = decodedOf(encoded);
    const value = ai === '01' ? (gtin14Of(decoded ?? '') ?? decoded) : decoded;
    elements.push({ ai, value: value ?? encoded });
    const error = errorOf(elements, value);
    // `/2026/01/15` is a day of somebody's news, and not a trade item.
    if (error === 'ai-value' && elements.length === 1) return NO_LINK;
    if (error !== undefined) return { elements, error };
  }
  return { elements };
}

function errorOf(
  elements: readonly Element[],
  value: string | undefined,
): ElementsError | undefined {
  const ai = elements.at(-1)?.ai ?? '';
  const identifier = identifierOf(ai);
  if (identifier === undefined) return 'ai-unknown';
  if (value === undefined) return 'ai-value';
  const before = elements.find((element) => element.ai === ai)?.value;
  return before === value ? faultOf(identifier, value) : 'ai-repeated';
}

function decodedOf(encoded: string): string | undefined {
  if (!encoded.includes('%')) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    // A `%` that begins no byte, or bytes that are no UTF-8.
    return undefined;
  }
}

/**
 * The canonical link of a key and of other elements of the same thing: of GS1's own domain, qualifiers in the order that
 * the standard has, everything else in the query in the order given.
 */
export function digitalLinkOf(key: Key, others: readonly Element[] = []): string {
  const [own, ...serials] = elementsOfKey(key);
  if (own === undefined) return '';
  const order = QUALIFIERS.get(own.ai) ?? [];
  const rest = [...serials, ...others.filter(({ ai }) => ai !== own.ai)];
  const inPath = order.flatMap((ai) => rest.filter((element) => element.ai === ai).slice(0, 1));
  const inQuery = rest.filter(({ ai }) => !order.includes(ai));
  const path = [own, ...inPath].map(({ ai, value }) => `/${ai}/${encoded(value)}`).join('');
  const query = inQuery.map(({ ai, value }) => `${ai}=${encoded(value)}`).join('&');
  return `https://id.gs1.org${path}${query === '' ? '' : `?${query}`}`;
}

/** All but the characters that RFC 3986 leaves unreserved. */
function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
