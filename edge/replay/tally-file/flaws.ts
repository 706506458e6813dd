/** What can be wrong with a `.tally` file, and what to do about each. */
import { describe, TallyError } from '#shared/errors.ts';

const AGAIN = 'Copy it again from where it came, or export it again';
const RESUMES = 'the same command goes on where this one stopped';

export function notTally(path: string): TallyError {
  return new TallyError(
    'input',
    'tally-file-unknown',
    `${path} is not a .tally file. Give the file that \`tally replay export\` wrote`,
  );
}

export function newerFormat(path: string, format: number): TallyError {
  return new TallyError(
    'stop',
    'tally-file-newer',
    `${path} has format ${format}: it was made by a newer Tallyport. Update this one`,
  );
}

/** `where` names the frame or the part of the file; `offset` counts bytes from its start. */
export function altered(
  path: string,
  { where, offset, why }: { readonly where: string; readonly offset: number; readonly why: string },
): TallyError {
  return new TallyError(
    'input',
    'tally-file-altered',
    `${path}: ${where}, at byte ${offset}, is not as it was written: ${why}. ${AGAIN}`,
  );
}

export function cut(
  path: string,
  whole: { readonly frames: number; readonly events: number },
): TallyError {
  return new TallyError(
    'stop',
    'tally-file-cut',
    `${path} is cut: it ends before its manifest. ${whole.events} events in ${whole.frames} frames are whole in it. ` +
      `\`tally replay export\` to where it was written resumes it; if it is a copy, copy it again`,
  );
}

export function trailing(path: string, offset: number, bytes: number): TallyError {
  return new TallyError(
    'input',
    'tally-file-trailing',
    `${path}: ${bytes} bytes follow its end, at byte ${offset}. ${AGAIN}`,
  );
}

export function alreadyThere(path: string): TallyError {
  return new TallyError(
    'stop',
    'tally-file-exists',
    `${path} exists already. Send or remove it, or give another name`,
  );
}

export function foreign(path: string, why: string): TallyError {
  return new TallyError(
    'stop',
    'tally-file-foreign',
    `${path} was left by something else: ${why}. It was not touched: move it away, or give another name`,
  );
}

export function unreadable(path: string, cause: unknown): TallyError {
  const again = codeOf(cause) === 'ENOENT' ? 'Check the name' : 'Check the stick, and try again';
  return new TallyError(
    'stop',
    'tally-file-unreadable',
    `${path} cannot be read: ${describe(cause)}. ${again}`,
    { cause },
  );
}

export function needsKey(path: string, recipient: string): TallyError {
  return new TallyError(
    'stop',
    'tally-file-encrypted',
    `${path} is encrypted for the key ${recipient}. Give that private key`,
  );
}

export function wrongKey(path: string, recipient: string, given: string): TallyError {
  return new TallyError(
    'stop',
    'tally-file-encrypted',
    `${path} is encrypted for the key ${recipient}; the key given is ${given}. Give the other private key`,
  );
}

export function badSignature(path: string, why: string): TallyError {
  return new TallyError(
    'stop',
    'tally-file-signature',
    `${path} is refused: ${why}. Ask whoever made it, or give the public key of the gateway that signed it`,
  );
}

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
    return new TallyError(
      'stop',
      'disk-full',
      `the disk is full: ${path} has ${megabytes(room.written)}, ${needed}. Make room: ${RESUMES}`,
      { cause },
    );
  }
  const hint =
    code === 'EFBIG'
      ? 'The file system takes no file of this size (FAT32 ends at 4 GB): use a stick with exFAT or ext4'
      : `If the stick was pulled, plug it in: ${RESUMES}`;
  return new TallyError(
    'stop',
    'tally-file-write',
    `${path} cannot be written: ${describe(cause)}. ${hint}`,
    { cause },
  );
}

function megabytes(bytes: number): string {
  return `${(Math.ceil(bytes / 1e5) / 10).toFixed(1)} MB`;
}

/** `ENOSPC` of what the system threw. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
