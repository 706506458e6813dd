/** What goes between the gateway and the thread that maps. */
import type { Decoded, FormatInput } from '../decode.ts';

/** The expressions, by number. */
export type MappingOptions = { readonly expressions: readonly string[] };

export type ToMapper = {
  readonly id: number;
  readonly expression: number;
  readonly input: FormatInput;
};

/** In the order of the questions. */
export type FromMapper = { readonly id: number; readonly decoded: Decoded };
