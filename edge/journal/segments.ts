/** The directory of segments, as its one writer sees it: appends at the head, unlinks behind what is applied. */
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';

import { assert, must } from '#shared/assert.ts';
import { TallyError } from '#shared/errors.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';

import type { JournalAccounts, JournalOptions } from './journal.ts';
import {
  copyBareLog,
  removeSegment,
  segmentNumber,
  segmentPath,
  SegmentReader,
  SegmentWriter,
} from './segment.ts';
import { JournalState } from './state.ts';
import { openOnReserve, refillReserve } from './reserve.ts';

/** Ten random bytes as base 32: twins of a cloned disk image aside, no two journals share an epoch. */
const EPOCH_BYTES = 10;

/** A group as it comes from the thread that acknowledges. */
export type Group = {
  readonly records: Uint8Array;
  readonly count: number;
  /** Events of the group, kept and removed. */
  readonly received: number;
  /** Events removed, by rule. */
  readonly filtered: Readonly<Record<string, number>>;
  readonly messageKeys: Float64Array;
};

type Sealed = {
  readonly number: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly bytes: number;
};

export class Segments implements Disposable {
  readonly epoch: string;
  readonly #options: JournalOptions;
  readonly #state: JournalState;
  readonly #applied: RangeSet;
  readonly #sealed: Sealed[];
  #open: SegmentWriter;
  #openBytes: number;
  #sealedBytes: number;
  #accounts: JournalAccounts;

