/** Reads what `RecordWriter` wrote. Throws a `RangeError` past the end: the checksum has been checked before. */
import { unzigzag, VarintReader } from '#shared/varint.ts';

export class RecordReader {
  readonly #buffer: Buffer;
  readonly #varints: VarintReader;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#varints = new VarintReader(this.#buffer);
  }

  byte(): number {
    return this.#buffer.readUInt8(this.#varints.skip(1));
  }

  uint(): number {
    const value = this.#varints.uint();
    if (value < 0) throw new RangeError('not a varint');
    return value;
  }

  int(): number {
    return unzigzag(this.uint());
  }

  number(): number {
    const code = this.uint();
    return code % 2 === 0 ? unzigzag(code / 2) : this.#buffer.readDoubleLE(this.#varints.skip(8));
  }

  text(): string {
    const bytes = this.uint();
    const start = this.#varints.skip(bytes);
    return this.#buffer.toString('utf8', start, start + bytes);
  }

  /** A copy. */
  bytes(): Uint8Array {
    const bytes = this.uint();
    const start = this.#varints.skip(bytes);
    return new Uint8Array(this.#buffer.subarray(start, start + bytes));
  }
}
