/** One writer to a `.part` at a time: a second would write between the lines of the first. */
import { readFileSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';

import { readBoot } from '../../clock/clock.ts';
import { busy, codeOf } from './flaws.ts';

/**
 * Holds the file `<path>.lock` until it is disposed of. A lock whose process is gone, or of another machine or boot, counts
 * for nothing: a stick is carried about, and a writer may have been killed. Rejects with `tally-file-busy`, or with the
 * system's errors as they are.
 */
export async function lockPart(path: string): Promise<AsyncDisposable> {
  const lock = `${path}.lock`;
  const { bootId } = await readBoot();
  for (let isSecond = false; ; isSecond = true) {
    try {
      await using handle = await open(lock, 'wx', 0o600);
      await handle.writeFile(`${process.pid} ${bootId}\n`);
      return {
        [Symbol.asyncDispose]: () => rm(lock, { force: true }),
      };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      const holder = holderOf(lock, bootId);
      if (holder !== undefined || isSecond) throw busy(path, lock, holder);
      rmSync(lock, { force: true });
    }
  }
}

/** The process that holds a lock; `undefined` where nobody does any more. */
function holderOf(lock: string, bootId: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(lock, 'utf8');
  } catch {
    // Let go meanwhile, or not to be read: whoever makes it anew finds out.
    return undefined;
  }
  const [pid = '', boot] = text.trim().split(' ');
  if (!/^\d{1,10}$/u.test(pid) || boot !== bootId) return undefined;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return undefined;
  }
  return Number(pid);
}
