/** Reads the records of a file one after the other, in large pieces, and checks the chain of each. */
import { altered, cut, newerFormat, notTally, unreadable } from './flaws.ts';
import {
  CHAIN_BYTES,
  FIRST_CHAIN,
  HEAD_BYTES,
  MAGIC,
  MARK,
  PREFIX,
  readHead,
  recordBytes,
  type RecordType,
  sha256,
} from './format.ts';
import { decodeHeader } from './manifest.ts';
import type { DiskFile } from './part-file.ts';
import { TALLY_FORMAT, type TallyHeader } from './tally-file.ts';

/** Large reads are what sticks are good at. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * How much may be hashed in vain in search of a whole record. Chance makes one mark in 4 GiB; more is a file that
 * was made to keep us busy.
 */
const SEARCH_BYTES_MAX = 1024 * 1024 * 1024;

/** A record whose chain is right. Its bytes are valid until the next call. */
export type FoundRecord = {
  readonly kind: 'record';
  readonly type: RecordType;
  readonly offset: number;
  /** Where the next one begins. */
  readonly end: number;
  /** The chain that it goes on from. */
  readonly before: Buffer;
  readonly head: Buffer;
  readonly body: Buffer;
  readonly chain: Buffer;
};

/** `end`: the file ends between two records. `torn`: it ends within one. `altered`: the bytes are no record. */
export type Found =
  | FoundRecord
  | { readonly kind: 'end'; readonly offset: number }
  | { readonly kind: 'torn'; readonly offset: number }
  | {
      readonly kind: 'altered';
      readonly offset: number;
      /** What it says it is; undefined when it does not say. */
      readonly type: RecordType | undefined;
      readonly why: string;
    };

export class RecordSource {
  readonly #view: FileView;
  readonly #size: number;
  readonly #binding: Uint8Array;
  #offset: number;
  /** Of the record before; undefined when it has to be taken from the file. */
  #chain: Buffer | undefined;
  #hashedInVain = 0;

  /** Begins at the header, or where another record begins; `binding` is the header's chain. */
  constructor(
    file: DiskFile,
    size: number,
    from?: { readonly offset: number; readonly binding: Uint8Array },
  ) {
    const offset = from?.offset ?? PREFIX.length;
    this.#binding = from?.binding ?? new Uint8Array(0);
    this.#view = new FileView(file, size);
    this.#size = size;
    this.#offset = offset;
    this.#chain = from === undefined ? FIRST_CHAIN : undefined;
  }

