/**
 * A second word on how far the journal had come: the file `head`, written after each commit and not fsynced, one
 * line that a person can read. SQLite cannot tell a log that lost its end from one that was never longer; this can.
 *
 * It never says more than was committed. It says exactly that after a stop in good order, and as long as the machine
 * has not lost power, because what was written outlives the process; after a power cut it may be half a minute behind.
 */
import { closeSync, constants, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

export type Witness = {
  readonly epoch: string;
  readonly headSeq: number;
  readonly bootId: string;
  /** Written at a stop in good order, and fsynced. */
  readonly isClosed: boolean;
};

const LINE_BYTES = 128;
const LINE = /^([a-z0-9-]{1,64}) (\d{1,16}) ([0-9a-f]{1,64}) (open|closed) ([0-9a-f]{8}) *\n$/u;

export function witnessPath(directory: string): string {
  return join(directory, 'head');
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

  constructor(directory: string) {
    // Not truncated: until the first write it goes on saying what it said.
    this.#file = openSync(witnessPath(directory), constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  write({ epoch, headSeq, bootId, isClosed }: Witness): void {
    const body = `${epoch} ${headSeq} ${bootId} ${isClosed ? 'closed' : 'open'}`;
    writeSync(this.#file, `${`${body} ${sumOf(body)}`.padEnd(LINE_BYTES - 1)}\n`, 0);
  }

  /** Writes for the last time. */
  close(last: Omit<Witness, 'isClosed'>): void {
    try {
      this.write({ ...last, isClosed: true });
      fsyncSync(this.#file);
    } finally {
      closeSync(this.#file);
    }
  }
}

function sumOf(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
