/** One process at a time in a directory: a lock of the operating system's, gone with the process however it ends. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { TallyError } from './errors.ts';
import { makeDirectory } from './make-directory.ts';

const SQLITE_BUSY = 5;

/**
 * Locks the directory, which is made if it is not there; disposing unlocks it. Throws `directory-in-use` when
 * another process, or this one, has it locked.
 *
 * An exclusive SQLite transaction on an empty file is the one such lock that Node has: a file with a process id
 * in it outlives its process, and a process id is soon another's.
 */
export function lockDirectory(directory: string): Disposable {
  makeDirectory(directory);
  const file = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (!isBusy(error)) throw error;
    throw new TallyError(
      'stop',
      'directory-in-use',
      `the data in ${directory} is in use by another process: stop that one, or give this one a directory of its own`,
      { cause: error },
    );
  }
  return { [Symbol.dispose]: () => file.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
