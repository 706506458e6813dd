/** What is written goes nowhere near what is read. */
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { TallyError } from '#shared/errors.ts';

/** Throws where `out`, which need not be there yet, is the journal's directory or below it, by whatever links. */
export function assertApart(journal: string, out: string): void {
  const below = relative(realOf(resolve(journal)), realOf(resolve(out)));
  const isOutside = below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below);
  if (isOutside) return;
  throw new TallyError(
    'stop',
    'not-a-journal',
    `--out ${out} is inside the journal, which is only read: name a place elsewhere`,
  );
}

/** Without links, as far as it is there. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It is not there yet, or not for us to see; then neither is what would be below it.
    return dirname(path) === path ? path : join(realOf(dirname(path)), basename(path));
  }
}
