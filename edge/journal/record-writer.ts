/** Bytes that grow, for records: the journal's hot path. */
import { zigzag } from '#shared/varint.ts';

const ASCII_LOOP_MAX = 48;
const VARINT_BYTES_MAX = 8;
const INTEGER_MAX = 2 ** 40;

export class RecordWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(buffer: ArrayBuffer) {
    this.#buffer = Buffer.from(buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** Room for the length of what follows, filled by `closeFrame`. */
  openFrame(): number {
    this.#reserve(FRAME_BYTES);
    this.#length += FRAME_BYTES;
    return this.#length;
  }

  closeFrame(start: number): void {
    this.#buffer.writeUInt32LE(this.#length - start, start - FRAME_BYTES);
  }

  /** A whole frame. */
  frame(record: Uint8Array): void {
    this.#reserve(FRAME_BYTES + record.length);
    this.#buffer.writeUInt32LE(record.length, this.#length);
    this.#buffer.set(record, this.#length + FRAME_BYTES);
    this.#length += FRAME_BYTES + record.length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  uint(value: number): void {
    this.#reserve(VARINT_BYTES_MAX);
    let rest = value;
    while (rest >= 0x80000000) {
      this.#buffer[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.#buffer[this.#length++] = (rest & 127) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  int(value: number): void {
    this.uint(zigzag(value));
  }

  /** Small whole numbers in a few bytes, anything else as a double. */
  number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < INTEGER_MAX && !Object.is(value, -0)) {
      this.uint(zigzag(value) * 2);
      return;
    }
    this.byte(1);
    this.#reserve(8);
    this.#buffer.writeDoubleLE(value, this.#length);
    this.#length += 8;
  }

  text(value: string): void {
    const units = value.length;
    if (units <= ASCII_LOOP_MAX && this.#ascii(value)) return;
    const bytes = Buffer.byteLength(value);
    this.uint(bytes);
    this.#reserve(bytes);
    this.#buffer.write(value, this.#length, bytes, 'utf8');
    this.#length += bytes;
  }

  bytes(value: Uint8Array): void {
    this.uint(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Hands the bytes over; the writer is done with. */
  finish(): { readonly buffer: ArrayBuffer; readonly length: number } {
    return { buffer: this.#buffer.buffer as ArrayBuffer, length: this.#length };
  }

  /** Short labels and ids are ASCII: a loop is faster than a call into the encoder. */
  #ascii(value: string): boolean {
    const units = value.length;
    this.#reserve(units + 1);
    const buffer = this.#buffer;
    let at = this.#length;
    buffer[at++] = units;
    for (let i = 0; i < units; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      buffer[at++] = code;
    }
    this.#length = at;
    return true;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const grown = Buffer.from(
      new ArrayBuffer(Math.max(this.#buffer.length * 2, this.#length + bytes)),
    );
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

/** The length in front of each record of a commit, little-endian. */
export const FRAME_BYTES = 4;
