/**
 * Reads a YAML config against a schema. A bad one is refused with file, line, field and what was expected,
 * every fault at once, before anything is touched (G9).
 */
import { readFile } from 'node:fs/promises';

import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';

import { describe, TallyError } from './errors.ts';
import { isLoopback } from './loopback.ts';
import { ID_PATTERN } from './names.ts';

const CONFIG_BYTES_MAX = 1024 * 1024;

/** The config of a file, or a `TallyError` (`config-invalid`) that lists its faults, a line each. */
export async function readConfig<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new TallyError('stop', 'config-invalid', `cannot read the config: ${describe(cause)}`, {
      cause,
    });
  }
  return parseConfig(text, path, schema);
}

export function parseConfig<T>(text: string, path: string, schema: z.ZodType<T>): T {
  if (text.length > CONFIG_BYTES_MAX)
    throw invalid([`${path}: more than ${CONFIG_BYTES_MAX} characters`]);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
  });
  if (document.errors.length > 0) {
    throw invalid(
      document.errors.map(
        (error) => `${path}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`,
      ),
    );
  }
  const result = schema.safeParse(valueOf(document, path) ?? {}, {
    reportInput: true,
    error: expectation,
  });
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) => {
    const lineOf = (fieldPath: readonly PropertyKey[]): number =>
      lines.linePos(offsetOf(document, fieldPath)).line;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const fieldPath = [...issue.path, key];
        return { line: lineOf(fieldPath), text: `${fieldPath.join('.')}: no such setting` };
      });
    }
    const field = issue.path.length === 0 ? 'the config' : issue.path.join('.');
    return [{ line: lineOf(issue.path), text: `${field}: ${issue.message}${found(issue.input)}` }];
  });
  faults.sort((a, b) => a.line - b.line);
  throw invalid(faults.map(({ line, text: fault }) => `${path}:${line}: ${fault}`));
}

/** The document as a value; an alias that names nothing, or too much, is a fault like any other. */
function valueOf(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw invalid([`${path}: ${describe(cause)}`]);
  }
}

/** What a field without words of its own expects. */
function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_type' ? `expected ${article(issue.expected)}` : undefined;
}

function article(type: string): string {
  if (type === 'object') return 'settings';
  if (type === 'array') return 'a list';
  return type === 'string' ? 'text' : `a ${type}`;
}

function found(input: unknown): string {
  if (input === undefined) return ', found nothing';
  // Settings that do not go together: the message names them.
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return '';
  const text = JSON.stringify(input);
  return `, found ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

function invalid(faults: readonly string[]): TallyError {
  return new TallyError('stop', 'config-invalid', faults.join('\n'));
}

/** Where in the text a field stands; where its nearest parent does when it is absent. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
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

/** A site, gateway, device: see `names.ts`. */
export const idSchema = z.string().regex(ID_PATTERN, 'expected 1 to 64 of a-z, 0-9 and -');

/** A port to listen on; 0 takes a free one. */
export const portSchema = z
  .int('expected a port, 0 to 65535')
  .min(0, 'expected a port, 0 to 65535')
  .max(65_535, 'expected a port, 0 to 65535');

/** Default deny (G11): without authentication only this machine may connect. */
export const listenHostSchema = z
  .string()
  .refine(
    isLoopback,
    'expected 127.0.0.1, ::1 or localhost: listening elsewhere needs authentication, and none is configured',
  );

export const natsServersSchema = z
  .array(z.string().regex(/^(?:nats|tls):\/\/\S+$/u, 'expected nats://host:port'))
  .min(1, 'expected at least one nats://host:port');

const UNITS = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
} as const;
const SIZE = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|KiB|MiB|GiB)$/u;
const SIZE_EXPECTED = 'expected a size such as 512MiB or 4GiB';

/** A number of bytes, or a number with a unit (`512MiB`). */
export const bytesSchema = z
  .union([z.int().positive(), z.string().regex(SIZE, SIZE_EXPECTED)], SIZE_EXPECTED)
  .transform((value) => {
    if (typeof value === 'number') return value;
    const [, digits, unit] = SIZE.exec(value) ?? [];
    return Math.floor(Number(digits) * (UNITS[unit as keyof typeof UNITS] ?? 1));
  })
  .refine((bytes) => bytes >= 1, SIZE_EXPECTED);

export const logLevelSchema = z.enum(
  ['debug', 'info', 'warn', 'error'],
  'expected debug, info, warn or error',
);
