/** What the recorder wrote, read back: see `recorder.c` for what a record says. */
import { relative } from 'node:path';

/** One call that took effect. Paths are relative to the recorded directory, which is the empty path itself. */
export type Operation =
  | {
      readonly kind: 'open';
      readonly fd: number;
      readonly path: string;
      readonly mayCreate: boolean;
      readonly truncates: boolean;
    }
  | { readonly kind: 'close'; readonly fd: number }
  | {
      readonly kind: 'write';
      readonly fd: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'truncate' | 'grow'; readonly fd: number; readonly size: number }
  /** Covers the operations whose index is below `covers`: it began there. */
  | { readonly kind: 'sync'; readonly fd: number; readonly covers: number }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'unlink' | 'mkdir' | 'rmdir'; readonly path: string }
  | { readonly kind: 'said'; readonly text: string };

const HEADER_BYTES = 24;
const MAY_CREATE = 1;
const TRUNCATES = 2;

/** The operations in the order in which they took effect. `directory` is the one that was recorded. */
export function parseRecording(log: Buffer, directory: string): Operation[] {
  const operations: Operation[] = [];
  for (let at = 0; at < log.length;) {
    const length = Number(log.readBigUInt64LE(at + 16));
    const end = at + HEADER_BYTES + length;
    const record = {
      kind: log.readUInt32LE(at),
      fd: log.readInt32LE(at + 4),
      number: Number(log.readBigUInt64LE(at + 8)),
      bytes: log.subarray(at + HEADER_BYTES, end),
    };
    operations.push(operationOf(record, directory));
    at = end;
  }
  return operations;
}

type RawRecord = {
  readonly kind: number;
  readonly fd: number;
  readonly number: number;
  readonly bytes: Buffer;
};

/** The kinds as `recorder.c` numbers them, from 1. */
const KINDS = [
  'open',
  'close',
  'write',
  'truncate',
  'grow',
  'sync',
  'rename',
  'unlink',
  'mkdir',
  'rmdir',
  'said',
] as const;

function operationOf({ kind: code, fd, number, bytes }: RawRecord, directory: string): Operation {
  const kind = KINDS[code - 1];
  const [path = '', to = ''] =
    kind === 'write' || kind === 'said'
      ? []
      : bytes
          .toString()
          .split('\0')
          .map((full) => relative(directory, full));
  switch (kind) {
    case 'open':
      return {
        kind,
        fd,
        path,
        mayCreate: (number & MAY_CREATE) !== 0,
        truncates: (number & TRUNCATES) !== 0,
      };
    case 'close':
      return { kind, fd };
    case 'write':
      return { kind, fd, offset: number, bytes };
    case 'truncate':
    case 'grow':
      return { kind, fd, size: number };
    case 'sync':
      return { kind, fd, covers: number };
    case 'rename':
      return { kind, path, to };
    case 'unlink':
    case 'mkdir':
    case 'rmdir':
      return { kind, path };
    case 'said':
      return { kind, text: bytes.toString() };
    default:
      throw new RangeError(`a recording with a record of kind ${code}`);
  }
}
