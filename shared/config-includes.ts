/**
 * A config in several files: `include: [devices/*.yaml]` names others, whose lists are added to the ones of the file that
 * names them. A list of devices can so be a file of its own, made by another program.
 */
import { glob, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';

import { ConfigDocument, configInvalid } from './config-document.ts';
import { describe } from './errors.ts';

const FILES_MAX = 256;

type Settings = Record<string, unknown>;
type Place = { readonly document: ConfigDocument; readonly path: readonly PropertyKey[] };

/** What all files together say, and which of them said it. */
export type ConfigText = {
  readonly value: unknown;
  placeOf(path: readonly PropertyKey[]): Place;
};

/** Text that is the whole config. */
export function singleText(document: ConfigDocument): ConfigText {
  return { value: document.value(), placeOf: (path) => ({ document, path }) };
}

/** The config of `document` with what it includes. Paths are relative to the file; a pattern may name none. */
export async function withIncludes(document: ConfigDocument): Promise<ConfigText> {
  const value = document.value();
  if (!isSettings(value) || value['include'] === undefined) return singleText(document);
  const patterns = value['include'];
  if (!Array.isArray(patterns)) return singleText(document);
  const merged: Settings = { ...value };
  const places = new Map<string, Place[]>();
  for (const [name, setting] of Object.entries(value)) {
    if (Array.isArray(setting))
      places.set(
        name,
        setting.map((_, i) => ({ document, path: [name, i] })),
      );
  }
  for (const path of await filesOf(document, patterns)) await add(merged, places, path);
  return {
    value: merged,
    placeOf: ([name, index, ...rest]) => {
      const place = places.get(String(name))?.[Number(index)];
      if (place !== undefined) return { document: place.document, path: [...place.path, ...rest] };
      // A section that only files have which are included.
      const first = name === undefined || name in value ? undefined : places.get(String(name))?.[0];
      return {
        document: first?.document ?? document,
        path: [name, index, ...rest].filter((step) => step !== undefined),
      };
    },
  };
}

async function filesOf(document: ConfigDocument, patterns: readonly unknown[]): Promise<string[]> {
  const files: string[] = [];
  for (const [i, pattern] of patterns.entries()) {
    if (typeof pattern !== 'string') continue;
    const full = isAbsolute(pattern) ? pattern : join(dirname(document.path), pattern);
    const found = (await Array.fromAsync(glob(full))).toSorted();
    const isPattern = /[*?[{]/u.test(pattern);
    if (found.length === 0 && !isPattern) {
      const line = document.lineOf(['include', i]);
      throw configInvalid([`${document.path}:${line}: include.${i}: there is no file ${full}`]);
    }
    files.push(...found);
  }
  if (files.length > FILES_MAX) {
    const line = document.lineOf(['include']);
    throw configInvalid([`${document.path}:${line}: include: expected at most ${FILES_MAX} files`]);
  }
  return files;
}

async function add(merged: Settings, places: Map<string, Place[]>, path: string): Promise<void> {
  const document = new ConfigDocument(await textOf(path), path);
  const value = document.value() ?? {};
  if (!isSettings(value)) throw configInvalid([`${path}:1: expected settings`]);
  for (const [name, setting] of Object.entries(value)) {
    if (!Array.isArray(setting) || name === 'include') {
      const line = document.lineOf([name]);
      throw configInvalid([
        `${path}:${line}: ${name}: expected a list: a file that is included adds to lists only`,
      ]);
    }
    const before = merged[name] ?? [];
    if (!Array.isArray(before)) continue;
    merged[name] = [...(before as unknown[]), ...(setting as unknown[])];
    const known = places.get(name) ?? [];
    places.set(name, [...known, ...setting.map((_, i) => ({ document, path: [name, i] }))]);
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw configInvalid([`cannot read the config: ${describe(cause)}`]);
  }
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
