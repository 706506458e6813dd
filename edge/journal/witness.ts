/**
 * A second word on how far the journal had come: the file `head`, written after each commit and not fsynced, one
 * line that a person can read. SQLite cannot tell a log that lost its end from one that was never longer; this can.
 *
 * It never says more than was committed. It says all that was acknowledged after a stop in good order, and as long as the
 * machine has not lost power, because what was written outlives the process; after a power cut it may be half a minute
 * behind. Only where it says all do numbers go on: a disk that lost its last writes looks like one that never had them.
 */
import { closeSync, constants, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

export type Head = { readonly epoch: string; readonly headSeq: number; readonly bootId: string };

export type Witness = Head & {
  /** Written at a stop in good order, and fsynced. */
  readonly isClosed: boolean;
};

const LINE_BYTES = 128;
const LINE = /^([a-z0-9-]{1,64}) (\d{1,16}) ([0-9a-f]{1,64}) (open|closed) ([0-9a-f]{8}) *\n$/u;

export function witnessPath(directory: string): string {
  return join(directory, 'head');
}

/** Whether nothing was acknowledged beyond what it says; else it may be behind. `bootId` is the machine's present one. */
export function isExact(witness: Witness, bootId: string): boolean {
  return witness.isClosed || witness.bootId === bootId;
}

/** What the file says; `undefined` where it is missing or not whole. */
export function readWitness(directory: string): Witness | undefined {
  let text: string;
  try {
    text = readFileSync(witnessPath(directory), 'utf8');
  } catch {
    // Missing or unreadable is the same: it says nothing, and the journal is opened with more caution.
    return undefined;
  }
  const [, epoch = '', headSeq = '', bootId = '', state = '', sum = ''] = LINE.exec(text) ?? [];
  const body = `${epoch} ${headSeq} ${bootId} ${state}`;
  if (sum !== sumOf(body)) return undefined;
  return { epoch, headSeq: Number(headSeq), bootId, isClosed: state === 'closed' };
}

export class WitnessWriter {
  readonly #file: number;

  /** Goes on from `head`. A word that said the journal was closed is gone from the disk on return. */
  constructor(directory: string, head: Head) {
    this.#file = openSync(witnessPath(directory), constants.O_RDWR | constants.O_CREAT, 0o600);
    this.write(head);
    fsyncSync(this.#file);
  }

  write(head: Head): void {
    this.#write(head, 'open');
  }

  /** Writes for the last time, and to the disk. */
  close(head: Head): void {
    try {
      this.#write(head, 'closed');
      fsyncSync(this.#file);
    } finally {
      closeSync(this.#file);
    }
  }

  #write({ epoch, headSeq, bootId }: Head, state: 'open' | 'closed'): void {
    const body = `${epoch} ${headSeq} ${bootId} ${state}`;
    writeSync(this.#file, `${`${body} ${sumOf(body)}`.padEnd(LINE_BYTES - 1)}\n`, 0);
  }
}

function sumOf(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
