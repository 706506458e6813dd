/**
 * The few kinds of error, each answering the question "what now?":
 * - `input`: what came in is wrong. Count it, keep it aside, go on.
 * - `retry`: the world is not ready. Try again, not before `retryAfterMs`.
 * - `stop`: only a person can mend it. Say what and how, and end with an exit code.
 *
 * Programmer faults are `AssertionError` (`assert.ts`) and are never caught.
 * Match on `code`, never on the message.
 */
export type ErrorKind = 'input' | 'retry' | 'stop';

export type ErrorCode =
  | 'batch-malformed'
  | 'batch-limit'
  | 'broker-unavailable'
  | 'certificate-unusable'
  | 'clock-wrong'
  | 'cloud-silent'
  | 'config-invalid'
  | 'config-needs-restart'
  | 'directory-in-use'
  | 'disk-full'
  | 'database-unavailable'
  | 'database-unusable'
  | 'interrupted'
  | 'journal-damaged'
  | 'journal-full'
  | 'journal-in-use'
  | 'journal-unusable'
  | 'journal-write'
  | 'key-unusable'
  | 'listen-refused'
  | 'not-a-journal'
  | 'port-in-use'
  | 'schema-mismatch'
  | 'secret-unusable'
  | 'server-not-found'
  | 'server-too-old'
  | 'status-unavailable'
  | 'stream-mismatch'
  | 'stream-unavailable'
  | 'tally-file-altered'
  | 'tally-file-busy'
  | 'tally-file-cut'
  | 'tally-file-encrypted'
  | 'tally-file-exists'
  | 'tally-file-foreign'
  | 'tally-file-newer'
  | 'tally-file-signature'
  | 'tally-file-trailing'
  | 'tally-file-unknown'
  | 'tally-file-unreadable'
  | 'tally-file-write'
  | 'users-unusable';

export class TallyError extends Error {
  override readonly name = 'TallyError';
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ErrorKind,
    code: ErrorCode,
    message: string,
    options?: { readonly cause?: unknown; readonly retryAfterMs?: number },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** The message of anything thrown, with its causes, on one line. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}
