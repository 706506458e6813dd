/** Frames as Teltonika's trackers build them, written from the wiki's tables and apart from what reads them. */
export type AvlParts = {
  readonly timeMs?: bigint;
  readonly priority?: number;
  readonly lat?: number;
  readonly lon?: number;
  readonly altitude?: number;
  readonly angle?: number;
  readonly satellites?: number;
  readonly speed?: number;
  readonly event?: number;
  readonly generation?: number;
  /** Elements by how many bytes their values have. */
  readonly io?: {
    readonly [bytes in 1 | 2 | 4 | 8]?: readonly (readonly [number, bigint | number])[];
  };
  readonly variable?: readonly (readonly [number, Uint8Array])[];
};

export type Codec = '8' | '8E' | '16';

const CODEC_IDS = { '8': 0x08, '8E': 0x8e, '16': 0x10 } as const;

/** The bytes of `value`, the highest first; negative ones in two's complement. */
function big(value: bigint | number, bytes: number): Buffer {
  const hex = BigInt.asUintN(bytes * 8, BigInt(value)).toString(16);
  return Buffer.from(hex.padStart(bytes * 2, '0'), 'hex');
}

export function avlRecord(codec: Codec, parts: AvlParts): Buffer {
  const { io = {}, variable = [] } = parts;
  const idBytes = codec === '8' ? 1 : 2;
  const countBytes = codec === '8E' ? 2 : 1;
  const groups = ([1, 2, 4, 8] as const).map((bytes) => ({ bytes, elements: io[bytes] ?? [] }));
  const total = groups.reduce((sum, { elements }) => sum + elements.length, variable.length);
  return Buffer.concat([
    big(parts.timeMs ?? 0n, 8),
    big(parts.priority ?? 0, 1),
    big(Math.round((parts.lon ?? 0) * 1e7), 4),
    big(Math.round((parts.lat ?? 0) * 1e7), 4),
    big(parts.altitude ?? 0, 2),
    big(parts.angle ?? 0, 2),
    big(parts.satellites ?? 0, 1),
    big(parts.speed ?? 0, 2),
    big(parts.event ?? 0, idBytes),
    ...(codec === '16' ? [big(parts.generation ?? 0, 1)] : []),
    big(total, countBytes),
    ...groups.flatMap(({ bytes, elements }) => [
      big(elements.length, countBytes),
      ...elements.flatMap(([id, value]) => [big(id, idBytes), big(value, bytes)]),
    ]),
    ...(codec === '8E' ? [big(variable.length, 2)] : []),
    ...variable.flatMap(([id, value]) => [big(id, 2), big(value.length, 2), value]),
  ]);
}

/** A frame around what a codec carries; `counts` are both the number of parts, unless a test lies. */
export function frameOf(
  codecId: number,
  parts: readonly Uint8Array[],
  counts: readonly [number, number] = [parts.length, parts.length],
): Buffer {
  const data = Buffer.concat([big(codecId, 1), big(counts[0], 1), ...parts, big(counts[1], 1)]);
  return Buffer.concat([big(0, 4), big(data.length, 4), data, big(crcBitByBit(data), 4)]);
}

export function avlFrame(codec: Codec, records: readonly AvlParts[]): Buffer {
  return frameOf(
    CODEC_IDS[codec],
    records.map((record) => avlRecord(codec, record)),
  );
}

/** CRC-16/IBM as its definition says it, a bit at a time. */
export function crcBitByBit(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      const carry = crc & 1;
      crc >>= 1;
      if (carry === 1) crc ^= 0xa001;
    }
  }
  return crc;
}
