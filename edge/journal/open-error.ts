/** Why a journal could not be opened, and what to do about it. */
import { accessSync, constants } from 'node:fs';

import { TallyError } from '#shared/errors.ts';

import { isOutOfRoom } from './sqlite.ts';

const REASONS: readonly (readonly [pattern: RegExp, text: string])[] = [
  [
    /^(?:EACCES|EPERM|SQLITE_PERM|SQLITE_AUTH)/u,
    'this user may not write there. Change its owner, or run as its owner',
  ],
  [
    /^(?:EROFS|SQLITE_READONLY)/u,
    'the file system is read-only. After an error the kernel mounts a worn card so: check it, and replace it',
  ],
  [
    /^(?:ENOTDIR|EEXIST)/u,
    'something that is no directory is in the way. Name another directory as dataDir',
  ],
  [
    /^(?:EIO|SQLITE_IOERR)/u,
    'the disk has an error. Bring the events home with "tally replay", and replace it',
  ],
  [/^EMFILE|^ENFILE/u, 'too many files are open. Raise the limit (ulimit -n)'],
  [
    /^SQLITE_CANTOPEN/u,
    'its files cannot be opened: this user may not, or the file system is read-only',
  ],
];

export function openError(directory: string, error: unknown): TallyError {
  if (error instanceof TallyError) return error;
  const code = accessCode(directory) ?? codeOf(error);
  if (isOutOfRoom(error)) {
    return new TallyError(
      'stop',
      'journal-full',
      `${directory}: the disk has no room to open the journal. Free some`,
      {
        cause: error,
      },
    );
  }
  const reason = REASONS.find(([pattern]) => pattern.test(code))?.[1];
  return new TallyError(
    'stop',
    'journal-unusable',
    `${directory}: ${reason ?? 'the journal cannot be opened'}`,
    {
      cause: error,
    },
  );
}

/** Why nothing can be written there at all: SQLite says no more than that the disk has an error. */
function accessCode(directory: string): string | undefined {
  try {
    accessSync(directory, constants.W_OK);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    return code === 'EROFS' || code === 'EACCES' ? code : undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
