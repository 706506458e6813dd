/**
 * GS1 element strings, as scanners send them and as people write them (GS1 General Specifications, sections 3 and 7.8).
 *
 * A value that breaks its format ends the reading: where the next element begins can only be guessed, most of all where
 * a separator is missing and an element of variable length has swallowed those behind it. The elements up to and with
 * the broken one are told.
 */
import { identifierAt, identifierOf, type ApplicationIdentifier } from './gs1-identifiers.ts';
import { faultOf } from './gs1-values.ts';

export type Element = { readonly ai: string; readonly value: string };

/**
 * - `ai-value`: a value breaks its format; `check-digit`: it keeps it but for the check digit.
 * - `ai-unknown`: no application identifier that is known stands where one must.
 * - `ai-repeated`: one AI says two different things.
 * - `no-elements`: the text is none of the forms that carry elements.
 */
export type ElementsError =
  | 'ai-value'
  | 'check-digit'
  | 'ai-unknown'
  | 'ai-repeated'
  | 'no-elements';

export type ElementString = {
  readonly elements: readonly Element[];
  /** The first fault. It is about the last of `elements` unless it is `ai-unknown` or `no-elements`. */
  readonly error?: ElementsError;
};

/** GS, which stands for FNC1 in what a scanner sends. */
const GS = '\u001D';
/** What scanners are set to send instead. None but the first could be part of a value, and hardly is. */
const FNC1_SUBSTITUTES: readonly string[] = ['<GS>', '{GS}', '^]', '|'];

/**
 * The elements of `text`, which has no AIM identifier in front. `fnc1` is what the scanner sends for FNC1 beside GS;
 * absent, the substitutes that scanners are known for are taken.
 */
export function parseElementString(text: string, fnc1?: string): ElementString {
  const separated = withSeparators(text, fnc1);
  return separated.trimStart().startsWith('(')
    ? parseHumanReadable(separated.trim())
    : parsePlain(separated);
}

function withSeparators(text: string, fnc1: string | undefined): string {
  if (fnc1 !== undefined) return fnc1 === '' || fnc1 === GS ? text : text.replaceAll(fnc1, GS);
  let separated = text;
  for (const substitute of FNC1_SUBSTITUTES) {
    if (separated.includes(substitute)) separated = separated.replaceAll(substitute, GS);
  }
  return separated;
}

function parsePlain(text: string): ElementString {
  const elements = new ElementList();
  let separatorAt = -1;
  for (let at = 0; at < text.length;) {
    if (text[at] === GS) {
      at++;
      continue;
    }
    const identifier = identifierAt(text, at);
    if (identifier === undefined) return elements.finish('ai-unknown');
    if (separatorAt < at) separatorAt = indexOrEnd(text, GS, at);
    const predefined = identifier.predefinedCharacters;
    const end = predefined === undefined ? separatorAt : Math.min(at + predefined, separatorAt);
    const error = elements.add(identifier, text.slice(at + identifier.ai.length, end));
    if (error !== undefined) return elements.finish(error);
    at = end;
  }
  return elements.finish();
}

function indexOrEnd(text: string, part: string, from: number): number {
  const at = text.indexOf(part, from);
  return at === -1 ? text.length : at;
}

/** `(00)106141412345678908(10)ABC`: a known AI in parentheses ends a value. Blanks group digits for the eye. */
function parseHumanReadable(text: string): ElementString {
  const elements = new ElementList();
  for (let at = 0; at < text.length;) {
    const identifier = bracketedAt(text, at);
    if (identifier === undefined) return elements.finish('ai-unknown');
    const start = at + identifier.ai.length + 2;
    at = start;
    while (at < text.length && bracketedAt(text, at) === undefined) at++;
    const error = elements.add(
      identifier,
      text.slice(start, at).replaceAll(' ', '').replaceAll(GS, ''),
    );
    if (error !== undefined) return elements.finish(error);
  }
  return elements.finish();
}

function bracketedAt(text: string, at: number): ApplicationIdentifier | undefined {
  if (text.charCodeAt(at) !== 0x28) return undefined;
  for (let end = at + 3; end <= at + 5; end++) {
    if (text.charCodeAt(end) === 0x29) return identifierOf(text.slice(at + 1, end));
  }
  return undefined;
}

/** Above so many elements, they are looked up and not looked through. */
const LOOKED_THROUGH_MAX = 8;

class ElementList {
  readonly #elements: Element[] = [];
  #values: Map<string, string> | undefined;

  /** Takes an element in any case, and says what is wrong with it. */
  add(identifier: ApplicationIdentifier, value: string): ElementsError | undefined {
    const before = this.#valueOf(identifier.ai);
    this.#elements.push({ ai: identifier.ai, value });
    this.#values?.set(identifier.ai, value);
    if (before !== undefined && before !== value) return 'ai-repeated';
    return faultOf(identifier, value);
  }

  finish(error?: ElementsError): ElementString {
    if (error !== undefined) return { elements: this.#elements, error };
    if (this.#elements.length > 0) return { elements: this.#elements };
    return { elements: this.#elements, error: 'no-elements' };
  }

  #valueOf(ai: string): string | undefined {
    if (this.#elements.length < LOOKED_THROUGH_MAX) {
      for (const element of this.#elements) if (element.ai === ai) return element.value;
      return undefined;
    }
    this.#values ??= new Map(this.#elements.map(({ ai, value }) => [ai, value]));
    return this.#values.get(ai);
  }
}
