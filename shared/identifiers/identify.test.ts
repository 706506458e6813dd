import { describe, expect, test } from 'vitest';

import { identify, identifyEpc } from './identify.ts';

const GS = '\u001D';

describe('one thing has one identity', () => {
  test.for([
    [
      'an SSCC',
      '106141412345678908',
      [
        '106141412345678908',
        '00106141412345678908',
        ']C100106141412345678908',
        `]d200106141412345678908${GS}`,
        ']C1106141412345678908',
        '(00)106141412345678908',
        ' (00) 1 0614141 234567890 8 ',
        `${GS}00106141412345678908`,
        `]C10010614141234567890842049716${GS}403DE-N-123`,
        ']C100106141412345678908<GS>',
        'https://id.gs1.org/00/106141412345678908',
        ']Q1HTTPS://EXAMPLE.COM/00/106141412345678908',
        'urn:epc:id:sscc:0614141.1234567890',
        'urn:epc:tag:sscc-96:3.0614141.1234567890',
      ],
    ],
    [
      'a serialised GTIN',
      '(01)80614141123458(21)6789',
      [
        '(01)80614141123458(21)6789',
        ']d20180614141123458216789',
        `]d2216789${GS}0180614141123458`,
        `]C101806141411234581726123110LOT${GS}216789`,
        '0180614141123458216789',
        'https://shop.example/01/80614141123458/21/6789',
        'https://shop.example/01/80614141123458?21=6789',
        'urn:epc:id:sgtin:0614141.812345.6789',
      ],
    ],
    [
      'a GTIN',
      '(01)04006381333931',
      [']E04006381333931', '4006381333931', '(01)04006381333931', ']C10104006381333931'],
    ],
    [
      'a returnable asset',
      '(8003)006141411234525678',
      [
        ']C18003006141411234525678',
        '8003006141411234525678',
        '(8003)006141411234525678',
        'https://id.gs1.org/8003/006141411234525678',
        'urn:epc:id:grai:0614141.12345.5678',
      ],
    ],
    [
      'an individual asset',
      '(8004)06141411234567',
      [
        // 18 digits: for `parcelIdOf`, which knows nothing else, an SSCC.
        ']C1800406141411234567',
        'https://id.gs1.org/8004/06141411234567',
        'urn:epc:id:giai:0614141.1234567',
      ],
    ],
    [
      'a place',
      '(414)0614141123452(254)5678',
      [`]C141406141411234522545678`, 'https://id.gs1.org/414/0614141123452/254/5678'],
    ],
    ['a letter', 'RB123456785GB', ['RB123456785GB', ' rb 123 456 785 gb', ']C0RB123456785GB']],
    ['a parcel of UPS', '1Z5R89390357567127', ['1Z5R89390357567127', '1z 5r8 939 03 5756 7127']],
    [
      'a parcel of USPS',
      '9400111206206406260787',
      [
        '9400111206206406260787',
        '420787459400111206206406260787',
        `]C142078745${GS}9400111206206406260787`,
        ']C1420787459400111206206406260787',
      ],
    ],
    ['a parcel of FedEx', '779017972697', ['779017972697', '1001921334250001000300779017972697']],
    [
      'a label of the house',
      'PKT-7',
      ['PKT-7', ' PKT-7\r\n', ']L0PKT-7', ']z3PKT-7', ']A0PKT-7', ']C0PKT-7', `PKT-7${GS}`],
    ],
  ] as const)('%s is %s', ([, parcelId, texts]) => {
    expect(texts.map((text) => identify(text).parcelId)).toEqual(texts.map(() => parcelId));
  });

  test.for([
    ['3174257BF4499602D2000000', 'sscc-96', '106141412345678908'],
    ['3074257BF7194E4000001A85', 'sgtin-96', '(01)80614141123458(21)6789'],
    ['3374257BF40C0E400000162E', 'grai-96', '(8003)006141411234525678'],
    ['3274257BF46072000000162E', 'sgln-96', '(414)0614141123452(254)5678'],
    ['3474257BF40000000000162E', 'giai-96', '(8004)06141415678'],
    ['3500E86F8000A9E000000586', 'gid-96', 'urn:epc:id:gid:952056.2718.1414'],
  ] as const)('of the tag %s, a %s, it is %s', ([hex, scheme, parcelId]) => {
    const identity = identifyEpc(hex.toLowerCase());
    expect(identity).toMatchObject({ scheme, parcelId, check: 'valid' });
    expect(identify(identity.epcUri ?? '').parcelId).toBe(parcelId);
    expect(identify(hex, { symbology: 'RFID' })).toEqual(identity);
  });

  test('of a tag that carries no EPC it is the digits, upper case', () => {
    expect(identifyEpc('e28011606000020a6681f23f')).toEqual({
      scheme: 'unknown',
      parcelId: 'E28011606000020A6681F23F',
      check: 'none',
      attributes: { 'epc.reason': 'header byte 0xE2 is no EPC scheme' },
    });
    expect(identifyEpc(' none ').parcelId).toBe('none');
  });
});

