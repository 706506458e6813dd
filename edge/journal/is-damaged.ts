import { TallyError } from '#shared/errors.ts';

/** Whether an error says that a part of the journal is not as it was written: salvage may bring it back. */
export function isDamaged(error: unknown): error is TallyError {
  return error instanceof TallyError && error.code === 'journal-damaged';
}
