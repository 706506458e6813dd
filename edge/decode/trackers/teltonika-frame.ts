/**
 * The frames of Teltonika's binary codecs: what a tracker sends over TCP, here as bytes of a message.
 * https://wiki.teltonika-gps.com/view/Teltonika_Data_Sending_Protocols
 *
 * ```
 *  preamble │ length │ codec │ count │ what the codec says … │ count │ 0 0 CRC-16
 *  0 0 0 0  │ u32    ├─────────────── length bytes, the CRC is over them ──────┤ u32
 * ```
 */

export type Frame = {
  readonly codecId: number;
  /** From the first count on, to before the second. */
  readonly body: Uint8Array;
  /** The records, orders or answers that it says it has: both counts say so. */
  readonly count: number;
  /** All of it, as it came. */
  readonly bytes: Uint8Array;
};

/** What is wrong, and the bytes it is about. */
export type FrameFault = { readonly fault: string; readonly bytes: Uint8Array };

const HEADER_BYTES = 8;
const CRC_BYTES = 4;
/** The codec and the two counts. */
const LENGTH_MIN = 3;

/** The frame that begins at `start`; what is wrong with it, and the bytes it is about. */
export function frameAt(payload: Uint8Array, start: number): Frame | FrameFault {
  const rest = payload.subarray(start);
  const view = viewOf(rest);
  if (rest.length < HEADER_BYTES + LENGTH_MIN + CRC_BYTES || view.getUint32(0) !== 0) {
    return { fault: 'payload: expected a frame that begins with four zero bytes', bytes: rest };
  }
  const length = view.getUint32(4);
  const end = HEADER_BYTES + length;
  if (length < LENGTH_MIN || end + CRC_BYTES > rest.length) {
    const found = rest.length - HEADER_BYTES - CRC_BYTES;
    return { fault: `length: expected 3 to ${found} bytes, found ${length}`, bytes: rest };
  }
  const bytes = rest.subarray(0, end + CRC_BYTES);
  const data = rest.subarray(HEADER_BYTES, end);
  const crc = crc16(data);
  if (view.getUint32(end) !== crc) return { fault: `crc: expected ${crc}`, bytes };
  const [codecId = 0, count = 0] = data;
  if (data.at(-1) !== count) return { fault: `count: expected ${count} at the end too`, bytes };
  return { codecId, count, body: data.subarray(2, -1), bytes };
}

export function isFault(frame: Frame | FrameFault): frame is FrameFault {
  return 'fault' in frame;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const CRC_POLYNOMIAL = 0xa001;

const CRC_OF_BYTE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ CRC_POLYNOMIAL;
  return crc;
});

/** CRC-16/IBM, also called ARC: reflected, begins with 0. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc >> 8) ^ (CRC_OF_BYTE[(crc ^ byte) & 0xff] ?? 0);
  return crc;
}