describe('a wrong check digit makes no other identity', () => {
  test.for([
    [']E04006381333932', 'gtin', '4006381333932'],
    [']C10104006381333932', 'gtin', '0104006381333932'],
    ['(01)04006381333932(21)7', 'gtin', '(01)04006381333932(21)7'],
    [']C10010614141234567890710LOT', 'sscc', '0010614141234567890710LOT'],
    ['https://a.example/01/04006381333932', 'gtin', 'https://a.example/01/04006381333932'],
    ['rb 123 456 786 us', 's10', 'rb 123 456 786 us'],
    ['1z 1111111111111111', 'ups', '1z 1111111111111111'],
  ] as const)('%s: %s, its own text', ([text, scheme, parcelId]) => {
    expect(identify(text)).toMatchObject({ scheme, parcelId, check: 'invalid' });
  });

  test('an SSCC that is declared one and stands alone keeps its digits', () => {
    const expected = { scheme: 'sscc', parcelId: '106141412345678907', check: 'invalid' };
    expect(identify(']C100106141412345678907')).toEqual(expected);
    expect(identify('(00)106141412345678907')).toEqual(expected);
    expect(identify('00106141412345678907', { symbology: 'GS1-128' })).toEqual(expected);
  });

  test.for(['00106141412345678907', '106141412345678907', '4006381333932', '996578788855'])(
    '%s, which nothing declares, is a number of nobody’s',
    (text) => {
      expect(identify(text)).toEqual({ scheme: 'unknown', parcelId: text, check: 'none' });
    },
  );

  test('a GTIN whose serial may have been swallowed is not the identity of its kind', () => {
    const text = ']d2010950110153000321ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    expect(identify(text)).toMatchObject({
      scheme: 'sgtin',
      parcelId: text.slice(3),
      check: 'invalid',
    });
  });

  test('an SSCC in front of a fault is complete', () => {
    expect(identify(']C100106141412345678908370000001810LOT7')).toEqual({
      scheme: 'sscc',
      parcelId: '106141412345678908',
      check: 'valid',
      attributes: { 'gs1.error': 'ai-value' },
    });
    expect(identify(`]C10010614141234567890800106141412345678915`)).toMatchObject({
      scheme: 'sscc',
      check: 'invalid',
      attributes: { 'gs1.error': 'ai-repeated' },
    });
  });
});

describe('identify', () => {
  test('keeps what else a label says', () => {
    expect(identify(`]d201095011015300031714070410AB-123${GS}217`).attributes).toEqual({
      'gs1.useBy': '2014-07-04',
      'gs1.lot': 'AB-123',
    });
    expect(identify('RB123456785GB').attributes).toEqual({
      's10.country': 'GB',
      's10.service': 'registered',
    });
  });

  test.for([
    ['EAN-13', '4006381333931', '(01)04006381333931'],
    ['LABEL-TYPE-UPCA', '036000291452', '(01)00036000291452'],
    ['upc_e', '04252614', '(01)00042100005264'],
    [']E0', '04252614', '(01)00042100005264'],
    [']E4', '73513537', '(01)00000073513537'],
    ['EAN8', '73513537', '(01)00000073513537'],
    ['ITF-14', '10614141000415', '(01)10614141000415'],
    ['GS1 DataMatrix', '010950110153000310A', '(01)09501101530003'],
    ['EAN128', '8004ABC', '(8004)ABC'],
    ['CODE128', '8004ABC', '8004ABC'],
    ['Code 39', '036000291452', '036000291452'],
    ['QR', '{"a":1}', '{"a":1}'],
    ['x'.repeat(100), '036000291452', '036000291452'],
  ])('hears that it was %s', ([symbology, text, parcelId]) => {
    expect(identify(text ?? '', { symbology }).parcelId).toBe(parcelId);
  });

  test('hears what the scanner sends for FNC1', () => {
    const text = ']d2010950110153000310A~217';
    expect(identify(text, { fnc1: '~' }).parcelId).toBe('(01)09501101530003(21)7');
    expect(identify(text).check).toBe('invalid');
  });

  test.for([']C1', GS, ']C1\u001D', '(', ']', '00', '01', 'http://', 'urn:epc:id:', '(00)', '%'])(
    'takes %j for itself',
    (text) => {
      expect(identify(text).parcelId).toBe(text);
    },
  );

  test('has no identity for nothing', () => {
    expect(identify('  ')).toEqual({ scheme: 'unknown', parcelId: '', check: 'none' });
  });
});
