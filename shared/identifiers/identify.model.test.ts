/** Whatever is scanned: an identity that is one, found in bounded time, and the one that `parcelIdOf` finds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { gs1CheckDigit, parcelIdOf } from '../parcel-id.ts';
import { carrierCandidates } from './carriers.ts';
import { digitalLinkOf, parseDigitalLink } from './digital-link.ts';
import { describeEpc } from './epc.ts';
import { parseElementString } from './gs1-elements.ts';
import { bracketed, elementsOfKey, parcelIdOfKey, type Key } from './gs1-keys.ts';
import { readGs1Label } from './gs1-label.ts';
import { identify, identifyEpc, type Identity } from './identify.ts';

const GS = '\u001D';
const SET_82 =
  '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'0123456789'.split('')),
    minLength: length,
    maxLength: length,
  });
const checked = (length: number): fc.Arbitrary<string> =>
  digits(length - 1).map((text) => `${text}${gs1CheckDigit(text)}`);
const letters = fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh0123456789-/'.split(''));
const serials = fc.string({ unit: letters, minLength: 1, maxLength: 16 });

/** Pieces of which hostile and half right texts are made. */
const pieces = fc.oneof(
  fc.constantFrom(
    ']C1',
    ']d2',
    ']E0',
    ']C0',
    '(00)',
    '(01)',
    '(10)',
    '00',
    '01',
    '21',
    '8004',
    '420',
  ),
  fc.constantFrom(
    GS,
    '<GS>',
    '{GS}',
    '^]',
    '|',
    ' ',
    '(',
    ')',
    '%',
    '%41',
    '\0',
    '\u{1F4E6}',
    '\uD800',
  ),
  fc.constantFrom(
    'https://a.example/',
    '/01/',
    '/21/',
    '?17=',
    '&',
    '#',
    'urn:epc:id:',
    'sgtin:',
    '.',
  ),
  fc.constantFrom(
    '1Z',
    'TBA',
    'JJD',
    'RB',
    'GB',
    '9400111206206406260787',
    '3074257BF7194E4000001A85',
  ),
  checked(18),
  checked(14),
  checked(13),
  fc.string({ unit: letters, maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...SET_82.split('')), maxLength: 10 }),
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
);

const VISIBLE = /[^\p{Cc}\p{Cf}\p{Z}]/u;

/** What an identity has that it must not have. */
function faultOf({ parcelId, attributes = {} }: Identity, data: string): string | undefined {
  if (VISIBLE.test(data) && parcelId === '') return 'nothing for something visible';
  if (parcelId.length > Math.max(data.length + 8, 64)) return 'a longer text';
  for (const [name, text] of Object.entries(attributes)) {
    if (!/^(?:gs1|s10|epc)\.\w+$/u.test(name)) return name;
    if (!text.isWellFormed() || text.includes('\0')) return `${name}: ${text}`;
  }
  return undefined;
}

