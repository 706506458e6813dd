import { describe, expect, test } from 'vitest';

import { epcUriOfKey } from './epc-keys.ts';
import { epcHexOf, parseEpcUri } from './epc-uri.ts';
import { describeEpc } from './epc.ts';

const hexOf = (uri: string): string => {
  const fields = parseEpcUri(uri);
  return typeof fields === 'string' ? fields : epcHexOf(fields);
};

/** Published examples: GS1 EPC Tag Data Standard 1.13, appendix E. */
const EXAMPLES = [
  ['3074257BF7194E4000001A85', 'sgtin-96:3.0614141.812345.6789', '(01)80614141123458(21)6789'],
  [
    '3674257BF6B7A659B2C2BF100000000000000000000000000000',
    'sgtin-198:3.0614141.712345.32a%2Fb',
    '(01)70614141123451(21)32a/b',
  ],
  ['3174257BF4499602D2000000', 'sscc-96:3.0614141.1234567890', '(00)106141412345678908'],
  ['3274257BF46072000000162E', 'sgln-96:3.0614141.12345.5678', '(414)0614141123452(254)5678'],
  [
    '3974257BF46072CD9615F8800000000000000000000000000000',
    'sgln-195:3.0614141.12345.32a%2Fb',
    '(414)0614141123452(254)32a/b',
  ],
  ['3374257BF40C0E400000162E', 'grai-96:3.0614141.12345.5678', '(8003)006141411234525678'],
  [
    '3774257BF40C0E59B2C2BF1000000000000000000000',
    'grai-170:3.0614141.12345.32a%2Fb',
    '(8003)0061414112345232a/b',
  ],
  ['3474257BF40000000000162E', 'giai-96:3.0614141.5678', '(8004)06141415678'],
  [
    '3874257BF59B2C2BF10000000000000000000000000000000000',
    'giai-202:3.0614141.32a%2Fb',
    '(8004)061414132a/b',
  ],
  ['2D74257BF4499602D2000000', 'gsrn-96:3.0614141.1234567890', '(8018)061414112345678902'],
  ['2E74257BF4499602D2000000', 'gsrnp-96:3.0614141.1234567890', '(8017)061414112345678902'],
  ['2C74257BF46072000000162E', 'gdti-96:3.0614141.12345.5678', '(253)06141411234525678'],
  [
    '3E76451FD7039B061438997367D0C18B266D1AB66EE0',
    'gdti-174:3.9521141.98765.ABCDefgh012345678',
    '(253)9521141987650ABCDefgh012345678',
  ],
] as const;

describe('an EPC', () => {
  test.for(EXAMPLES)('%s is %s', ([hex, uri, elementString]) => {
    const tagUri = `urn:epc:tag:${uri}`;
    expect(describeEpc(hex)).toMatchObject({ hex, tagUri, elementString });
    expect(hexOf(tagUri)).toBe(hex);
  });

  test('that is a GID is of no GS1 key', () => {
    const epc = describeEpc('3500E86F8000A9E000000586');
    expect(epc).toEqual({
      hex: '3500E86F8000A9E000000586',
      scheme: 'gid-96',
      tagUri: 'urn:epc:tag:gid-96:952056.2718.1414',
      pureIdentityUri: 'urn:epc:id:gid:952056.2718.1414',
      serial: '1414',
    });
    expect(hexOf('urn:epc:id:gid:952056.2718.1414')).toBe(epc.hex);
  });

  test('may be in lower case and have blanks, and may end with its bits or with a word of memory', () => {
    expect(describeEpc('3074 257b f719 4e40 0000 1a85').scheme).toBe('sgtin-96');
    const hex = '3674257BF6B7A659B2C2BF100000000000000000000000000000';
    expect(describeEpc(hex.slice(0, 50)).scheme).toBe('sgtin-198');
  });

  test('of a GLN without extension has the extension 0', () => {
    expect(describeEpc(hexOf('urn:epc:id:sgln:0614141.12345.0'))).toMatchObject({
      gln: '0614141123452',
      elementString: '(414)0614141123452',
      digitalLink: 'https://id.gs1.org/414/0614141123452',
    });
  });

  test('may have a company prefix that leaves no digit to the reference', () => {
    const epc = describeEpc(hexOf('urn:epc:id:sgln:061414112345..7'));
    expect(epc).toMatchObject({ partition: 0, gln: '0614141123452', extension: '7' });
    expect(epc.pureIdentityUri).toBe('urn:epc:id:sgln:061414112345..7');
  });

  test.for([
    ['', 'not hexadecimal'],
    ['3', 'not hexadecimal'],
    ['30zz', 'not hexadecimal'],
    ['E28011606000020A6681F23F', 'header byte 0xE2 is no EPC scheme'],
    ['00', 'header byte 0x00 is no EPC scheme'],
    ['F7302D283F', 'header byte 0xF7 is no EPC scheme'],
    ['30'.repeat(30), 'more than 208 bits'],
    ['3074257BF7194E4000001A', 'header byte 0x30 looks like sgtin-96 but there are 88 bits'],
    ['3074257BF7194E4000001A8500', 'header byte 0x30 looks like sgtin-96 but there are 104 bits'],
    ['307C257BF7194E4000001A85', 'header byte 0x30 looks like sgtin-96 but the partition is 7'],
    [
      '3077FFFFF7194E4000001A85',
      'header byte 0x30 looks like sgtin-96 but the company prefix has more than 7 digits',
    ],
    [
      '3074257BF7FFFE4000001A85',
      'header byte 0x30 looks like sgtin-96 but the reference has more than 6 digits',
    ],
    [
      '3174257BF4499602D2000001',
      'header byte 0x31 looks like sscc-96 but the 24 reserved bits are not zero',
    ],
    [
      '2D74257BF4499602D2800000',
      'header byte 0x2D looks like gsrn-96 but the 24 reserved bits are not zero',
    ],
    [
      '3674257BF6B7A659B2C2BF100000000000000000000000000001',
      'header byte 0x36 looks like sgtin-198 but the bits behind it are not zero',
    ],
    [
      '3674257BF6B7A659B2C2BF100000000000001000000000000000',
      'header byte 0x36 looks like sgtin-198 but the serial is not of characters that end in zeros',
    ],
    [
      '3674257BF6B7A640000000000000000000000000000000000000',
      'header byte 0x36 looks like sgtin-198 but the serial is not of characters that end in zeros',
    ],
  ])('is unknown in %s: %s', ([hex, reason]) => {
    expect(describeEpc(hex ?? '')).toEqual({
      hex: hex?.toUpperCase(),
      scheme: 'unknown',
      reason,
      pureIdentityUri: null,
    });
  });
});

