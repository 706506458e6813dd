/**
 * Reads a YAML config against a schema. A bad one is refused with file, line, field and what was expected,
 * every fault at once, before anything is touched (G9).
 */
import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { ConfigDocument, configInvalid } from './config-document.ts';
import { singleText, withIncludes, type ConfigText } from './config-includes.ts';
import { describe, TallyError } from './errors.ts';
import { isLoopback } from './loopback.ts';
import { ID_PATTERN } from './names.ts';

/** The config of a file and of those that it includes, or a `TallyError` (`config-invalid`) that lists its faults. */
export async function readConfig<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new TallyError('stop', 'config-invalid', `cannot read the config: ${describe(cause)}`, {
      cause,
    });
  }
  return configOf(await withIncludes(new ConfigDocument(text, path)), schema);
}

/** The config of a text that includes nothing. */
export function parseConfig<T>(text: string, path: string, schema: z.ZodType<T>): T {
  return configOf(singleText(new ConfigDocument(text, path)), schema);
}

function configOf<T>(text: ConfigText, schema: z.ZodType<T>): T {
  const result = schema.safeParse(text.value ?? {}, { reportInput: true, error: expectation });
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) => {
    const faultOf = (path: readonly PropertyKey[], what: string): Fault => {
      const place = text.placeOf(path);
      const field = place.path.length === 0 ? 'the config' : place.path.join('.');
      return {
        file: place.document.path,
        line: place.document.lineOf(place.path),
        text: `${field}: ${what}`,
      };
    };
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => faultOf([...issue.path, key], 'no such setting'));
    return [faultOf(issue.path, `${issue.message}${found(issue.input)}`)];
  });
  faults.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  throw configInvalid(faults.map(({ file, line, text: fault }) => `${file}:${line}: ${fault}`));
}

type Fault = { readonly file: string; readonly line: number; readonly text: string };

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