  /** What is at the present offset; moves behind it when it is a record. */
  async next(): Promise<Found> {
    const offset = this.#offset;
    if (offset === this.#size) return { kind: 'end', offset };
    const before = this.#chain ?? (await this.#chainBefore(offset));
    const headBytes = await this.#view.bytes(offset, HEAD_BYTES);
    if (before === undefined || headBytes === undefined) return { kind: 'torn', offset };
    const head = readHead(headBytes);
    if (typeof head === 'string') return { kind: 'altered', offset, type: undefined, why: head };
    const length = recordBytes(head.bodyBytes);
    const bytes = await this.#view.bytes(offset, length);
    if (bytes === undefined) return { kind: 'torn', offset };
    const chain = bytes.subarray(length - CHAIN_BYTES);
    if (!sha256(this.#binding, before, bytes.subarray(0, length - CHAIN_BYTES)).equals(chain)) {
      return { kind: 'altered', offset, type: head.type, why: 'its SHA-256 differs' };
    }
    this.#offset = offset + length;
    this.#chain = Buffer.from(chain);
    return {
      kind: 'record',
      type: head.type,
      offset,
      end: this.#offset,
      before,
      head: bytes.subarray(0, HEAD_BYTES),
      body: bytes.subarray(HEAD_BYTES, length - CHAIN_BYTES),
      chain: this.#chain,
    };
  }

  /** Moves to the next whole record behind the one that is not; false when there is none. */
  async skipToWhole(signal: AbortSignal | undefined): Promise<boolean> {
    let position = this.#offset + 1;
    while (position < this.#size && this.#hashedInVain < SEARCH_BYTES_MAX) {
      signal?.throwIfAborted();
      const length = Math.min(CHUNK_BYTES, this.#size - position);
      const window = await this.#view.bytes(position, length);
      const index = window?.indexOf(MARK) ?? -1;
      if (index === -1) {
        // The mark may lie across two windows.
        position += Math.max(1, length - MARK.length + 1);
        continue;
      }
      this.#offset = position + index;
      this.#chain = undefined;
      const { kind, offset } = await this.next();
      if (kind === 'record') {
        this.#offset = offset;
        this.#chain = undefined;
        return true;
      }
      const head = await this.#view.bytes(offset, HEAD_BYTES);
      const claimed = head === undefined ? 'nothing' : readHead(head);
      this.#hashedInVain += typeof claimed === 'string' ? 0 : claimed.bodyBytes;
      position = offset + 1;
    }
    this.#offset = this.#size;
    return false;
  }

  async #chainBefore(offset: number): Promise<Buffer | undefined> {
    const bytes = await this.#view.bytes(offset - CHAIN_BYTES, CHAIN_BYTES);
    return bytes === undefined ? undefined : Buffer.from(bytes);
  }
}

/** A window on the file that moves with the reader. One buffer, however long the file. */
class FileView {
  readonly #file: DiskFile;
  readonly #size: number;
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #filled = 0;

  constructor(file: DiskFile, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** Exactly these bytes, valid until the next call; undefined when the file ends before. */
  async bytes(position: number, length: number): Promise<Buffer | undefined> {
    if (position < 0 || position + length > this.#size) return undefined;
    if (position < this.#start || position + length > this.#start + this.#filled) {
      await this.#move(position, Math.min(this.#size - position, Math.max(length, CHUNK_BYTES)));
    }
    const at = position - this.#start;
    return at + length > this.#filled ? undefined : this.#buffer.subarray(at, at + length);
  }

  async #move(position: number, length: number): Promise<void> {
    const at = position - this.#start;
    const known = this.#buffer.subarray(at < 0 ? this.#filled : at, this.#filled);
    const buffer = length > this.#buffer.length ? Buffer.allocUnsafe(length) : this.#buffer;
    buffer.set(known);
    let read: number;
    try {
      const rest = buffer.subarray(known.length, length);
      read = await this.#file.read(rest, position + known.length);
    } catch (error) {
      throw unreadable(this.#file.path, error);
    }
    this.#buffer = buffer;
    this.#start = position;
    this.#filled = known.length + read;
  }
}

export type Opening = {
  readonly header: TallyHeader;
  readonly chain: Buffer;
  /** Where the first frame begins. */
  readonly end: number;
  readonly size: number;
};

/** Rejects with what is wrong when the file does not begin as one; `tally-file-cut` when it has no whole header. */
export async function readOpening(file: DiskFile): Promise<Opening> {
  const { path } = file;
  const prefix = Buffer.alloc(PREFIX.length);
  const [size, read] = await sizeAndPrefix(file, prefix);
  if (!prefix.subarray(0, read).subarray(0, MAGIC.length).equals(MAGIC.subarray(0, read))) {
    throw notTally(path);
  }
  if (read < PREFIX.length) throw cut(path, { frames: 0, events: 0 });
  const format = prefix.readUInt32LE(MAGIC.length);
  if (format > TALLY_FORMAT) throw newerFormat(path, format);
  if (format < TALLY_FORMAT) {
    throw altered(path, {
      where: 'the format',
      offset: MAGIC.length,
      why: `there is no ${format}`,
    });
  }
  const found = await new RecordSource(file, size).next();
  const { offset } = found;
  if (found.kind === 'altered') {
    throw altered(path, { where: 'the header', offset, why: found.why });
  }
  if (found.kind !== 'record') throw cut(path, { frames: 0, events: 0 });
  const header = found.type === 'header' ? decodeHeader(found.body) : undefined;
  if (header === undefined) {
    throw altered(path, { where: 'the header', offset, why: 'something else is there' });
  }
  return { header, chain: found.chain, end: found.end, size };
}

async function sizeAndPrefix(file: DiskFile, prefix: Buffer): Promise<[number, number]> {
  try {
    return [await file.size(), await file.read(prefix, 0)];
  } catch (error) {
    throw unreadable(file.path, error);
  }
}