describe('an EPC URI', () => {
  test('of a serial that is no number without zeros in front needs the longer scheme', () => {
    expect(hexOf('urn:epc:id:sgtin:0614141.812345.6789')).toMatch(/^30/u);
    expect(hexOf('urn:epc:id:sgtin:0614141.812345.06789')).toMatch(/^36/u);
    expect(hexOf('urn:epc:id:sgtin:0614141.812345.274877906944')).toMatch(/^36/u);
    expect(hexOf('urn:epc:id:sgtin:0614141.812345.a.b')).toMatch(/^36/u);
  });

  test.for([
    ['urn:epc:tag:sgtin-96:3.0614141.812345.06789', 'the serial is no number that fits'],
    ['urn:epc:tag:sgtin-96:3.0614141.812345.274877906944', 'the serial is no number that fits'],
    ['urn:epc:tag:sgtin-96:8.0614141.812345.6789', 'the filter is not 0 to 7'],
    ['urn:epc:tag:sgtin-96:3.0614141.81234.6789', 'the reference is not 6 digits'],
    ['urn:epc:tag:sgtin-96:3.06141.81234567.6789', 'the company prefix is not 6 to 12 digits'],
    ['urn:epc:tag:sgtin-96:3.0614141.812345', 'a field is missing'],
    ['urn:epc:tag:sgtin-97:3.0614141.812345.6789', 'no EPC scheme has that name'],
    ['urn:epc:id:upui:0614141.812345.6789', 'no EPC scheme has that name'],
    ['urn:epc:id:sscc:0614141.123456789', 'the reference is not 10 digits'],
    ['urn:epc:id:giai:0614141.ä', 'the reference does not fit'],
    ['urn:epc:id:sgtin:0614141.812345.32a/b', 'a character is not percent-encoded'],
    ['urn:epc:id:sgtin:0614141.812345.%zz', 'a character is not percent-encoded'],
    ['urn:epc:id:sgtin:0614141.812345.', 'the serial is no text that fits'],
    ['urn:epc:id:gid:1.2.068719476736', 'a field is no number that fits'],
    ['urn:isbn:1', 'no EPC URI'],
  ])('%s is refused: %s', ([uri, reason]) => {
    expect(parseEpcUri(uri ?? '')).toBe(reason);
  });

  test('of a key needs the length of the company prefix, which the bar code does not tell', () => {
    const sscc = { type: 'sscc', value: '106141412345678908' } as const;
    expect(epcUriOfKey(sscc, 7)).toBe('urn:epc:id:sscc:0614141.1234567890');
    expect(epcUriOfKey(sscc, 6)).toBe('urn:epc:id:sscc:061414.11234567890');
    expect(epcUriOfKey(sscc, 5)).toBeUndefined();
    expect(epcUriOfKey({ type: 'gtin', value: '80614141123458' }, 7)).toBeUndefined();
    expect(epcUriOfKey({ type: 'gln', value: '0614141123452' }, 7)).toBe(
      'urn:epc:id:sgln:0614141.12345.0',
    );
    expect(epcUriOfKey({ type: 'giai', value: '061414132a/b' }, 7)).toBe(
      'urn:epc:id:giai:0614141.32a%2Fb',
    );
    expect(epcUriOfKey({ type: 'grai', value: '00614141123452' }, 7)).toBeUndefined();
  });
});
