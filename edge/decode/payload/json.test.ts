import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  elementsOf,
  LONG_NUMBER,
  NON_ASCII,
  scanJson,
  TOO_DEEP,
  UNICODE_ESCAPE,
} from './json-scan.ts';
import { JSON_BYTES_MAX, parseJson } from './json.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('a scan of the bytes', () => {
  test.each([
    ['{"a":[1,2.5,"x"]}', 0],
    ['"\\\\u0000"', 0],
    ['"\\"[[[[[[[[["', 0],
    ['"\\u0000"', UNICODE_ESCAPE],
    ['{"\\\\\\ud800":1}', UNICODE_ESCAPE],
    ['"é"', NON_ASCII],
    ['[[[[1]]]]', TOO_DEEP],
    ['[[{"a":[]}]]', TOO_DEEP],
    ['[[[1]],[[2]],{"a":[3]}]', 0],
    ['123456789012345', 0],
    ['1234567890123456', LONG_NUMBER],
    ['0.12345678901234567', 0],
    ['"1234567890123456"', 0],
    ['1e9', LONG_NUMBER],
    ['[true,false,null]', 0],
  ])('of %s', (text, flags) => {
    expect(scanJson(bytes(text), 3)).toBe(flags);
  });
});

describe('the elements of an array', () => {
  test('are the bytes between the commas, without the space around them', () => {
    const text = ' [ {"a":"],[\\""} ,\n1.50,[1,[2,3]], "x" , {} ] ';
    expect(elementsOf(bytes(text)).map(String)).toEqual([
      '{"a":"],[\\""}',
      '1.50',
      '[1,[2,3]]',
      '"x"',
      '{}',
    ]);
  });

  test('of any JSON parse to the elements of the parsed array', () => {
    fc.assert(
      fc.property(
        fc.array(fc.json(), { minLength: 1 }),
        fc.constantFrom('', ' ', '\n\t'),
        (elements, space) => {
          const text = `${space}[${space}${elements.join(`${space},${space}`)}${space}]${space}`;
          expect(elementsOf(bytes(text)).map(String)).toEqual(elements);
        },
      ),
    );
  });
});

describe('JSON', () => {
  test('of any value is that value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        const parsed = parseJson(bytes(text));
        expect(JSON.stringify(typeof parsed === 'string' ? parsed : parsed.value)).toBe(text);
      }),
    );
  });

  test('keeps every digit of a number that a double cannot hold', () => {
    const text = '{"a":9007199254740993,"b":[1e400,18446744073709551615],"c":1.50}';
    const parsed = parseJson(bytes(text));
    expect(JSON.stringify(typeof parsed === 'string' ? parsed : parsed.value)).toBe(
      '{"a":9007199254740993,"b":[1e400,18446744073709551615],"c":1.5}',
    );
  });

  test('may be a view into a larger buffer', () => {
    const buffer = new Uint8Array(bytes('xx{"a":"é"}yy'));
    expect(parseJson(buffer.subarray(2, -2))).toEqual({ value: { a: 'é' }, suspect: false });
  });

  test.each([
    ['nothing', bytes(''), 'payload: expected JSON, found nothing'],
    ['half an object', bytes('{"a":'), 'payload: expected JSON'],
    ['two values', bytes('{}{}'), 'payload: expected JSON'],
    ['a control character in a string', bytes('"\0"'), 'payload: expected JSON'],
    ['a byte order mark', bytes('\uFEFF{}'), 'payload: expected JSON'],
    ['Latin-1', Buffer.from('"é"', 'latin1'), 'payload: expected UTF-8'],
    [
      'half a surrogate pair in UTF-8',
      Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
      'payload: expected UTF-8',
    ],
    ['an overlong NUL', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'payload: expected UTF-8'],
    [
      '33 levels',
      bytes('['.repeat(33) + ']'.repeat(33)),
      'payload: expected at most 32 levels of nesting',
    ],
    [
      'a million brackets',
      bytes('['.repeat(200_000)),
      'payload: expected at most 32 levels of nesting',
    ],
    [
      'too many bytes',
      Buffer.alloc(JSON_BYTES_MAX + 1, 0x20),
      'payload: expected at most 262144 bytes',
    ],
  ])('is not %s', (_, payload, reason) => {
    expect(parseJson(payload)).toBe(reason);
  });

  test('nests 32 levels', () => {
    expect(parseJson(bytes('['.repeat(32) + ']'.repeat(32)))).toMatchObject({ suspect: false });
  });
});