describe('any text', () => {
  test('has an identity, and nothing is thrown', () => {
    fc.assert(
      fc.property(
        texts,
        fc.option(texts),
        fc.option(fc.string({ maxLength: 4 })),
        (data, symbology, fnc1) => {
          expect(faultOf(identify(data), data)).toBeUndefined();
          expect(faultOf(identifyEpc(data), data)).toBeUndefined();
          const options = { symbology: symbology ?? undefined, fnc1: fnc1 ?? undefined };
          expect(faultOf(identify(data, options), data)).toBeUndefined();
          expect(readGs1Label(data).keys.length).toBeLessThanOrEqual(data.length);
          expect(describeEpc(data).hex.length).toBeLessThanOrEqual(3 * data.length);
          expect(carrierCandidates(data).length).toBeLessThan(4);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('has the identity that its identity has: what an answer names can be asked for', () => {
    fc.assert(
      fc.property(texts, (data) => {
        const { scheme, parcelId, check } = identify(data);
        // A second AIM identifier, or an AI within a serial, would be read as such; and what a symbol declares is not asked
        // for: what it carries without a key, or with a fault, may be a good number of something else.
        const isElsewhere = check === 'invalid' || (scheme === 'unknown' && data.startsWith(']'));
        fc.pre(!isElsewhere && !/^\]|.\(\d/u.test(parcelId));
        expect(identify(parcelId).parcelId).toBe(parcelId);
      }),
      { numRuns: 2000 },
    );
  });

  test('is read in time that grows with its length and no faster', () => {
    // Each would be minutes of work for a parser that looks back, or on to the end, at every character.
    for (const piece of [
      '(',
      '(10',
      '(10)',
      '10A\u001D',
      '\u001D',
      '8004',
      '/01',
      '?',
      '%',
      '420',
      '<GS>',
      ' ',
      ']C1',
    ]) {
      const data = piece.repeat(2_000_000 / piece.length);
      expect(faultOf(identify(data), data)).toBeUndefined();
      expect(faultOf(identify(`]C1${data}`), data)).toBeUndefined();
      expect(
        faultOf(identify(`https://a.example/${data}`), `https://a.example/${data}`),
      ).toBeUndefined();
    }
  });

  test('that is a bit wrong has the identity of nothing that is right', () => {
    const right = fc.oneof(
      checked(18).map((sscc) => `00${sscc}`),
      fc.tuple(checked(14), serials).map(([gtin, serial]) => `01${gtin}21${serial}`),
    );
    fc.assert(
      fc.property(right, fc.nat(13), fc.integer({ min: 1, max: 9 }), (text, at, by) => {
        const digit = (Number(text.charAt(at + 2)) + by) % 10;
        const wrong = `${text.slice(0, at + 2)}${digit}${text.slice(at + 3)}`;
        const identity = identify(`]C1${wrong}`);
        expect(identity.check).toBe('invalid');
        expect(wrong.endsWith(identity.parcelId)).toBe(true);
        expect(identity.parcelId).not.toBe(identify(`]C1${text}`).parcelId);
      }),
    );
  });
});

describe('an SSCC', () => {
  const ssccs = fc.oneof(checked(18), digits(18));
  const aims = fc.constantFrom('', ']C1', ']d2', ']Q3', ']e0', ']J1', ']C0', ']E0');
  const labels = fc
    .tuple(
      aims,
      fc.constantFrom('', '00', '(00)'),
      ssccs,
      fc.constantFrom('', GS),
      fc.constantFrom('', ' ', '\r\n'),
    )
    .map(([aim, ai, sscc, separator, blank]) => `${blank}${aim}${ai}${sscc}${separator}${blank}`);

  test('is for identify what it is for parcelIdOf', () => {
    fc.assert(
      fc.property(labels, (data) => {
        const parcelId = parcelIdOf(data);
        // It recognised nothing where it gives back the text; an asset is no SSCC (identify.ts says so).
        fc.pre(parcelId !== data.trim() && !/^800[34]/u.test(parcelId));
        expect(identify(data).parcelId).toBe(parcelId);
      }),
      { numRuns: 2000 },
    );
  });

  test('is the text for both where nothing is recognised', () => {
    fc.assert(
      fc.property(digits(20), digits(18), (twenty, eighteen) => {
        fc.pre(
          !carrierCandidates(twenty).some(({ check }) => check === 'valid') &&
            !/^01|^80030/u.test(twenty),
        );
        expect(identify(twenty).parcelId).toBe(parcelIdOf(twenty));
        expect(identify(eighteen).parcelId).toBe(parcelIdOf(eighteen));
      }),
    );
  });
});

describe('a key', () => {
  const keys: fc.Arbitrary<Key> = fc.oneof(
    checked(18).map((value): Key => ({ type: 'sscc', value })),
    checked(14).map((value): Key => ({ type: 'gtin', value })),
    fc
      .tuple(checked(14), serials)
      .map(([value, serial]): Key => ({ type: 'sgtin', value, serial })),
    fc
      .tuple(checked(13), serials)
      .map(([gln, serial]): Key => ({ type: 'gln', value: gln, serial })),
    fc
      .tuple(checked(13), serials)
      .map(([base, serial]): Key => ({ type: 'grai', value: `0${base}${serial}` })),
    fc
      .tuple(checked(13), serials)
      .map(([base, serial]): Key => ({ type: 'gdti', value: base + serial })),
    serials
      .filter((value) => !/^\d{14}$/u.test(value))
      .map((value): Key => ({ type: 'giai', value })),
    checked(18).map((value): Key => ({ type: 'gsrn', value })),
  );

  test('has one identity as bar code, as people write it, and as link', () => {
    fc.assert(
      fc.property(keys, (key) => {
        // Of 18 digits it would be an SSCC for `parcelIdOf`.
        fc.pre(key.type !== 'gdti' || key.value.length !== 15);
        const elements = elementsOfKey(key);
        const parcelId = parcelIdOfKey(key);
        const barCode = `]C1${elements.map(({ ai, value }) => ai + value).join(GS)}`;
        for (const data of [barCode, bracketed(elements), digitalLinkOf(key), parcelId]) {
          expect(identify(data)).toMatchObject({ scheme: key.type, parcelId });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('comes back from its link, whatever the characters', () => {
    const values = fc.string({
      unit: fc.constantFrom(...SET_82.split('')),
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(checked(14), values, values, (gtin, serial, lot) => {
        const key: Key = { type: 'sgtin', value: gtin, serial };
        const link = digitalLinkOf(key, [
          { ai: '10', value: lot },
          { ai: '240', value: serial },
        ]);
        expect(parseDigitalLink(link)).toEqual({
          elements: [
            { ai: '01', value: gtin },
            { ai: '10', value: lot },
            { ai: '21', value: serial },
            { ai: '240', value: serial },
          ],
        });
      }),
    );
  });

  test('is read from an element string as it was put in, in any order', () => {
    const elements = fc.shuffledSubarray([
      { ai: '00', value: '106141412345678908' },
      { ai: '02', value: '09501101530003' },
      { ai: '37', value: '12' },
      { ai: '10', value: 'A/B' },
      { ai: '3302', value: '001250' },
      { ai: '420', value: '49716' },
      { ai: '403', value: 'DE-N-123' },
      { ai: '17', value: '261231' },
    ]);
    fc.assert(
      fc.property(elements, (chosen) => {
        fc.pre(chosen.length > 0);
        const text = chosen.map(({ ai, value }) => ai + value).join(GS);
        expect(parseElementString(text)).toEqual({ elements: chosen });
        expect(parseElementString(bracketed(chosen))).toEqual({ elements: chosen });
      }),
    );
  });
});
