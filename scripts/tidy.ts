/**
 * The rules of the house that no other tool knows, each in its own file of `tidy/rules/`. `npm run check` runs them
 * over the project, and so do the tests.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe } from '#shared/errors.ts';

import { tallyCommands } from './tally/commands.ts';
import { tallyCommandNames } from './tally/program.ts';
import { commands, links } from './tidy/documents.ts';
import { readProject } from './tidy/project.ts';
import type { Rule, Violation } from './tidy/rule.ts';
import { contracts } from './tidy/rules/contracts.ts';
import { deadFiles } from './tidy/rules/dead-files.ts';
import { direction } from './tidy/rules/direction.ts';
import { drivers } from './tidy/rules/drivers.ts';
import { noBarrel } from './tidy/rules/no-barrel.ts';
import { noNotes } from './tidy/rules/no-notes.ts';
import { promises } from './tidy/rules/promises.ts';
import { size } from './tidy/rules/size.ts';

const RULES: readonly Rule[] = [
  size,
  drivers,
  direction,
  noBarrel,
  contracts,
  promises,
  noNotes,
  deadFiles,
];

/** Everything in the project at `root` that breaks a rule, in the order of files and lines. */
export async function tidy(root: string): Promise<Violation[]> {
  const { files, documents, npmScripts } = await readProject(root);
  const violations = [
    ...RULES.flatMap((rule) => rule(files)),
    ...links(documents, (path) => existsSync(join(root, path))),
  ];
  try {
    const known = { npmScripts, tally: await tallyCommandNames(tallyCommands) };
    violations.push(...commands(documents, known));
  } catch (error) {
    // A main that does not load must not hide what the other rules have to say.
    violations.push({ path: 'scripts/tally/commands.ts', line: 1, message: describe(error) });
  }
  return violations.toSorted((a, b) => a.path.localeCompare(b.path) || a.line - b.line);
}

/** `edge/journal/journal.ts:12: what is wrong` */
export function formatViolation({ path, line, message }: Violation): string {
  return `${path}:${line}: ${message}`;
}
