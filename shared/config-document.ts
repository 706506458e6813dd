/** YAML files of a config, and where in them a setting stands. */
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';

import { describe, TallyError } from './errors.ts';

const CHARACTERS_MAX = 1024 * 1024;
const ALIASES_MAX = 100;

type Path = readonly PropertyKey[];

/** One file, parsed. */
export class ConfigDocument {
  readonly path: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  /** Throws a `TallyError` (`config-invalid`) for text that is no YAML. */
  constructor(text: string, path: string) {
    if (text.length > CHARACTERS_MAX)
      throw configInvalid([`${path}: more than ${CHARACTERS_MAX} characters`]);
    this.path = path;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      uniqueKeys: true,
      prettyErrors: false,
    });
    const { errors } = this.#document;
    if (errors.length === 0) return;
    throw configInvalid(
      errors.map(
        ({ pos, message }) =>
          `${path}:${this.#lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`,
      ),
    );
  }

  /** The document as a value; an alias that names nothing, or too much, is a fault like any other. */
  value(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: ALIASES_MAX });
    } catch (cause) {
      throw configInvalid([`${this.path}: ${describe(cause)}`]);
    }
  }

  /** Where a field stands; where its nearest parent does when it is absent. */
  lineOf(path: Path): number {
    return this.#lines.linePos(offsetOf(this.#document, path)).line;
  }
}

/** An error that lists faults, a line each. */
export function configInvalid(faults: readonly string[]): TallyError {
  return new TallyError('stop', 'config-invalid', faults.join('\n'));
}

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && item.key.value === step,
      );
      if (pair === undefined) return offset;
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (node !== null && typeof node === 'object' && 'range' in node && Array.isArray(node.range))
        offset = Number(node.range[0]);
    } else {
      return offset;
    }
  }
  return offset;
}
