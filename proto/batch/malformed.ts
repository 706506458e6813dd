import { TallyError } from '#shared/errors.ts';

/** The error of a batch that breaks the format: says which column and what was expected. */
export function malformed(column: string, expected: string): TallyError {
  return new TallyError('input', 'batch-malformed', `${column}: ${expected}`);
}

/** The error of a batch that asks for more than the limits. */
export function overLimit(column: string, limit: string): TallyError {
  return new TallyError('input', 'batch-limit', `${column}: ${limit}`);
}
