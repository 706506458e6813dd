/** What can be wrong with a `.tally` file, and what to do about each. */
import { describe, type ErrorCode, TallyError } from '#shared/errors.ts';

const AGAIN = 'Copy it again from where it came, or export it again';
const RESUMES = 'the same command goes on where this one stopped';

export function notTally(path: string): TallyError {
  const todo = 'Give the file that `tally replay export` wrote';
  return input('tally-file-unknown', `${path} is not a .tally file. ${todo}`);
}

export function newerFormat(path: string, format: number): TallyError {
  const why = 'it was made by a newer Tallyport. Update this one';
  return stop('tally-file-newer', `${path} has format ${format}: ${why}`);
}

/** `where` names the frame or the part of the file; `offset` counts bytes from its start. */
export function altered(
  path: string,
  { where, offset, why }: { readonly where: string; readonly offset: number; readonly why: string },
): TallyError {
  const what = `${path}: ${where}, at byte ${offset}, is not as it was written: ${why}`;
  return input('tally-file-altered', `${what}. ${AGAIN}`);
}

export function cut(
  path: string,
  whole: { readonly frames: number; readonly events: number },
): TallyError {
  const what = `${whole.events} events in ${whole.frames} frames are whole in it`;
  const todo = path.endsWith('.part')
    ? `Run the same "tally replay export" again: it goes on with it`
    : 'It is a copy that was not finished: copy it again, or export again under another name';
  return stop('tally-file-cut', `${path} is cut: it ends before its manifest. ${what}. ${todo}`);
}

export function trailing(path: string, offset: number, bytes: number): TallyError {
  const what = `${bytes} bytes follow its end, at byte ${offset}`;
  return input('tally-file-trailing', `${path}: ${what}. ${AGAIN}`);
}

export function alreadyThere(path: string): TallyError {
  const todo = 'Send or remove it, or give another name';
  return stop('tally-file-exists', `${path} exists already. ${todo}`);
}

export function busy(path: string, lock: string, pid: number | undefined): TallyError {
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  const todo = `Wait for it, or stop it; if it is no export, remove ${lock}`;
  return stop('tally-file-busy', `${path} is being written by ${who}. ${todo}`);
}

export function foreign(path: string, why: string): TallyError {
  const todo = 'It was not touched: move it away, or give another name';
  return stop('tally-file-foreign', `${path} was left by something else: ${why}. ${todo}`);
}

export function unreadable(path: string, cause: unknown): TallyError {
  const todo = codeOf(cause) === 'ENOENT' ? 'Check the name' : 'Check the stick, and try again';
  const what = `${path} cannot be read: ${describe(cause)}`;
  return stop('tally-file-unreadable', `${what}. ${todo}`, cause);
}

export function needsKey(path: string, recipient: string): TallyError {
  const what = `${path} is encrypted for the key ${recipient}`;
  return stop('tally-file-encrypted', `${what}. Give that private key with --key`);
}

export function wrongKey(path: string, recipient: string, given: string): TallyError {
  const what = `${path} is encrypted for the key ${recipient}; the key given is ${given}`;
  return stop('tally-file-encrypted', `${what}. Give the other private key`);
}

export function badSignature(path: string, why: string): TallyError {
  const todo = 'Ask whoever made it, or give the public key of the gateway that signed it';
  return stop('tally-file-signature', `${path} is refused: ${why}. ${todo}`);
}

/** In bytes. */
export type Room = {
  readonly written: number;
  readonly expected?: number | undefined;
  readonly free?: number | undefined;
};

/** Why the file could not be written, in words that say whether it can go on. */
export function writeFailed(path: string, cause: unknown, room: Room = { written: 0 }): TallyError {
  const code = codeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const missing = Math.max(0, (room.expected ?? 0) - room.written - (room.free ?? 0));
    const needed =
      missing === 0 ? 'more room is needed' : `about ${megabytes(missing)} more are needed`;
    const what = `the disk is full: ${path} has ${megabytes(room.written)}, ${needed}`;
    return stop('disk-full', `${what}. Make room: ${RESUMES}`, cause);
  }
  const todo =
    code === 'EFBIG'
      ? 'The file system takes no file of this size (FAT32 ends at 4 GB): use a stick with exFAT or ext4'
      : code === 'ENOENT' || code === 'ENOTDIR'
        ? `Check that its folder is there, and the stick plugged in: ${RESUMES}`
        : code === 'EROFS' || code === 'EACCES' || code === 'EPERM'
          ? 'Its folder cannot be written to: name another'
          : `If the stick was pulled, plug it in: ${RESUMES}`;
  const what = `${path} cannot be written: ${describe(cause)}`;
  return stop('tally-file-write', `${what}. ${todo}`, cause);
}

function megabytes(bytes: number): string {
  return `${(Math.ceil(bytes / 1e5) / 10).toFixed(1)} MB`;
}

function input(code: ErrorCode, message: string): TallyError {
  return new TallyError('input', code, message);
}

function stop(code: ErrorCode, message: string, cause?: unknown): TallyError {
  return new TallyError('stop', code, message, { cause });
}

/** `ENOSPC` of what the system threw. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
