/** Hexadecimal text as bits, read without big integers: tags are read many thousand times a second. */

const NOT_HEX = 255;
const HEX_VALUES = new Uint8Array(128).fill(NOT_HEX);
for (const [value, digit] of '0123456789abcdef'.split('').entries()) {
  HEX_VALUES[digit.charCodeAt(0)] = value;
  HEX_VALUES[digit.toUpperCase().charCodeAt(0)] = value;
}

/** 32 bits each, the last one filled up with zeros; undefined when `hex` is not hexadecimal digits. */
export function wordsOf(hex: string): readonly number[] | undefined {
  const words: number[] = [];
  let word = 0;
  const { length } = hex;
  for (let i = 0; i < length; i++) {
    const value = HEX_VALUES[hex.charCodeAt(i)] ?? NOT_HEX;
    if (value === NOT_HEX) return undefined;
    word = (word << 4) | value;
    if ((i & 7) === 7) {
      words.push(word >>> 0);
      word = 0;
    }
  }
  const rest = length & 7;
  if (rest !== 0) words.push((word << (4 * (8 - rest))) >>> 0);
  return words;
}

/** The number that `count` bits from `start` are; `count` is at most 53. */
export function bitsAt(words: readonly number[], start: number, count: number): number {
  let value = 0;
  let at = start;
  let left = count;
  while (left > 0) {
    const inWord = 32 - (at & 31);
    const take = Math.min(inWord, left);
    const shifted = (words[at >>> 5] ?? 0) >>> (inWord - take);
    const chunk = take === 32 ? shifted : shifted & ((1 << take) - 1);
    value = value * 2 ** take + (chunk >>> 0);
    at += take;
    left -= take;
  }
  return value;
}

/** The same in decimal, of any number of bits. */
export function decimalAt(words: readonly number[], start: number, count: number): string {
  if (count <= 53) return String(bitsAt(words, start, count));
  const high = BigInt(bitsAt(words, start, count - 32));
  return String((high << 32n) + BigInt(bitsAt(words, start + count - 32, 32)));
}

/** Whether the bits from `start` up to `end` are all zero. */
export function areZero(words: readonly number[], start: number, end: number): boolean {
  for (let at = start; at < end; at += 32) {
    if (bitsAt(words, at, Math.min(32, end - at)) !== 0) return false;
  }
  return true;
}
