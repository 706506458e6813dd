import { describe, expect, test } from 'vitest';

import { datawedge } from './datawedge.ts';
import { decodeWith, eventsWith, inputOf, RECEIVED_MS } from '../testing/decode-format.ts';

const SSCC = '106141412345678908';
const ZEBRA = 'com.symbol.datawedge.';
const DATALOGIC = 'com.datalogic.decode.intentwedge.';
const ofText = (text: string): number[] => [...Buffer.from(text)];

describe('the same label, as each service tells it', () => {
  test.each([
    [
      'Zebra',
      {
        [`${ZEBRA}data_string`]: `00${SSCC}`,
        [`${ZEBRA}label_type`]: 'LABEL-TYPE-EAN128',
        [`${ZEBRA}decode_data`]: [ofText(`00${SSCC}`)],
        [`${ZEBRA}source`]: 'scanner',
      },
      { source: 'scanner' },
    ],
    [
      'Zebra, names without their prefix',
      {
        data_string: `00${SSCC}`,
        label_type: 'LABEL-TYPE-EAN128',
        decode_data: ofText(`00${SSCC}`),
      },
      undefined,
    ],
    [
      'Honeywell',
      { data: `00${SSCC}`, aimId: ']C1', codeId: 'I', charset: 'UTF-8', timestamp: 'a while ago' },
      { charset: 'UTF-8', timestamp: 'a while ago' },
    ],
    [
      'Datalogic',
      { [`${DATALOGIC}barcode_string`]: `00${SSCC}`, [`${DATALOGIC}barcode_type`]: 'GS1_128' },
      undefined,
    ],
    [
      'Newland',
      {
        SCAN_BARCODE1: `00${SSCC}`,
        SCAN_BARCODE2: '',
        SCAN_BARCODE_TYPE_NAME: 'UCC/EAN-128',
        SCAN_STATE: 'ok',
      },
      { SCAN_STATE: 'ok' },
    ],
    [
      'any bridge',
      {
        data: `00${SSCC}`,
        dataBase64: Buffer.from(`00${SSCC}`).toString('base64'),
        symbology: 'GS1_128',
      },
      undefined,
    ],
    [
      'bytes alone',
      { dataBase64: Buffer.from(`00${SSCC}`).toString('base64'), aimId: ']C1' },
      undefined,
    ],
    ['bytes of Java alone', { decode_data: ofText(`00${SSCC}`), aimId: ']C1' }, undefined],
  ])('%s', (_, payload, attributes) => {
    expect(eventsWith(datawedge, payload)).toEqual([
      {
        kind: 'scan',
        deviceId: 'dock-1',
        eventTimeMs: RECEIVED_MS,
        timeQuality: 'receive',
        receiveTimeMs: RECEIVED_MS,
        data: `00${SSCC}`,
        parcelId: SSCC,
        symbology: ']C1',
        ...(attributes === undefined ? {} : { attributes }),
      },
    ]);
  });
});