  constructor(options: JournalOptions, nowMs: number) {
    this.#options = options;
    const { directory } = options;
    this.#state = openOnReserve(directory, () => JournalState.open(directory));
    const { sealed, open } = openOnReserve(directory, () => scan(directory));
    this.epoch = openOnReserve(directory, () => this.#identify(open, nowMs));
    this.#open =
      open ??
      openOnReserve(directory, () =>
        SegmentWriter.create(directory, firstHeader(this.epoch), nowMs),
      );
    this.#accounts = this.#open.accounts();
    this.#sealed = sealed;
    this.#sealedBytes = sealed.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#openBytes = fileBytes(options.directory, this.#open.header.number);
    this.#applied = RangeSet.of(this.#state.applied());
    // Only what was applied is ever unlinked.
    const oldest = sealed[0]?.firstSeq ?? this.#open.header.firstSeq;
    if (oldest > 1) this.#applied.add(1, oldest - 1);
    this.#unlinkApplied();
    refillReserve(directory);
  }

  get accounts(): JournalAccounts {
    return this.#accounts;
  }

  get applied(): Range[] {
    return [...this.#applied];
  }

  /** Writes a group as one commit; on disk on return (G1). Throws and changes nothing when it cannot. */
  commit(group: Group, nowMs: number): void {
    if (this.#openBytes >= this.#options.segmentBytesMax) this.#roll(nowMs);
    this.#assertRoom(group.records.length);
    const { received, filtered, headSeq } = this.#accounts;
    const accounts = {
      received: received + group.received,
      filtered: sum(filtered, group.filtered),
      headSeq: headSeq + group.count,
    };
    this.#open.append({
      firstSeq: headSeq + 1,
      count: group.count,
      received: accounts.received,
      filtered: JSON.stringify(accounts.filtered),
      messageKeys: bytesOf(group.messageKeys),
      records: group.records,
    });
    this.#accounts = accounts;
    this.#openBytes += group.records.length + group.messageKeys.byteLength + COMMIT_OVERHEAD_BYTES;
  }

  /** The keys of the messages that were settled last, about `max` of them, oldest first. */
  messageKeys(max: number): Float64Array {
    const keys: number[] = [];
    const numbers = [...this.#sealed.map(({ number }) => number), this.#open.header.number];
    for (
      let number = numbers.pop();
      number !== undefined && keys.length < max;
      number = numbers.pop()
    ) {
      using reader = SegmentReader.open(this.#options.directory, number);
      if (reader !== undefined) keys.push(...reader.messageKeys(max - keys.length));
    }
    return Float64Array.from(keys.reverse());
  }

  /** Takes what the cloud has applied and unlinks the segments that it covers. */
  setApplied(ranges: readonly Range[]): void {
    for (const [first, last] of ranges) this.#applied.add(first, last);
    // Unlinking needs no room and makes some.
    this.#unlinkApplied();
    this.#state.saveApplied(this.#applied);
    refillReserve(this.#options.directory);
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
    this.#state[Symbol.dispose]();
  }

  #assertRoom(bytes: number): void {
    const used = this.#sealedBytes + this.#openBytes;
    if (used + bytes > this.#options.bytesMax) {
      throw new TallyError(
        'retry',
        'journal-full',
        `the journal holds ${used} bytes of at most ${this.#options.bytesMax}`,
      );
    }
  }

  #roll(nowMs: number): void {
    const { header } = this.#open;
    const next = SegmentWriter.create(
      this.#options.directory,
      {
        ...this.#accounts,
        epoch: this.epoch,
        number: header.number + 1,
        firstSeq: this.#accounts.headSeq + 1,
      },
      nowMs,
    );
    this.#open.seal();
    this.#open[Symbol.dispose]();
    const bytes = fileBytes(this.#options.directory, header.number);
    this.#sealed.push({
      number: header.number,
      firstSeq: header.firstSeq,
      lastSeq: this.#accounts.headSeq,
      bytes,
    });
    this.#sealedBytes += bytes;
    this.#open = next;
    this.#openBytes = 0;
    this.#unlinkApplied();
  }

  #unlinkApplied(): void {
    // The newest sealed one stays: a restart knows from it which messages devices may send again.
    while (this.#sealed.length > 1) {
      const oldest = must(this.#sealed[0], 'the oldest of several');
      const { firstSeq, lastSeq } = oldest;
      if (lastSeq >= firstSeq && !this.#applied.covers(firstSeq, lastSeq)) return;
      removeSegment(this.#options.directory, oldest.number);
      this.#sealedBytes -= oldest.bytes;
      this.#sealed.shift();
    }
  }

  #identify(open: SegmentWriter | undefined, nowMs: number): string {
    const known = this.#state.epoch();
    if (known !== undefined) {
      if (open !== undefined && open.header.epoch !== known) {
        throw new TallyError(
          'stop',
          'journal-unusable',
          `${this.#options.directory}: segments of journal ${open.header.epoch} beside the state of ${known}`,
        );
      }
      return known;
    }
    const epoch = open?.header.epoch ?? newEpoch();
    this.#state.begin(epoch, nowMs);
    return epoch;
  }
}

/** What a row of `commits` takes beside its records, about. */
const COMMIT_OVERHEAD_BYTES = 48;

function firstHeader(epoch: string): { epoch: string; number: 1; firstSeq: 1 } & JournalAccounts {
  return { epoch, number: 1, firstSeq: 1, received: 0, filtered: {}, headSeq: 0 };
}

/** The segments of a directory, oldest first; the newest is the open one. */
function scan(directory: string): { sealed: Sealed[]; open: SegmentWriter | undefined } {
  const numbers = readdirSync(directory)
    .flatMap((name) => segmentNumber(name) ?? [])
    .sort((a, b) => a - b);
  let open: SegmentWriter | undefined;
  while (open === undefined) {
    const newest = numbers.pop();
    if (newest === undefined) return { sealed: [], open };
    const copy = copyBareLog(directory, newest);
    open = SegmentWriter.open(directory, newest);
    // A crash before the header's commit leaves nothing in it. Damage can look the same: the copy of its log stays.
    if (open === undefined) removeSegment(directory, newest);
    else if (copy !== undefined) rmSync(copy);
  }
  const firstSeqs = numbers.map((number) => {
    using reader = SegmentReader.open(directory, number);
    assert(reader !== undefined, `segment ${number} has a header`);
    return reader.header.firstSeq;
  });
  const ends = [...firstSeqs.slice(1), open.header.firstSeq];
  const sealed = numbers.map((number, i) => ({
    number,
    firstSeq: firstSeqs[i] ?? 0,
    lastSeq: (ends[i] ?? 1) - 1,
    bytes: fileBytes(directory, number),
  }));
  return { sealed, open };
}

function bytesOf(keys: Float64Array): Uint8Array {
  return new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength);
}

function fileBytes(directory: string, number: number): number {
  const path = segmentPath(directory, number);
  const bytes = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return bytes(path) + bytes(`${path}-wal`);
}

function sum(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const total: Record<string, number> = { ...a };
  for (const [rule, count] of Object.entries(b)) total[rule] = (total[rule] ?? 0) + count;
  return total;
}

function newEpoch(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let epoch = '';
  let bits = BigInt(`0x${randomBytes(EPOCH_BYTES).toString('hex')}`);
  for (let i = 0; i < (EPOCH_BYTES * 8) / 5; i++) {
    epoch += alphabet[Number(bits % 32n)];
    bits /= 32n;
  }
  return epoch;
}
