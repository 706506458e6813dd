/**
 * The frames of Teltonika's codecs 12, 13 and 14: orders to a tracker, and what it answers.
 * https://wiki.teltonika-gps.com/view/Teltonika_Data_Sending_Protocols#Codec_for_communication_over_GPRS_messages
 *
 * ```
 *  type │ size │ codec 13: timestamp, s │ codec 14: IMEI, 8 bytes of BCD │ text
 *  u8     u32   └────────────────────────── size bytes ────────────────────────┘
 * ```
 */
import { viewOf, type Frame } from './teltonika-frame.ts';

export type CommandText = {
  readonly text: string;
  readonly isAnswer: boolean;
  /** Codec 13 alone says when. */
  readonly timeMs: number | undefined;
};

/** How many bytes stand before the text. */
const BEFORE_TEXT: ReadonlyMap<number, number> = new Map([
  [0x0c, 0],
  [0x0d, 4],
  [0x0e, 8],
]);
const CODEC_13 = 0x0d;
/** 0x05 is an order; 0x06 an answer, 0x11 that the IMEI of the order is another's. */
const ANSWERS = new Set([0x06, 0x11]);
const HEADER_BYTES = 5;
const SECOND_MS = 1000;

/** The texts of a frame, or what is wrong with it. */
export function commandTexts(frame: Frame): readonly CommandText[] | string {
  const before = BEFORE_TEXT.get(frame.codecId);
  if (before === undefined) return 'codec: expected 8, 8 extended, 16, 12, 13 or 14';
  const { body } = frame;
  const view = viewOf(body);
  const texts: CommandText[] = [];
  let offset = 0;
  for (let i = 0; i < frame.count; i++) {
    const start = offset + HEADER_BYTES;
    if (start > body.length) return `texts[${i}]: expected more bytes`;
    const size = view.getUint32(offset + 1);
    if (size < before || start + size > body.length) {
      return `texts[${i}]: expected as many bytes as it says`;
    }
    texts.push({
      text: Buffer.from(body.subarray(start + before, start + size)).toString('latin1'),
      isAnswer: ANSWERS.has(view.getUint8(offset)),
      timeMs: frame.codecId === CODEC_13 ? view.getUint32(start) * SECOND_MS : undefined,
    });
    offset = start + size;
  }
  return offset === body.length ? texts : `texts: expected ${frame.count}, found more bytes`;
}