describe('a scan', () => {
  test('has what the bridge says beside the extras', () => {
    const payload = {
      deviceId: 'TC52-7',
      time: '2026-11-23T08:59:58.250+01:00',
      data_string: 'A1',
      operator: 'op-7',
      readPoint: 'dock-06',
      action: 'load',
      seq: '12',
    };
    expect(eventsWith(datawedge, payload)).toEqual([
      {
        kind: 'scan',
        deviceId: 'tc52-7',
        eventTimeMs: RECEIVED_MS - 1750,
        timeQuality: 'device',
        utcOffsetMin: 60,
        receiveTimeMs: RECEIVED_MS,
        data: 'A1',
        parcelId: 'A1',
        operator: 'op-7',
        readPoint: 'dock-06',
        action: 'load',
        deviceSeq: 12,
        attributes: { device: 'TC52-7' },
      },
    ]);
  });

  test('may have a time of the depot, or two times', () => {
    expect(eventsWith(datawedge, { data: 'A1', time: '2026-11-23T08:59:58' })).toMatchObject([
      { eventTimeMs: RECEIVED_MS - 2000, timeQuality: 'device' },
    ]);
    expect(
      eventsWith(datawedge, { data: 'A1', time: 1_795_420_799, timestamp: '2026-11-23T01:00:00Z' }),
    ).toMatchObject([
      { eventTimeMs: 1_795_420_799_000, attributes: { timestamp: '2026-11-23T01:00:00Z' } },
    ]);
  });

  test('keeps all that differs', () => {
    const payload = {
      data_string: 'A1',
      data: 'a1',
      decode_data: [300],
      dataBytes: ofText('other'),
      aimId: ']C0',
      codeId: 'b',
      label_type: 'LABEL-TYPE-CODE128',
      operator: { id: 7 },
      seq: -1,
    };
    expect(eventsWith(datawedge, payload)).toMatchObject([
      {
        data: 'A1',
        symbology: ']C0',
        attributes: {
          data: 'a1',
          decode_data: '[300]',
          dataBytes: '[111,116,104,101,114]',
          codeId: 'b',
          operator: '{"id":7}',
          seq: '-1',
        },
      },
    ]);
  });

  test('keeps the name of a symbology that says more than its AIM id', () => {
    const payload = { data_string: '036000291452', label_type: 'LABEL-TYPE-UPCA', aimId: ']E0' };
    expect(eventsWith(datawedge, payload)).toMatchObject([
      { symbology: ']E0', attributes: { labelType: 'LABEL-TYPE-UPCA' } },
    ]);
  });

  test('of a composite symbol is two', () => {
    const payload = {
      SCAN_BARCODE1: 'A1',
      SCAN_BARCODE2: 'B2',
      SCAN_BARCODE_TYPE: 99,
      time: 1_795_420_799,
    };
    expect(eventsWith(datawedge, payload)).toMatchObject([
      { data: 'A1', symbology: '99', eventTimeMs: 1_795_420_799_000 },
      { data: 'B2', eventTimeMs: 1_795_420_799_000 },
    ]);
  });

  test('that read nothing is a status', () => {
    expect(eventsWith(datawedge, { SCAN_STATE: 'fail' })).toMatchObject([
      { kind: 'status', attributes: { statusType: 'no-read', SCAN_STATE: 'fail' } },
    ]);
  });

  test('of two names for one extra keeps both', () => {
    const payload = { source: 'bridge', [`${ZEBRA}source`]: 'scanner', data: 'A1' };
    expect(eventsWith(datawedge, payload)).toMatchObject([
      { attributes: { source: 'bridge', [`${ZEBRA}source`]: 'scanner' } },
    ]);
  });
});

describe('FNC1 at the end of what a wedge writes', () => {
  test.each(['<GS>', '{GS}', '^]', '\u001d'])('may be %j', (fnc1) => {
    const payload = { data_string: `00${SSCC}${fnc1}`, label_type: 'LABEL-TYPE-EAN128' };
    expect(eventsWith(datawedge, payload)).toMatchObject([
      { data: `00${SSCC}${fnc1}`, parcelId: SSCC },
    ]);
  });

  test('may be what the route says, which is not guessed', () => {
    const input = inputOf({ data: '010950110153000310AB~21X', aimId: ']C1' });
    expect(datawedge({ ...input, fnc1: '~' })).toMatchObject([
      { data: '010950110153000310AB~21X', parcelId: '(01)09501101530003(21)X' },
    ]);
    expect(datawedge(input)).toMatchObject([{ parcelId: '010950110153000310AB~21X' }]);
  });

  test.each([{}, { aimId: ']E0' }])('a UPC-E is known by the name that says so: %j', (more) => {
    const payload = { data_string: '01234565', label_type: 'LABEL-TYPE-UPCE0', ...more };
    expect(eventsWith(datawedge, payload)).toMatchObject([
      { symbology: ']E0', parcelId: '(01)00012345000065' },
    ]);
  });

  test('a wrong check digit does not make an SSCC of a GS1 symbol something else', () => {
    const wrong = '106141412345678909';
    expect(
      eventsWith(datawedge, { data_string: `00${wrong}`, label_type: 'LABEL-TYPE-EAN128' }),
    ).toMatchObject([{ parcelId: wrong }]);
    expect(
      eventsWith(datawedge, { data_string: `00${wrong}`, label_type: 'LABEL-TYPE-CODE128' }),
    ).toMatchObject([{ parcelId: `00${wrong}` }]);
  });
});

describe('G2 no-loss: what is not understood', () => {
  test.each([
    ['no data', { label_type: 'LABEL-TYPE-EAN128' }, 'data: expected the text of a label'],
    ['data that is an object', { data: { a: 1 } }, 'data: expected the text of a label'],
    [
      'data of spaces',
      { data: '  ' },
      'data: expected 1 to 4096 characters, a visible one among them',
    ],
    ['data with a NUL', { data: 'a\0' }, 'data: expected storable text of at most 4096 characters'],
    ['bytes that are none', { dataBase64: '###' }, 'data: expected the text of a label'],
  ])('of %s the reason is told', (_, payload, reason) => {
    expect(decodeWith(datawedge, payload)).toBe(reason);
  });
});
