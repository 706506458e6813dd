import { describe, expect, test } from 'vitest';

import { carrierCandidates } from './carriers.ts';
import { parseS10 } from './s10.ts';

/** Numbers that `jkeen/tracking_number_data` publishes as right and wrong. */
const VALID = [
  ['ups', '1Z5R89390357567127'],
  ['ups', ' 1 Z 8 V 9 2 A 7 0 3 6 7 2 0 3 0 2 4 '],
  ['ups', '1zxx3150yw44070023'],
  ['ups', 'K 150 623 562 0'],
  ['fedex', '986578788855'],
  ['fedex', '0414 4176 0228 964'],
  ['fedex', '9611020987654312345672'],
  ['fedex', '1001921334250001000300779017972697'],
  ['fedex', '32971514560102447849175802862014'],
  ['usps', '0307 1790 0005 2348 3741'],
  ['usps', '7196 9010 7560 0307 7385'],
  ['usps', '9400 1112 0108 0805 4830 16'],
  ['usps', '420787459400111206206406260787'],
  ['usps', '4201002334249200190132607600833457'],
  ['usps', '4201028200009261290113185417468510'],
  ['usps', '420 22153 9101026837331000039521'],
  ['dhl_express', '3318810025'],
  ['dhl_express', '73891051146'],
  ['dpd', '0998 0000 0200 34D'],
  ['dpd', '0081 827 0998 0000 0200 45 327 276 N'],
  ['dpd', '%008182709980000020033350276C'],
  ['ontrac', 'C11031500001879'],
  ['ontrac', 'D 100 113 459 830 10'],
  ['canada_post', '0073938000549297'],
  ['s10', 'RB123456785CV'],
] as const;

describe('a number', () => {
  test.for(VALID)('of %s is %s', ([carrier, number]) => {
    expect(carrierCandidates(number)[0]).toMatchObject({ carrier, check: 'valid' });
  });

  test.for([
    ['amazon', 'TBM502887274000'],
    ['amazon', 'TBC 000000000000'],
    ['yodel', 'JJD0002257639032011'],
    ['yodel', 'JD0002242617644732'],
    ['dhl_express', 'JJD0099999999'],
    ['dhl_express', 'JVGL0999999990'],
    ['dhl_ecommerce', 'GM2951173225174494'],
  ])('of %s may have no check digit: %s', ([carrier, number]) => {
    expect(carrierCandidates(number ?? '')).toEqual([
      { carrier, number: number?.replaceAll(' ', ''), check: 'none', isMarked: true },
    ]);
  });

  test.for([
    '1A5R89390357567127',
    '2Z5R89390357567127',
    '996578788855',
    '3318810010',
    '09980000020033D',
    '0081827099800000200453272760',
    '5002847016405018',
    '7112345678912345678',
    'K1506235622',
    'TBB000000000000',
    'JC0002254405060992',
    'hello',
    '',
    'RB12345678GB',
  ])('%s is nobody’s', (number) => {
    expect(carrierCandidates(number)).toEqual([]);
  });

  test.for([
    ['ups', '1Z1111111111111111'],
    ['ontrac', 'C11031500001889'],
    ['usps', '9434611206206407667131'],
    ['s10', 'RB123456786US'],
  ])(
    'that is marked as one of %s and has a wrong check digit is still told: %s',
    ([carrier, number]) => {
      expect(carrierCandidates(number ?? '')).toMatchObject([{ carrier, check: 'invalid' }]);
    },
  );

  test('that fits two carriers is told of both', () => {
    // The last digit is right for both.
    const carriersOf = (number: string): readonly string[] =>
      carrierCandidates(number).map(({ carrier }) => carrier);
    expect(carriersOf('099800000200561')).toEqual(['fedex', 'dpd']);
    expect(carriersOf('568283610012000')).toEqual(['fedex']);
  });

  test('whose length alone speaks for a carrier is told as not marked', () => {
    expect(carrierCandidates('60120172242323')).toMatchObject([
      { carrier: 'dhl_ecommerce', check: 'none', isMarked: false },
    ]);
  });

  test.for([
    ['9611020987654312345672', '987654312345672'],
    ['1001921334250001000300779017972697', '779017972697'],
    ['32971514560102447849175802862014', '784917580286'],
    ['420787459400111206206406260787', '9400111206206406260787'],
    ['4201002334249200190132607600833457', '9200190132607600833457'],
    ['008182709980000020033350276C', '09980000020033F'],
  ])('%s has more on its label than the parcel’s own %s', ([label, own]) => {
    expect(carrierCandidates(label ?? '')[0]?.number).toBe(own);
  });

  test('is not made of letters that only look like it', () => {
    expect(carrierCandidates('1Zxxſ150yw44070023')).toEqual([]);
    expect(parseS10('RB123456785\u0130N')).toBeUndefined();
  });
});

describe('a number of S10', () => {
  test('says what service it is and where it was posted', () => {
    expect(parseS10('rr 123 456 785 de')).toEqual({
      normalized: 'RR123456785DE',
      serviceIndicator: 'RR',
      service: 'registered',
      serial: '12345678',
      checkDigit: '5',
      expectedCheckDigit: '5',
      country: 'DE',
      valid: true,
    });
  });

  test('of a country that there is not is invalid', () => {
    expect(parseS10('RB123456785XX')).toMatchObject({ valid: false, error: 'country' });
  });

  test.for(['RB12345678GB', 'R1123456785GB', 'RB1234567A5GB', 'RB123456785G', ' '.repeat(50)])(
    'is not %j',
    (text) => {
      expect(parseS10(text)).toBeUndefined();
    },
  );
});
