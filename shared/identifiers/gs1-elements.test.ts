import { describe, expect, test } from 'vitest';

import { parseElementString } from './gs1-elements.ts';
import { readGs1Label } from './gs1-label.ts';

const GS = '\u001D';

/** `(00)…` as one string, for tests to be read. */
const elementsOf = (text: string, fnc1?: string): string =>
  parseElementString(text, fnc1)
    .elements.map(({ ai, value }) => `(${ai})${value}`)
    .join('');

describe('an element string', () => {
  test('is read on through values of a predefined length without a separator', () => {
    expect(elementsOf('010950110153000317140704310200125010AB-123')).toBe(
      '(01)09501101530003(17)140704(3102)001250(10)AB-123',
    );
  });

  test('may have separators where none are needed, in front and at the end', () => {
    expect(elementsOf(`${GS}0109501101530003${GS}10AB${GS}${GS}21X${GS}`)).toBe(
      '(01)09501101530003(10)AB(21)X',
    );
  });

  test.for(['<GS>', '{GS}', '^]', '|'])('may have %s for FNC1', (substitute) => {
    expect(elementsOf(`10AB${substitute}21X`)).toBe('(10)AB(21)X');
  });

  test('has the substitute that the site names, and then no other', () => {
    expect(elementsOf('10AB~21X', '~')).toBe('(10)AB(21)X');
    expect(parseElementString('10AB|21X', '~').error).toBe('ai-value');
    expect(elementsOf(`10AB${GS}21X`, '~')).toBe('(10)AB(21)X');
  });

  test('may be written for people, with blanks that group digits', () => {
    expect(elementsOf('(00) 1 0614141 234567890 8 (10)A(B)(21)7')).toBe(
      '(00)106141412345678908(10)A(B)(21)7',
    );
  });

  test('ends where a separator is missing, and the rest is not guessed', () => {
    expect(parseElementString('0295012345678903370000001810LOT7')).toEqual({
      elements: [
        { ai: '02', value: '95012345678903' },
        { ai: '37', value: '0000001810LOT7' },
      ],
      error: 'ai-value',
    });
  });

  test.for([
    ['00106141412345678907', 'check-digit'],
    ['0109501101530004', 'check-digit'],
    ['800300614141123452', undefined],
    ['800310614141123452', 'ai-value'],
    ['8003006141411234535678', 'check-digit'],
    ['4100614141123452', undefined],
    ['4100614141123453', 'check-digit'],
    ['40206141411234567890', undefined],
    ['00123', 'ai-value'],
    ['00', 'ai-value'],
    ['0', 'ai-unknown'],
    ['04123', 'ai-unknown'],
    ['3106123456', 'ai-unknown'],
    ['', 'no-elements'],
    [GS, 'no-elements'],
    ['17140200', undefined],
    ['17140230', 'ai-value'],
    ['17240229', undefined],
    ['17230229', 'ai-value'],
    ['17141301', 'ai-value'],
    ['4326240200', 'ai-value'],
    ['43242402292359', undefined],
    ['43242402292400', 'ai-value'],
    ['43212', 'ai-value'],
    ['43211', undefined],
    ['4307DE', undefined],
    ['4307de', 'ai-value'],
    ['10', 'ai-value'],
    ['10123456789012345678901', 'ai-value'],
    ['10ä', 'ai-value'],
    ['10A B', 'ai-value'],
    ['4301M%C3%BCller', undefined],
    ['4301M%FC', 'ai-value'],
    ['430918000000003600000000', undefined],
    ['430918000000010000000000', 'ai-value'],
    [`10A${GS}10A`, undefined],
    [`10A${GS}10B`, 'ai-repeated'],
    ['(00)', 'ai-value'],
    ['(0)1', 'ai-unknown'],
    ['(00', 'ai-unknown'],
  ])('%j has the error %s', ([text, error]) => {
    expect(parseElementString(text ?? '').error).toBe(error);
  });
});

describe('a label', () => {
  test('says what its elements mean', () => {
    const label = readGs1Label(
      `]C1001061414123456789083302001250430914252960000134050000${GS}` +
        `4301M%C3%BCller+%26+Co${GS}42127649716${GS}4326261231`,
    );
    expect(label.meanings).toEqual({
      sscc: '106141412345678908',
      grossWeightKg: '12.50',
      shipToPosition: '52.5296,13.405',
      shipToName: 'Müller & Co',
      shipToCountry: '276',
      shipToPostalCode: '49716',
      releaseDate: '2026-12-31',
    });
  });

  test.for([
    ['260200', '2026-02-28'],
    ['240200', '2024-02-29'],
    ['990100', '1999-01-31'],
    ['750430', '2075-04-30'],
  ])('with the use-by date %s means %s', ([date, meant]) => {
    expect(readGs1Label(`]C117${date}`).meanings).toEqual({ useBy: meant });
  });

  test('west of Greenwich is written as more than 180 degrees', () => {
    expect(readGs1Label('430900000000003599999999').meanings).toEqual({
      shipToPosition: '-90,-0.0000001',
    });
  });

  test('without what belongs to its elements is read, and the lack is told', () => {
    expect(readGs1Label('403DE-N-123').warnings).toEqual(['403 needs 00']);
    expect(readGs1Label('0295012345678903').warnings).toEqual(['02 needs 37']);
    expect(readGs1Label(`0010614141234567890802950123456789033712${GS}`).warnings).toEqual([]);
    expect(readGs1Label(`0109501101530003250AB`).warnings).toEqual([
      '250 needs 01+21 or 03+21 or 8006+21',
    ]);
  });

  test.for([
    [']E04006381333931', 'EAN-13', '04006381333931'],
    [']E0036000291452', 'EAN-13', '00036000291452'],
    [']E004252614', 'EAN-13', '00042100005264'],
    [']E473513537', 'EAN-8', '00000073513537'],
    [']I110614141000415', 'ITF-14', '10614141000415'],
  ])('%s is a GTIN of 14 digits, though %s has no application identifier', ([data, name, gtin]) => {
    const label = readGs1Label(data ?? '');
    expect(label).toMatchObject({ valid: true, symbology: name });
    expect(label.elements).toEqual([{ ai: '01', value: gtin }]);
    expect(label.keys).toEqual([{ type: 'gtin', value: gtin }]);
  });

  test('of an EAN with a wrong check digit has no key', () => {
    expect(readGs1Label(']E04006381333932')).toMatchObject({
      valid: false,
      error: 'check-digit',
      keys: [],
    });
  });
});
