/**
 * The records of a frame of codec 8, 8 extended or 16.
 * https://wiki.teltonika-gps.com/view/Teltonika_Data_Sending_Protocols
 *
 * ```
 *  ts │ priority │ lon │ lat │ alt │ angle │ satellites │ speed │ event │ [generation] │ N │ N1 (id u8)… N2 N4 N8 [NX]
 *  u64  u8         i32   i32   i16   u16     u8           u16     id      u8, codec 16    n    n             8E only
 * ```
 *
 * Longitude comes first. Ids are two bytes in 8E and 16, counts (n) two in 8E. What a length or a count says is believed
 * only as far as there are bytes: a record that does not end where the frame does is none.
 */
import type { Frame } from './teltonika-frame.ts';
import { viewOf } from './teltonika-frame.ts';
import { TEXT_IO } from './teltonika-io.ts';

export type AvlCodec = {
  readonly name: '8' | '8E' | '16';
  readonly idBytes: 1 | 2;
  readonly countBytes: 1 | 2;
  readonly hasGeneration: boolean;
  readonly hasVariable: boolean;
};

export type AvlRecord = {
  /** Milliseconds since 1970; of a clock gone mad, more than a date can be. */
  readonly timeMs: number;
  readonly priority: number;
  /** Degrees. */
  readonly lon: number;
  readonly lat: number;
  readonly altitudeM: number;
  readonly angle: number;
  readonly satellites: number;
  readonly speedKmh: number;
  readonly eventIoId: number;
  readonly generationType: number | undefined;
  /** By id; what a double does not hold as decimal digits, what is of variable length as text or as hex digits. */
  readonly io: ReadonlyMap<number, number | string>;
  /** A view. */
  readonly bytes: Uint8Array;
};

const CODECS: ReadonlyMap<number, AvlCodec> = new Map<number, AvlCodec>([
  [0x08, { name: '8', idBytes: 1, countBytes: 1, hasGeneration: false, hasVariable: false }],
  [0x8e, { name: '8E', idBytes: 2, countBytes: 2, hasGeneration: false, hasVariable: true }],
  [0x10, { name: '16', idBytes: 2, countBytes: 1, hasGeneration: true, hasVariable: false }],
]);

/** `undefined` for those that carry something else than records. */
export function avlCodecOf(codecId: number): AvlCodec | undefined {
  return CODECS.get(codecId);
}

/** The records of a frame, or what is wrong with it. */
export function avlRecords(frame: Frame, codec: AvlCodec): readonly AvlRecord[] | string {
  const cursor = new Cursor(frame.body);
  const records: AvlRecord[] = [];
  for (let i = 0; i < frame.count; i++) {
    const record = recordAt(cursor, codec);
    if (typeof record === 'string') return `records[${i}]${record}`;
    if (cursor.isPast) return `records[${i}]: expected more bytes`;
    records.push(record);
  }
  return cursor.isAtEnd ? records : `records: expected ${frame.count}, found more bytes`;
}

const DEGREE = 1e7;

function recordAt(cursor: Cursor, codec: AvlCodec): AvlRecord | string {
  const start = cursor.offset;
  const timeMs = cursor.u32() * 2 ** 32 + cursor.u32();
  const priority = cursor.u8();
  const [lon, lat] = [cursor.i32() / DEGREE, cursor.i32() / DEGREE];
  const [altitudeM, angle, satellites, speedKmh] = [
    cursor.i16(),
    cursor.u16(),
    cursor.u8(),
    cursor.u16(),
  ];
  const eventIoId = cursor.unsigned(codec.idBytes);
  const generationType = codec.hasGeneration ? cursor.u8() : undefined;
  const io = elementsAt(cursor, codec);
  if (typeof io === 'string') return io;
  const place = { lon, lat, altitudeM, angle, satellites, speedKmh };
  const bytes = cursor.since(start);
  return { timeMs, priority, ...place, eventIoId, generationType, io, bytes };
}

type Elements = Map<number, number | string>;

/** Groups by how long the values are. */
const VALUE_BYTES = [1, 2, 4, 8] as const;

/** What is wrong is told from after the record's name on. */
function elementsAt(cursor: Cursor, codec: AvlCodec): Elements | string {
  const io: Elements = new Map();
  const total = cursor.unsigned(codec.countBytes);
  let count = 0;
  const put = (id: number, value: number | string): void => {
    io.set(id, value);
    count++;
  };
  for (const valueBytes of VALUE_BYTES) {
    for (let left = cursor.unsigned(codec.countBytes); left > 0 && !cursor.isPast; left--) {
      put(cursor.unsigned(codec.idBytes), cursor.value(valueBytes));
    }
  }
  if (codec.hasVariable) {
    for (let left = cursor.u16(); left > 0 && !cursor.isPast; left--) {
      const id = cursor.u16();
      put(id, textOf(id, cursor.bytes(cursor.u16())));
    }
  }
  if (cursor.isPast) return ': expected more bytes';
  if (count !== total) return `.io: expected ${total} elements, found ${count}`;
  return io.size === count ? io : '.io: expected each element once';
}

function textOf(id: number, bytes: Uint8Array): string {
  const isText = TEXT_IO.has(id) && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return Buffer.from(bytes).toString(isText ? 'latin1' : 'hex');
}

/** Reads on, and knows when it has read past the end; what it then gives is 0. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  get offset(): number {
    return this.#offset;
  }

  get isPast(): boolean {
    return this.#offset > this.#bytes.length;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#offset);
  }

  bytes(count: number): Uint8Array {
    const from = this.#advance(count);
    return from === undefined ? new Uint8Array() : this.#bytes.subarray(from, from + count);
  }

  u8(): number {
    const at = this.#advance(1);
    return at === undefined ? 0 : this.#view.getUint8(at);
  }

  u16(): number {
    const at = this.#advance(2);
    return at === undefined ? 0 : this.#view.getUint16(at);
  }

  i16(): number {
    const at = this.#advance(2);
    return at === undefined ? 0 : this.#view.getInt16(at);
  }

  u32(): number {
    const at = this.#advance(4);
    return at === undefined ? 0 : this.#view.getUint32(at);
  }

  i32(): number {
    const at = this.#advance(4);
    return at === undefined ? 0 : this.#view.getInt32(at);
  }

  unsigned(bytes: 1 | 2): number {
    return bytes === 1 ? this.u8() : this.u16();
  }

  value(bytes: 1 | 2 | 4 | 8): number | string {
    if (bytes === 8) return this.#u64();
    return bytes === 4 ? this.u32() : this.unsigned(bytes);
  }

  #u64(): number | string {
    const at = this.#advance(8);
    if (at === undefined) return 0;
    const value = this.#view.getBigUint64(at);
    return value > Number.MAX_SAFE_INTEGER ? String(value) : Number(value);
  }

  #advance(count: number): number | undefined {
    const at = this.#offset;
    this.#offset += count;
    return this.isPast ? undefined : at;
  }
}
