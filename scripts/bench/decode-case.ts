/** What the benchmark of decode has of one format. */
import type { Format } from '../../edge/decode/decode.ts';

export type DecodeCase = {
  readonly name: string;
  readonly format: Format;
  readonly topic: string;
  /** Messages, so that no two in a row are the same: bytes, or values as JSON. */
  readonly payloads: readonly unknown[];
};

const MESSAGES = 100;

export const START_MS = Date.UTC(2026, 10, 23, 8);

export const messages = <T>(make: (i: number) => T): T[] =>
  Array.from({ length: MESSAGES }, (_, i) => make(i));

export const time = (i: number): string => new Date(START_MS + i * 7).toISOString();
