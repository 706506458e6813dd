/** Lists and tables that may be longer than an attribute: kept as JSON in as many as it takes, `name`, `name.2`, … */
import { ATTRIBUTE_CHARACTERS_MAX } from '../payload/fields.ts';
import type { Observation } from '../payload/observation.ts';

/** Texts, as arrays. Nothing where there is none. */
export function keepList(observation: Observation, name: string, items: readonly string[]): void {
  keepParts(observation, name, {
    open: '[',
    close: ']',
    parts: items.map((item) => JSON.stringify(item)),
  });
}

/** Names and their values, as objects. Nothing where there is none. */
export function keepEntries(
  observation: Observation,
  name: string,
  entries: readonly (readonly [string, unknown])[],
): void {
  const parts = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  keepParts(observation, name, { open: '{', close: '}', parts });
}

function keepParts(
  observation: Observation,
  name: string,
  {
    open,
    close,
    parts,
  }: { readonly open: string; readonly close: string; readonly parts: readonly string[] },
): void {
  let count = 0;
  let text = '';
  const flush = (): void => {
    if (text === '') return;
    count++;
    observation.keep(count === 1 ? name : `${name}.${count}`, `${open}${text}${close}`);
    text = '';
  };
  for (const part of parts) {
    if (text !== '' && text.length + part.length + 3 > ATTRIBUTE_CHARACTERS_MAX) flush();
    text += text === '' ? part : `,${part}`;
  }
  flush();
}
