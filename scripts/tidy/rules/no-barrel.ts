import { posix } from 'node:path';

import type { Rule } from '../rule.ts';

/** Whoever needs something imports the file that makes it. */
export const noBarrel: Rule = (files) =>
  files
    .filter(
      ({ path, onlyReExports }) => onlyReExports || /^index\.\w+$/u.test(posix.basename(path)),
    )
    .map(({ path }) => ({
      path,
      line: 1,
      message: 'a barrel: import what it passes on where it is made',
    }));
