import { expect, test } from 'vitest';

import { symbologyOf } from './symbologies.ts';

test.each([
  ['LABEL-TYPE-EAN128', { symbology: ']C1' }],
  ['LABEL-TYPE-GS1-128', { symbology: ']C1' }],
  ['GS1_128', { symbology: ']C1' }],
  ['UCC/EAN-128', { symbology: ']C1' }],
  ['LABEL-TYPE-CODE128', { symbology: ']C0' }],
  ['Code 128', { symbology: ']C0' }],
  ['label-type-code39', { symbology: ']A0' }],
  ['LABEL-TYPE-I2OF5', { symbology: ']I0' }],
  ['Interleaved 2 of 5', { symbology: ']I0' }],
  ['LABEL-TYPE-EAN13', { symbology: ']E0' }],
  ['LABEL-TYPE-UPCA', { symbology: ']E0', labelType: 'LABEL-TYPE-UPCA' }],
  ['UPC-E', { symbology: ']E0', labelType: 'UPC-E' }],
  ['LABEL-TYPE-EAN8', { symbology: ']E4' }],
  ['LABEL-TYPE-DATAMATRIX', { symbology: ']d1' }],
  ['LABEL-TYPE-GS1-DATAMATRIX', { symbology: ']d2' }],
  ['QR', { symbology: ']Q1' }],
  ['LABEL-TYPE-GS1-QRCODE', { symbology: ']Q3' }],
  ['LABEL-TYPE-GS1-DATABAR-EXP', { symbology: ']e0', labelType: 'LABEL-TYPE-GS1-DATABAR-EXP' }],
  ['LABEL-TYPE-PDF417', { symbology: ']L0' }],
  ['LABEL-TYPE-AZTEC', { symbology: ']z0' }],
  [']C1', { symbology: ']C1' }],
  [']X0', { symbology: ']X0' }],
  ['I', { symbology: ']C1' }],
  ['w', { symbology: ']d1' }],
  ['LABEL-TYPE-MAILMARK', { symbology: 'LABEL-TYPE-MAILMARK' }],
  ['constructor', { symbology: 'constructor' }],
  [99, { symbology: '99' }],
  ['', {}],
  [null, {}],
  [{ a: 1 }, {}],
])('%j', (said, expected) => {
  expect(symbologyOf(said)).toEqual(expected);
});
