/** What an error of the database asks for, by its SQLSTATE (PostgreSQL's documentation, appendix A). */
import { describe, TallyError } from '#shared/errors.ts';

const RETRY_AFTER_MS = 1000;

/** Classes and codes that say "not now". */
const UNAVAILABLE = [
  '08', // connection exception
  '25006', // read-only transaction: a standby that was the primary
  '40', // transaction rollback: serialization failure, deadlock
  '53', // insufficient resources: disk, memory, connections
  '55P03', // lock not available
  '57', // operator intervention: shutdown, crash, starting up, query cancelled
  '58', // system error: input or output
];

/** Classes that only a person can mend. */
const UNUSABLE = [
  '28', // invalid authorization
  '3D', // no such database
  'XX001', // data corrupted
  'XX002', // index corrupted
];

/** The error to throw for an error with this SQLSTATE: `cause` itself where the statement is what is wrong. */
export function fromSqlState(sqlState: string, cause: unknown): unknown {
  if (UNAVAILABLE.some((prefix) => sqlState.startsWith(prefix))) return unavailable(cause);
  if (UNUSABLE.some((prefix) => sqlState.startsWith(prefix)))
    return unusable(describe(cause), cause);
  return cause;
}

export function unavailable(cause: unknown): TallyError {
  return new TallyError('retry', 'database-unavailable', 'the database is not available', {
    cause,
    retryAfterMs: RETRY_AFTER_MS,
  });
}

export function unusable(message: string, cause?: unknown): TallyError {
  return new TallyError('stop', 'database-unusable', `the database cannot be used: ${message}`, {
    cause,
  });
}
