/** Everything that a label of GS1 says, in whichever form it was read: element string, link, or a GTIN alone. */
import { isWebAddress, parseDigitalLink } from './digital-link.ts';
import {
  parseElementString,
  type Element,
  type ElementsError,
  type ElementString,
} from './gs1-elements.ts';
import { identifierOf } from './gs1-identifiers.ts';
import { keysOf, missingPairs, type Key } from './gs1-keys.ts';
import { meaningOf } from './gs1-values.ts';
import { gtin14Of, gtin14OfUpcE, isGtinShaped } from './gtin.ts';
import { AIM_CHARACTERS, aimSymbologyOf, isUpcE } from './symbologies.ts';

export type Gs1Label = {
  readonly valid: boolean;
  /** By the AIM identifier; null when there was none. */
  readonly symbology: string | null;
  /** In their order; with an error, those up to and with the one that has it. */
  readonly elements: readonly Element[];
  /** Of the elements that have no fault. */
  readonly keys: readonly Key[];
  /** What the elements say beside the keys, by name (`gs1-identifiers.ts`). */
  readonly meanings: Readonly<Record<string, string>>;
  /** What should be on the label with the rest and is not. */
  readonly warnings: readonly string[];
  readonly digitalLink: boolean;
  readonly error?: ElementsError;
  /** The element that has the error, if one has. */
  readonly ai?: string;
  readonly value?: string;
};

/** Reads what a scanner sent, AIM identifier and all. `fnc1`: see `parseElementString`. */
export function readGs1Label(data: string, options: { readonly fnc1?: string } = {}): Gs1Label {
  const symbology = aimSymbologyOf(data);
  const text = symbology === undefined ? data : data.slice(AIM_CHARACTERS);
  const digitalLink = isWebAddress(text);
  const isGtin = symbology?.carries === 'gtin';
  const parsed = isGtin ? gtinElements(text.trim(), isUpcE(data)) : parse(text, options.fnc1);
  return labelOf(parsed, symbology?.name ?? null, digitalLink);
}

function parse(text: string, fnc1: string | undefined): ElementString {
  return isWebAddress(text) ? parseDigitalLink(text) : parseElementString(text, fnc1);
}

/** A bar code that is a GTIN and nothing else, as the element that it stands for. */
function gtinElements(text: string, mayBeUpcE: boolean): ElementString {
  const gtin = (mayBeUpcE ? gtin14OfUpcE(text) : undefined) ?? gtin14Of(text);
  if (gtin !== undefined) return { elements: [{ ai: '01', value: gtin }] };
  const error = isGtinShaped(text) ? 'check-digit' : 'ai-value';
  return { elements: [{ ai: '01', value: text }], error };
}

function labelOf(parsed: ElementString, symbology: string | null, digitalLink: boolean): Gs1Label {
  const { elements, error } = parsed;
  const isAboutLast = error !== undefined && error !== 'ai-unknown' && error !== 'no-elements';
  const good = isAboutLast ? elements.slice(0, -1) : elements;
  const last = isAboutLast ? elements.at(-1) : undefined;
  return {
    valid: error === undefined,
    symbology,
    elements,
    keys: keysOf(good),
    meanings: meaningsOf(good),
    warnings: missingPairs(elements),
    digitalLink,
    ...(error !== undefined && { error }),
    ...last,
  };
}

/** Of a label with hundreds of elements, the first ones. */
const MEANINGS_MAX = 24;

/** What elements without a fault say, by `start` and their name. */
export function meaningsOf(elements: readonly Element[], start = ''): Record<string, string> {
  const meanings: Record<string, string> = {};
  for (const { ai, value } of elements.slice(0, MEANINGS_MAX)) {
    const identifier = identifierOf(ai);
    if (identifier === undefined) continue;
    if (ai === '421') {
      meanings[`${start}shipToCountry`] = value.slice(0, 3);
      meanings[`${start}shipToPostalCode`] = value.slice(3);
    } else {
      meanings[start + identifier.name] = meaningOf(identifier, value);
    }
  }
  return meanings;
}
