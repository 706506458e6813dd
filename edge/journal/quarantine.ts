/** Where damaged files are set aside, each with a report: nothing that could hold an event is thrown away unseen. */
import {
  existsSync,
  linkSync,
  copyFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

import { makeDirectory } from '#shared/make-directory.ts';
import type { Range } from '#shared/ranges.ts';

/** What was found and what became of it; in the log and beside the file. */
export type DamageReport = {
  /** The file, by its name in the journal. */
  readonly file: string;
  /** Where it is now, below the journal's directory; absent for one that was missing. */
  readonly setAside: string | undefined;
  readonly what: string;
  readonly epoch: string | undefined;
  /** Events that were read from it. */
  readonly recovered: number;
  /** Sequence numbers that were not. */
  readonly lost: readonly Range[];
};

const FOLDER = 'quarantine';

/** A name in the quarantine that is not taken. */
export function quarantinePath(directory: string, file: string): string {
  const folder = join(directory, FOLDER);
  makeDirectory(folder);
  for (let i = 0; ; i++) {
    const path = join(folder, i === 0 ? file : `${file}.${i}`);
    if (!existsSync(path)) return path;
  }
}

/** Puts a file into the quarantine too, and leaves it where it is. Answers its place there, if there was a file. */
export function setAside(directory: string, path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const copy = quarantinePath(directory, basename(path));
  try {
    linkSync(path, copy);
  } catch {
    // A file system without links, as on many cards.
    copyFileSync(path, copy);
  }
  return join(FOLDER, basename(copy));
}

export function writeReport(directory: string, report: DamageReport, nowMs: number): void {
  const path = quarantinePath(directory, `${report.file}.report.json`);
  writeFileSync(
    path,
    `${JSON.stringify({ ...report, noticed: new Date(nowMs).toISOString() }, undefined, 2)}\n`,
  );
}

export function quarantineBytes(directory: string): number {
  return list(directory).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Removes the oldest file that is no report; whether there was one. Room for events goes before what is left of old ones. */
export function thinQuarantine(directory: string): boolean {
  const oldest = list(directory)
    .filter(({ path }) => !path.endsWith('.report.json'))
    .sort((a, b) => a.modifiedMs - b.modifiedMs)[0];
  if (oldest === undefined) return false;
  rmSync(oldest.path, { force: true });
  return true;
}

function list(directory: string): { path: string; bytes: number; modifiedMs: number }[] {
  const folder = join(directory, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? [] : [{ path, bytes: found.size, modifiedMs: found.mtimeMs }];
  });
}
